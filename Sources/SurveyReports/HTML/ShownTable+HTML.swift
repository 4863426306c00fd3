import SurveyData
import SurveyTables

extension ShownTable {
  /// The table as one self-contained page: no script, nothing fetched.
  ///
  /// - Parameter drawing: an `<svg>` element to stand below the first table.
  public func html(language: Language, drawing: String = "") -> String {
    var body = ["<h1>\(xmlEscaped(title))</h1>"]
    body += lead.map { "<p>\(xmlEscaped($0))</p>" }
    for (index, grid) in grids.enumerated() {
      body.append(grid.html)
      if index == 0, !drawing.isEmpty { body.append("<figure>\(drawing)</figure>") }
    }
    if !notes.isEmpty {
      body.append("<ul>" + notes.map { "<li>\(xmlEscaped($0))</li>" }.joined() + "</ul>")
    }
    return """
      <!DOCTYPE html>
      <html lang="\(language.rawValue)">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(xmlEscaped(title))</title>
      <style>
      body { font: 16px/1.5 system-ui, sans-serif; color: #1b2733; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
      table { border-collapse: collapse; margin: 1.5rem 0; }
      th, td { padding: .2rem .8rem .2rem 0; border-bottom: 1px solid #d5dbe1; text-align: left; }
      .n { text-align: right; font-variant-numeric: tabular-nums; }
      figure { margin: 1.5rem 0; } svg { max-width: 100%; height: auto; }
      ul { color: #52606d; padding-left: 1.2rem; }
      </style>
      </head>
      <body>
      \(body.joined(separator: "\n"))
      </body>
      </html>

      """
  }
}

extension ShownTable.Grid {
  fileprivate var html: String {
    func cells(_ texts: [String], _ tag: String, _ scope: String = "") -> String {
      zip(texts, columns).map { text, column in
        "<\(tag)\(scope)\(column.isNumeric ? " class=\"n\"" : "")>\(xmlEscaped(text))</\(tag)>"
      }.joined()
    }
    return
      "<table>\n<thead><tr>\(cells(columns.map(\.heading), "th", " scope=\"col\""))</tr></thead>\n"
      + "<tbody>\n" + rows.map { "<tr>\(cells($0, "td"))</tr>\n" }.joined() + "</tbody>\n</table>"
  }
}
