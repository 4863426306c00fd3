import SurveyTables
import Testing

/// R survey 4.1's means, totals and ratios, line by line: `means-totals-ratios.R`.
@Suite("Means, totals and ratios equal R survey 4.1")
struct NumberReferenceTests {
  @Test("estimates, errors, intervals, design effects and degrees of freedom to 1e-8")
  func numbers() throws {
    let count = try ReferenceCase.compareAll(in: "means-totals-ratios.csv") { reference in
      switch reference.row["statistic"] {
      case "mean": .mean
      case "total": .total
      case "ratio": .ratio(denominator: reference.row["denominator"]!)
      default: nil
      }
    }
    #expect(count > 880)
  }
}
