import SurveyData

/// Writes a dataset as CSV: see `Dataset.csv()`.
public func writeCSV(_ dataset: Dataset, to path: String) throws(UnwritableFile) {
  let writer = try FileWriter(path)
  try dataset.writeCSV { (bytes) throws(UnwritableFile) in try writer.append(bytes) }
  try writer.finish()
}

extension Dataset {
  /// The data as CSV: comma, LF, quoted where needed; codes as they stand, missing ones included,
  /// numbers with the fewest digits that read back as the same. What has no code is empty.
  ///
  /// Unlike a report, it is for programs: nothing is guarded against spreadsheets.
  ///
  /// - Parameters:
  ///   - delimiter: the ASCII character between fields.
  ///   - decimalMark: of numbers; codes that are no numbers stand as they are.
  package func csv(delimiter: Character = ",", decimalMark: String = ".") -> String {
    var all: [UInt8] = []
    writeCSV(CSVMarks(delimiter: delimiter, decimal: decimalMark)) { all += $0 }
    return String(decoding: all, as: UTF8.self)
  }

  /// Hands over the text some rows at a time.
  fileprivate func writeCSV<Failure: Error>(
    _ marks: CSVMarks = CSVMarks(), _ body: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    let heads = columns.map { quoted($0.name, marks) }
    var text = Array((heads.joined(separator: String(marks.delimiter)) + "\n").utf8)
    let cells = columns.map { CSVCells($0, marks) }
    let delimiter = marks.delimiter.asciiValue ?? UInt8(ascii: ",")
    // A line with nothing on it would be no row.
    let isSingle = columns.count == 1
    for row in 0..<rowCount {
      let start = text.count
      for index in cells.indices {
        if index > 0 { text.append(delimiter) }
        cells[index].append(row, to: &text)
      }
      if isSingle, text.count == start { text += [quoteMark, quoteMark] }
      text.append(lineFeed)
      if text.count > 1 << 18 {
        try body(text)
        text.removeAll(keepingCapacity: true)
      }
    }
    try body(text)
  }
}

/// How the fields of a CSV file are set apart.
private struct CSVMarks {
  var delimiter: Character = ","
  var decimal = "."
}

/// The cells of a column, the codes quoted once.
private struct CSVCells {
  private let marks: CSVMarks
  private let values: Column.Values
  /// Of a column of numbers: those of its missing codes, by their flags.
  private let codes: [[UInt8]]

  init(_ column: Column, _ marks: CSVMarks) {
    self.marks = marks
    values = column.values
    codes =
      switch column.values {
      case .categorical(let values):
        // A number's code has a point, whatever the file had.
        values.categories.map { category in
          let hasPoint =
            marks.decimal != "." && !values.areNumbersAmbiguous
            && category.missing == nil && category.number != nil && category.code.contains(".")
          let code =
            hasPoint ? category.code.replacing(".", with: marks.decimal) : category.code
          return Array(quoted(code, marks).utf8)
        }
      case .numeric(let values):
        [[]]
          + values.missing.map { category in
            Array(quoted(category.code, marks).utf8)
          }
      }
  }

  func append(_ row: Int, to text: inout [UInt8]) {
    switch values {
    case .categorical(let values): text += codes[values.index(at: row)]
    case .numeric(let values):
      let number = values.withValues { $0[row] }
      if !number.isNaN {
        let shortest = shortestText(number)
        if marks.decimal == "." {
          text += shortest.utf8
        } else {
          text += quoted(shortest.replacing(".", with: marks.decimal), marks).utf8
        }
      } else if let reasons = values.reasons {
        text += codes[reasons.withSpan(of: UInt8.self) { Int($0[row]) }]
      }
    }
  }
}

private func quoted(_ text: String, _ marks: CSVMarks) -> String {
  let needsQuotes = text.utf8.contains { byte in
    byte == quoteMark || byte == marks.delimiter.asciiValue || byte == lineFeed
      || byte == carriageReturn
  }
  // Blanks at the ends would be taken for padding.
  guard needsQuotes || text.hasPrefix(" ") || text.hasSuffix(" ") else { return text }
  return "\""
    + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
    + "\""
}
