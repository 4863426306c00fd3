import SurveyData
import SurveyStatistics

/// The groups of a question: the crossing of some columns' categories.
struct Grouping {
  private let items: [Item]

  init(_ columns: [String], in dataset: Dataset) throws {
    items = try columns.map { try Item($0, in: dataset) }
  }

  var columns: [String] { items.map(\.name) }

  var factors: [TabulationPlan.Factor] { items.map(\.factor) }

  /// Respondents who are in no group, since they have no valid answer to what defines it.
  func warning(grouped: Int, of used: Int) -> String? {
    guard grouped < used else { return nil }
    let columns = items.map(\.name).namedGrouping
    return "\(columns): \(used - grouped) of \(used) respondents are in no group, since they have "
      + "no valid answer there."
  }

  /// The codes of a group, by the order of its cells in a tabulation.
  func values(ofGroup group: Int, survey: ResolvedSurvey) -> [GroupValue] {
    var rest = group
    var values: [GroupValue] = []
    for item in items.reversed() {
      let category = item.answers[rest % item.answers.count]
      rest /= item.answers.count
      values.append(
        GroupValue(
          column: item.name, code: category.code,
          label: survey.label(of: category.code, in: item.name)))
    }
    return values.reversed()
  }

  /// The group of some codes, a code a column.
  func group(of codes: [String], survey: ResolvedSurvey) throws(QuestionError) -> Int {
    let groups = items.reduce(1) { $0 * $1.answers.count }
    for group in 0..<groups where values(ofGroup: group, survey: survey).map(\.code) == codes {
      return group
    }
    throw .noSuchCategory(
      codes.joined(separator: ":"), variable: columns.joined(separator: ":"),
      categories: (0..<groups).map {
        values(ofGroup: $0, survey: survey).map(\.code).joined(separator: ":")
      }, file: survey.dataset.source.path)
  }
}
