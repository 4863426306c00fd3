extension ShownCrossTable.Cell {
  /// The number with the letters of the columns it is larger than.
  public var markedText: String { marks.isEmpty ? text : text + " " + marks.joined(separator: " ") }
}

extension ShownCrossTable {
  /// The table in lines of text, for renderers that know one row of headings: a breakdown's name
  /// stands in the heading of its first column where there are several.
  public func grid() -> ShownTable {
    var columns: [ShownTable.Column] = [.init(heading: "", isNumeric: false)]
    var starts: [Int: String] = [:]
    var next = 0
    for group in groups {
      starts[next] = group.heading
      next += group.span
    }
    for (index, column) in self.columns.enumerated() {
      var heading = column.heading
      if let start = starts[index], !start.isEmpty, groups.count > 2 {
        heading = start + ": " + heading
      }
      if let letter = column.letter { heading += " (\(letter))" }
      columns.append(.init(heading: heading, isNumeric: true))
    }
    var rows: [[String]] = []
    for section in sections {
      if let heading = section.heading {
        rows.append([heading] + Array(repeating: "", count: self.columns.count))
      }
      rows += section.rows.map { row in
        [(row.role == .detail ? "  " : "") + row.label] + row.cells.map(\.markedText)
      }
    }
    var lead = lead
    if groups.count == 2, !groups[1].heading.isEmpty { lead.append(groups[1].heading) }
    return ShownTable(title: title, lead: lead, columns: columns, rows: rows, notes: notes)
  }
}
