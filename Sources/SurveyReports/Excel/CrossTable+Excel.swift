import SurveyData
import SurveyTables

extension CrossTable {
  /// The table as a workbook of one sheet.
  public func workbook(
    in format: NumberFormat, details: [CrossTabDetail]
  ) throws(WorkbookError) -> [UInt8] {
    let shown = shown(in: format, details: details)
    let book = try Workbook(title: shown.title)
    let sheet = book.sheet(named: variable)
    CrossTableSheet(shown, on: sheet, format.language).write(chart: nil)
    return try book.bytes()
  }
}

/// A cross-table laid out on a sheet: title and lead, rows of headings that stay in view, the table
/// with its letters, notes, and a chart where one is wanted.
struct CrossTableSheet {
  private let table: ShownCrossTable
  private let sheet: Workbook.Sheet
  private let language: Language
  private let columns: CrossTableColumns
  private let starts: Set<Int>

  static let title = Workbook.Style(isBold: true, size: 14, alignment: .left, wraps: true)
  static let lead = Workbook.Style(isItalic: true, colour: 0x555555, alignment: .left, wraps: true)
  static let note = Workbook.Style(size: 9, colour: 0x555555, alignment: .left, wraps: true)

  init(_ table: ShownCrossTable, on sheet: Workbook.Sheet, _ language: Language) {
    self.table = table
    self.sheet = sheet
    self.language = language
    columns = CrossTableColumns(table)
    starts = table.groupStarts
  }

  /// - Parameters:
  ///   - index: the sheet to lead back to, and what the link says.
  ///   - chart: what the chart's labels are.
  func write(index: (name: String, text: String)? = nil, chart: ShownCrossTable.Kind?) {
    sheet.setWidth(columns.label, columns: 0...0)
    for (column, width) in columns.widths.enumerated() {
      sheet.setWidth(width, columns: column + 1...column + 1)
    }
    var row = 0
    sheet.text(table.title, row, columns: columns.paragraph.columns, Self.title)
    let lines = CrossTableColumns.lines(of: table.title, width: columns.paragraph.width * 0.65)
    sheet.setHeight(20 * Double(lines), row: row)
    row += 1
    if let index {
      sheet.link(index.text, to: index.name, row, 0)
      row += 1
    }
    for line in table.lead { row = paragraph(line, at: row, Self.lead) }
    row += 1
    let head = row
    row = headings(from: row)
    let first = row
    for section in table.sections {
      if let heading = section.heading {
        sheet.text(
          heading, row, 0, Workbook.Style(isBold: true, colour: 0x1F5C8B, alignment: .left))
        row += 1
      }
      for content in section.rows { row = write(content, at: row) }
    }
    sheet.freeze(rows: first, columns: 1, repeatingFrom: head)
    row += 1
    for line in table.notes { row = paragraph(line, at: row, Self.note) }
    var printed = max(table.columns.count, columns.paragraph.columns.upperBound) + 1
    if let chart, let end = writeChart(numberFormat: chart.numberFormat(in: language), at: row + 1)
    {
      row = end.row
      printed = max(printed, end.column)
    }
    sheet.setPrint(
      rows: row, columns: printed, pagesWide: columns.pagesWide,
      isOnePageHigh: columns.fitsOnePage(rows: row))
  }

  /// A text over the width of the table, with the height that it takes.
  private func paragraph(_ text: String, at row: Int, _ style: Workbook.Style) -> Int {
    sheet.text(text, row, columns: columns.paragraph.columns, style)
    // Smaller than the standard font, so a little more to the line.
    let lines = CrossTableColumns.lines(of: text, width: columns.paragraph.width * 1.08)
    sheet.setHeight(Double(lines) * 13, row: row)
    return row + 1
  }

  private func headings(from start: Int) -> Int {
    var row = start
    for headings in table.headingRows {
      var column = 0
      var longest = 1
      sheet.blank(row, 0, Workbook.Style())
      for heading in headings {
        let style = Workbook.Style(
          isBold: true, alignment: columns.pagesWide > 1 ? .left : .centre, wraps: true,
          standsBelow: true,
          hasRuleBelow: !heading.text.isEmpty, hasRuleLeft: heading.isStart)
        sheet.text(heading.text, row, columns: column + 1...column + heading.span, style)
        let width = columns.width(of: column..<column + heading.span) * 0.9
        longest = max(longest, CrossTableColumns.lines(of: heading.text, width: width))
        column += heading.span
      }
      sheet.setHeight(Double(longest) * 13.5 + 2, row: row)
      row += 1
    }
    let hasLetters = table.columns.contains { $0.letter != nil }
    var longest = 1
    sheet.blank(row, 0, Workbook.Style(hasRuleBelow: !hasLetters))
    for (index, column) in table.columns.enumerated() {
      let text = column.path.last ?? ""
      sheet.text(
        text, row, index + 1,
        Workbook.Style(
          isBold: true, alignment: .right, wraps: true, standsBelow: true, indent: 1,
          hasRuleBelow: !hasLetters, hasRuleLeft: isStart(index)))
      let width = (columns.widths[index] - 1.5) * 0.92
      longest = max(longest, CrossTableColumns.lines(of: text, width: width))
    }
    sheet.setHeight(Double(longest) * 13.5 + 2, row: row)
    row += 1
    if hasLetters {
      sheet.blank(row, 0, Workbook.Style(hasRuleBelow: true))
      for (index, column) in table.columns.enumerated() {
        sheet.text(
          column.letter ?? "", row, index + 1,
          Workbook.Style(
            colour: 0x1F5C8B, alignment: .right, indent: 1, hasRuleBelow: true,
            hasRuleLeft: isStart(index)))
      }
      row += 1
    }
    return row
  }

