import SurveyTables

extension ShownTable {
  /// The table as GitHub-flavoured Markdown.
  public func markdown() -> String {
    var lines = ["## \(markdownEscaped(title))", ""]
    lines += lead.flatMap { [markdownEscaped($0), ""] }
    for (index, grid) in grids.enumerated() {
      if index > 0 { lines.append("") }
      lines.append(row(grid.columns.map(\.heading)))
      lines.append(row(grid.columns.map { $0.isNumeric ? "---:" : "---" }, isRule: true))
      lines += grid.rows.map { row($0) }
    }
    if !notes.isEmpty { lines += [""] + notes.map { "- \(markdownEscaped($0))" } }
    return lines.joined(separator: "\n") + "\n"
  }

  private func row(_ cells: [String], isRule: Bool = false) -> String {
    "| " + cells.map { isRule ? $0 : markdownEscaped($0) }.joined(separator: " | ") + " |"
  }
}

/// Text that Markdown leaves as it is.
func markdownEscaped(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    if "|\\`*_<>[]#".unicodeScalars.contains(scalar) { result += "\\" }
    result.unicodeScalars.append(Character(scalar).isNewline ? " " : scalar)
  }
  return result
}
