import SurveyData
import SurveyStatistics

/// Means, totals and ratios of numbers, worked out in one pass for all groups asked for.
struct NumberAnswer {
  let table: Table

  init(_ question: Question, survey: ResolvedSurvey) throws {
    let dataset = survey.dataset
    let context = try AnswerContext(question, survey: survey)
    let numbers = try ([question.item] + question.statistic.columnNames).map {
      try dataset.numbers($0)
    }
    // A mean does not depend on the origin; totals and ratios do.
    var sums = numbers.map { TabulationPlan.Sum($0) }
    if case .mean = question.statistic { sums = [.measuredFromWithin(numbers[0])] }

    let validity = try ([question.item] + question.statistic.columnNames).map {
      try dataset.column($0).validity
    }
    var plan = TabulationPlan([
      .init(cells: .everyCategory(of: validity[0]), domain: context.domain, moments: .rowsAlone),
      .init(sums: sums, domain: context.domain, moments: .rowsAlone),
    ])
    plan.blocks += context.groupings.map {
      .init(groups: $0.factors, sums: sums, domain: context.domain)
    }
    let tabulations = survey.design.tabulate(plan)
    let ledger = RowLedger(
      tabulations[0], of: validity[0], named: question.item,
      isAnswer: validity[0].categories.map { $0.missing == nil }, used: tabulations[1].counts[0],
      survey: survey)
    try ledger.requireAnswers(question, file: dataset.source.path)

    var cells: [Cell] = []
    for (grouping, tabulation) in zip(context.groupings, tabulations.dropFirst(2)) {
      for group in 0..<tabulation.groupCount {
        cells.append(
          Cell(
            statistic: question.statistic.name, variable: question.item,
            label: context.codebook?.label ?? LocalizedText(),
            denominator: question.statistic.columnNames.first,
            group: grouping.values(ofGroup: group, survey: survey),
            estimate: NumberAnswer.estimate(
              question, tabulation, group: group, origin: sums[0].origin, design: survey.design)))
      }
    }
    table = context.table(
      cells: cells, rows: ledger, grouped: tabulations.dropFirst(2).map { $0.counts.reduce(0, +) })
  }

  private static func estimate(
    _ question: Question, _ tabulation: Tabulation, group: Int, origin: Double, design: Design
  ) -> Estimate {
    let inference = question.inference
    return switch question.statistic {
    case .mean:
      MeanEstimator(design: design, inference: inference)
        .estimate(tabulation, group: group, origin: origin)
    case .total:
      TotalEstimator(design: design, inference: inference).estimate(tabulation, group: group)
    case .ratio:
      RatioEstimator(design: design, inference: inference).estimate(tabulation, group: group)
    case .shares, .share, .quantile: preconditionFailure("no statistic of sums")
    }
  }
}
