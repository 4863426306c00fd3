import SurveyStatistics
import SurveyTables
import SurveyTestSupport
import Testing

/// R survey 4.1's quantiles, line by line: `quantiles.R`.
@Suite("Quantiles equal R survey 4.1")
struct QuantileReferenceTests {
  @Test("estimates to 1e-12; errors, limits and degrees of freedom to 1e-8")
  func quantiles() throws {
    var surveys: [String: ResolvedSurvey] = [:]
    var tables: [String: Table] = [:]
    let lines = try ReferenceCase.all(in: "quantiles.csv")
    #expect(lines.count == 1056)
    var below = 0
    for line in lines {
      let survey = try surveys[line.designKey] ?? line.survey()
      surveys[line.designKey] = survey
      let key = line.designKey + "|" + line.name
      let table =
        try tables[key]
        ?? survey.table(
          answering: line.question(
            .quantile(
              probabilities: lines.filter { $0.designKey == line.designKey && $0.name == line.name }
                .map { $0.row.number("probability")! },
              rule: QuantileRule(rawValue: line.row["rule"]!)!,
              interval: QuantileIntervalMethod(rawValue: line.row["interval_method"]!)!)))
      tables[key] = table
      if try compare(line, table, survey) != nil { below += 1 }
    }
    #expect(below == Self.linesBelowTheSmallest)
  }

  /// R's quantile of a share below that of the smallest answer is the second smallest (hf1 to hf3),
  /// or below them all (hf4), against its own definition: a lower limit falls there in these lines.
  private static let linesBelowTheSmallest = 21

  private func compare(
    _ line: ReferenceCase, _ table: Table, _ survey: ResolvedSurvey
  ) throws -> Difference? {
    let probability = try #require(line.row.number("probability"))
    let place = "\(line.name) \(line.row["group"]!) \(probability)"
    let estimate = try #require(
      line.cell(in: table, probability: probability), Comment(rawValue: place)
    ).estimate
    expectClose(
      try #require(estimate.value), line.row.number("estimate")!, relative: 1e-12, place)
    expectClose(estimate.degreesOfFreedom, line.row.number("df")!, place)

    var ours = (low: estimate.interval?.low, high: estimate.interval?.high)
    for case .openInterval(let low, let high) in estimate.caveats { ours = (low, high) }
    let theirs = (low: line.row.number("low"), high: line.row.number("high"))
    if line.row["interval_method"] == "score" {
      try compareScore(line, ours, theirs, survey, place)
      return nil
    }
    if estimate.caveats.contains(.largestAnswer) {
      // R has no limits there, or (by `mean`) an interval without width.
      #expect(estimate.standardError == nil && ours == (nil, nil), "\(place)")
      #expect(theirs.low == theirs.high, "\(place)")
      return nil
    }
    func check(_ column: String, _ ours: Double?, _ theirs: Double?) {
      if let ours, let theirs {
        expectClose(ours, theirs, relative: 1e-8, "\(place), \(column)")
      } else {
        #expect(ours == nil && theirs == nil, "\(place), \(column)")
      }
    }
    check("high", ours.high, theirs.high)
    let answers = try Respondents(line, survey).distinct
    if let low = ours.low, low == answers[0], let theirs = theirs.low, theirs != low {
      if line.row["rule"] == "hf4" {
        #expect(theirs < low, "\(place)")
      } else {
        #expect(theirs == answers[1], "\(place)")
      }
      return .belowTheSmallest
    }
    check("low", ours.low, theirs.low)
    check("se", estimate.standardError, line.row.number("se"))
    return nil
  }

  private enum Difference { case belowTheSmallest }

  /// R stops next to where the test turns, and reads that point back as an unweighted share of the
  /// rows: its limit is the quantile of the share at our turn, or at the answer before.
  private func compareScore(
    _ line: ReferenceCase, _ ours: (low: Double?, high: Double?),
    _ theirs: (low: Double?, high: Double?), _ survey: ResolvedSurvey, _ place: String
  ) throws {
    guard let low = theirs.low, let high = theirs.high else {
      #expect(ours.low == nil || ours.high == nil, "\(place)")
      return
    }
    let respondents = try Respondents(line, survey)
    // By hf1 a limit is the very answer at which the test turns.
    let turns = try survey.table(
      answering: line.question(
        .quantile(probabilities: [line.row.number("probability")!], interval: .score)))
    let interval = try #require(turns.cells[0].estimate.interval)
    for (turn, theirs) in [(interval.low, low), (interval.high, high)] {
      let candidates = respondents.sharesOfRows(next: turn).map {
        respondents.quantile($0, rule: line.row["rule"]!)
      }
      #expect(candidates.contains(theirs), "\(place): \(turn), R has \(theirs)")
    }
  }
}

/// The answers and weights that a line is about, for plain arithmetic on them.
private struct Respondents {
  private let values: [Double]
  private let weights: [Double]

  init(_ line: ReferenceCase, _ survey: ResolvedSurvey) throws {
    let dataset = survey.dataset
    let item = try dataset.numbers(line.row["item"]!).withValues { span in
      span.indices.map { span[$0] }
    }
    var isInside = item.map { !$0.isNaN }
    func narrow(_ mask: [Bool]) { isInside = zip(isInside, mask).map { $0 && $1 } }
    if let domain = try line.question(.mean).domain {
      narrow(
        try dataset.domain(where: domain).mask.withSpan(of: UInt8.self) { mask in
          mask.indices.map { mask[$0] == 1 }
        })
    }
    if let by = line.row["by"], !by.isEmpty {
      let column = try dataset.categories(by)
      narrow(
        item.indices.map { column.categories[column.index(at: $0)].code == line.row["group"]! })
    }
    let weight = line.row["weight"]!
    let weights =
      weight.isEmpty
      ? item.map { _ in 1.0 }
      : try dataset.numbers(weight).withValues { span in span.indices.map { span[$0] } }
    let rows = item.indices.filter { isInside[$0] && weights[$0] > 0 }
    values = rows.map { item[$0] }
    self.weights = rows.map { weights[$0] }
  }

  var distinct: [Double] { Set(values).sorted() }

  /// The unweighted shares of rows up to the answer before a value, and up to the value itself.
  func sharesOfRows(next value: Double) -> [Double] {
    let before = distinct.last { $0 < value }
    return [before, value].compactMap { $0 }.map { limit in
      Double(values.count { $0 <= limit }) / Double(values.count)
    }
  }

  func quantile(_ p: Double, rule: String) -> Double {
    let slow = SlowDesign(strata: values.map { _ in 0 }, weights: weights)
    let plain = rule == "math" ? "hf1" : rule == "school" ? "hf2" : rule
    return slow.quantile(p, of: values, in: values.map { _ in true }, rule: plain)!
  }
}

extension ReferenceCase {
  /// The cell of a table of quantiles that the line is about.
  func cell(in table: Table, probability: Double) -> Cell? {
    let group = row["group"]!.split(separator: ":").map(String.init)
    return table.cells.first { $0.group.map(\.code) == group && $0.probability == probability }
  }
}
