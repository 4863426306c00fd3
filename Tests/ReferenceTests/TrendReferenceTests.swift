import SurveyData
import SurveyFiles
import SurveyStatistics
import SurveyTables
import SurveyTestSupport
import Testing

/// R survey 4.1 on the three waves of `fixtures/caseload`: `waves.R`.
@Suite("A development over waves equals R survey 4.1")
struct TrendReferenceTests {
  @Test("estimates, differences, slope, Wald tests and adjusted means to 1e-8")
  func lines() throws {
    let rows = try Fixture.table("reference/r-survey-4.1/waves.csv")
    #expect(rows.count == 64)
    for design in ["panel", "independent"] {
      for (item, statistic) in [
        ("cases", Statistic.mean), ("too_high", .share(of: NetChoice("1"))),
      ] {
        let overlap: TrendQuestion.Overlap = design == "panel" ? .asInData : .independent
        let plain = try CaseloadWaves.table(statistic, item, overlap: overlap)
        let adjusted = try CaseloadWaves.table(statistic, item, overlap: overlap, adjust: "region")
        let name = item == "cases" ? "cases" : "high"
        for row in rows where row["design"] == design && row["item"] == name {
          try compare(row, plain, adjusted)
        }
      }
    }
  }

  private func compare(_ row: [String: String], _ plain: Table, _ adjusted: Table) throws {
    let place =
      "\(row["design"]!) \(row["item"]!) \(row["statistic"]!) \(row["term"]!) \(row["to"]!)"
    func check(_ column: String, _ ours: Double?) throws {
      guard let theirs = row.number(column) else { return }
      expectClose(
        try #require(ours, Comment(rawValue: place)), theirs, relative: 1e-8, "\(place), \(column)")
    }
    func check(_ coefficient: ModelSummary.Coefficient?) throws {
      try check("estimate", coefficient?.estimate)
      try check("se", coefficient?.standardError)
      try check("df", coefficient?.df)
      try check("test_statistic", coefficient?.statistic)
      try check("p", coefficient?.pValue)
    }
    switch row["statistic"]! {
    case "estimate":
      let cell = plain.cells.first { $0.group[0].code == row["to"] }
      try check("estimate", cell?.estimate.value)
      try check("se", cell?.estimate.standardError)
    case "difference":
      let difference = plain.differences.first {
        $0.from.codes[0].code == row["from"] && $0.to.codes[0].code == row["to"]
      }
      try check("estimate", difference?.contrast.estimate)
      try check("se", difference?.contrast.standardError)
    case "coefficient":
      try check(plain.model?.coefficients.first { $0.term == row["term"] })
    case "adjusted slope":
      try check(adjusted.model?.coefficients.first { $0.term == row["term"] })
    case "change", "departure":
      let test = row["statistic"] == "change" ? plain.trend?.change : plain.trend?.departure
      try check("test_statistic", test?.statistic)
      try check("df1", test?.df1)
      try check("df", test?.df2)
      try check("p", test?.pValue)
    case "adjusted":
      let outcome = row["item"] == "cases" ? "cases" : "too_high=1"
      let overlap: TrendQuestion.Overlap = row["design"] == "panel" ? .asInData : .independent
      let margins = try CaseloadWaves.survey("cases", overlap: overlap).survey.table(
        answering: ModelQuestion(outcome: outcome, terms: "wave,region"))
      let cell = margins.cells.first { "region=\($0.group[0].code)" == row["term"] }
      try check("estimate", cell?.estimate.value)
      try check("se", cell?.estimate.standardError)
    default: Issue.record("an unknown statistic: \(row["statistic"]!)")
    }
  }

  @Test("the published series: 42, 33 and 31 cases; 62 and 53 % within the guideline of the time")
  func published() throws {
    let means = try CaseloadWaves.table(.mean, "cases").cells.map { $0.estimate.value! }
    expectClose(means, [42, 33, 31], absolute: 0.012)
    for (wave, item, share) in [(1, "guideline_25_35", 0.62), (2, "guideline_20_30", 0.53)] {
      let table = try CaseloadWaves.table(.share(of: NetChoice("2")), item)
      expectClose(table.cells[wave].estimate.value!, share, absolute: 0.001)
    }
  }

  @Test("the sentence says a fall where the interval leaves no doubt, and no certain change else")
  func sentences() throws {
    let format = NumberFormat(language: .da)
    let fall = try #require(TrendWords(try CaseloadWaves.table(.mean, "cases"), in: format))
    #expect(
      fall.sentences[0]
        == "Gennemsnittet er faldet fra 33,01 i 2019 til 30,99 i 2023: et fald på 2,01, med 95 % "
        + "sikkerhed mellem 0,52 og 3,51.")
    #expect(
      fall.sentences[1].hasPrefix("Gennemsnittet er faldet fra 41,99 i 2014 til 30,99 i 2023"))
    let unsure = try #require(
      TrendWords(
        try CaseloadWaves.table(.share(of: NetChoice("2")), "guideline_25_35"), in: format))
    #expect(unsure.sentences[0].hasPrefix("Tallene viser ingen sikker ændring"))
    let words = (fall.sentences + unsure.sentences).joined()
    #expect(!words.contains("betydelig"))
  }

  @Test("where nobody knows who answered twice, the error lies between |s1 − s2| and s1 + s2")
  func bounds() throws {
    let table = try CaseloadWaves.table(.mean, "cases", overlap: .unknown)
    let errors = table.cells.map { $0.estimate.standardError! }
    let difference = table.differences[0]
    let bounds = try #require(difference.errorBounds)
    expectClose(bounds.lowerBound, abs(errors[0] - errors[1]))
    expectClose(bounds.upperBound, errors[0] + errors[1])
    expectClose(difference.contrast.standardError!, errors[0] + errors[1])
    let panel = try CaseloadWaves.table(.mean, "cases").differences[0].contrast.standardError!
    #expect(bounds.contains(panel))
  }

  @Test("a panel's change has a smaller error than two samples of their own")
  func panel() throws {
    let panel = try CaseloadWaves.table(.mean, "cases")
    let own = try CaseloadWaves.table(.mean, "cases", overlap: .independent)
    for (a, b) in zip(panel.differences, own.differences) {
      #expect(a.contrast.standardError! < b.contrast.standardError!)
    }
    #expect(panel.trend?.repeatedUnits == 132)
  }

  @Test("a complete panel with one weight a person: the error of the mean of paired differences")
  func completePanel() throws {
    var random = SeededGenerator(seed: 7)
    let count = 40
    let level = (0..<count).map { _ in Double.random(in: 20...50, using: &random) }
    let first = level.map { $0 + Double.random(in: -3...3, using: &random) }
    let second = level.map { $0 - 2 + Double.random(in: -3...3, using: &random) }
    let weight = (0..<count).map { _ in Double.random(in: 1...3, using: &random) }
    func numbers(_ name: String, _ values: [Double]) -> Column {
      Column(name: name, values: .numeric(NumericColumn(values)))
    }
    let people = (0..<count).map(Double.init)
    let dataset = Dataset(
      rowCount: 2 * count,
      columns: [
        numbers("person", people + people), numbers("weight", weight + weight),
        numbers("cases", first + second),
        numbers(
          "year", Array(repeating: 2019, count: count) + Array(repeating: 2023, count: count)),
      ])
    let question = TrendQuestion(.mean, of: "cases", time: "year", overlap: .column("person"))
    let waves = try WaveDesign(
      dataset, design: DesignDescription(weight: "weight"), time: "year",
      overlap: .column("person"))
    let change = try ResolvedSurvey(waves.dataset, design: waves.description)
      .table(answering: question, waves: waves).differences[0].contrast
    let paired = Dataset(
      rowCount: count,
      columns: [
        numbers("weight", weight), numbers("change", zip(second, first).map { $0 - $1 }),
      ])
    let mean = try ResolvedSurvey(paired, design: DesignDescription(weight: "weight"))
      .table(answering: Question(.mean, of: "change")).cells[0].estimate
    expectClose(change.estimate!, mean.value!, relative: 1e-10)
    expectClose(change.standardError!, mean.standardError!, relative: 1e-10)
    expectClose(change.degreesOfFreedom, mean.degreesOfFreedom)
  }

  @Test("an id keeps the stratum of its first wave")
  func firstStratum() throws {
    func column(_ name: String, _ values: [Double]) -> Column {
      Column(name: name, values: .numeric(NumericColumn(values)))
    }
    let dataset = Dataset(
      rowCount: 8,
      columns: [
        column("id", [1, 2, 3, 4, 1, 2, 3, 4]), column("year", [1, 1, 1, 1, 2, 2, 2, 2]),
        column("region", [1, 1, 2, 2, 1, 2, 2, 2]), column("x", [1, 2, 3, 4, 2, 3, 5, 4]),
      ])
    let waves = try WaveDesign(
      dataset, design: DesignDescription(strata: ["region"]), time: "year", overlap: .column("id"))
    let survey = try ResolvedSurvey(waves.dataset, design: waves.description)
    #expect(survey.design.stratumCount == 2)
    #expect(survey.design.psuCount == 4)
  }
}

