import SurveyTables
import Testing

/// R survey 4.1's shares, line by line: `fixtures/reference/r-survey-4.1/shares.R`.
@Suite("Shares equal R survey 4.1")
struct ShareReferenceTests {
  @Test("shares, errors, intervals, design effects and degrees of freedom to 1e-8")
  func shares() throws {
    let count = try ReferenceCase.compareAll(in: "shares.csv") { reference in
      reference.net.map { .share(of: $0) } ?? .shares
    }
    #expect(count > 800)
  }
}
