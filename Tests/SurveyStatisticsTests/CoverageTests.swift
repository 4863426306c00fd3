import SurveyStatistics
import SurveyTestSupport
import Testing

/// Decision 15 of the statistics: coverage is tested, not assumed.
///
/// `swift test --filter CoverageTests --attachments-path DIR` leaves the table in DIR, for the page
/// `Coverage.md` of the documentation.
@Suite("Intervals of shares cover what they say")
struct CoverageTests {
  @Test("of 5,000 samples with 40 degrees of freedom, 10 to 90 %")
  func coverage() throws {
    let outcomes = try CoverageSimulation(seed: 1).outcomes(samples: 5000, seed: 2)
    for outcome in outcomes where outcome.share > 0.05 {
      let place = Comment(
        rawValue: "\(outcome.method.rawValue) at \(outcome.share): \(outcome.coverage)")
      switch outcome.method {
      case .logit: #expect((0.935...0.965).contains(outcome.coverage), place)
      case .beta, .kornGraubard: #expect(outcome.coverage >= 0.94, place)
      case .wald, .wilson, .asin: break
      }
    }
    Attachment.record(outcomes.markdown, named: "coverage.md")
  }
}
