/// Rows of text as CSV: comma, LF, quoted where needed.
///
/// A text that a spreadsheet would take for a formula gets an apostrophe before it: labels come from
/// data that nobody checked.
package struct CSVText: Sendable {
  package enum Value: Sendable {
    case text(String)
    case number(Double?)
    case int(Int?)
  }

  package private(set) var text = ""

  package init(header: [String]) { append(header.map { .text($0) }) }

  package mutating func append(_ values: [Value]) {
    text += values.map(cell).joined(separator: ",") + "\n"
  }

  private func cell(_ value: Value) -> String {
    switch value {
    case .number(let number): number.map { $0.isFinite ? "\($0)" : "" } ?? ""
    case .int(let int): int.map { "\($0)" } ?? ""
    case .text(let text): quoted(guarded(text))
    }
  }

  private func guarded(_ text: String) -> String {
    guard let first = text.first, "=+-@\t\r".contains(first) else { return text }
    return "'" + text
  }

  private func quoted(_ text: String) -> String {
    guard text.contains(where: { "\",\n\r".contains($0) || $0 == "\r\n" }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
