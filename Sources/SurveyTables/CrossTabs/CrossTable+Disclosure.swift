import SurveyData
import SurveyStatistics

extension CrossTable {
  /// The table with every figure withheld that the rules protect, and with it what would tell it.
  ///
  /// A cell is withheld for its own base, count or complement. Then, in every line of cells that add
  /// up to a figure shown (a row over the columns of a breakdown and the total; a column's categories
  /// and its base; a net and its categories), a withheld cell takes the smallest others with it until
  /// two are withheld that hold the minimum count together. A column whose base is withheld is
  /// withheld whole.
  func protected(by rules: DisclosureRules) -> CrossTable {
    guard rules.areActive else { return self }
    var protection = CrossTableProtection(self, rules: rules)
    protection.complete()
    return protection.table
  }
}

/// A table with its bases as one more line of cells.
private struct CrossTableProtection {
  private let original: CrossTable
  private let rules: DisclosureRules
  /// The rows of shares; the base of a column stands below them.
  private let shareRows: [Int]
  /// By share row, and last the bases; by column.
  private var withheld: [[Suppression?]]
  private let counts: [[Int]]
  private let lines: [[Place]]

  private struct Place: Hashable {
    var row: Int
    var column: Int
  }

  init(_ table: CrossTable, rules: DisclosureRules) {
    original = table
    self.rules = rules
    shareRows = table.rows.indices.filter { table.rows[$0].isShare }
    counts =
      shareRows.map { row in table.cells[row].map { $0.estimates[0].count ?? 0 } }
      + [table.columns.map { $0.base ?? 0 }]
    withheld =
      shareRows.map { row in
        table.cells[row].enumerated().map { column, cell in
          zip(table.percents, cell.estimates).lazy.compactMap { percent, estimate in
            percent == .row && table.columns[column].isTotal
              ? nil : rules.suppression(base: estimate.base, count: estimate.count)
          }.first
        }
      }
      + [
        table.columns.map { column in
          (column.base ?? 0) < rules.minimumBase ? .base(minimum: rules.minimumBase) : nil
        }
      ]
    lines = Self.lines(of: table, shareRows)
  }

  private static func lines(of table: CrossTable, _ shareRows: [Int]) -> [[Place]] {
    let bases = shareRows.count
    var lines: [[Place]] = []
    for breakdown in table.breakdowns.indices where !table.breakdowns[breakdown].hasOverlap {
      let columns = [0] + table.columns(ofBreakdown: breakdown)
      for row in 0...bases { lines.append(columns.map { Place(row: row, column: $0) }) }
    }
    let categories = shareRows.indices.filter { table.rows[shareRows[$0]].kind == .category }
    for column in table.columns.indices {
      func line(_ rows: [Int]) -> [Place] { rows.map { Place(row: $0, column: column) } }
      guard !table.hasSeveralAnswers else {
        // Shares of all answers add up to 1.
        if table.rows.contains(where: { $0.kind == .answerShare }) {
          lines.append(line(categories))
        }
        continue
      }
      lines.append(line(categories + [bases]))
      for net in shareRows.indices {
        guard let codes = table.netCodes[shareRows[net]] else { continue }
        let inside = categories.filter { codes.contains(table.rows[shareRows[$0]].code ?? "") }
        lines.append(line(inside + [net]))
        lines.append(line(categories.filter { !inside.contains($0) } + [net, bases]))
      }
    }
    return lines
  }

  /// Withholds until every line holds.
  mutating func complete() {
    var isChanged = true
    while isChanged {
      isChanged = false
      for column in original.columns.indices {
        guard let reason = withheld[shareRows.count][column] else { continue }
        for row in shareRows.indices where withheld[row][column] == nil {
          withheld[row][column] = reason
          isChanged = true
        }
      }
      for line in lines where !isSafe(line) {
        let shown = line.filter { withheld[$0.row][$0.column] == nil }
        guard let next = shown.min(by: { order($0) < order($1) }) else { continue }
        withheld[next.row][next.column] = .complementary
        isChanged = true
      }
    }
  }

