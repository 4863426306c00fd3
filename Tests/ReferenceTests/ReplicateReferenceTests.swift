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
