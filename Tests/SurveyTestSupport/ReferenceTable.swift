/// A strict reader of the comma-separated tables of reference numbers, apart from the product's own
/// reader on purpose: a fault there must not bend the numbers that it is tested with.
///
/// Lines starting with `#` before the header are comments. Cells may be quoted, a quote inside
/// doubled. Every row has as many cells as the header, and every name is there once; no more is
/// forgiven than that lines end in either LF or CRLF.
package enum ReferenceTable {
  package struct Fault: Error, Equatable, CustomStringConvertible {
    package let row: Int
    package let description: String
  }

  package static func rows(of text: String) throws(Fault) -> [[String: String]] {
    var rest = text[...]
    while rest.hasPrefix("#") {
      rest = rest.drop(while: { !$0.isNewline }).dropFirst()
    }
    var records = try records(of: rest)[...]
    guard let header = records.popFirst() else { throw Fault(row: 0, description: "no header") }
    guard Set(header).count == header.count else {
      throw Fault(row: 0, description: "a column name occurs twice in \(header)")
    }
    var rows: [[String: String]] = []
    for (index, cells) in records.enumerated() {
      guard cells.count == header.count else {
        throw Fault(
          row: index + 1, description: "\(cells.count) cells, the header has \(header.count)")
      }
      rows.append(Dictionary(uniqueKeysWithValues: zip(header, cells)))
    }
    return rows
  }

  private static func records(of text: Substring) throws(Fault) -> [[String]] {
    var records: [[String]] = []
    var cells: [String] = []
    var cell = ""
    var isQuoted = false
    // "\r\n" is one Character.
    var rest = text
    while let character = rest.popFirst() {
      if isQuoted {
        if character != "\"" {
          cell.append(character)
        } else if rest.first == "\"" {
          cell.append(rest.removeFirst())
        } else {
          isQuoted = false
          guard rest.first.map({ $0 == "," || $0.isNewline }) ?? true else {
            throw Fault(row: records.count, description: "text after a closing quote")
          }
        }
        continue
      }
      switch character {
      case "\"":
        guard cell.isEmpty else {
          throw Fault(row: records.count, description: "a quote inside an unquoted cell")
        }
        isQuoted = true
      case ",":
        cells.append(cell)
        cell = ""
      case "\n", "\r\n":
        cells.append(cell)
        records.append(cells)
        cells = []
        cell = ""
      default: cell.append(character)
      }
    }
    guard !isQuoted else { throw Fault(row: records.count, description: "an open quote") }
    if !cell.isEmpty || !cells.isEmpty { records.append(cells + [cell]) }
    return records
  }
}

extension [String: String] {
  /// The number in a column: empty is nil, `NA` and `NaN` are NaN, what is no number traps.
  package func number(_ column: String) -> Double? {
    guard let cell = self[column] else { preconditionFailure("no column \(column)") }
    if cell.isEmpty { return nil }
    if cell == "NA" { return .nan }
    guard let number = Double(cell) else { preconditionFailure("\(column) holds \(cell)") }
    return number
  }
}
