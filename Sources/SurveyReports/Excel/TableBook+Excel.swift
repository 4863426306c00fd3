import SurveyData
import SurveyTables

extension TableBook {
  /// The book as an Excel workbook: a first sheet that leads to the tables, and a sheet a table.
  public func workbook(in format: NumberFormat) throws(WorkbookError) -> [UInt8] {
    let language = format.language
    let words = BookWords(language)
    let title = title[language]
    let book = try Workbook(title: title)
    let index = book.sheet(named: words.contents)
    let tables = shown(in: format)
    let sheets = zip(entries.indices, entries).map { number, entry in
      book.sheet(named: "\(number + 1) \(entry.table.variable)")
    }
    writeContents(index, sheets, tables, words, format)
    for (sheet, (entry, table)) in zip(sheets, zip(entries, tables)) {
      CrossTableSheet(table, on: sheet, language).write(
        index: (index.name, words.back),
        chart: entry.hasChart ? .percent(decimals: format.decimals) : nil)
    }
    return try book.bytes()
  }

  private func writeContents(
    _ sheet: Workbook.Sheet, _ sheets: [Workbook.Sheet], _ tables: [ShownCrossTable],
    _ words: BookWords, _ format: NumberFormat
  ) {
    sheet.setPortrait()
    sheet.setWidth(6, columns: 0...0)
    sheet.setWidth(62, columns: 1...1)
    sheet.setWidth(26, columns: 2...2)
    sheet.setWidth(13, columns: 3...3)
    sheet.text(title[format.language], 0, columns: 0...3, CrossTableSheet.title)
    sheet.setHeight(20, row: 0)
    var row = 1
    func write(_ lines: [String]) {
      for text in lines {
        sheet.text(text, row, columns: 0...3, CrossTableSheet.note)
        sheet.setHeight(Double(CrossTableColumns.lines(of: text, width: 112)) * 13, row: row)
        row += 1
      }
    }
    write(factLines(in: format) + [words.note(on: self)])
    row += 1
    let head = row
    var style = Workbook.Style(isBold: true, alignment: .left, hasRuleBelow: true)
    for (column, text) in [words.number, words.table, words.item].enumerated() {
      sheet.text(text, row, column, style)
    }
    style.alignment = .right
    sheet.text(words.base, row, 3, style)
    row += 1
    for (number, (entry, (target, table))) in zip(entries, zip(sheets, tables)).enumerated() {
      sheet.number(
        Double(number + 1), row, 0, Workbook.Style(numberFormat: "0", alignment: .left))
      sheet.link(table.title, to: target.name, row, 1)
      let lines = CrossTableColumns.lines(of: table.title, width: 60)
      if lines > 1 { sheet.setHeight(Double(lines) * 13.5, row: row) }
      sheet.text(
        entry.table.variable, row, 2,
        Workbook.Style(colour: 0x555555, alignment: .left, wraps: true))
      if let base = entry.table.columns[0].base {
        sheet.number(
          Double(base), row, 3,
          Workbook.Style(
            numberFormat: ShownCrossTable.Kind.number(decimals: 0)
              .numberFormat(in: format.language), alignment: .right))
      } else {
        sheet.text("*", row, 3, Workbook.Style(alignment: .right))
      }
      row += 1
    }
    sheet.freeze(rows: head + 1, columns: 0, repeatingFrom: head)
    // What was noticed while reading is for the one who checks the book, not for who reads it first.
    row += 1
    write(warnings)
  }
}

/// The words of a book, in one language.
struct BookWords {
  private let language: Language

  init(_ language: Language) { self.language = language }

  private func choose(_ da: String, _ en: String) -> String { language == .da ? da : en }

  var contents: String { choose("Indhold", "Contents") }
  var back: String { choose("Til indholdet", "To the contents") }
  var number: String { choose("Nr.", "No.") }
  var table: String { choose("Tabel", "Table") }
  var item: String { choose("Spørgsmål", "Item") }
  var base: String { choose("Antal svar", "Respondents") }

  private func count(_ count: Int, _ one: String, _ many: String) -> String {
    "\(count) \(count == 1 ? one : many)"
  }

  func note(on book: TableBook) -> String {
    guard let decimals = book.publishedDecimals else {
      return choose(
        "Fuld præcision: ikke til offentliggørelse.", "Full precision: not for publication.")
    }
    return choose(
      "\(count(book.entries.count, "tabel", "tabeller")). "
        + "Procenter med \(count(decimals, "decimal", "decimaler")).",
      "\(count(book.entries.count, "table", "tables")). "
        + "Percentages with \(count(decimals, "decimal", "decimals")).")
  }
}
