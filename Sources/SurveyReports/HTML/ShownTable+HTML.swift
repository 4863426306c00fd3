import SurveyData
import SurveyTables

extension ShownTable {
  /// The table as a page that stands by itself.
  ///
  /// - Parameter drawing: an `<svg>` element to stand below the first table.
  public func html(language: Language, drawing: String = "") -> String {
    var body = ["<h1>\(htmlEscaped(title))</h1>"]
    body += lead.map { "<p class=\"lead\">\(htmlEscaped($0))</p>" }
    for (index, grid) in grids.enumerated() {
      body += grid.htmlLines
      if index == 0, !drawing.isEmpty { body.append("<figure>\(drawing)</figure>") }
    }
    body += htmlNotes(notes)
    return htmlPage(title: title, language: language, body: body)
  }
}

extension ShownTable.Grid {
  fileprivate var htmlLines: [String] {
    func row(_ cells: [String], _ tag: String) -> String {
      let cells = zip(columns, cells).map { column, cell in
        "<\(tag)\(column.isNumeric ? "" : " class=\"text\"")>\(htmlEscaped(cell))</\(tag)>"
      }
      return "<tr>" + cells.joined() + "</tr>"
    }
    return [
      "<div class=\"table\">", "<table>", "<thead>", row(columns.map(\.heading), "th"), "</thead>",
      "<tbody>",
    ]
      + rows.map { row($0, "td") } + ["</tbody>", "</table>", "</div>"]
  }
}

func htmlNotes(_ notes: [String]) -> [String] {
  notes.isEmpty
    ? []
    : ["<ul class=\"notes\">"] + notes.map { "<li>\(htmlEscaped($0))</li>" } + ["</ul>"]
}

extension ShownCrossTable {
  /// The table as a page that stands by itself.
  public func html(language: Language) -> String {
    htmlPage(title: title, language: language, body: ["<h1>\(htmlEscaped(title))</h1>"] + htmlLines)
  }

  /// The table without its title.
  var htmlLines: [String] {
    var lines = lead.map { "<p class=\"lead\">\(htmlEscaped($0))</p>" }
    lines += ["<div class=\"table\">", "<table>", "<thead>"]
    for row in headingRows {
      let cells = row.map { heading in
        let text = htmlEscaped(heading.text)
        return text.isEmpty
          ? "<td\(heading.isStart ? " class=\"first\"" : "") colspan=\"\(heading.span)\"></td>"
          : "<th class=\"first\" scope=\"colgroup\" colspan=\"\(heading.span)\">\(text)</th>"
      }
      lines.append("<tr class=\"groups\"><td></td>" + cells.joined() + "</tr>")
    }
    let starts = groupStarts
    let headings = columns.enumerated().map { index, column in
      let letter =
        column.letter.map { "<span class=\"letter\">\(htmlEscaped($0))</span>" } ?? ""
      return "<th scope=\"col\"\(starts.contains(index) ? " class=\"first\"" : "")>"
        + htmlEscaped(column.path.last ?? "") + letter + "</th>"
    }
    lines += ["<tr><td></td>" + headings.joined() + "</tr>", "</thead>", "<tbody>"]
    for section in sections {
      if let heading = section.heading {
        lines.append(
          "<tr class=\"heading\"><th colspan=\"\(columns.count + 1)\">\(htmlEscaped(heading))"
            + "</th></tr>")
      }
      lines += section.rows.map { row in
        let cells = row.cells.enumerated().map { index, cell in
          let classes =
            (starts.contains(index) ? ["first"] : []) + (cell.isWithheld ? ["withheld"] : [])
          let marks = cell.marks.joined(separator: " ")
          return "<td\(classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\"")>"
            + htmlEscaped(cell.text)
            + (marks.isEmpty ? "" : "<span class=\"letters\">\(htmlEscaped(marks))</span>")
            + "</td>"
        }
        return "<tr class=\"\(row.role.htmlClass)\"><th scope=\"row\">"
          + htmlEscaped(row.label) + "</th>" + cells.joined() + "</tr>"
      }
    }
    return lines + ["</tbody>", "</table>", "</div>"] + htmlNotes(notes)
  }
}

extension ShownCrossTable.Row.Role {
  fileprivate var htmlClass: String {
    switch self {
    case .share: "share"
    case .net: "net"
    case .statistic: "statistic"
    case .detail: "detail"
    case .base: "base"
    }
  }
}
