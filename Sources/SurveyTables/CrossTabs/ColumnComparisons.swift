import SurveyData
import SurveyStatistics

/// The differences between the columns of each breakdown, row by row: a family for the adjustment, of
/// nested columns one under each heading.
struct ColumnComparisons {
  private let answer: CrossTabAnswer
  private let tabulations: [Tabulation]
  private let rule: LetterRule

  init(_ answer: CrossTabAnswer, _ tabulations: [Tabulation], _ rule: LetterRule) {
    self.answer = answer
    self.tabulations = tabulations
    self.rule = rule
  }

  var differences: [Difference] {
    answer.stub.rows.flatMap { row, figures in
      answer.breakdowns.indices.flatMap { breakdown in
        answer.breakdowns[breakdown].families.flatMap { family in
          differences(row, figures, breakdown, among: family).adjusted(by: rule.adjustment)
        }
      }
    }
  }

  private func differences(
    _ row: CrossTable.Row, _ figures: Stub.Figures, _ index: Int, among family: [Int]
  ) -> [Difference] {
    let breakdown = answer.breakdowns[index]
    func difference(
      _ from: Difference.Side, _ to: Difference.Side, _ contrast: Contrast
    ) -> Difference {
      Difference(
        variable: answer.stub.name, category: row.code, net: row.net, label: row.label,
        statistic: row.kind == .category || row.kind == .net
          ? "columnShare" : row.statistic(.column),
        from: from, to: to, contrast: contrast)
    }
    func side(_ column: Int) -> Difference.Side { .group(breakdown.values[column]) }
    // A column that nobody is in has nothing to be held against.
    let present = family.filter { column in
      let place = breakdown.place(ofColumn: column)
      return size(block(figures, answer.byColumn[index][place.grouping]), [place.group]) > 0
    }
    switch rule.against {
    case .rest:
      return present.compactMap { column in
        let place = breakdown.place(ofColumn: column)
        // The respondents who are not in it; of nested columns those under the same heading.
        let rest = breakdown.hasOverlap ? [1] : family.filter { $0 != column }
        let places = answer.byColumn[index][place.grouping]
        guard size(block(figures, places), rest) > 0 else { return nil }
        return difference(
          .rest(breakdown.columns), side(column),
          contrast(figures, places, from: rest, to: [place.group], overlap: nil))
      }
    case .pairs:
      return present.flatMap { first in
        present.filter { $0 > first }.map { second in
          if breakdown.hasOverlap {
            // In both, in the first alone, in the second alone, in neither.
            let places = answer.pairs[index][first][second]!
            return difference(
              side(first), side(second),
              contrast(figures, places, from: [0, 1], to: [0, 2], overlap: [0]))
          }
          return difference(
            side(first), side(second),
            contrast(
              figures, answer.byColumn[index][0], from: [first], to: [second], overlap: nil))
        }
      }
    }
  }

  private func block(_ figures: Stub.Figures, _ places: CrossTabAnswer.Places) -> Int {
    switch figures {
    case .share(let part, _): places.parts[part]
    case .mean(let number), .ratio(let number): places.numbers[number]
    }
  }

  /// Respondents of some groups.
  private func size(_ block: Int, _ groups: [Int]) -> Int {
    let tabulation = tabulations[block]
    return groups.reduce(0) { sum, group in
      (0..<tabulation.levelCount).reduce(sum) {
        $0 + tabulation.counts[group * tabulation.levelCount + $1]
      }
    }
  }

