import SurveyData
import SurveyFiles
import SurveyStatistics
import SurveyTables
import SurveyTestSupport
import Testing

/// R survey 4.1's estimates from replicate weights, line by line: `replicates.R`.
@Suite("Estimates by replicate weights equal R survey 4.1")
struct ReplicateReferenceTests {
  @Test("shares, means, totals and ratios by bootstrap, JK1, JKn, BRR, Fay and SDR to 1e-8")
  func replicates() throws {
    let count = try ReferenceCase.compareAll(in: "replicates.csv") { reference in
      switch reference.row["statistic"] {
      case "share": reference.net.map { .share(of: $0) } ?? .shares
      case "mean": .mean
      case "total": .total
      case "ratio": .ratio(denominator: reference.row["denominator"]!)
      default: nil
      }
    }
    #expect(count == 728)
  }

  @Test("quantiles with intervals from the replicates, Woodruff's and straight, to 1e-8")
  func quantiles() throws {
    // With replicates R 4.1 makes the interval by `mean`, whichever is asked for.
    var surveys: [String: ResolvedSurvey] = [:]
    var count = 0
    for line in try ReferenceCase.all(in: "replicates.csv") {
      guard line.row["statistic"] == "quantile" else { continue }
      let survey = try surveys[line.designKey] ?? line.survey()
      surveys[line.designKey] = survey
      let probability = line.row.number("probability")!
      let table = try survey.table(
        answering: line.question(
          .quantile(
            probabilities: [probability], rule: QuantileRule(rawValue: line.row["rule"]!)!,
            interval: line.row["interval_method"] == "quantile" ? .quantile : .mean)))
      let place = "\(line.name) \(line.row["group"]!) \(probability)"
      let estimate = try #require(
        line.cell(in: table, probability: probability), Comment(rawValue: place)
      ).estimate
      expectClose(
        try #require(estimate.value), line.row.number("estimate")!, relative: 1e-12, place)
      #expect(estimate.degreesOfFreedom == line.row.number("df"), "\(place)")
      for (ours, column) in [
        (estimate.standardError, "se"), (estimate.interval?.low, "low"),
        (estimate.interval?.high, "high"),
      ] {
        guard let ours, let theirs = line.row.number(column) else { continue }
        expectClose(ours, theirs, relative: 1e-8, "\(place), \(column)")
        count += 1
      }
    }
    #expect(count > 200)
  }

  @Test(
    "JK1 made from the districts of apiclus1 gives R's printed errors",
    arguments: [(false, 26.329), (true, 26.335)])
  func made(isCentredOnEstimate: Bool, error: Double) throws {
    // survey/tests/testoutput/api.Rout.save and rakecheck.Rout.save (golden numbers 10).
    let dataset = try readCSV(at: Fixture.path("data/api/apiclus1.csv"), selecting: .all).dataset
    let survey = try ResolvedSurvey(
      dataset,
      design: DesignDescription(
        weight: "pw", clusters: ["dnum"], finitePopulation: ["fpc"],
        replicates: ReplicateDescription(
          .design(count: 0, seed: 0), method: .jk1, isCentredOnEstimate: isCentredOnEstimate)))
    let mean = try survey.table(answering: Question(.mean, of: "api00"))
    expectClose(mean.cells[0].estimate.standardError!, error, relative: 0, absolute: 5e-4)
    let total = try survey.table(answering: Question(.total, of: "enroll"))
    expectClose(total.cells[0].estimate.standardError!, 932_235, relative: 0, absolute: 0.5)
    #expect(mean.design.degreesOfFreedom == 14)
    #expect(mean.design.variance == "replicates: jk1 (15 made)")
  }
}
