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
  /// The text of an array or object, indented for its place.
  case written(String)

  package init(_ value: Double?) { self = value.map { .number($0) } ?? .null }
  package init(_ value: Int?) { self = value.map { .int($0) } ?? .null }
  package init(_ value: String?) { self = value.map { .string($0) } ?? .null }

  /// The text, indented by two spaces a level; an array or object of scalars stands on one line.
  package func text() -> String {
    var text = ""
    write(to: &text, indent: 0)
    return text + "\n"
  }

  /// The value written for a place so many levels deep: parts of a long text can be written beside each
  /// other.
  package func written(indent: Int) -> JSONValue {
    if isScalar { return self }
    var text = ""
    write(to: &text, indent: indent)
    return .written(text)
  }

  private var isScalar: Bool {
    switch self {
    case .array(let items): items.isEmpty
    case .object(let members): members.isEmpty
    case .written: false
    default: true
    }
  }

  private func write(to text: inout String, indent: Int) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .int(let value): text += String(value)
    case .number(let value): text += value.isFinite ? shortest(value) : "null"
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
        $1 += ": "
        $0.1.write(to: &$1, indent: $2)
      }
    }
  }

  private func writeList<Item>(
    _ items: [Item], open: String, close: String, isFlat: Bool, to text: inout String, indent: Int,
    _ write: (Item, inout String, Int) -> Void
  ) {
    text += open
    for (index, item) in items.enumerated() {
      if index > 0 { text += isFlat ? ", " : "," }
      if !isFlat { text += "\n" + String(repeating: "  ", count: indent + 1) }
      write(item, &text, indent + 1)
    }
    if !isFlat, !items.isEmpty { text += "\n" + String(repeating: "  ", count: indent) }
    text += close
  }

  private func shortest(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
  }

  private func writeString(_ value: String, to text: inout String) {
    // Nearly all strings stand as they are.
    if value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }) {
      text += "\""
      text += value
      text += "\""
      return
    }
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
