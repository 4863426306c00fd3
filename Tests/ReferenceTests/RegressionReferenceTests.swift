import SurveyData
import SurveyStatistics
import SurveyTables
import SurveyTestSupport
import Testing

/// R survey 4.1's regressions, line by line: `regression.R`.
@Suite("Regressions equal R survey 4.1")
struct RegressionReferenceTests {
  @Test("coefficients, errors, t, p-values, intervals and Wald tests of terms to 1e-8")
  func lines() throws {
    var surveys: [String: ResolvedSurvey] = [:]
    var models: [String: ModelSummary] = [:]
    var count = 0
    for reference in try ReferenceCase.all(in: "regression.csv") {
      let survey = try surveys[reference.designKey] ?? reference.survey()
      surveys[reference.designKey] = survey
      let key = reference.designKey + reference.modelKey
      let model = try models[key] ?? survey.table(answering: reference.modelQuestion).model!
      models[key] = model
      try reference.compare(with: model)
      count += 1
    }
    #expect(count == 987)
  }

  @Test("respondents in cells of equal covariates, and a cell each, give the same to 1e-10")
  func inCells() throws {
    let reference = try #require(
      try ReferenceCase.all(in: "regression.csv").first {
        $0.name.hasPrefix("clus2/logistic/comp.imp=Yes")
      })
    let survey = try reference.survey()
    let description = try ModelDescription(reference.modelQuestion, survey: survey)
    let both = try [true, false].map {
      try RegressionModel(description, in: survey.dataset, design: survey.design, usesCells: $0)
    }
    #expect(both[0].coefficients.count == both[1].coefficients.count)
    for (a, b) in zip(both[0].estimates(level: 0.95), both[1].estimates(level: 0.95)) {
      expectClose(a.estimate!, b.estimate!, relative: 1e-10)
      expectClose(a.standardError!, b.standardError!, relative: 1e-10)
    }
  }
}

extension ReferenceCase {
  fileprivate var modelKey: String {
    ["family", "terms", "categorical", "item", "where"].map { row[$0]! }.joined(separator: "|")
  }

  fileprivate var modelQuestion: ModelQuestion {
    get throws {
      ModelQuestion(
        outcome: row["item"]!, terms: row["terms"]!,
        categorical: row["categorical"]!.split(separator: ",").map(String.init),
        family: ModelFamily(rawValue: row["family"]!)!,
        where: try row["where"]!.isEmpty ? nil : Expression(row["where"]!))
    }
  }

  fileprivate func compare(with model: ModelSummary) throws {
    let place = "\(name) \(row["term"]!)"
    func check(_ column: String, _ ours: Double?) {
      guard let theirs = row.number(column), !theirs.isNaN else { return }
      guard let ours else {
        Issue.record("\(place): no \(column), R has \(theirs)")
        return
      }
      expectClose(ours, theirs, relative: 1e-8, absolute: 1e-12, "\(place), \(column)")
    }
    if row["statistic"] == "wald" {
      let test = try #require(
        model.tests.first { $0.term == row["term"] }, Comment(rawValue: place))
      check("test_statistic", test.statistic)
      check("df1", test.df1)
      check("df", test.df2)
      check("p", test.pValue)
      return
    }
    let coefficient = try #require(
      model.coefficients.first { $0.term == row["term"] }, Comment(rawValue: place))
    if row["estimate"]!.isEmpty { #expect(coefficient.estimate == nil, Comment(rawValue: place)) }
    check("estimate", coefficient.estimate)
    check("se", coefficient.standardError)
    check("low", coefficient.interval?.low)
    check("high", coefficient.interval?.high)
    check("test_statistic", coefficient.statistic)
    check("p", coefficient.pValue)
    check("df", coefficient.df)
  }
}