  private func contrast(
    _ figures: Stub.Figures, _ places: CrossTabAnswer.Places, from: [Int], to: [Int],
    overlap: [Int]?
  ) -> Contrast {
    if rule.method != .design, case .share(let part, let levels) = figures {
      return rule.method.shares(
        from: sample(places, part, levels, from), to: sample(places, part, levels, to),
        overlap: overlap.map { weight(places.parts[part], $0) } ?? 0)
    }
    let tabulation = tabulations[block(figures, places)]
    if rule.method != .design, case .mean(let number) = figures {
      return rule.method.means(
        from: sample(places, number, from), to: sample(places, number, to),
        overlap: overlap.map { weight(places.numbers[number], $0) } ?? 0)
    }
    let estimator = ContrastEstimator(
      tabulation, design: answer.survey.design, inference: answer.question.inference)
    func side(_ groups: [Int]) -> ContrastSide {
      switch figures {
      case .share(_, let levels): estimator.share(of: levels, in: groups)
      case .mean(let number):
        estimator.mean(origin: answer.stub.numbers[number][0].origin, in: groups)
      case .ratio: estimator.ratio(in: groups)
      }
    }
    return estimator.difference(from: side(from), to: side(to))
  }

  private func weight(_ block: Int, _ groups: [Int]) -> Double {
    let tabulation = tabulations[block]
    return groups.reduce(0) { sum, group in
      (0..<tabulation.levelCount).reduce(sum) {
        $0 + tabulation.totals[tabulation.component(group: group, level: $1)]
      }
    }
  }

  private func sample(
    _ places: CrossTabAnswer.Places, _ part: Int, _ levels: [Int], _ groups: [Int]
  ) -> ColumnSample {
    let tabulation = tabulations[places.parts[part]]
    let sum = groups.reduce(0.0) { sum, group in
      levels.reduce(sum) {
        $0 + tabulation.totals[tabulation.component(group: group, level: $1)]
      }
    }
    let weight = weight(places.parts[part], groups)
    return ColumnSample(
      sum: sum, weight: weight,
      squaredWeights: places.squaredWeights.isEmpty
        ? weight : squares(places.squaredWeights[part], groups))
  }

  private func sample(
    _ places: CrossTabAnswer.Places, _ number: Int, _ groups: [Int]
  ) -> ColumnSample {
    let tabulation = tabulations[places.numbers[number]]
    func total(_ values: [Double]) -> Double {
      groups.reduce(0) { $0 + values[tabulation.component(group: $1, part: 1)] }
    }
    let weight = weight(places.numbers[number], groups)
    return ColumnSample(
      sum: total(tabulation.totals), weight: weight, squares: total(tabulation.sumsOfSquares),
      squaredWeights: places.squaredWeights.isEmpty
        ? weight : squares(places.squaredWeights[0], groups))
  }

  private func squares(_ block: Int, _ groups: [Int]) -> Double {
    let tabulation = tabulations[block]
    return groups.reduce(0) { sum, group in
      (0..<tabulation.levelCount).reduce(sum) {
        $0 + tabulation.totals[tabulation.component(group: group, level: $1, part: 1)]
      }
    }
  }
}

extension CrossTable {
  /// Marks the larger cell of each difference that is significant at one of the levels.
  mutating func markDifferences() {
    guard let letters else { return }
    for difference in differences {
      guard let row = row(of: difference), let pValue = difference.adjustedPValue,
        let estimate = difference.contrast.estimate,
        let level = letters.levels.firstIndex(where: { pValue < 1 - $0 })
      else { continue }
      let isStrict = level == 0
      if case .rest = difference.from {
        guard let to = column(of: difference.to) else { continue }
        cells[row][to].marks.append(
          Mark(kind: .rest(isLarger: estimate > 0), isStrict: isStrict))
      } else if let from = column(of: difference.from), let to = column(of: difference.to) {
        let (larger, smaller) = estimate > 0 ? (to, from) : (from, to)
        cells[row][larger].marks.append(
          Mark(kind: .letter(columns[smaller].letter ?? ""), isStrict: isStrict))
      }
    }
  }

  func row(of difference: Difference) -> Int? {
    rows.firstIndex { row in
      row.code == difference.category && row.net == difference.net
        && row.statistic(.column) == difference.statistic
    }
  }

  func column(of side: Difference.Side) -> Int? {
    guard case .group(let values) = side else { return nil }
    return columns.firstIndex { $0.values == values && !$0.isTotal }
  }
}
