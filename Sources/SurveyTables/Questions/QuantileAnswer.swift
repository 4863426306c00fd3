import SurveyData
import SurveyStatistics

/// The quantiles of an item, worked out for all groups and probabilities at once.
struct QuantileAnswer {
  let table: Table

  init(
    _ question: Question, probabilities: [Double], rule: QuantileRule,
    interval: QuantileIntervalMethod, survey: ResolvedSurvey
  ) throws {
    if let wrong = probabilities.first(where: { !(0...1).contains($0) }) {
      throw QuestionError.noProbability(wrong)
    }
    if interval == .quantile {
      guard let replicates = survey.design.replicates else {
        throw QuestionError.noReplicateQuantiles(method: nil)
      }
      if replicates.method == .jk1 || replicates.method == .jkn {
        throw QuestionError.noReplicateQuantiles(method: replicates.method.rawValue)
      }
    }
    let dataset = survey.dataset
    let context = try AnswerContext(question, survey: survey)
    let numbers = try dataset.numbers(question.item)
    let validity = try dataset.column(question.item).validity
    let counts = survey.design.tabulate(
      TabulationPlan([
        .init(cells: .everyCategory(of: validity), domain: context.domain, moments: .rowsAlone)
      ]))
    let ledger = RowLedger(
      counts[0], of: validity, named: question.item,
      isAnswer: validity.categories.map { $0.missing == nil }, survey: survey)
    try ledger.requireAnswers(question, file: dataset.source.path)

    let estimator = QuantileEstimator(
      probabilities: probabilities, rule: rule, method: interval, design: survey.design,
      inference: question.inference)
    var cells: [Cell] = []
    var grouped: [Int] = []
    for grouping in context.groupings {
      let estimates = estimator.estimates(
        of: numbers, groups: grouping.factors, domain: context.domain)
      grouped.append(estimates.reduce(0) { $0 + ($1.first?.base ?? 0) })
      for (group, estimates) in estimates.enumerated() {
        for (probability, estimate) in zip(probabilities, estimates) {
          cells.append(
            Cell(
              statistic: question.statistic.name, variable: question.item,
              label: context.codebook?.label ?? LocalizedText(), probability: probability,
              group: grouping.values(ofGroup: group, survey: survey), estimate: estimate))
        }
      }
    }
    table = context.table(cells: cells, rows: ledger, grouped: grouped)
  }
}
