import SurveyStatistics

extension Table {
  /// Withholds the differences and tests that would tell of the figures withheld from the cells.
  ///
  /// A difference goes with either of its two figures. One from the rest or the total goes where any
  /// group's figure does, since the rest and the total are made of them all; and so does a test.
  mutating func withholdDifferences() {
    for index in differences.indices {
      let difference = differences[index]
      let withheld = cells.filter { cell in
        cell.suppression != nil && cell.category == difference.category
          && cell.net == difference.net
      }
      let ends = [difference.from, difference.to].compactMap { side in
        withheld.first { side.isFigure(of: $0) }
      }
      let columns = difference.to.columns
      let isWhole = difference.from.isWhole || difference.to.isWhole
      if let end = ends.first {
        differences[index].withhold(end.suppression!)
      } else if isWhole, withheld.contains(where: { $0.group.map(\.column) == columns }) {
        differences[index].withhold(.complementary)
      }
    }
    for index in tests.indices {
      let columns = tests[index].by
      if cells.contains(where: { $0.suppression != nil && $0.group.map(\.column) == columns }) {
        tests[index].withhold()
      }
    }
  }
}

extension Difference.Side {
  /// Whether a cell is the figure of this side.
  fileprivate func isFigure(of cell: Cell) -> Bool {
    switch self {
    case .group(let values): cell.group == values
    case .item(let name, _): cell.variable == name
    case .rest, .total, .number: false
    }
  }

  /// Made of every group.
  fileprivate var isWhole: Bool {
    switch self {
    case .rest, .total: true
    case .group, .item, .number: false
    }
  }

  fileprivate var columns: [String] {
    if case .group(let values) = self { return values.map(\.column) }
    return []
  }
}

extension Difference {
  mutating func withhold(_ reason: Suppression) {
    suppression = reason
    contrast = .withheld
    adjustedPValue = nil
  }
}

extension TestResult {
  mutating func withhold() {
    isWithheld = true
    test = .withheld(test.form)
  }
}
