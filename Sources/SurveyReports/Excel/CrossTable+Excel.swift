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
    CrossTableSheet(shown, on: sheet).write(chart: nil)
    return try book.bytes()
  }
}

/// A cross-table laid out on a sheet: title and lead, two rows of headings that stay in view, the
/// table with its letters, notes, and a chart where one is wanted.
struct CrossTableSheet {
  private let table: ShownCrossTable
  private let sheet: Workbook.Sheet
  private let starts: Set<Int>
  /// Room for the text of notes: characters in the width of the table.
  private let lineLength: Int

  static let title = Workbook.Style(isBold: true, size: 14)
  static let lead = Workbook.Style(isItalic: true, colour: 0x555555, alignment: .left, wraps: true)
  static let note = Workbook.Style(size: 9, colour: 0x555555, alignment: .left, wraps: true)

  init(_ table: ShownCrossTable, on sheet: Workbook.Sheet) {
    self.table = table
    self.sheet = sheet
    starts = table.groupStarts
    lineLength = 44 + 13 * max(min(table.columns.count, 12), 4)
  }

  private var lastColumn: Int { max(table.columns.count, 4) }

  /// - Parameters:
  ///   - index: the sheet to lead back to, and what the link says.
  ///   - chart: the number format of its labels.
  func write(index: (name: String, text: String)? = nil, chart: String?) {
    sheet.setWidth(44, columns: 0...0)
    sheet.setWidth(13, columns: 1...lastColumn)
    var row = 0
    sheet.text(table.title, row, columns: 0...lastColumn, Self.title)
    sheet.setHeight(20, row: row)
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
    var shares: [Int] = []
    for section in table.sections {
      if let heading = section.heading {
        sheet.text(
          heading, row, 0, Workbook.Style(isBold: true, colour: 0x1F5C8B, alignment: .left))
        row += 1
      }
      let isFirstOfShares = shares.isEmpty
      for content in section.rows {
        if content.role == .share, isFirstOfShares { shares.append(row) }
        row = write(content, at: row)
      }
    }
    sheet.freeze(rows: first, columns: 1, repeatingFrom: head)
    row += 1
    for line in table.notes { row = paragraph(line, at: row, Self.note) }
    if let chart, !shares.isEmpty {
      writeChart(shares, numberFormat: chart, at: row + 1)
    }
  }

  /// A text over the width of the table, with the height that it takes.
  private func paragraph(_ text: String, at row: Int, _ style: Workbook.Style) -> Int {
    sheet.text(text, row, columns: 0...lastColumn, style)
    let lines = (text.count + lineLength - 1) / lineLength
    if lines > 1 { sheet.setHeight(Double(lines) * 13, row: row) }
    return row + 1
  }

  private func headings(from start: Int) -> Int {
    var row = start
    if table.groups.contains(where: { !$0.heading.isEmpty }) {
      var column = 1
      sheet.blank(row, 0, Workbook.Style())
      for group in table.groups {
        let style = Workbook.Style(
          isBold: true, alignment: .centre, hasRuleBelow: !group.heading.isEmpty,
          hasRuleLeft: column > 1)
        if group.span > 0 {
          sheet.text(group.heading, row, columns: column...column + group.span - 1, style)
        }
        column += group.span
      }
      row += 1
    }
    let hasLetters = table.columns.contains { $0.letter != nil }
    var longest = 1
    sheet.blank(row, 0, Workbook.Style(hasRuleBelow: !hasLetters))
    for (index, column) in table.columns.enumerated() {
      sheet.text(
        column.heading, row, index + 1,
        Workbook.Style(
          isBold: true, alignment: .right, wraps: true, standsBelow: true, indent: 1,
          hasRuleBelow: !hasLetters, hasRuleLeft: isStart(index)))
      // Words stay whole: a long one makes a line of its own.
      var lines = 1
      var length = 0
      for word in column.heading.split(separator: " ") {
        if length > 0, length + word.count > 12 {
          lines += 1
          length = 0
        }
        length += word.count + 1
        lines += (word.count - 1) / 13
      }
      longest = max(longest, lines)
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
    let lines = (content.label.count + 41) / 42
    if lines > 1 { sheet.setHeight(Double(lines) * 13, row: row) }
    style.wraps = false
    style.indent = 1
    style.alignment = .right
    for (index, cell) in content.cells.enumerated() {
      var style = style
      style.hasRuleLeft = isStart(index)
      if let number = cell.number {
        style.numberFormat = cell.kind.numberFormat
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

  /// The shares of the total stand in rows that letters may part: the chart reads a list of its own
  /// below the notes.
  private func writeChart(_ rows: [Int], numberFormat: String, at row: Int) {
    let shares =
      table.sections.lazy.map { $0.rows.filter { $0.role == .share } }
      .first { !$0.isEmpty } ?? []
    let style = Workbook.Style(size: 8, colour: 0x888888, alignment: .left)
    var number = style
    number.numberFormat = numberFormat
    number.alignment = .right
    let height = max(200, 90 + shares.count * 22)
    let list = row + height / 18 + 2
    sheet.text(table.columns[0].heading, list, 1, style)
    for (index, share) in shares.enumerated() {
      sheet.text(share.label, list + 1 + index, 0, style)
      if let value = share.cells[0].number { sheet.number(value, list + 1 + index, 1, number) }
    }
    sheet.barChart(
      title: table.title, labels: (list + 1...list + shares.count, 0), values: 1,
      numberFormat: numberFormat, height: height, at: row)
  }
}

extension ShownCrossTable.Kind {
  /// In a number format of a workbook; the program that opens it gives the decimal mark.
  var numberFormat: String {
    func decimals(_ count: Int) -> String {
      count > 0 ? "." + String(repeating: "0", count: count) : ""
    }
    return switch self {
    case .percent(let count): "0\(decimals(count))\u{00A0}%"
    case .number(let count): "#,##0\(decimals(count))"
    case .text: "@"
    }
  }
}