  private func isSafe(_ line: [Place]) -> Bool {
    let places = line.filter { withheld[$0.row][$0.column] != nil }
    if places.isEmpty || places.count == line.count { return true }
    return places.count > 1
      && places.reduce(0) { $0 + counts[$1.row][$1.column] } >= rules.minimumCount
  }

  /// Cells before nets, those before totals, those before bases; the smallest first.
  private func order(_ place: Place) -> (Int, Int, Int, Int) {
    let isBase = place.row == shareRows.count
    let isNet = !isBase && original.rows[shareRows[place.row]].kind == .net
    let rank = isBase ? 3 : place.column == 0 ? 2 : isNet ? 1 : 0
    return (rank, counts[place.row][place.column], place.row, place.column)
  }

  var table: CrossTable {
    var table = original
    for (index, row) in shareRows.enumerated() {
      for column in table.columns.indices {
        if let reason = withheld[index][column] { table.cells[row][column].withhold(reason) }
      }
    }
    for (row, content) in table.rows.enumerated() where !content.isShare {
      for column in table.columns.indices {
        if let reason = reason(forNumberIn: row, column) {
          table.cells[row][column].withhold(reason)
        }
      }
    }
    for column in table.columns.indices where withheld[shareRows.count][column] != nil {
      table.columns[column].base = nil
      table.columns[column].weightedBase = nil
    }
    withholdDifferences(&table)
    let isAnyWithheld = table.cells.contains { $0.contains { $0.suppression != nil } }
    if table.columns[0].base == nil { table.use.isWithheld = true }
    if isAnyWithheld {
      // Who is in no column, or who answered, would tell a withheld base from the others.
      let names = table.breakdowns.map { $0.label[.en] }
      table.warnings.removeAll { warning in
        table.columns[0].base == nil || names.contains { warning[.en].hasPrefix($0 + ":") }
      }
    }
    return table
  }

  /// Why the mean, or the figure of an answer, in a row that is no share is withheld.
  private func reason(forNumberIn row: Int, _ column: Int) -> Suppression? {
    if let reason = withheld[shareRows.count][column] { return reason }
    let content = original.rows[row]
    let estimate = original.cells[row][column].estimates[0]
    switch content.kind {
    case .mean:
      // With the shares that are shown, a mean is one equation more: two unknowns would be solved.
      let categories = shareRows.indices.filter { original.rows[shareRows[$0]].kind == .category }
      let hidden = categories.count { withheld[$0][column] != nil }
      return hidden == 0 || hidden > 2 ? nil : .complementary
    case .answerShare, .meanRank, .borda:
      let share = shareRows.firstIndex { original.rows[$0].code == content.code }
      if let reason = share.flatMap({ withheld[$0][column] }) { return reason }
      return rules.suppression(base: estimate.base, count: nil)
    case .category, .net: return nil
    }
  }

  private func withholdDifferences(_ table: inout CrossTable) {
    for index in table.differences.indices {
      let difference = table.differences[index]
      guard let row = table.row(of: difference), let to = table.column(of: difference.to) else {
        continue
      }
      var reason = table.cells[row][to].suppression
      if let from = table.column(of: difference.from) {
        reason = reason ?? table.cells[row][from].suppression
      } else if case .rest = difference.from, let breakdown = table.columns[to].breakdown {
        // The rest is made of every other column, and with the total tells them.
        let isHidden = table.columns(ofBreakdown: breakdown).contains {
          table.cells[row][$0].suppression != nil
        }
        reason = reason ?? (isHidden ? .complementary : nil)
      }
      if let reason { table.differences[index].withhold(reason) }
    }
    for row in table.cells.indices {
      for column in table.columns.indices {
        table.cells[row][column].marks = []
      }
    }
    table.markDifferences()
    for index in table.tests.indices {
      let breakdown = table.breakdowns.firstIndex { $0.columns == table.tests[index].by }
      let columns = breakdown.map(table.columns(ofBreakdown:)) ?? []
      let isHidden = table.cells.contains { row in
        columns.contains { row[$0].suppression != nil }
      }
      if isHidden { table.tests[index].withhold() }
    }
  }
}

extension CrossTable.Cell {
  fileprivate mutating func withhold(_ reason: Suppression) {
    suppression = reason
    estimates = estimates.map { _ in Estimate.withheld }
    marks = []
  }
}
