import SurveyData
import SurveyFiles
import SurveyStatistics
import SurveyTables
import SurveyTestSupport
import Testing

/// R survey 4.1's fitted weights and the errors after them: `calibration.R`.
@Suite("Weighting equals R survey 4.1")
struct WeightingReferenceTests {
  @Test("each respondent's weight to 1e-8: rake, postStratify, calibrate with and without bounds")
  func weights() throws {
    var cases: [String: ReferenceCase] = [:]
    for reference in try ReferenceCase.all(in: "calibration.csv") {
      cases[reference.row["calibration"]!] = reference
    }
    var fitted: [String: NumericColumn] = [:]
    var count = 0
    for line in try Fixture.table("reference/r-survey-4.1/calibration-weights.csv") {
      let name = line["calibration"]!
      let reference = try #require(cases[name], Comment(rawValue: name))
      if fitted[name] == nil {
        let dataset = try readCSV(
          at: Fixture.path("data/\(reference.row["data"]!)"), selecting: .all
        ).dataset
        fitted[name] = try #require(reference.weighting).fitted(in: dataset).weights
      }
      let row = Int(line["row"]!)! - 1
      expectClose(
        fitted[name]!.withValues { $0[row] }, line.number("weight")!, relative: 1e-8,
        "\(name), row \(row + 1)")
      count += 1
    }
    #expect(count > 4000 && fitted.count == 26)
  }

  @Test("estimates, errors and intervals after weighting to 1e-8")
  func estimates() throws {
    let count = try ReferenceCase.compareAll(in: "calibration.csv") { reference in
      switch reference.row["statistic"] {
      case "share": .shares
      case "mean": .mean
      case "total": .total
      case "ratio": .ratio(denominator: reference.row["denominator"]!)
      default: nil
      }
    }
    #expect(count > 1300)
  }

  @Test("quantiles after weighting to 1e-8")
  func quantiles() throws {
    let count = try ReferenceCase.answerAll(in: "calibration.csv") { reference in
      reference.row["statistic"] == "quantile"
        ? .quantile(probabilities: [0.25, 0.5], rule: .hf1, interval: .mean) : nil
    } _: { line, table in
      let probability = try #require(line.row.number("probability"))
      let estimate = try #require(line.cell(in: table, probability: probability)).estimate
      let place = "\(line.name) \(probability)"
      expectClose(
        try #require(estimate.value), line.row.number("estimate")!, relative: 1e-8, place)
      for (column, ours) in [
        ("se", estimate.standardError), ("low", estimate.interval?.low),
        ("high", estimate.interval?.high),
      ] {
        expectClose(
          try #require(ours), line.row.number(column)!, relative: 1e-8, "\(place), \(column)")
      }
    }
    #expect(count == 74)
  }
}
