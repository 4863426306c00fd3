import SurveyData
import Yams

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A YAML file: one tree of nodes, each with its line and column.
struct YAMLDocument {
  let root: YAMLCursor
  /// SHA-256 of the file's bytes, in hexadecimal.
  let sha256: String

  /// - Parameter name: what the whole is called in messages, as "the survey file".
  init(at path: String, called name: String) throws(YAMLError) {
    guard let bytes = Bytes(mapping: path) else {
      throw unsafe access(path, F_OK) == 0 ? .unreadable(file: path) : .missing(file: path)
    }
    let raw = bytes.withSpan(of: UInt8.self) { span in span.indices.map { span[$0] } }
    root = try YAMLDocument.root(of: raw, file: path, called: name)
    sha256 = bytes.sha256
  }

  static func root(
    of bytes: [UInt8], file: String, called name: String
  ) throws(YAMLError) -> YAMLCursor {
    guard var text = String(validating: bytes, as: UTF8.self) else {
      let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      let line = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
      throw .notUTF8(SourcePlace(file: file, line: line + 1))
    }
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    let node: Node?
    do {
      node = try compose(yaml: text, .basic)
    } catch {
      throw fault(error, in: text, file: file)
    }
    guard let node else { throw .empty(file: file) }
    return YAMLCursor(node: node, name: name, file: file)
  }

  private static func fault(_ error: any Error, in text: String, file: String) -> YAMLError {
    func place(_ mark: Mark) -> SourcePlace {
      SourcePlace(file: file, line: mark.line, column: mark.column)
    }
    switch error {
    case YamlError.scanner(let context, let problem, let mark, _),
      YamlError.parser(let context, let problem, let mark, _):
      // What never ends is best shown where it begins.
      let opening = problem.hasPrefix("found unexpected") ? context?.mark : nil
      return .syntax(problem: problem, place: place(opening ?? mark))
    case YamlError.composer(_, let problem, let mark, _):
      return .syntax(problem: problem, place: place(mark))
    case YamlError.duplicatedKeysInMapping(let keys, let context):
      let second = secondMark(of: keys[0], after: context.mark, in: text)
      return .duplicateKey(
        keys[0], first: place(context.mark),
        place: second.map { SourcePlace(file: file, line: $0.line, column: $0.column) }
          ?? place(context.mark))
    case YamlError.reader(let problem, let offset, _, _):
      let line = offset.map { text.prefix($0).count { $0.isNewline } + 1 }
      return .syntax(problem: problem, place: SourcePlace(file: file, line: line))
    default: return .syntax(problem: "\(error)", place: SourcePlace(file: file))
    }
  }

  /// Where a key of a mapping stands for the second time. The parser tells the first place only, so
  /// the first key is given another name and the text is parsed again.
  private static func secondMark(of key: String, after first: Mark, in text: String)
    -> (line: Int, column: Int)?
  {
    let mark = "\u{E000}"
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard first.line >= 1, first.line <= lines.count else { return nil }
    var line = Array(lines[first.line - 1].unicodeScalars)
    guard first.column >= 1, first.column <= line.count else { return nil }
    let isQuoted = line[first.column - 1] == "\"" || line[first.column - 1] == "'"
    line.insert(contentsOf: mark.unicodeScalars, at: first.column - (isQuoted ? 0 : 1))
    lines[first.line - 1] = String(String.UnicodeScalarView(line))
    var second: Mark?
    do {
      second = try compose(yaml: lines.joined(separator: "\n"), .basic).flatMap { root in
        neighbour(of: mark + key, named: key, in: root)
      }
    } catch YamlError.duplicatedKeysInMapping(let keys, let context) where keys.contains(key) {
      second = context.mark
    } catch {
      return nil
    }
    return second.map { second in
      (second.line, second.line == first.line ? second.column - 1 : second.column)
    }
  }

  private static func neighbour(of changed: String, named key: String, in node: Node) -> Mark? {
    switch node {
    case .mapping(let mapping):
      let keys = mapping.map(\.key)
      if keys.contains(where: { $0.scalar?.string == changed }) {
        return keys.first { $0.scalar?.string == key }?.mark
      }
      for (_, value) in mapping {
        if let mark = neighbour(of: changed, named: key, in: value) { return mark }
      }
      return nil
    case .sequence(let sequence):
      for value in sequence {
        if let mark = neighbour(of: changed, named: key, in: value) { return mark }
      }
      return nil
    case .scalar, .alias: return nil
    }
  }
}
