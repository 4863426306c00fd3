import SurveyData
import SurveyStatistics

/// The shares of an item, worked out in one pass for all groups asked for.
struct ShareAnswer {
  let table: Table

  init(_ question: Question, survey: ResolvedSurvey) throws {
    let context = try AnswerContext(question, survey: survey)
    let item = try Item(
      question.item, in: survey.dataset, keepingMissing: question.keptMissing)
    let (targets, absent) = try ShareTarget.targets(of: question, item: item, survey: survey)

    // One block says where the rows went; then one a grouping.
    var plan = TabulationPlan([
      .init(cells: .everyCategory(of: item.column), domain: context.domain, moments: .rowsAlone)
    ])
    plan.blocks += context.groupings.map {
      .init(groups: $0.factors, cells: item.factor, domain: context.domain)
    }
    let tabulations = survey.design.tabulate(plan)
    let ledger = RowLedger(
      tabulations[0], of: item.column, named: item.name,
      isAnswer: item.factor.levels.map { $0 >= 0 }, survey: survey)
    try ledger.requireAnswers(question, file: survey.dataset.source.path)

    var cells: [Cell] = []
    for (grouping, tabulation) in zip(context.groupings, tabulations.dropFirst()) {
      for group in 0..<tabulation.groupCount {
        let share = ShareEstimator(
          tabulation, group: group, design: survey.design, inference: question.inference)
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
    var table = context.table(
      cells: cells, rows: ledger, grouped: tabulations.dropFirst().map { $0.counts.reduce(0, +) })
    if !absent.isEmpty {
      let codes = absent.map { "'\($0)'" }.joined(separator: ", ")
      table.warnings.append("'\(item.name)': nobody has the code \(codes) of the net.")
    }
    self.table = table
  }
}

/// One share that is asked for: a category, or a net.
struct ShareTarget {
  let levels: [Int]
  let category: String?
  let net: String?
  let label: LocalizedText

  /// The shares asked for, and the codes among them that no row has.
  static func targets(
    of question: Question, item: Item, survey: ResolvedSurvey
  ) throws -> (targets: [ShareTarget], absent: [String]) {
    guard case .share(of: let choice) = question.statistic else {
      let targets = item.answers.enumerated().map { level, category in
        // An empty cell has no text; its reason has.
        let reason = category.code.isEmpty ? category.missing?.text : nil
        return ShareTarget(
          levels: [level], category: category.code, net: nil,
          label: reason ?? survey.label(of: category.code, in: item.name))
      }
      return (targets, [])
    }
    let net = try item.net(choice, in: survey.dataset)
    let target = ShareTarget(levels: net.levels, category: nil, net: net.name, label: net.label)
    return ([target], net.absent)
  }
}
