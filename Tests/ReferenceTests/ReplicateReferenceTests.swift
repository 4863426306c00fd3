import SurveyTables
import Testing

/// R survey 4.1's estimates from replicate weights, line by line: `replicates.R`.
@Suite("Estimates by replicate weights equal R survey 4.1")
struct ReplicateReferenceTests {
  @Test("shares, means, totals and ratios by bootstrap, JK1, JKn, BRR, Fay and SDR to 1e-8")
  func replicates() throws {
    let count = try ReferenceCase.compareAll(in: "replicates.csv") { reference in
      switch reference.row["statistic"] {
      case "share": reference.net.map { .share(of: $0) } ?? .shares
      case "mean": .mean
      case "total": .total
      case "ratio": .ratio(denominator: reference.row["denominator"]!)
      default: nil
      }
    }
    #expect(count == 728)
  }
}
