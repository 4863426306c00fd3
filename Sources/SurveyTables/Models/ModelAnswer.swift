import SurveyData
import SurveyStatistics

/// The answer to a regression: coefficients, tests of terms, adjusted means and average effects.
struct ModelAnswer {
  let table: Table
  let model: RegressionModel

  init(_ question: ModelQuestion, survey: ResolvedSurvey) throws {
    let description = try ModelDescription(question, survey: survey)
    let dataset = survey.dataset
    let model = try RegressionModel(description, in: dataset, design: survey.design)
    self.model = model
    let level = question.inference.level
    let adjusted = model.adjustedMeans(level: level)
    let (column, _) = question.outcomeParts
    let isOfShare =
      model.family == .logistic || model.family == .ordinal
      || question.outcomeParts.codes != nil
    let answers = description.outcome.answerCodes.map {
      ModelSummary.Answer(code: $0, label: survey.label(of: $0, in: column))
    }
    var summary = ModelSummary(
      family: model.family.rawValue, outcome: question.outcome,
      coefficients: model.estimates(level: level).map { .init($0) },
      tests: model.termTests().map { .init($0) },
      effects: adjusted.effects.map { entry in
        .init(entry.estimate, of: entry.answer.map { answers[$0] })
      }, respondents: model.respondents, iterations: model.iterations, leftOut: model.leftOut,
      isOfShare: isOfShare)
    var cells = adjusted.means.map { entry in
      let answer = entry.answer.map { answers[$0] }
      return Cell(
        statistic: isOfShare ? "adjustedShare" : "adjustedMean", variable: column,
        category: answer?.code, label: answer?.label ?? LocalizedText(),
        net: question.outcomeParts.codes,
        group: [
          GroupValue(
            column: entry.variable, code: entry.code ?? "",
            label: survey.label(of: entry.code ?? "", in: entry.variable))
        ],
        estimate: Estimate(
          value: entry.estimate.estimate, standardError: entry.estimate.standardError,
          interval: entry.estimate.interval, base: model.respondents,
          weightedBase: model.weightedRespondents,
          degreesOfFreedom: entry.estimate.degreesOfFreedom))
    }
    var warnings = model.protect(&summary, &cells, by: survey.disclosure)
    for name in model.leftOut {
      warnings.append("'\(name)' is left out: the terms before it give it (collinear).")
    }
    if model.replicatesWithoutValue > 0 {
      warnings.append(
        "\(model.replicatesWithoutValue) replicates have no solution; the errors are from the "
          + "others.")
    }
    if survey.design.description.weighting != nil, survey.design.replicates == nil {
      warnings.append(
        "The regression's errors do not take the margins into account that the weights were fitted "
          + "to; replicate weights do.")
    }
    if model.degreesOfFreedom <= 0 {
      warnings.append(
        "No intervals and no tests: \(shortestText(model.designDegreesOfFreedom)) degrees of "
          + "freedom of the design do not bear \(summary.coefficients.count) coefficients.")
    }
    let ledger = try ModelLedger(question, model: model, survey: survey)
    let codebook = dataset.codebook.variables[column]
    var table = Table(
      command: "model", source: dataset.source, rows: ledger.use, design: survey.designSummary,
      variable: question.outcome, label: codebook?.label ?? LocalizedText(),
      question: codebook?.question ?? LocalizedText(), level: level, cells: cells,
      warnings: ledger.warnings + warnings)
    table.model = summary
    self.table = table
  }
}

extension ResolvedSurvey {
  /// The answer to a regression, with what the disclosure rules protect withheld.
  public func table(answering question: ModelQuestion) throws -> Table {
    try ModelAnswer(question, survey: self).table
  }
}

extension ModelDescription {
  package init(_ question: ModelQuestion, survey: ResolvedSurvey) throws {
    let dataset = survey.dataset
    let (column, codes) = question.outcomeParts
    let family = question.chosenFamily
    let outcome: ModelOutcome
    if let codes {
      let item = try Item(column, in: dataset)
      let net = try item.net(NetChoice(codes), in: dataset)
      let factor = item.factor.collapsed(to: net.levels)
      guard family != .ordinal else { throw ModelQuestionError.netOfOrdinal(question.outcome) }
      if family == .logistic {
        outcome = .yesOrNo(factor, name: question.outcome)
      } else {
        outcome = ModelOutcome(oneOrNought: factor, name: question.outcome)
      }
    } else if family == .ordinal {
      let item = try Item(column, in: dataset)
      let frequencies = item.column.frequencies()
      var levels: [Int32] = []
      var codes: [String] = []
      // Categories that nobody chose have no threshold.
      for (index, category) in item.column.categories.enumerated() {
        let isChosen = category.missing == nil && frequencies[index] > 0
        levels.append(isChosen ? Int32(codes.count) : -1)
        if isChosen { codes.append(category.code) }
      }
      outcome = .ordered(
        TabulationPlan.Factor(column: item.column, levels: levels, levelCount: codes.count),
        codes: codes, name: question.outcome)
    } else {
      outcome = try ModelOutcome(numbersOf: column, name: question.outcome, in: dataset)
    }
    self.init(
      outcome, family: family, terms: try ModelTerms(parsing: question.terms),
      categorical: Set(question.categoryNames), references: question.references,
      domain: try question.domain.map { try dataset.domain(where: $0) })
  }
}

/// A regression that makes no sense.
public enum ModelQuestionError: InputFault {
  case netOfOrdinal(String)

  public var fault: Fault { .usage }

  public var description: String {
    switch self {
    case .netOfOrdinal(let outcome):
      "An ordinal model has all categories in order; '\(outcome)' names one. Use the column alone, "
        + "or --family logistic."
    }
  }
}
