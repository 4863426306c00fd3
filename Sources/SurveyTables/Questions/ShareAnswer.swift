import SurveyData
import SurveyStatistics

/// The shares of an item, worked out in one pass for all groups asked for.
struct ShareAnswer {
  let table: Table

  init(_ question: Question, survey: ResolvedSurvey) throws {
    let dataset = survey.dataset
    let design = survey.design
    let item = try Item(question.item, in: dataset, keepingMissing: question.keptMissing)
    let domain = try question.domain.map { try dataset.domain(where: $0) }
    let targets = try ShareTarget.targets(of: question, item: item, survey: survey)
    let groupings =
      try question.by.isEmpty
      ? [Grouping([], in: dataset)] : question.by.map { try Grouping($0, in: dataset) }

    // One block says where the rows went; then one a grouping.
    var plan = TabulationPlan([
      .init(cells: item.everything, domain: domain, moments: .none)
    ])
    plan.blocks += groupings.map {
      .init(groups: $0.factors, cells: item.factor, domain: domain)
    }
    let tabulations = try design.tabulate(plan, in: dataset)

    let rows = RowLedger(
      tabulations[0], item: item, survey: survey, domainText: question.domain?.text)
    try rows.requireAnswers(item: item, domain: question.domain, file: dataset.source.path)

    var cells: [Cell] = []
    for (grouping, tabulation) in zip(groupings, tabulations.dropFirst()) {
      for group in 0..<tabulation.groupCount {
        let share = ShareEstimator(
          tabulation, group: group, design: design, inference: question.inference)
        for target in targets {
          cells.append(
            Cell(
              statistic: question.statistic.name, variable: question.item,
              category: target.category, label: target.label, net: target.net,
              group: grouping.values(ofGroup: group, survey: survey),
              estimate: share.estimate(of: target.levels)))
        }
      }
    }
    let codebook = dataset.codebook.variables[question.item]
    table = Table(
      command: question.statistic.name, source: dataset.source, rows: rows.use,
      design: survey.designSummary, variable: question.item,
      label: codebook?.label ?? LocalizedText(), question: codebook?.question ?? LocalizedText(),
      level: question.inference.level, cells: cells,
      warnings: rows.warnings + cells.flatMap(\.caveatSentences))
  }
}

/// One share that is asked for: a category, or a net.
private struct ShareTarget {
  let levels: [Int]
  let category: String?
  let net: String?
  let label: LocalizedText

  static func targets(
    of question: Question, item: Item, survey: ResolvedSurvey
  ) throws -> [ShareTarget] {
    switch question.statistic {
    case .shares:
      return item.answers.enumerated().map { level, category in
        ShareTarget(
          levels: [level], category: category.code, net: nil,
          label: survey.label(of: category.code, in: item.name))
      }
    case .share(of: let choice):
      let net = try item.net(choice, in: survey.dataset)
      return [ShareTarget(levels: net.levels, category: nil, net: net.name, label: net.label)]
    }
  }
}
