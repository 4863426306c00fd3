import SurveyData
import SurveyStatistics

extension RegressionModel {
  /// Withholds what would tell of few respondents: the coefficients, tests and adjusted means of a
  /// term one of whose cells (a category, a crossing of categories) is small, and the intercept.
  ///
  /// - Returns: a sentence for each such term.
  func protect(
    _ summary: inout ModelSummary, _ cells: inout [Cell], by rules: DisclosureRules
  ) -> [String] {
    guard rules.areActive else { return [] }
    var warnings: [String] = []
    var hidesIntercept = rules.suppression(base: respondents, count: nil) != nil
    for (index, term) in description.terms.terms.enumerated() {
      let small = categoryCells(ofTerm: index).contains { cell in
        rules.suppression(base: cell.respondents, count: cell.yes) != nil
      }
      guard small || hidesIntercept else { continue }
      hidesIntercept = true
      for column in names.indices where termOfColumn[column] == index {
        summary.coefficients[column].withhold()
      }
      for test in summary.tests.indices where summary.tests[test].term == term.name {
        summary.tests[test].withhold()
      }
      let columns = Set(term.factors.map(\.column))
      for effect in summary.effects.indices {
        let name = summary.effects[effect].term
        if columns.contains(where: { name == $0 || name.hasPrefix($0 + "=") }) {
          summary.effects[effect].withhold()
        }
      }
      for cell in cells.indices where columns.contains(cells[cell].group[0].column) {
        cells[cell].withhold(.base(minimum: rules.minimumBase))
      }
      warnings.append(
        "'\(term.name)' is withheld: a category of it has fewer respondents than the rules ask for. "
          + "Merge categories, or leave the term out.")
    }
    if hidesIntercept {
      for column in names.indices where termOfColumn[column] < 0 {
        summary.coefficients[column].withhold()
      }
    }
    return warnings
  }
}
