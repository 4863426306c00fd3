import SurveyData

/// Rows of text as CSV: comma, LF, quoted where needed.
///
/// A text that a spreadsheet would take for a formula gets an apostrophe before it: labels come from
/// data that nobody checked. A code that is a number, as `-1`, stands as it is.
package struct CSVText: Sendable {
  package enum Value: Sendable {
    case text(String)
    case number(Double?)
    case int(Int?)
  }

  package let header: [String]
  package private(set) var rows: [[Value]] = []

  package init(header: [String]) { self.header = header }

  package mutating func append(_ values: [Value]) { rows.append(values) }

  package var text: String {
    ([header.map { .text($0) }] + rows).reduce(into: "") { text, values in
      text += values.map(cell).joined(separator: ",") + "\n"
    }
  }

  private func cell(_ value: Value) -> String {
    switch value {
    case .number(let number): number.map { $0.isFinite ? "\($0)" : "" } ?? ""
    case .int(let int): int.map { "\($0)" } ?? ""
    case .text(let text): quoted(guarded(text))
    }
  }

  // By scalars, since a mark that combines with `=` or `"` would hide it from a comparison of
  // characters, and not from a spreadsheet.
  private func guarded(_ text: String) -> String {
    guard let first = text.unicodeScalars.first, "=+-@\t\r\n".unicodeScalars.contains(first),
      decimalNumber(text) == nil
    else { return text }
    return "'" + text
  }

  private func quoted(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { "\",\n\r".unicodeScalars.contains($0) }) else {
      return text
    }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }
}
