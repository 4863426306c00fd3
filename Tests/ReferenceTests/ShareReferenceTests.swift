import SurveyData
import SurveyStatistics
import SurveyTables
import SurveyTestSupport
import Testing

/// R survey 4.1's shares, line by line: `fixtures/reference/r-survey-4.1/shares.R`.
@Suite("Shares equal R survey 4.1")
struct ShareReferenceTests {
  @Test("shares, errors, intervals, design effects and degrees of freedom to 1e-8")
  func shares() throws {
    var surveys: [String: ResolvedSurvey] = [:]
    var tables: [String: Table] = [:]
    let cases = try ReferenceCase.all(in: "shares.csv")
    #expect(cases.count > 600)
    for reference in cases where reference.row["statistic"] == "share" {
      let survey = try surveys[reference.designKey] ?? reference.survey()
      surveys[reference.designKey] = survey
      let key = reference.designKey + reference.name + (reference.row["top"] ?? "")
        + (reference.row["interval_method"] ?? "")
      let question = try reference.question(reference.net.map { .share(of: $0) } ?? .shares)
      let table = try tables[key] ?? survey.table(answering: question)
      tables[key] = table
      try compare(reference, table)
    }
  }

  private func compare(_ reference: ReferenceCase, _ table: Table) throws {
    let row = reference.row
    let comment = "\(reference.name) \(row["group"]!) \(row["category"]!)"
    let cell = try #require(reference.cell(in: table), Comment(rawValue: comment))
    let estimate = cell.estimate
    func check(_ column: String, _ ours: Double?, relative: Double = 1e-8) {
      guard let theirs = row.number(column), !theirs.isNaN else { return }
      guard let ours else {
        // R leaves a rounding error where ours is 0 by design.
        if abs(theirs) > 1e-12 { Issue.record("\(comment): no \(column), R has \(theirs)") }
        return
      }
      expectClose(ours, theirs, relative: relative, absolute: 1e-10, comment)
    }
    check("estimate", estimate.value)
    check("se", estimate.standardError)
    check("low", estimate.interval?.low)
    check("high", estimate.interval?.high)
    check("df", estimate.degreesOfFreedom)
    check("deff", estimate.designEffect)
  }
}
