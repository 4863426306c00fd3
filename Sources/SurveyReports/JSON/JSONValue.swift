/// JSON with its keys in the order they were given, and nulls written out.
///
/// A number that is not finite cannot be written in JSON: it becomes null, so callers turn it into
/// an absent value with a warning before it gets here.
package indirect enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case int(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([(String, JSONValue)])
  /// The text of an array or object in UTF-8, indented for its place.
  case written([UInt8])

  package init(_ value: Double?) { self = value.map { .number($0) } ?? .null }
  package init(_ value: Int?) { self = value.map { .int($0) } ?? .null }
  package init(_ value: String?) { self = value.map { .string($0) } ?? .null }

  /// The text, indented by two spaces a level; an array or object of scalars stands on one line.
  package func text() -> String {
    var text: [UInt8] = []
    text.reserveCapacity(writtenCount)
    write(to: &text, indent: 0)
    text.append("\n")
    return String(decoding: text, as: UTF8.self)
  }

  /// The value written for a place so many levels deep: parts of a long text can be written beside each
  /// other.
  package func written(indent: Int) -> JSONValue {
    if isScalar { return self }
    var text: [UInt8] = []
    write(to: &text, indent: indent)
    return .written(text)
  }

  /// The length of the parts that have been written.
  private var writtenCount: Int {
    switch self {
    case .written(let text): text.count
    case .array(let items): items.reduce(0) { $0 + $1.writtenCount }
    case .object(let members): members.reduce(0) { $0 + $1.1.writtenCount }
    default: 0
    }
  }

  private var isScalar: Bool {
    switch self {
    case .array(let items): items.isEmpty
    case .object(let members): members.isEmpty
    case .written: false
    default: true
    }
  }

  private func write(to text: inout [UInt8], indent: Int) {
    switch self {
    case .null: text.append("null")
    case .bool(let value): text.append(value ? "true" : "false")
    case .int(let value): text.append(contentsOf: String(value).utf8)
    case .number(let value):
      text.append(contentsOf: (value.isFinite ? shortest(value) : "null").utf8)
    case .string(let value): writeString(value, to: &text)
    case .written(let part): text += part
    case .array(let items):
      let isFlat = items.allSatisfy(\.isScalar)
      writeList(items, open: "[", close: "]", isFlat: isFlat, to: &text, indent: indent) {
        $0.write(to: &$1, indent: $2)
      }
    case .object(let members):
      let isFlat = members.count <= 6 && members.allSatisfy(\.1.isScalar)
      writeList(members, open: "{", close: "}", isFlat: isFlat, to: &text, indent: indent) {
        writeString($0.0, to: &$1)
        $1.append(": ")
        $0.1.write(to: &$1, indent: $2)
      }
    }
  }

  private func writeList<Item>(
    _ items: [Item], open: StaticString, close: StaticString, isFlat: Bool,
    to text: inout [UInt8], indent: Int, _ write: (Item, inout [UInt8], Int) -> Void
  ) {
    func beginLine(_ indent: Int) {
      text.append("\n")
      for _ in 0..<indent { text.append("  ") }
    }
    text.append(open)
    for (index, item) in items.enumerated() {
      if index > 0 { text.append(isFlat ? ", " : ",") }
      if !isFlat { beginLine(indent + 1) }
      write(item, &text, indent + 1)
    }
    if !isFlat, !items.isEmpty { beginLine(indent) }
    text.append(close)
  }

  private func shortest(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
  }

  private func writeString(_ value: String, to text: inout [UInt8]) {
    text.append("\"")
    // Nearly all strings stand as they are.
    if value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }) {
      text.append(contentsOf: value.utf8)
    } else {
      for byte in value.utf8 { writeCharacter(byte, to: &text) }
    }
    text.append("\"")
  }

  private func writeCharacter(_ byte: UInt8, to text: inout [UInt8]) {
    switch byte {
    case UInt8(ascii: "\""): text.append("\\\"")
    case UInt8(ascii: "\\"): text.append("\\\\")
    case UInt8(ascii: "\n"): text.append("\\n")
    case UInt8(ascii: "\r"): text.append("\\r")
    case UInt8(ascii: "\t"): text.append("\\t")
    case ..<0x20:
      let digits = String(byte, radix: 16)
      text.append("\\u")
      text.append(contentsOf: (String(repeating: "0", count: 4 - digits.count) + digits).utf8)
    default: text.append(byte)
    }
  }
}

extension [UInt8] {
  fileprivate mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { unsafe append(contentsOf: $0) }
  }
}
