import SurveyData

extension Dataset {
  /// The data as CSV: comma, LF, quoted where needed; codes as they stand, numbers with the fewest
  /// digits that read back as the same, a missing number empty.
  ///
  /// Unlike a report, it is for programs: nothing is guarded against spreadsheets.
  ///
  /// - Parameters:
  ///   - delimiter: the character between fields.
  ///   - decimalMark: of numbers; codes stand as they are.
  package func csv(delimiter: Character = ",", decimalMark: String = ".") -> String {
    let separator = String(delimiter)
    var text =
      columns.map { csvQuoted($0.name, delimiter) }.joined(separator: separator) + "\n"
    let cells = columns.map { CSVCells($0, delimiter: delimiter, decimalMark: decimalMark) }
    for row in 0..<rowCount {
      for (index, column) in cells.enumerated() {
        if index > 0 { text += separator }
        text += column.text(ofRow: row)
      }
      text += "\n"
    }
    return text
  }
}

/// The cells of a column, the codes quoted once.
private struct CSVCells {
  private let column: Column
  private let codes: [String]
  private let delimiter: Character
  private let decimalMark: String

  init(_ column: Column, delimiter: Character, decimalMark: String) {
    self.column = column
    self.delimiter = delimiter
    self.decimalMark = decimalMark
    codes =
      if case .categorical(let values) = column.values {
        // A number's code has a point, whatever the file had.
        values.categories.map { category in
          let hasPoint =
            decimalMark != "." && !values.areNumbersAmbiguous
            && category.missing == nil && category.number != nil && category.code.contains(".")
          return csvQuoted(
            hasPoint ? category.code.replacing(".", with: decimalMark) : category.code, delimiter)
        }
      } else {
        []
      }
  }

  func text(ofRow row: Int) -> String {
    switch column.values {
    case .categorical(let values): return codes[values.index(at: row)]
    case .numeric(let values):
      let number = values.withValues { $0[row] }
      guard !number.isNaN else { return "" }
      let text = shortestText(number)
      return decimalMark == "."
        ? text : csvQuoted(text.replacing(".", with: decimalMark), delimiter)
    }
  }
}

private func csvQuoted(_ text: String, _ delimiter: Character) -> String {
  guard text.contains(where: { $0 == delimiter || "\"\n\r".contains($0) || $0 == "\r\n" }) else {
    return text
  }
  return "\""
    + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
    + "\""
}
