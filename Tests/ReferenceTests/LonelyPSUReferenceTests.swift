import SurveyStatistics
import SurveyTables
import SurveyTestSupport
import Testing

/// R survey 4.1's answers where a stratum has a single PSU, line by line: `lonely-psu.R`.
@Suite("Lonely PSUs equal R survey 4.1")
struct LonelyPSUReferenceTests {
  private static let table = "lonely-psu.csv"

  @Test("remove, certainty, adjust and average, in designs, domains and second stages, to 1e-8")
  func estimates() throws {
    let count = try ReferenceCase.compareAll(in: Self.table) { reference in
      guard !reference.isRefused else { return nil }
      return switch reference.row["statistic"] {
      case "share": .shares
      case "mean": .mean
      case "total": .total
      default: nil
      }
    }
    let lines = try ReferenceCase.all(in: Self.table)
    #expect(count == lines.count { !$0.isRefused })
    #expect(count > 120)
  }

  @Test("where R refuses, the design fails and names the stratum")
  func refusals() throws {
    let refused = try ReferenceCase.all(in: Self.table).filter(\.isRefused)
    #expect(refused.count > 5)
    for reference in refused {
      let error = try #require(
        throws: DesignError.self, Comment(rawValue: reference.name)
      ) { try reference.survey() }
      guard case .lonelyPSU(let stratum, _, _, _) = error else {
        Issue.record("\(reference.name): \(error)")
        continue
      }
      #expect(error.description.contains("'\(stratum)'"))
    }
  }
}

extension ReferenceCase {
  /// A line without an estimate: R refuses the design.
  fileprivate var isRefused: Bool { row.number("estimate") == nil }
}
