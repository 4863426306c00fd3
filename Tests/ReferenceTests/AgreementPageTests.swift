import Foundation
import SurveyStatistics
import SurveyTables
import SurveyTestSupport
import Testing

/// The page "Agreement with R" of the documentation is what a test run finds.
@Suite("The page of agreement with R is true")
struct AgreementPageTests {
  private static let page = Fixture.packageRoot.appending(
    path: "Sources/pejling/Pejling.docc/Agreement.md")

  @Test("the page is what this run finds; PEJLING_WRITE_PAGES=1 writes it anew and fails once")
  func page() throws {
    let text = try Self.text()
    if ProcessInfo.processInfo.environment["PEJLING_WRITE_PAGES"] != nil {
      try text.write(to: Self.page, atomically: true, encoding: .utf8)
      Issue.record("written anew; look at the difference")
      return
    }
    #expect(try String(contentsOf: Self.page, encoding: .utf8) == text)
  }

  private static func text() throws -> String {
    var lines = [
      "# Agreement with R", "",
      "Every line of R's answers under `fixtures/reference/r-survey-4.1` (R survey 4.1-1) is asked of",
      "Pejling by `make test`. This page is made by that run: the largest relative difference of each",
      "kind of number, as the power of ten that it stays below, and one line of each case.", "",
    ]
    for table in ["shares.csv", "means-totals-ratios.csv", "replicates.csv"] {
      lines += try section(table)
    }
    lines += [
      "Quantiles, lonely PSUs, tests of independence and differences are compared by tests of their",
      "own: `Tests/ReferenceTests`.", "",
    ]
    return lines.joined(separator: "\n")
  }

  private static func section(_ table: String) throws -> [String] {
    var worst: [String: Double] = [:]
    var counts: [String: Int] = [:]
    var cases: [String] = []
    var seen: Set<String> = []
    let count = try ReferenceCase.answerAll(in: table, statistic: statistic) { reference, answer in
      guard let estimate = reference.cell(in: answer)?.estimate else { return }
      for (column, ours) in [
        ("estimate", estimate.value), ("se", estimate.standardError),
        ("low", estimate.interval?.low), ("high", estimate.interval?.high),
        ("df", estimate.degreesOfFreedom), ("deff", estimate.designEffect),
      ] {
        guard let ours, let theirs = reference.row.number(column), !theirs.isNaN else { continue }
        let difference = theirs == 0 ? abs(ours) : abs(ours - theirs) / abs(theirs)
        worst[column] = max(worst[column] ?? 0, difference)
        counts[column, default: 0] += 1
      }
      let kind = [reference.row["data"]!, reference.row["statistic"]!].joined(separator: " ")
      guard let r = reference.row.number("se"), r > 0, let ours = estimate.standardError,
        seen.insert(kind).inserted
      else { return }
      cases.append(
        "| \(reference.name) | \(digits(reference.row.number("estimate")!)) "
          + "| \(digits(estimate.value!)) | \(digits(r)) | \(digits(ours)) |")
    }
    return [
      "## \(table): \(count) lines", "", "| number | compared | largest relative difference |",
      "| --- | ---: | ---: |",
    ]
      + ["estimate", "se", "low", "high", "df", "deff"].filter { counts[$0] != nil }.map {
        "| \($0) | \(counts[$0]!) | \(bound(worst[$0]!)) |"
      } + [
        "", "| case | R | Pejling | R: SE | Pejling: SE |", "| --- | ---: | ---: | ---: | ---: |",
      ]
      + cases + [""]
  }

  private static func statistic(_ reference: ReferenceCase) -> Statistic? {
    switch reference.row["statistic"] {
    case "share": reference.net.map { .share(of: $0) } ?? .shares
    case "mean": .mean
    case "total": .total
    case "ratio": .ratio(denominator: reference.row["denominator"]!)
    default: nil
    }
  }

  /// The power of ten that a difference stays below; last bits differ between processors.
  private static func bound(_ difference: Double) -> String {
    difference < 1e-11 ? "< 1e-11" : "< 1e\(Int(log10(difference).rounded(.up)))"
  }

  private static func digits(_ value: Double) -> String { String(format: "%.9g", value) }
}
