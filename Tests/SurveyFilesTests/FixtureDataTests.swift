import SurveyData
import SurveyFiles
import SurveyTestSupport
import Testing

@Suite("The fixtures' survey files on their data")
struct FixtureDataTests {
  private func applied(_ path: String) throws -> Dataset {
    let file = try readSurveyFile(at: Fixture.path(path))
    let parts = try file.dataFiles.map { dataFile in
      var dialect = CSVDialect()
      dialect.delimiter = dataFile.delimiter
      dialect.decimalMark = dataFile.decimal.flatMap { DecimalMark(rawValue: String($0)) }
      dialect.encoding = dataFile.encoding.flatMap(TextEncoding.init(rawValue:))
      let needed = file.columnsNeeded(for: file.variables.map(\.variable.name))
      let roles = Dictionary(
        uniqueKeysWithValues: needed.map { column -> (String, ColumnRole) in
          switch column.kind {
          case .numeric: (column.source, .number)
          case .categorical, .text: (column.source, .category)
          case nil: (column.source, .asFound)
          }
        })
      return try readCSV(at: dataFile.path, selecting: .only(roles), dialect: dialect).dataset
    }
    return try file.dataset(from: parts)
  }

  /// The numbers that the fixture's generator counted, in its README.
  @Test(
    "jobcentres: respondents in the share and in the base are those of the generator",
    arguments: [
      ("cooperation_health", ["1", "2"], 240, 582), ("told_to_use_or_avoid", ["1"], 330, 572),
      ("economy_over_professionalism", ["1"], 245, 553), ("targets_placement", ["1"], 287, 550),
      ("follow_up", ["1"], 311, 558), ("too_long_clarify", ["1", "2"], 481, 567),
      ("team_decides", ["1"], 86, 432), ("trust_politicians", ["1", "2"], 18, 585),
    ])
  func jobcentres(item: String, codes: [String], count: Int, base: Int) throws {
    let data = try applied("jobcenter-2022/survey.yaml")
    #expect(data.rowCount == 613)
    let answers = try data.shown(item).filter { !$0.hasPrefix("(") }
    #expect(answers.count == base)
    #expect(answers.count { codes.contains($0) } == count)
  }

  @Test("jobcentres: who stopped half-way is told from who gave no answer")
  func breakOff() throws {
    let data = try applied("jobcenter-2022/survey.yaml")
    #expect(try data.shown("d5").count { $0 == "(breakOff)" } == 10)
    #expect(try data.shown("comment").count { $0 == "(noAnswer)" } == 611)
    let burdens = try data.shown("burdens")
    #expect(burdens.count == 613 && burdens.contains("3"))
    #expect(try data.shown("weekly_hours").contains("34.5"))
  }

  @Test("research software engineers: every code of the data is in the survey file")
  func researchSoftwareEngineers() throws {
    let data = try applied("rse-2018/survey.yaml")
    #expect(data.rowCount > 900)
    #expect(Set(try data.shown("rse1").filter { !$0.hasPrefix("(") }) == ["Yes", "No"])
    #expect(Set(try data.shown("contract_kind")).isSuperset(of: ["1", "2", "3", "(refused)"]))
    #expect(try data.shown("wave").allSatisfy { $0 == "2018" })
  }
}
