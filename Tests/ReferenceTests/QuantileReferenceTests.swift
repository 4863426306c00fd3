import SurveyStatistics
import SurveyTables
import SurveyTestSupport
import Testing

/// R survey 4.1's quantiles, line by line: `quantiles.R`.
@Suite("Quantiles equal R survey 4.1")
struct QuantileReferenceTests {
  @Test("estimates to 1e-12; errors, limits and degrees of freedom to 1e-8")
  func quantiles() throws {
    var surveys: [String: ResolvedSurvey] = [:]
    var tables: [String: Table] = [:]
    let lines = try ReferenceCase.all(in: "quantiles.csv")
    #expect(lines.count == 1056)
    for line in lines {
      let survey = try surveys[line.designKey] ?? line.survey()
      surveys[line.designKey] = survey
      let key = line.designKey + "|" + line.name
      let table =
        try tables[key]
        ?? survey.table(
          answering: line.question(
            .quantile(
              probabilities: lines.filter { $0.designKey == line.designKey && $0.name == line.name }
                .map { $0.row.number("probability")! },
              rule: QuantileRule(rawValue: line.row["rule"]!)!,
              interval: QuantileIntervalMethod(rawValue: line.row["interval_method"]!)!)))
      tables[key] = table
      try compare(line, table, survey)
    }
  }

  private func compare(
    _ line: ReferenceCase, _ table: Table, _ survey: ResolvedSurvey
  ) throws {
    let probability = try #require(line.row.number("probability"))
    let place = "\(line.name) \(line.row["group"]!) \(probability)"
    let estimate = try #require(
      line.cell(in: table, probability: probability), Comment(rawValue: place)
    ).estimate
    expectClose(
      try #require(estimate.value), line.row.number("estimate")!, relative: 1e-12, place)
    expectClose(estimate.degreesOfFreedom, line.row.number("df")!, place)

    var (low, high) = (estimate.interval?.low, estimate.interval?.high)
    for case .openInterval(let lowOnly, let highOnly) in estimate.caveats {
      (low, high) = (lowOnly, highOnly)
    }
    for (limit, column) in [(low, "low"), (high, "high"), (estimate.standardError, "se")] {
      switch (limit, line.row.number(column)) {
      case (let ours?, let theirs?):
        expectClose(ours, theirs, relative: 1e-8, "\(place), \(column)")
      case (nil, nil): break
      case (let ours, let theirs):
        Issue.record("\(place), \(column): \(ours as Any), R has \(theirs as Any)")
      }
    }
  }
}

extension ReferenceCase {
  /// The cell of a table of quantiles that the line is about.
  func cell(in table: Table, probability: Double) -> Cell? {
    let group = row["group"]!.split(separator: ":").map(String.init)
    return table.cells.first { $0.group.map(\.code) == group && $0.probability == probability }
  }
}