  private func isStart(_ column: Int) -> Bool { column > 0 && starts.contains(column) }

  /// A row, and below it its letters where it has any.
  private func write(_ content: ShownCrossTable.Row, at row: Int) -> Int {
    var style = Workbook.Style(alignment: .left, wraps: true)
    switch content.role {
    case .net: style.isBold = true
    case .base:
      style.fill = 0xF2F2F0
      style.colour = 0x444444
    case .detail:
      style.indent = 1
      style.colour = 0x555555
    case .share, .statistic: break
    }
    sheet.text(content.label, row, 0, style)
    let lines = CrossTableColumns.lines(of: content.label, width: columns.label - 2)
    if lines > 1 { sheet.setHeight(Double(lines) * 13, row: row) }
    style.wraps = false
    style.indent = 1
    style.alignment = .right
    for (index, cell) in content.cells.enumerated() {
      var style = style
      style.hasRuleLeft = isStart(index)
      if let number = cell.number {
        style.numberFormat = cell.kind.numberFormat(in: language)
        sheet.number(number, row, index + 1, style)
      } else {
        style.colour = cell.isWithheld ? 0x888888 : style.colour
        sheet.text(cell.text, row, index + 1, style)
      }
    }
    guard content.cells.contains(where: { !$0.marks.isEmpty }) else { return row + 1 }
    for (index, cell) in content.cells.enumerated() {
      let style = Workbook.Style(
        size: 8, colour: 0x1F5C8B, alignment: .right, indent: 1, hasRuleLeft: isStart(index))
      if cell.marks.isEmpty {
        sheet.blank(row + 1, index + 1, style)
      } else {
        sheet.text(cell.marks.joined(separator: " "), row + 1, index + 1, style)
      }
    }
    sheet.setHeight(11, row: row + 1)
    return row + 2
  }

  /// The shares of the total stand in rows that letters may part: the chart reads a list of its own,
  /// to the right of what is printed.
  ///
  /// - Returns: the first row below the chart and the first column to its right; `nil` where no share
  ///   is shown: what is withheld has no bar.
  private func writeChart(numberFormat: String, at row: Int) -> (row: Int, column: Int)? {
    let shares =
      table.sections.lazy.map { $0.rows.filter { $0.role == .share } }
      .first { !$0.isEmpty }?.filter { $0.cells[0].number != nil } ?? []
    guard !shares.isEmpty else { return nil }
    let (width, height) = (680, max(160, 70 + shares.count * 26))
    let end = columns.columns(covering: width)
    let list = max(end, table.columns.count + 1, columns.paragraph.columns.upperBound + 1) + 1
    let style = Workbook.Style(size: 8, colour: 0x888888, alignment: .left)
    var number = style
    number.numberFormat = numberFormat
    number.alignment = .right
    sheet.text(table.columns[0].heading, row, list + 1, style)
    for (index, share) in shares.enumerated() {
      sheet.text(share.label, row + 1 + index, list, style)
      if let value = share.cells[0].number {
        sheet.number(value, row + 1 + index, list + 1, number)
      }
    }
    sheet.barChart(
      title: table.title, labels: (row + 1...row + shares.count, list), values: list + 1,
      numberFormat: numberFormat, width: width, height: height, at: (row, columns.start))
    // A row that nobody set is 20 points high.
    return (row + height / 20 + 2, end)
  }
}

extension ShownCrossTable.Kind {
  /// In a number format of a workbook.
  ///
  /// Excel shows the decimal mark of the one who opens the book. The Danish formats name their
  /// language, for the programs that then show a comma whoever opens it.
  func numberFormat(in language: Language) -> String {
    func decimals(_ count: Int) -> String {
      count > 0 ? "." + String(repeating: "0", count: count) : ""
    }
    let isDanish = language == .da
    let prefix = isDanish ? "[$-406]" : ""
    return switch self {
    case .percent(let count): "\(prefix)0\(decimals(count))\(isDanish ? "\u{00A0}" : "")%"
    case .number(let count): "\(prefix)#,##0\(decimals(count))"
    case .text: "@"
    }
  }
}
