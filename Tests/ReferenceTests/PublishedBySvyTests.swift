import SurveyData
import SurveyFiles
import SurveyStatistics
import SurveyTables
import SurveyTestSupport
import Testing

/// Golden numbers 17 and 18: what the tests of svy hold R survey's numbers to be, at 1e-12 and at the
/// digits printed.
@Suite("Numbers published with svy's test data")
struct PublishedBySvyTests {
  private func lines(_ file: String) throws -> [[String: String]] {
    try Fixture.table("reference/svy/\(file)")
  }

  private func survey(_ file: String, _ design: DesignDescription) throws -> ResolvedSurvey {
    let reading = try readCSV(at: Fixture.path("data/svy/\(file)"), selecting: .all)
    return try ResolvedSurvey(reading.dataset, design: design)
  }

  @Test("17: 63 quantiles of a skewed income, two rules, two intervals, by region, to 1e-12")
  func quantiles() throws {
    let survey = try survey(
      "quantile_ref_20260805.csv",
      DesignDescription(
        weight: "wgt", strata: ["stratum"], clusters: ["psu"], isNested: true))
    #expect(survey.design.degreesOfFreedom == 190)
    let lines = try lines("quantiles.csv")
    #expect(lines.count == 63)
    for line in lines {
      let region = line["region"]!
      let question = Question(
        .quantile(
          probabilities: [line.number("probability")!],
          rule: QuantileRule(rawValue: line["rule"]!)!,
          interval: QuantileIntervalMethod(rawValue: line["interval"]!)!),
        of: "income",
        where: region.isEmpty ? nil : try Expression("region == \"\(region)\""))
      let cell = try #require(try survey.table(answering: question).cells.first)
      let place = "\(line["interval"]!) \(line["rule"]!) \(region) \(line["probability"]!)"
      expectClose(
        try #require(cell.estimate.value), line.number("estimate")!, relative: 1e-12, place)
      for (ours, column) in [
        (cell.estimate.standardError, "se"), (cell.estimate.interval?.low, "low"),
        (cell.estimate.interval?.high, "high"),
      ] {
        // An open interval has no limit here, where R gives the one that exists.
        guard let theirs = line.number(column), line.number("se") != nil else { continue }
        expectClose(
          try #require(ours, "\(place), \(column)"), theirs, relative: 1e-12, "\(place), \(column)")
      }
    }
  }

  @Test("18: the Rao–Scott test and the totals of a table in four designs, at printed precision")
  func twoWay() throws {
    let lines = try lines("twoway.csv")
    #expect(lines.count == 56)
    var surveys: [String: ResolvedSurvey] = [:]
    for line in lines {
      let (stratum, cluster) = (line["strata"]!, line["cluster"]!)
      let key = stratum + "/" + cluster
      let survey =
        try surveys[key]
        ?? ResolvedSurvey(
          readCSV(at: Fixture.path("data/svy/synthetic_sample.csv"), selecting: .all).dataset,
          design: DesignDescription(
            weight: "samp_wgt", strata: stratum.isEmpty ? [] : [stratum],
            clusters: cluster.isEmpty ? [] : [cluster]),
          drop: Expression("complete == 0"))
      surveys[key] = survey
      let place = "\(key) \(line["quantity"]!) \(line["category"]!) \(line["sex"]!)"
      guard line["quantity"] == "total" else {
        try expect(survey, line, place)
        continue
      }
      let category = line["category"]!
      // `complete` is 1 in every row that is left, so that its total is the weight of the cell.
      let domain = try Expression("educ == \"\(category)\" and sex == \(line["sex"]!)")
      let total = try #require(
        survey.table(answering: Question(.total, of: "complete", where: domain)).cells.first
      ).estimate
      expectClose(try #require(total.value), line.number("value")!, relative: 1e-14, place)
      expectClose(try #require(total.standardError), line.number("se")!, relative: 1e-13, place)
    }
  }

  private func expect(
    _ survey: ResolvedSurvey, _ line: [String: String], _ place: String
  ) throws {
    let block = TabulationPlan.Block(
      groups: [.init(try survey.dataset.categories("sex"))],
      cells: .init(try survey.dataset.categories("educ")), moments: .all)
    let table = TwoWayTable(
      survey.design.tabulate(TabulationPlan([block]))[0], design: survey.design)
    if line["quantity"] == "chisq" {
      let test = table.independence(.raoScottFirstOrder)
      expectClose(try #require(test.pearson), line.number("value")!, relative: 1e-12, place)
      expectClose(try #require(test.pValue), line.number("p")!, relative: 2e-12, place)
    } else {
      let test = table.independence(.raoScott)
      expectClose(try #require(test.statistic), line.number("value")!, relative: 1e-12, place)
      expectClose(try #require(test.df1), line.number("df1")!, relative: 1e-12, place)
      expectClose(try #require(test.df2), line.number("df2")!, relative: 1e-12, place)
      expectClose(try #require(test.pValue), line.number("p")!, relative: 2e-12, place)
    }
  }
}
