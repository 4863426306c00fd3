import SurveyData
import SurveyFiles
import SurveyStatistics
import SurveyTables
import SurveyTestSupport
import Testing

/// Comparisons as whole answers: what is held against what, in which order, and what is withheld.
@Suite("Comparisons")
struct ComparisonTests {
  private func survey(_ disclosure: DisclosureRules = .none) throws -> ResolvedSurvey {
    try ResolvedSurvey(
      try readCSV(at: Fixture.path("data/api/apistrat.csv"), selecting: .all).dataset,
      design: DesignDescription(weight: "pw", strata: ["stype"], finitePopulation: ["fpc"]),
      disclosure: disclosure)
  }

  private func differences(
    _ question: Question, _ sides: Comparison.Sides, adjustment: Adjustment = .none,
    disclosure: DisclosureRules = .none
  ) throws -> [Difference] {
    try survey(disclosure).table(
      answering: Comparison(question, sides, adjustment: adjustment)
    ).differences
  }

  private func codes(_ differences: [Difference]) -> [String] {
    differences.map { difference in
      [difference.from, difference.to].map { $0.codes.map(\.code).joined(separator: ":") }
        .joined(separator: "-")
    }
  }

  private let awards = Question(
    .share(of: NetChoice("Yes")), of: "awards", by: [["stype"]])

  @Test("with two groups a difference from the rest has the p-value of that between the groups")
  func rest() throws {
    let question = Question(.mean, of: "api00", by: [["sch.wide"]])
    let pair = try #require(try differences(question, .pairs).first?.contrast)
    for difference in try differences(question, .againstRest) {
      expectClose(difference.contrast.pValue!, pair.pValue!, relative: 1e-10)
      expectClose(abs(difference.contrast.estimate!), abs(pair.estimate!), relative: 1e-12)
    }
  }

  @Test(
    "pairs stand in the order of their codes; one group against each other; the rest, the total")
  func order() throws {
    #expect(codes(try differences(awards, .pairs)) == ["E-H", "E-M", "H-M"])
    #expect(codes(try differences(awards, .against(group: ["H"]))) == ["H-E", "H-M"])
    #expect(
      codes(try differences(awards, .againstRest)) == ["rest-E", "rest-H", "rest-M"])
    #expect(
      codes(try differences(awards, .againstTotal)) == ["total-E", "total-H", "total-M"])
    #expect(codes(try differences(awards, .number(0.5))) == ["0.5-E", "0.5-H", "0.5-M"])
    var all = awards
    all.by = []
    #expect(codes(try differences(all, .number(0.5))) == ["0.5-"])
  }

  @Test("turning the reference round turns the sign and keeps the p-value")
  func sign() throws {
    let there = try differences(awards, .against(group: ["E"]))[0].contrast
    let back = try differences(awards, .against(group: ["H"]))[0].contrast
    #expect(there.estimate! == -back.estimate!)
    expectClose(there.pValue!, back.pValue!)
  }

  @Test("items turned round turn the sign; an item against itself has no error and no test")
  func items() throws {
    func contrast(_ one: String, _ other: String) throws -> Contrast {
      try differences(Question(.share(of: NetChoice("Yes")), of: one), .item(other))[0].contrast
    }
    let there = try contrast("sch.wide", "comp.imp")
    let back = try contrast("comp.imp", "sch.wide")
    expectClose(there.estimate!, -back.estimate!)
    expectClose(there.pValue!, back.pValue!)
    let itself = try contrast("awards", "awards")
    #expect(itself.estimate == 0 && itself.pValue == nil && itself.caveats == [.noSamplingError])
  }

  @Test("p-values are adjusted within a category, not across")
  func families() throws {
    let question = Question(.shares, of: "awards", by: [["stype"]])
    let differences = try differences(question, .pairs, adjustment: .bonferroni)
    #expect(differences.count == 6)
    for difference in differences {
      #expect(difference.adjustedPValue! == min(1, 3 * difference.contrast.pValue!))
    }
  }

  @Test("a group that nobody is in takes part in no difference")
  func emptyGroup() throws {
    var question = awards
    question.domain = try Expression("stype != \"H\"")
    #expect(codes(try differences(question, .pairs)) == ["E-M"])
  }

  @Test("an unknown group, a total, and two items by all their categories are refused")
  func refused() throws {
    #expect(throws: QuestionError.self) { try differences(awards, .against(group: ["X"])) }
    #expect(throws: QuestionError.self) {
      try differences(Question(.total, of: "enroll", by: [["stype"]]), .pairs)
    }
    #expect(throws: QuestionError.self) {
      try differences(Question(.shares, of: "awards"), .item("comp.imp"))
    }
    #expect(throws: QuestionError.self) {
      try differences(Question(.shares, of: "enroll", by: [["api99"]]), .pairs)
    }
  }

  @Test("a withheld figure takes its differences with it, and those from the rest and the total")
  func withheld() throws {
    let rules = DisclosureRules(minimumBase: 60, minimumCount: 3)  // H and M have 50
    func withheld(_ sides: Comparison.Sides) throws -> [Bool] {
      try differences(awards, sides, disclosure: rules).map { difference in
        let contrast = difference.contrast
        if difference.suppression != nil {
          #expect(contrast.estimate == nil && contrast.standardError == nil)
          #expect(contrast.pValue == nil && difference.adjustedPValue == nil)
        }
        return difference.suppression != nil
      }
    }
    #expect(try withheld(.pairs) == [true, true, true])
    #expect(try withheld(.againstRest) == [true, true, true])
    #expect(try withheld(.againstTotal) == [true, true, true])
    #expect(try withheld(.number(0.5)) == [false, true, true])
    let table = try survey(rules).table(answering: Comparison(awards, .pairs))
    #expect(table.tests.map(\.isWithheld) == [true])
    #expect(table.tests[0].test.statistic == nil && table.tests[0].test.pearson == nil)
  }

  @Test("a table whose answers stand in one row has no test and says why")
  func noTest() throws {
    var question = awards
    question.statistic = .shares
    question.domain = try Expression("awards == \"Yes\"")
    let table = try survey().table(answering: Comparison(question, .pairs))
    #expect(table.tests[0].test.caveat == .oneRowOrColumn && table.tests[0].test.pValue == nil)
    #expect(table.warnings.contains { $0.hasPrefix("No test of awards by stype") })
  }
}
