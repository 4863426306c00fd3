extension ShownCrossTable {
  /// A heading over some columns of the table; empty where the columns have none on that row.
  public struct Heading: Sendable, Hashable {
    public var text: String
    public var span: Int
    /// Whether a breakdown begins with it, other than the total.
    public var isStart: Bool
  }

  /// The rows of headings above the columns' own, from left to right: the breakdowns where any has a
  /// name, then the outer levels of nested columns.
  public var headingRows: [[Heading]] {
    var rows: [[Heading]] = []
    if groups.contains(where: { !$0.heading.isEmpty }) {
      rows.append(
        groups.enumerated().filter { $1.span > 0 }.map {
          Heading(text: $1.heading, span: $1.span, isStart: $0 > 0)
        })
    }
    for level in 0..<max(0, (columns.map(\.path.count).max() ?? 0) - 1) {
      rows.append(outerHeadings(level))
    }
    return rows
  }

  /// Columns side by side with the same labels down to a level share one heading.
  private func outerHeadings(_ level: Int) -> [Heading] {
    let starts = groupStarts
    var headings: [Heading] = []
    var last: [String]?
    for (index, column) in columns.enumerated() {
      let outer = column.path.count > level + 1 ? Array(column.path.prefix(level + 1)) : []
      if outer == last, !starts.contains(index) {
        headings[headings.count - 1].span += 1
      } else {
        headings.append(
          Heading(
            text: outer.last ?? "", span: 1, isStart: index > 0 && starts.contains(index)))
      }
      last = outer
    }
    return headings
  }

  /// The first column of each group.
  public var groupStarts: Set<Int> {
    var starts: Set<Int> = []
    var next = 0
    for group in groups {
      starts.insert(next)
      next += group.span
    }
    return starts
  }
}
