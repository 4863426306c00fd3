import SurveyData
import SurveyStatistics

/// Differences between groups, or between groups and a number: the question's own table, and one
/// more pass that keeps the covariances across groups.
struct ComparisonAnswer {
  private(set) var table: Table

  private let comparison: Comparison
  private let survey: ResolvedSurvey
  private let groupings: [Grouping]
  private let domain: Domain?

  /// A block with all covariances has the square of this many: beyond, memory gives out.
  private static let componentLimit = 1000

  init(_ comparison: Comparison, survey: ResolvedSurvey) throws {
    let question = comparison.question
    self.comparison = comparison
    self.survey = survey
    let context = try AnswerContext(question, survey: survey)
    groupings = context.groupings
    domain = context.domain
    table = try survey.table(answering: question)
    table.command = "compare"
    table.adjustment = comparison.adjustment

    switch question.statistic {
    case .shares, .share:
      let item = try Item(
        question.item, in: survey.dataset, keepingMissing: question.keptMissing)
      let targets = try ShareTarget.targets(of: question, item: item, survey: survey).targets
      table.differences = try shareDifferences(of: item, targets: targets)
      if !question.by.isEmpty { addTests(of: item) }
    case .mean:
      table.differences = try meanDifferences()
    case .total, .ratio, .quantile:
      throw QuestionError.notCompared(question.statistic.name)
    }
    table.withholdDifferences()
    table.warnings += table.tests.flatMap(\.caveatSentences)
    table.warnings += table.differences.flatMap(\.caveatSentences)
  }

  private func shareDifferences(of item: Item, targets: [ShareTarget]) throws -> [Difference] {
    // One net needs its two sides alone; the categories stand side by side.
    let isNet = targets.count == 1
    let factor = isNet ? item.factor.collapsed(to: targets[0].levels) : item.factor
    let tabulations = try tabulate { .init(groups: $0, cells: factor, domain: domain) }
    return try zip(groupings, tabulations).flatMap { grouping, tabulation in
      let estimator = self.estimator(tabulation)
      return try targets.flatMap { target in
        try differences(grouping, tabulation, target: target) {
          estimator.share(of: isNet ? [0] : target.levels, in: $0)
        }
      }
    }
  }

  private func meanDifferences() throws -> [Difference] {
    let sum = TabulationPlan.Sum.measuredFromWithin(
      try survey.dataset.numbers(comparison.question.item))
    let tabulations = try tabulate { .init(groups: $0, sums: [sum], domain: domain) }
    return try zip(groupings, tabulations).flatMap { grouping, tabulation in
      let estimator = self.estimator(tabulation)
      return try differences(grouping, tabulation, target: nil) {
        estimator.mean(origin: sum.origin, in: $0)
      }
    }
  }

  /// One pass with a block a grouping; all covariances where groups are held against each other.
  private func tabulate(
    _ block: ([TabulationPlan.Factor]) -> TabulationPlan.Block
  ) throws -> [Tabulation] {
    var plan = TabulationPlan(groupings.map { block($0.factors) })
    if case .number = comparison.sides { return survey.design.tabulate(plan) }
    for index in plan.blocks.indices {
      guard plan.blocks[index].componentCount <= Self.componentLimit else {
        throw QuestionError.tooManyCells(
          comparison.question.item, categories: plan.blocks[index].levelCount,
          groups: plan.blocks[index].groupCount, file: survey.dataset.source.path)
      }
      plan.blocks[index].moments = .all
    }
    return survey.design.tabulate(plan)
  }

  private func estimator(_ tabulation: Tabulation) -> ContrastEstimator {
    ContrastEstimator(
      tabulation, design: survey.design, inference: comparison.question.inference)
  }

  /// The differences of one grouping and one target: a family for the adjustment.
  private func differences(
    _ grouping: Grouping, _ tabulation: Tabulation, target: ShareTarget?,
    side: ([Int]) -> ContrastSide
  ) throws -> [Difference] {
    let estimator = self.estimator(tabulation)
    let all = Array(0..<tabulation.groupCount)
    let groups = all.map { Difference.Side.group(grouping.values(ofGroup: $0, survey: survey)) }
    // A group that nobody is in has a line among the estimates, and nothing to be held against.
    let present = all.filter { group in
      (0..<tabulation.levelCount).contains {
        tabulation.counts[group * tabulation.levelCount + $0] > 0
      }
    }
    func difference(
      from: (Difference.Side, ContrastSide), to: (Difference.Side, ContrastSide)
    ) -> Difference {
      Difference(
        variable: comparison.question.item, category: target?.category, net: target?.net,
        label: target?.label ?? table.label, from: from.0, to: to.0,
        contrast: estimator.difference(from: from.1, to: to.1))
    }
    func one(_ group: Int) -> (Difference.Side, ContrastSide) { (groups[group], side([group])) }

    let found: [Difference] =
      switch comparison.sides {
      case .pairs:
        present.flatMap { from in
          present.filter { $0 > from }.map { difference(from: one(from), to: one($0)) }
        }
      case .against(let codes):
        try {
          let reference = try grouping.group(of: codes, survey: survey)
          return present.filter { $0 != reference }.map {
            difference(from: one(reference), to: one($0))
          }
        }()
      case .againstRest:
        present.map { group in
          difference(
            from: (.rest(grouping.columns), side(all.filter { $0 != group })), to: one(group))
        }
      case .againstTotal:
        present.map { difference(from: (.total(grouping.columns), side(all)), to: one($0)) }
      case .number(let value):
        present.map { difference(from: (.number(value), .number(value)), to: one($0)) }
      case .item: preconditionFailure("paired items are answered elsewhere")
      }
    return found.adjusted(by: comparison.adjustment)
  }

  /// Rao and Scott's test of the item against each grouping.
  private mutating func addTests(of item: Item) {
    for grouping in groupings {
      let block = TabulationPlan.Block(
        groups: grouping.factors, cells: item.factor, domain: domain, moments: .all)
      guard block.componentCount <= Self.componentLimit else {
        table.warnings.append(
          "No test of \(item.name) by \(grouping.columns.joined(separator: ":")): "
            + "a table of \(block.componentCount) cells is too large for it.")
        continue
      }
      let tabulation = survey.design.tabulate(TabulationPlan([block]))[0]
      table.tests.append(
        TestResult(
          variable: item.name, by: grouping.columns,
          test: TwoWayTable(tabulation, design: survey.design).independence(.raoScott)))
    }
  }
}

extension [Difference] {
  /// A family of differences with p-values adjusted for their number.
  func adjusted(by adjustment: Adjustment) -> [Difference] {
    let adjusted = adjustment.adjusted(map(\.contrast.pValue))
    return zip(self, adjusted).map { difference, pValue in
      var difference = difference
      difference.adjustedPValue = pValue
      return difference
    }
  }
}

extension TabulationPlan.Factor {
  /// Two levels: some of its levels together (0), and its other ones (1).
  func collapsed(to net: [Int]) -> TabulationPlan.Factor {
    TabulationPlan.Factor(
      column: column,
      levels: levels.map { $0 < 0 ? -1 : net.contains(Int($0)) ? 0 : 1 }, levelCount: 2)
  }
}
