import SurveyData
import SurveyTables

extension TableBook {
  /// The book for a terminal: its tables one after another.
  public func terminal(in format: NumberFormat, style: TerminalStyle = .plain) -> String {
    ([style.bold(title[format.language]) + "\n"]
      + shown(in: format).map { $0.grid().terminal(style: style) }).joined(separator: "\n")
  }

  public func markdown(in format: NumberFormat) -> String {
    (["# \(markdownEscaped(title[format.language]))\n"]
      + shown(in: format).map { $0.grid().markdown() }).joined(separator: "\n")
  }

  /// The book as one page with a list of its tables at the top.
  public func html(in format: NumberFormat) -> String {
    let words = BookWords(format.language)
    let title = title[format.language]
    var body = ["<h1>\(htmlEscaped(title))</h1>"]
    body += (factLines(in: format) + [words.note(on: self)]).map {
      "<p class=\"lead\">\(htmlEscaped($0))</p>"
    }
    let tables = shown(in: format)
    body += ["<nav>", "<ol>"]
    body += tables.enumerated().map {
      "<li><a href=\"#t\($0 + 1)\">\(htmlEscaped($1.title))</a></li>"
    }
    body += ["</ol>", "</nav>"]
    body += htmlNotes(warnings)
    for (number, table) in tables.enumerated() {
      body.append("<h2 id=\"t\(number + 1)\">\(number + 1). \(htmlEscaped(table.title))</h2>")
      body += table.htmlLines
    }
    return htmlPage(title: title, language: format.language, body: body)
  }

  /// The book as long CSV: a line a figure of a table.
  public func csv(language: Language) -> String {
    var csv = CSVText(header: ["table", "title"] + CrossTable.csvHeader)
    for (number, entry) in entries.enumerated() {
      entry.table.append(
        to: &csv, language: language, decimals: publishedDecimals,
        before: [.int(number + 1), .text(entry.table.label[language])])
    }
    return csv.text
  }

  /// A table stands in the list of an object.
  private static let depthOfTable = 2

  /// The book as one JSON object (schema `pejling/1`), its figures with no more digits than it is
  /// published with.
  public func json(language: Language) -> String {
    let tables = concurrentMap(count: entries.count, threads: nil) { index in
      let table = entries[index].table
      return JSONValue.object(
        [
          ("variable", .string(table.variable)), ("title", .string(table.label[language])),
          ("where", JSONValue(table.domain)),
          (
            "banner",
            .array(
              table.breakdowns.map { .string($0.columns.joined(separator: ":")) })
          ),
          ("rows", table.use.jsonValue), ("design", table.design.jsonValue),
        ] + table.members(language: language, decimals: publishedDecimals) + [
          ("warnings", .array(table.warnings.map { .string($0[.en]) }))
        ]
      ).written(indent: Self.depthOfTable)
    }
    return JSONValue.object([
      ("schema", .string("pejling/1")), ("command", .string("crunch")),
      ("input", entries.first?.table.source.jsonValue ?? .null),
      ("title", .string(title[language])),
      (
        "published",
        publishedDecimals.map { .object([("decimals", .int($0))]) } ?? .null
      ),
      ("tables", .array(tables)), ("warnings", .array(warnings.map { .string($0) })),
    ]).text()
  }
}
