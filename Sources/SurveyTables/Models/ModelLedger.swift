import SurveyData
import SurveyStatistics

/// Where the rows of a regression went, and which column cost how many.
struct ModelLedger {
  let use: RowUse
  let warnings: [String]

  init(_ question: ModelQuestion, model: RegressionModel, survey: ResolvedSurvey) throws {
    let design = survey.design
    let columns = [question.outcomeParts.column] + model.description.terms.columnNames
    let validities = try columns.map { try survey.dataset.column($0).validity }
    let domain = model.description.domain
    let plan = TabulationPlan(
      [.init(domain: domain, moments: .rowsAlone)]
        + validities.map {
          .init(cells: .everyCategory(of: $0), domain: domain, moments: .rowsAlone)
        })
    let tabulations = design.tabulate(plan)
    let inDomain = tabulations[0].counts.reduce(0, +)
    use = RowUse(of: survey, inDomain: inDomain, used: model.respondents)
    var warnings: [String] = []
    if use.missing > 0 {
      let reasons = zip(columns, zip(validities, tabulations.dropFirst())).compactMap {
        name, entry -> String? in
        let missing = zip(entry.0.categories, entry.1.counts).reduce(0) {
          $0 + ($1.0.missing == nil ? 0 : $1.1)
        }
        guard missing > 0 else { return nil }
        let shown = missing < survey.disclosure.minimumCount ? "few" : "\(missing)"
        return "'\(name)' \(shown)"
      }
      warnings.append(
        "\(use.missing) of \(inDomain) respondents lack an answer to some column of the model "
          + "(\(reasons.joined(separator: ", "))); they are not in it.")
    }
    if design.rowsWithoutWeight > 0 {
      warnings.append(
        "\(design.rowsWithoutWeight) rows have no weight in "
          + "'\(design.description.weight ?? "")'; they are out of the design.")
    }
    self.warnings = warnings
  }
}
