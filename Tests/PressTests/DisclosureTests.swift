import SurveyData
import SurveyReports
import SurveyStatistics
import SurveyTables
import SurveyTestSupport
import Testing

@Suite("Disclosure rules, at both edges")
struct DisclosureTests {
  private let rules = DisclosureRules(minimumBase: 10, minimumCount: 3)

  @Test("a base of 10 is shown and one of 9 withheld")
  func base() {
    #expect(rules.suppression(base: 10, count: nil) == nil)
    #expect(rules.suppression(base: 9, count: nil) == .base(minimum: 10))
  }

  @Test("a numerator of 3 is shown and one of 2 withheld; 0 discloses everyone and is withheld")
  func numerator() {
    #expect(rules.suppression(base: 100, count: 3) == nil)
    #expect(rules.suppression(base: 100, count: 2) == .count(minimum: 3))
    #expect(rules.suppression(base: 100, count: 0) == .count(minimum: 3))
  }

  @Test("a complement of 3 is shown and one of 2 withheld")
  func complement() {
    #expect(rules.suppression(base: 100, count: 97) == nil)
    #expect(rules.suppression(base: 100, count: 98) == .count(minimum: 3))
  }

  @Test("a withheld part takes the next smallest with it, until they hold enough together")
  func complementary() {
    func withheld(_ counts: [Int]) -> [Int] {
      let result = rules.suppressions(ofParts: counts, base: counts.reduce(0, +))
      return counts.indices.filter { result[$0] != nil }
    }
    #expect(withheld([40, 30, 20, 10]) == [])
    #expect(withheld([40, 30, 20, 2]) == [2, 3])
    // One and one are still fewer than three: a third part goes too.
    #expect(withheld([40, 30, 1, 1]) == [1, 2, 3])
    #expect(withheld([40, 30, 2, 1]) == [2, 3])
    #expect(withheld([0, 0, 60]) == [0, 1, 2])
  }

  @Test("without rules nothing is withheld")
  func noRules() throws {
    let poll = try JobcenterPoll(disclosure: DisclosureRules.none)
    let table = try poll.survey.table(
      answering: Question(.shares, of: "trust_politicians", by: [["region"]]))
    #expect(table.cells.allSatisfy { $0.suppression == nil })
  }

  @Test("no sum of shown categories leaves fewer than three respondents to be worked out")
  func residuals() throws {
    let poll = try JobcenterPoll()
    let open = try JobcenterPoll(disclosure: DisclosureRules.none)
    for item in ["trust_politicians", "stress", "team_decides", "too_long_clarify"] {
      let question = Question(.shares, of: item, by: [["municipality"], ["region", "sex"]])
      let shown = try poll.survey.table(answering: question).cells
      let whole = try open.survey.table(answering: question).cells
      let groups = Dictionary(grouping: shown.indices) { shown[$0].group }
      for (_, cells) in groups {
        let withheld = cells.filter { shown[$0].suppression != nil }
        guard !withheld.isEmpty, withheld.count < cells.count else { continue }
        #expect(withheld.count > 1)
        #expect(withheld.reduce(0) { $0 + (whole[$1].estimate.count ?? 0) } >= 3)
      }
    }
  }

  @Test("a net beside its distribution cannot be split: each side hides at least two, or nothing")
  func netAndDistribution() throws {
    let poll = try JobcenterPoll()
    for region in 1...5 {
      let figure = try poll.figure("trust_politicians", "high", where: "region == \(region)")
      guard figure.share.suppression == nil else {
        // A withheld net is not what the shown categories leave.
        let inside = figure.distribution.filter { figure.netCodes.contains($0.category!) }
        let outside = figure.distribution.filter { !figure.netCodes.contains($0.category!) }
        #expect(inside.allSatisfy { $0.suppression != nil })
        #expect(outside.contains { $0.suppression != nil })
        continue
      }
      for isInside in [true, false] {
        let side = figure.distribution.filter {
          figure.netCodes.contains($0.category!) == isInside
        }
        #expect(side.count { $0.suppression != nil } != 1)
      }
    }
  }

  @Test("what is withheld appears in no format")
  func nothingLeaks() throws {
    let open = try JobcenterPoll(disclosure: DisclosureRules.none)
    let condition = "municipality == \"0157\""
    let whole = try open.figure("trust_politicians", "high", where: condition)
    let base = whole.share.estimate.base
    #expect(base < 10)
    let figure = try JobcenterPoll().figure("trust_politicians", "high", where: condition)
    #expect(figure.share.suppression == .base(minimum: 10))
    let format = NumberFormat(language: .da, decimals: 3)
    let outputs = [
      figure.terminal(in: format), figure.markdown(in: format), figure.json(in: format),
      figure.svg(in: format), figure.distributionTable.csv(language: .da),
      figure.table.json(language: .da), figure.table.shown(in: format).terminal(),
      figure.table.csv(language: .da),
    ]
    for cell in whole.distribution + [whole.share] {
      let value = try #require(cell.estimate.value)
      guard value > 0, value < 1 else { continue }
      for output in outputs {
        #expect(!output.contains(format.percentNumber(value)))
        #expect(!output.contains("\(value)"))
      }
    }
    #expect(outputs[0].contains("tilbageholdt"))
    #expect(figure.json(in: format).contains("\"suppressed\": true"))
    #expect(figure.json(in: format).contains("\"used\": null"))
  }

  @Test("describe obeys the same rules: small counts, and the numbers of single persons")
  func describe() throws {
    let poll = try JobcenterPoll()
    let description = try Description(
      of: poll.survey.dataset, columns: ["trust_politicians", "caseload", "municipality"]
    ).protected(by: DisclosureRules(minimumBase: 10, minimumCount: 5))
    guard case .categories(let trust) = description.columns[0].content else {
      Issue.record("trust_politicians has categories")
      return
    }
    // 3 and 15 answers: the first is withheld, and takes the second with it.
    #expect(trust.prefix(3).map(\.count) == [nil, nil, 114])
    guard case .numbers(let minimum, _, let maximum) = description.columns[1].content else {
      Issue.record("caseload has numbers")
      return
    }
    #expect(minimum == nil && maximum == nil)
  }
}
