import SurveyData
import SurveyStatistics

extension Table {
  /// The table with every figure withheld that the rules protect.
  ///
  /// A withheld cell keeps its place and its reason and loses its estimate: what a renderer never
  /// gets, it cannot leak. The counts of rows go too where they are those of a withheld base.
  ///
  /// - Parameter net: codes whose sum is shown beside the distribution: categories inside and
  ///   outside it are then two wholes, each protected by itself.
  public func protected(by rules: DisclosureRules, splitAt net: Set<String> = []) -> Table {
    guard rules.areActive else { return self }
    var table = self
    for run in cells.distributionRuns {
      let inside = run.filter { cells[$0].category.map(net.contains) ?? false }
      let outside = run.filter { !inside.contains($0) }
      for part in [inside, outside] where !part.isEmpty {
        for (index, suppression) in zip(part, suppressions(of: part, rules: rules)) {
          if let suppression { table.cells[index].withhold(suppression) }
        }
      }
    }
    if cells.indices.contains(where: { cells[$0].group.isEmpty && table.cells[$0].isBaseWithheld })
    {
      table.rows.isWithheld = true
      table.warnings = []
    }
    // A caveat tells how few respondents a figure rests on, and who is in no group tells a withheld
    // group from the others.
    let withheld = Set(
      table.cells.filter { $0.suppression != nil }.flatMap(\.sentencePlaces).filter { !$0.isEmpty })
    table.warnings.removeAll { warning in withheld.contains { warning.hasPrefix($0 + ":") } }
    return table
  }

  /// - Parameter part: cells that add up to a known figure, or a single cell.
  private func suppressions(of part: [Int], rules: DisclosureRules) -> [Suppression?] {
    let base = cells[part[0]].estimate.base
    let counts = part.map { cells[$0].estimate.count }
    let known = counts.compactMap { $0 }
    guard known.count == part.count else {
      return part.map { rules.suppression(base: cells[$0].estimate.base, count: nil) }
    }
    return rules.suppressions(ofParts: known, base: base)
  }
}

extension Cell {
  var isBaseWithheld: Bool {
    if case .base? = suppression { return true }
    return false
  }

  mutating func withhold(_ reason: Suppression) {
    suppression = reason
    estimate = Estimate.withheld
  }
}

extension Estimate {
  /// In place of an estimate that must not be shown.
  static var withheld: Estimate {
    Estimate(base: 0, weightedBase: 0, degreesOfFreedom: 0)
  }
}

extension [Cell] {
  /// Runs of cells that share a group: the parts of one distribution, or a single figure.
  fileprivate var distributionRuns: [Range<Int>] {
    var runs: [Range<Int>] = []
    var start = 0
    while start < count {
      var end = start + 1
      while end < count, self[end].group == self[start].group,
        self[end].category != nil, self[start].category != nil
      {
        end += 1
      }
      runs.append(start..<end)
      start = end
    }
    return runs
  }
}
