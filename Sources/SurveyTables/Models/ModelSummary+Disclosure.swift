import SurveyData
import SurveyStatistics

extension RegressionModel {
  /// Withholds what would tell of few respondents: the coefficients, tests and adjusted means of a
  /// term one of whose cells (a category, a crossing of categories) is small, and the intercept.
  ///
  /// Of an ordinal model an answer that few gave takes the thresholds, the effects and the adjusted
  /// shares with it, for shares of all answers add up to 1; one that few of a category gave takes
  /// those of its term. Odds ratios tell no share, and stay.
  ///
  /// - Returns: a sentence for each such term.
  func protect(
    _ summary: inout ModelSummary, _ cells: inout [Cell], by rules: DisclosureRules
  ) -> [String] {
    guard rules.areActive else { return [] }
    var warnings: [String] = []
    var hidesIntercept = rules.suppression(base: respondents, count: nil) != nil
    func areSmall(_ answers: [Int], of respondents: Int) -> Bool {
      answers.contains { rules.suppression(base: respondents, count: $0) != nil }
    }
    func withholdShares(of columns: Set<String>) {
      for effect in summary.effects.indices {
        let name = summary.effects[effect].term
        if columns.contains(where: { name == $0 || name.hasPrefix($0 + "=") }) {
          summary.effects[effect].withhold()
        }
      }
      for cell in cells.indices where columns.contains(cells[cell].group[0].column) {
        cells[cell].withhold(.base(minimum: rules.minimumBase))
      }
    }
    let hidesThresholds = areSmall(respondentsByAnswer, of: respondents)
    if hidesThresholds {
      withholdShares(of: Set(description.terms.columnNames))
      warnings.append(
        "Thresholds, effects and adjusted shares are withheld: fewer respondents gave some answer "
          + "than the rules ask for. Merge answers.")
    }
    for (index, term) in description.terms.terms.enumerated() {
      let crossings = categoryCells(ofTerm: index)
      let columns = Set(term.factors.map(\.column))
      var small = crossings.contains {
        rules.suppression(base: $0.respondents, count: nil) != nil
      }
      if crossings.contains(where: { areSmall($0.answers, of: $0.respondents) }) {
        if family != .ordinal {
          small = true
        } else if !small, !hidesThresholds, !hidesIntercept {
          withholdShares(of: columns)
          warnings.append(
            "Effects and adjusted shares of '\(term.name)' are withheld: in a category of it fewer "
              + "respondents gave some answer than the rules ask for. Merge categories or answers.")
        }
      }
      guard small || hidesIntercept else { continue }
      hidesIntercept = true
      for column in names.indices where termOfColumn[column] == index {
        summary.coefficients[column].withhold()
      }
      for test in summary.tests.indices where summary.tests[test].term == term.name {
        summary.tests[test].withhold()
      }
      withholdShares(of: columns)
      warnings.append(
        "'\(term.name)' is withheld: a category of it has fewer respondents than the rules ask for. "
          + "Merge categories, or leave the term out.")
    }
    if hidesIntercept || hidesThresholds {
      for column in names.indices where termOfColumn[column] < 0 {
        summary.coefficients[column].withhold()
      }
    }
    return warnings
  }
}
