import SurveyData
import SurveyStatistics

/// The groups of a question: the crossing of some columns' categories.
struct Grouping {
  private let items: [Item]

  init(_ columns: [String], in dataset: Dataset) throws {
    items = try columns.map { try Item($0, in: dataset) }
  }

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
}
