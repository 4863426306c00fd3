import Foundation
import SurveyData
import SurveyFiles
import SurveyStatistics
import SurveyTables
import SurveyTestSupport
import Testing

/// One table as six programs write it: semicolons or commas, decimal commas, UTF-8, UTF-16 and
/// Windows-1252, with and without a BOM, a `sep=` line, quotes everywhere.
@Suite("All ways of writing one Danish file give the same shares")
struct DanishVariantTests {
  private static let folder = "data/danish_csv_variants"

  private func answers(_ file: String) throws -> [String] {
    let reading = try readCSV(
      at: Fixture.path("\(Self.folder)/\(file)"), selecting: .all)
    let survey = try ResolvedSurvey(
      reading.dataset, design: DesignDescription(weight: "vægt"))
    let shares = try survey.table(
      answering: Question(.shares, of: "for_meget_arbejde", by: [["region"], ["stress"]]))
    let mean = try survey.table(answering: Question(.mean, of: "timer", by: [["region"]]))
    return (shares.cells + mean.cells).map { cell in
      let group = cell.group.map { "\($0.column)=\($0.code)" }
      let estimate = cell.estimate
      return "\(group) \(cell.category ?? "") \(estimate.value as Double?) "
        + "\(estimate.standardError as Double?) \(estimate.base) \(estimate.weightedBase)"
    }
  }

  @Test("shares and means with their errors, bit by bit")
  func sameAnswers() throws {
    let files = try FileManager.default
      .contentsOfDirectory(atPath: Fixture.path(Self.folder))
      .filter { $0.hasSuffix(".csv") || $0.hasSuffix(".txt") }.sorted()
    #expect(files.count == 6)
    let first = try answers(files[0])
    #expect(first.count > 20)
    #expect(first.contains { $0.contains("Sjælland") })
    for file in files.dropFirst() {
      #expect(try answers(file) == first, Comment(rawValue: file))
    }
  }
}
