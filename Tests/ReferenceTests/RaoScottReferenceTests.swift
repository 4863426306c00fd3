import SurveyData
import SurveyStatistics
import SurveyTables
import SurveyTestSupport
import Testing

/// R survey 4.1's tests of independence, line by line: `tests.R`.
@Suite("Tests of independence equal R survey 4.1")
struct RaoScottReferenceTests {
  /// By svychisq's name.
  private static let forms: [String: IndependenceTest.Form] = [
    "F": .raoScott, "Chisq": .raoScottFirstOrder, "Wald": .wald, "adjWald": .adjustedWald,
  ]

  @Test("statistics, degrees of freedom and p-values of all forms to 1e-8")
  func independence() throws {
    var surveys: [String: ResolvedSurvey] = [:]
    let references = try ReferenceCase.all(in: "tests.csv")
    for reference in references {
      let survey = try surveys[reference.designKey] ?? reference.survey()
      surveys[reference.designKey] = survey
      let form = try #require(Self.forms[reference.row["statistic"]!])
      try reference.compare(with: reference.table(in: survey).independence(form))
    }
    #expect(references.count == 192)
  }

  @Test("a comparison carries the second-order test of its item by its groups")
  func testOfComparison() throws {
    let reference = try #require(
      ReferenceCase.all(in: "tests.csv").first { $0.name == "strat/F/sch.wide/stype" })
    let comparison = Comparison(Question(.shares, of: "sch.wide", by: [["stype"]]), .pairs)
    let tests = try reference.survey().table(answering: comparison).tests
    #expect(tests.map(\.name) == ["rao-scott"])
    try reference.compare(with: try #require(tests.first).test)
  }
}

extension ReferenceCase {
  fileprivate func table(in survey: ResolvedSurvey) throws -> TwoWayTable {
    let dataset = survey.dataset
    let block = TabulationPlan.Block(
      groups: [.init(try dataset.categories(row["columns"]!))],
      cells: .init(try dataset.categories(row["item"]!)),
      domain: try question(.shares).domain.map { try dataset.domain(where: $0) }, moments: .all)
    return TwoWayTable(survey.design.tabulate(TabulationPlan([block]))[0], design: survey.design)
  }

  fileprivate func compare(with test: IndependenceTest) throws {
    for (column, ours) in [
      ("pearson", test.pearson), ("test_statistic", test.statistic), ("df1", test.df1),
      ("df2", test.df2), ("p", test.pValue),
    ] {
      guard let theirs = row.number(column) else {
        #expect(ours == nil, "\(name), \(column)")
        continue
      }
      expectClose(
        try #require(ours, "\(name), \(column)"), theirs, relative: 1e-8, "\(name), \(column)")
    }
  }
}
