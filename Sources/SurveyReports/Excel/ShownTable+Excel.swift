import SurveyData
import SurveyTables

extension Table {
  /// The table as a workbook: the figures at full precision on one sheet, the notes on another.
  public func workbook(in format: NumberFormat) throws(WorkbookError) -> [UInt8] {
    try flatWorkbook(
      csvRows(language: format.language), shown(in: format), named: variable, format.language)
  }
}

extension Description {
  /// The description as a workbook of one sheet, with its notes on another.
  public func workbook(in format: NumberFormat) throws(WorkbookError) -> [UInt8] {
    try flatWorkbook(
      csvRows(language: format.language), shown(in: format), named: "describe", format.language)
  }
}

extension ResponseRates {
  /// The rates as a workbook of one sheet, with its notes on another.
  public func workbook(in format: NumberFormat) throws(WorkbookError) -> [UInt8] {
    try flatWorkbook(
      csvRows(language: format.language), shown(in: format), named: "response", format.language)
  }
}

/// Lines of values under one row of headings, and a sheet of notes.
private func flatWorkbook(
  _ values: CSVText, _ shown: ShownTable, named name: String, _ language: Language
) throws(WorkbookError) -> [UInt8] {
  let book = try Workbook(title: shown.title)
  let sheet = book.sheet(named: name)
  let heading = Workbook.Style(isBold: true, alignment: .left, hasRuleBelow: true)
  for (column, text) in values.header.enumerated() { sheet.text(text, 0, column, heading) }
  for (row, line) in values.rows.enumerated() {
    for (column, value) in line.enumerated() {
      switch value {
      case .text(let text): if !text.isEmpty { sheet.text(text, row + 1, column) }
      case .number(let number):
        if let number, number.isFinite { sheet.number(number, row + 1, column) }
      case .int(let number): if let number { sheet.number(Double(number), row + 1, column) }
      }
    }
  }
  sheet.setWidth(16, columns: 0...max(0, values.header.count - 1))
  sheet.freeze(rows: 1, columns: 0, repeatingFrom: 0)
  let notes = book.sheet(named: language == .da ? "Noter" : "Notes")
  notes.setWidth(110, columns: 0...0)
  notes.text(shown.title, 0, 0, CrossTableSheet.title)
  for (row, line) in (shown.lead + shown.notes).enumerated() {
    notes.text(line, row + 1, 0, CrossTableSheet.note)
  }
  return try book.bytes()
}
