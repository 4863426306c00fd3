import SurveyData
import SurveyStatistics

/// What every kind of answer begins and ends with: the domain and the groups, and the table around
/// the cells.
struct AnswerContext {
  let domain: Domain?
  let groupings: [Grouping]
  let codebook: Variable?
  private let question: Question
  private let survey: ResolvedSurvey

  init(_ question: Question, survey: ResolvedSurvey) throws {
    self.question = question
    self.survey = survey
    let dataset = survey.dataset
    _ = try dataset.column(question.item)
    domain = try question.domain.map { try dataset.domain(where: $0) }
    groupings =
      try question.by.isEmpty
      ? [Grouping([], in: dataset)] : question.by.map { try Grouping($0, in: dataset) }
    codebook = dataset.codebook.variables[question.item]
  }

  /// - Parameter grouped: rows that are in some group, for each grouping.
  func table(cells: [Cell], rows: RowLedger, grouped: [Int]) -> Table {
    let ungrouped = zip(groupings, grouped).compactMap { grouping, count in
      grouping.warning(grouped: count, of: rows.use.used)
    }
    // What the figures of a group have in common is said once.
    var said: Set<String> = []
    let caveats = cells.flatMap(\.caveatSentences).filter { said.insert($0).inserted }
    return Table(
      command: question.statistic.name, source: survey.dataset.source, rows: rows.use,
      design: survey.designSummary, variable: question.item,
      label: codebook?.label ?? LocalizedText(), question: codebook?.question ?? LocalizedText(),
      level: question.inference.level, cells: cells,
      warnings: rows.warnings + ungrouped + caveats)
  }
}

extension TabulationPlan.Factor {
  /// Every dictionary index a level of its own, missing ones too: to count where the rows went.
  static func everyCategory(of column: CategoricalColumn) -> TabulationPlan.Factor {
    TabulationPlan.Factor(
      column: column, levels: column.categories.indices.map { Int32($0) },
      levelCount: column.categories.count)
  }
}
