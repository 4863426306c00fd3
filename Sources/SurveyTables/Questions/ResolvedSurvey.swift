import SurveyData
import SurveyStatistics

/// A survey at hand: data under their codebook, and the design resolved against them.
public struct ResolvedSurvey: Sendable {
  public private(set) var dataset: Dataset
  public let design: Design
  /// What is withheld from every answer.
  public let disclosure: DisclosureRules
  /// Rows taken out of the design before it was resolved.
  package let droppedRows: Int

  /// - Parameter drop: rows that meet it are out of the design: test answers, duplicates.
  public init(
    _ dataset: Dataset, design description: DesignDescription, drop: Expression? = nil,
    disclosure: DisclosureRules = .none
  ) throws {
    self.disclosure = disclosure
    var kept: Domain?
    if let drop {
      let dropped = try dataset.domain(where: drop)
      kept = dropped.complement
      droppedRows = dropped.count
    } else {
      droppedRows = 0
    }
    self.dataset = dataset
    design = try Design(description, in: dataset, keeping: kept)
  }

  /// The answer to a question, with the figures withheld that the disclosure rules protect.
  public func table(answering question: Question) throws -> Table {
    try unprotectedTable(answering: question).protected(by: disclosure)
  }

  func unprotectedTable(answering question: Question) throws -> Table {
    switch question.statistic {
    case .shares, .share: try ShareAnswer(question, survey: self).table
    case .mean, .total, .ratio: try NumberAnswer(question, survey: self).table
    case .quantile(let probabilities, let rule, let interval):
      try QuantileAnswer(
        question, probabilities: probabilities, rule: rule, interval: interval, survey: self
      ).table
    }
  }

  /// The answer to a comparison: its estimates, their differences, and the test of independence.
  public func table(answering comparison: Comparison) throws -> Table {
    switch comparison.sides {
    case .item(let other): try PairedAnswer(comparison, with: other, survey: self).table
    default: try ComparisonAnswer(comparison, survey: self).table
    }
  }

  /// The tables that some questions ask for, worked out in one pass over the respondents.
  public func tables(answering questions: [CrossTabQuestion]) throws -> [CrossTable] {
    var plan = TabulationPlan([])
    var domains: [String: Domain] = [:]
    let answers = try questions.map {
      try CrossTabAnswer($0, survey: self, plan: &plan, domains: &domains)
    }
    let tabulations = design.tabulate(plan)
    return try concurrentMap(count: answers.count, threads: nil) { [answers] index in
      Result { try answers[index].table(tabulations) }
    }.map { try $0.get() }
  }

  /// The table that a question asks for.
  public func table(answering question: CrossTabQuestion) throws -> CrossTable {
    try tables(answering: [question])[0]
  }

  /// The same survey with a column added, or in place of another.
  func with(_ column: Column, kind: Variable.Kind) -> ResolvedSurvey {
    var survey = self
    survey.dataset = dataset.with([column])
    survey.dataset.codebook.variables[column.name]?.kind = kind
    return survey
  }

  /// Puts a variable's texts into the codebook.
  mutating func add(_ variable: Variable) { dataset.codebook.variables[variable.name] = variable }

  var designSummary: DesignSummary {
    let replicates = design.replicates.map { replicates in
      var text = replicates.method.rawValue
      if case .design(_, let seed) = design.description.replicates?.source {
        text += " (\(replicates.count) made"
        text += replicates.method == .bootstrap ? ", seed \(seed))" : ")"
      }
      return text
    }
    let margins =
      design.replicates == nil
      ? design.description.weighting.map { weighting in
        let targets = weighting.targets
        let own = targets.groups.sorted { $0.key < $1.key }.first?.value ?? targets
        let names = own.margins.map(\.name) + own.totals.map(\.column)
        return names.joined(separator: ", ")
          + (weighting.within.map { " within \($0)" } ?? "") + " (\(weighting.method.rawValue))"
      } : nil
    return DesignSummary(
      weight: design.description.weight, strata: design.stratumCount, clusters: design.psuCount,
      degreesOfFreedom: design.degreesOfFreedom,
      variance: (replicates.map { "replicates: \($0)" }
        ?? margins.map { "linearization, residuals from \($0)" } ?? "linearization")
        + (design.description.takesNonresponseAsKnown
          ? "; adjustment for non-response taken as known" : ""),
      replicates: replicates, margins: margins)
  }

  /// The label of a code, in both languages.
  func label(of code: String, in variable: String) -> LocalizedText {
    LocalizedText(
      da: dataset.codebook.label(of: code, in: variable, language: .da),
      en: dataset.codebook.label(of: code, in: variable, language: .en))
  }
}
