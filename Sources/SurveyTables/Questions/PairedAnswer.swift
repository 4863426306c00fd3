import SurveyData
import SurveyStatistics

/// Two items of the same respondents, each with its own base: their estimates and the difference.
///
/// One block crosses what respondents said to the one item with what they said to the other, no
/// answer included. Each item's base is then a sum of cells, and the covariance between the two
/// estimates is that of those sums: whoever answered both counts in both.
struct PairedAnswer {
  let table: Table

  init(_ comparison: Comparison, with other: String, survey: ResolvedSurvey) throws {
    let question = comparison.question
    var second = question
    second.item = other
    let joint =
      switch question.statistic {
      case .share(of: let choice):
        try JointItems(shareOf: choice, first: question, second: second, survey: survey)
      case .mean: try JointItems(meansOf: question, second, survey: survey)
      case .shares, .total, .ratio, .quantile:
        throw QuestionError.notCompared(question.statistic.name)
      }
    var answer = try survey.table(answering: question)
    let others = try survey.table(answering: second)
    answer.command = "compare"
    answer.adjustment = comparison.adjustment
    answer.variable = "\(question.item),\(other)"
    answer.label = LocalizedText()
    answer.question = LocalizedText()
    answer.cells += others.cells
    answer.warnings += others.warnings.filter { !answer.warnings.contains($0) }
    answer.rows.missing += answer.rows.used - joint.respondents
    answer.rows.used = joint.respondents
    answer.rows.isWithheld = answer.rows.isWithheld || others.rows.isWithheld

    func side(_ item: String) -> Difference.Side {
      .item(
        item,
        label: LocalizedText(
          da: survey.dataset.codebook.label(of: item, language: .da),
          en: survey.dataset.codebook.label(of: item, language: .en)))
    }
    answer.differences = [
      Difference(
        variable: answer.variable, net: joint.net,
        label: answer.cells.first?.label ?? LocalizedText(),
        from: side(question.item), to: side(other), contrast: joint.contrast)
    ].adjusted(by: comparison.adjustment)
    answer.withholdDifferences()
    answer.warnings += answer.differences.flatMap(\.caveatSentences)
    table = answer
  }
}

/// The block of two items, and what it says of their difference.
private struct JointItems {
  let contrast: Contrast
  let net: String?
  /// Respondents with an answer to either.
  let respondents: Int

  /// Three levels an item: in the net, another answer, none.
  init(
    shareOf choice: NetChoice, first: Question, second: Question, survey: ResolvedSurvey
  ) throws {
    let items = try [first, second].map { question in
      try Item(question.item, in: survey.dataset, keepingMissing: question.keptMissing)
    }
    let nets = try items.map { try $0.net(choice, in: survey.dataset) }
    let factors = zip(items, nets).map { item, net in
      item.factor.collapsed(to: net.levels).withMissingAsLevel
    }
    let joint = try JointItems.tabulate(
      .init(groups: factors, domain: JointItems.domain(first, survey), moments: .all), survey)
    let estimator = ContrastEstimator(joint, design: survey.design, inference: first.inference)
    let cells = JointItems.cells(levels: 3)
    contrast = estimator.difference(
      from: estimator.share(
        of: cells.filter { $0.first == 0 }.map(\.place),
        among: cells.filter { $0.first < 2 }.map(\.place)),
      to: estimator.share(
        of: cells.filter { $0.second == 0 }.map(\.place),
        among: cells.filter { $0.second < 2 }.map(\.place)))
    net = nets[0].name
    respondents = joint.counts.dropLast().reduce(0, +)
  }

  /// Two levels an item, a number or none; and the sums of both numbers in each cell.
  init(meansOf first: Question, _ second: Question, survey: ResolvedSurvey) throws {
    let factors = try [first, second].map { question in
      let validity = try survey.dataset.column(question.item).validity
      return TabulationPlan.Factor(
        column: validity, levels: validity.categories.map { $0.missing == nil ? 0 : 1 },
        levelCount: 2)
    }
    let sums = try [first, second].map { question in
      var sum = TabulationPlan.Sum.measuredFromWithin(try survey.dataset.numbers(question.item))
      sum.keepsMissing = true
      return sum
    }
    let joint = try JointItems.tabulate(
      .init(groups: factors, sums: sums, domain: JointItems.domain(first, survey), moments: .all),
      survey)
    let estimator = ContrastEstimator(joint, design: survey.design, inference: first.inference)
    let cells = JointItems.cells(levels: 2)
    contrast = estimator.difference(
      from: estimator.mean(
        part: 1, origin: sums[0].origin, over: cells.filter { $0.first == 0 }.map(\.place)),
      to: estimator.mean(
        part: 2, origin: sums[1].origin, over: cells.filter { $0.second == 0 }.map(\.place)))
    net = nil
    respondents = joint.counts.dropLast().reduce(0, +)
  }

  private static func domain(_ question: Question, _ survey: ResolvedSurvey) throws -> Domain? {
    try question.domain.map { try survey.dataset.domain(where: $0) }
  }

  private static func tabulate(
    _ block: TabulationPlan.Block, _ survey: ResolvedSurvey
  ) throws -> Tabulation {
    survey.design.tabulate(TabulationPlan([block]))[0]
  }

  /// The cells of the crossing; the last is of those who answered neither.
  private static func cells(
    levels: Int
  ) -> [(first: Int, second: Int, place: ContrastEstimator.CellPlace)] {
    (0..<levels * levels).map {
      ($0 / levels, $0 % levels, ContrastEstimator.CellPlace(group: $0))
    }
  }
}

extension TabulationPlan.Factor {
  /// One level more, of the rows that have none.
  fileprivate var withMissingAsLevel: TabulationPlan.Factor {
    TabulationPlan.Factor(
      column: column, levels: levels.map { $0 < 0 ? Int32(levelCount) : $0 },
      levelCount: levelCount + 1)
  }
}
