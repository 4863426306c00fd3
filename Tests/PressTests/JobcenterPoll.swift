import SurveyData
import SurveyFiles
import SurveyStatistics
import SurveyTables
import SurveyTestSupport

/// The synthetic jobcentre poll of `fixtures/jobcenter-2022`, resolved as the command line does.
struct JobcenterPoll {
  let survey: ResolvedSurvey
  let facts: SurveyFacts

  init(disclosure: DisclosureRules? = nil) throws {
    let file = try readSurveyFile(at: Fixture.path("jobcenter-2022/survey.yaml"))
    let part = try readCSV(
      at: file.dataFiles[0].path, selecting: .all, dialect: JobcenterPoll.dialect)
    survey = try ResolvedSurvey(
      try file.dataset(from: [part.dataset]), design: file.design,
      disclosure: disclosure ?? file.disclosure)
    facts = SurveyFacts(file)
  }

  private static var dialect: CSVDialect {
    var dialect = CSVDialect()
    dialect.delimiter = ";"
    dialect.decimalMark = .comma
    return dialect
  }

  func figure(_ item: String, _ net: String, where condition: String? = nil) throws -> Figure {
    let question = Question(
      .share(of: NetChoice(net)), of: item, where: try condition.map { try Expression($0) })
    return try survey.figure(answering: question, facts: facts, version: "test")
  }
}
