import SurveyData

extension Dataset {
  /// The data as CSV: comma, LF, quoted where needed; codes as they stand, numbers with the fewest
  /// digits that read back as the same, a missing number empty.
  ///
  /// Unlike a report, it is for programs: nothing is guarded against spreadsheets.
  package func csv() -> String {
    var text = columns.map { csvQuoted($0.name) }.joined(separator: ",") + "\n"
    let cells = columns.map(CSVCells.init)
    for row in 0..<rowCount {
      for (index, column) in cells.enumerated() {
        if index > 0 { text += "," }
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

  init(_ column: Column) {
    self.column = column
    codes =
      if case .categorical(let values) = column.values {
        values.categories.map { csvQuoted($0.code) }
      } else {
        []
      }
  }

  func text(ofRow row: Int) -> String {
    switch column.values {
    case .categorical(let values): return codes[values.index(at: row)]
    case .numeric(let values):
      let number = values.withValues { $0[row] }
      return number.isNaN ? "" : shortestText(number)
    }
  }
}

private func csvQuoted(_ text: String) -> String {
  guard text.contains(where: { "\",\n\r".contains($0) || $0 == "\r\n" }) else { return text }
  return "\""
    + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
    + "\""
}
