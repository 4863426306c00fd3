import CYAML
import SurveyData

/// The tree of a YAML text, from libyaml's events.
///
/// Scalars stay texts. An alias stands for the node of its anchor; a key that stands twice in a
/// mapping, and a second document, are errors.
@safe final class YAMLComposer {
  private let file: String
  private let text: [UInt8]
  /// Its address stays, for it points to itself.
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private var anchors: [String: YAMLNode] = [:]

  /// - Parameter text: UTF-8 without a byte order mark.
  /// - Returns: `nil` for a text of blanks and comments alone.
  static func root(of text: [UInt8], file: String) throws(YAMLError) -> YAMLNode? {
    try YAMLComposer(text, file: file).root()
  }

  private init(_ text: [UInt8], file: String) {
    self.file = file
    self.text = text
    unsafe parser = .allocate(capacity: 1)
    unsafe parser.initialize(to: yaml_parser_t())
  }

  deinit { unsafe parser.deallocate() }

  private func root() throws(YAMLError) -> YAMLNode? {
    guard unsafe yaml_parser_initialize(parser) == 1 else {
      throw .syntax(problem: "out of memory", place: SourcePlace(file: file))
    }
    defer { unsafe yaml_parser_delete(parser) }
    // The parser keeps the address, so the buffer is held open until the tree is made.
    let result = unsafe text.withUnsafeBufferPointer { bytes -> Result<YAMLNode?, YAMLError> in
      unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
      unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
      do throws(YAMLError) {
        return .success(try document())
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private func document() throws(YAMLError) -> YAMLNode? {
    _ = try next()
    let start = try next()
    guard start.kind == YAML_DOCUMENT_START_EVENT else { return nil }
    let node = try node(from: next())
    _ = try next()
    let end = try next()
    guard end.kind == YAML_STREAM_END_EVENT else {
      throw .syntax(problem: "but found another document", place: place(end.mark))
    }
    return node
  }

  private func node(from event: Event) throws(YAMLError) -> YAMLNode {
    let node: YAMLNode
    switch event.kind {
    case YAML_ALIAS_EVENT:
      guard let known = anchors[event.text] else {
        throw .syntax(problem: "found undefined alias", place: place(event.mark))
      }
      return known
    case YAML_SEQUENCE_START_EVENT: node = .sequence(try items(), mark: event.mark)
    case YAML_MAPPING_START_EVENT: node = .mapping(try pairs(), mark: event.mark)
    default: node = .scalar(event.text, style: event.style, mark: event.mark)
    }
    if let anchor = event.anchor { anchors[anchor] = node }
    return node
  }

  private func items() throws(YAMLError) -> [YAMLNode] {
    var items: [YAMLNode] = []
    while true {
      let event = try next()
      if event.kind == YAML_SEQUENCE_END_EVENT { return items }
      items.append(try node(from: event))
    }
  }

  private func pairs() throws(YAMLError) -> [(key: YAMLNode, value: YAMLNode)] {
    var pairs: [(key: YAMLNode, value: YAMLNode)] = []
    var marks: [String: YAMLNode.Mark] = [:]
    while true {
      let event = try next()
      if event.kind == YAML_MAPPING_END_EVENT { return pairs }
      let key = try node(from: event)
      if let text = key.text {
        if let first = marks[text] {
          throw .duplicateKey(text, first: place(first), place: place(event.mark))
        }
        marks[text] = event.mark
      }
      pairs.append((key, try node(from: next())))
    }
  }

  // MARK: Events

  /// What is kept of an event.
  private struct Event {
    let kind: yaml_event_type_t
    let mark: YAMLNode.Mark
    /// A scalar's text, or the anchor that an alias names.
    var text = ""
    var style = YAMLNode.Style.plain
    var anchor: String?
  }

  private func next() throws(YAMLError) -> Event {
    var raw = unsafe yaml_event_t()
    guard unsafe yaml_parser_parse(parser, &raw) == 1 else { throw fault() }
    defer { unsafe yaml_event_delete(&raw) }
    var event = unsafe Event(kind: raw.type, mark: YAMLNode.Mark(raw.start_mark))
    switch event.kind {
    case YAML_SCALAR_EVENT:
      let scalar = unsafe raw.data.scalar
      let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      event.text = unsafe String(decoding: bytes, as: UTF8.self)
      event.style = unsafe YAMLNode.Style(scalar.style)
      event.anchor = unsafe name(scalar.anchor)
    case YAML_SEQUENCE_START_EVENT: event.anchor = unsafe name(raw.data.sequence_start.anchor)
    case YAML_MAPPING_START_EVENT: event.anchor = unsafe name(raw.data.mapping_start.anchor)
    case YAML_ALIAS_EVENT: event.text = unsafe name(raw.data.alias.anchor) ?? ""
    default: break
    }
    return event
  }

  private func name(_ anchor: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    unsafe anchor.map { unsafe String(cString: $0) }
  }

  // MARK: Faults

  private func fault() -> YAMLError {
    let state = unsafe parser.pointee
    let problem = unsafe state.problem.map { unsafe String(cString: $0) } ?? "it is no YAML"
    switch unsafe state.error {
    case YAML_SCANNER_ERROR, YAML_PARSER_ERROR:
      // What never ends is best shown where it begins.
      let begins = unsafe problem.hasPrefix("found unexpected") && state.context != nil
      let mark = unsafe YAMLNode.Mark(begins ? state.context_mark : state.problem_mark)
      return .syntax(problem: problem, place: place(mark))
    case YAML_READER_ERROR:
      let before = unsafe text.prefix(state.problem_offset)
      let line = before.count { $0 == UInt8(ascii: "\n") } + 1
      return .syntax(problem: problem, place: SourcePlace(file: file, line: line))
    default: return .syntax(problem: problem, place: SourcePlace(file: file))
    }
  }

  private func place(_ mark: YAMLNode.Mark) -> SourcePlace {
    SourcePlace(file: file, line: mark.line, column: mark.column)
  }
}

extension YAMLNode.Mark {
  fileprivate init(_ mark: yaml_mark_t) {
    line = Int(mark.line) + 1
    column = Int(mark.column) + 1
  }
}

extension YAMLNode.Style {
  fileprivate init(_ style: yaml_scalar_style_t) {
    switch style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: self = .singleQuoted
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: self = .doubleQuoted
    case YAML_LITERAL_SCALAR_STYLE: self = .literal
    case YAML_FOLDED_SCALAR_STYLE: self = .folded
    default: self = .plain
    }
  }
}