/// A population of its own in each wave.
@Suite("Populations of waves")
struct WavePopulationTests {
  private static func survey(
    _ overlap: TrendQuestion.Overlap, ids: [Double]
  ) throws -> (waves: WaveDesign, survey: ResolvedSurvey) {
    func column(_ name: String, _ values: [Double]) -> Column {
      Column(name: name, values: .numeric(NumericColumn(values)))
    }
    let dataset = Dataset(
      rowCount: 8,
      columns: [
        column("id", ids), column("year", [1, 1, 1, 1, 2, 2, 2, 2]),
        column("N", [8, 8, 8, 8, 10, 10, 10, 10]), column("x", [1, 2, 3, 4, 2, 3, 5, 4]),
      ])
    let waves = try WaveDesign(
      dataset, design: DesignDescription(finitePopulation: ["N"]), time: "year",
      overlap: overlap)
    return (waves, try ResolvedSurvey(waves.dataset, design: waves.description))
  }

  @Test("samples of their own have each their population, a panel the largest, said so")
  func populations() throws {
    let own = try Self.survey(.independent, ids: [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(own.waves.warnings.isEmpty)
    let question = Question(.mean, of: "x", by: [["year"]])
    let errors = try own.survey.table(answering: question).cells.map {
      $0.estimate.standardError!
    }
    // s²/n·(1 − n/N), s² = 5/3 in both waves.
    expectClose(errors[0], (5.0 / 3 / 4 * (1 - 4.0 / 8)).squareRoot(), relative: 1e-12)
    expectClose(errors[1], (5.0 / 3 / 4 * (1 - 4.0 / 10)).squareRoot(), relative: 1e-12)
    let panel = try Self.survey(.column("id"), ids: [1, 2, 3, 4, 1, 2, 3, 4])
    #expect(panel.waves.warnings.contains { $0.hasPrefix("'N' differs between the waves") })
    let first = try panel.survey.table(answering: question).cells[0].estimate.standardError!
    expectClose(first, (5.0 / 3 / 4 * (1 - 4.0 / 10)).squareRoot(), relative: 1e-12)
  }
}

/// The synthetic caseload survey, its waves under each other.
enum CaseloadWaves {
  static func survey(
    _ item: String, overlap: TrendQuestion.Overlap
  ) throws -> (survey: ResolvedSurvey, waves: WaveDesign) {
    let file = try readSurveyFile(at: Fixture.path("caseload/survey.yaml"))
    var dialect = CSVDialect()
    dialect.delimiter = ";"
    dialect.decimalMark = .comma
    let parts = try file.dataFiles.map {
      try readCSV(at: $0.path, selecting: .all, dialect: dialect).dataset
    }
    let dataset = try file.dataset(from: parts)
    let waves = try WaveDesign(dataset, design: file.design, time: "wave", overlap: overlap)
    return (try ResolvedSurvey(waves.dataset, design: waves.description), waves)
  }

  static func table(
    _ statistic: Statistic, _ item: String, overlap: TrendQuestion.Overlap = .asInData,
    adjust: String? = nil
  ) throws -> Table {
    let (survey, waves) = try survey(item, overlap: overlap)
    return try survey.table(
      answering: TrendQuestion(
        statistic, of: item, time: "wave", adjust: adjust, overlap: overlap), waves: waves)
  }
}
