import SurveyData

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
    let node = try YAMLComposer.root(of: Array(text.utf8), file: file)
    guard let node else { throw .empty(file: file) }
    return YAMLCursor(node: node, name: name, file: file)
  }
}
