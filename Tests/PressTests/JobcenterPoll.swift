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
    survey = try SurveyOnDisk(file, disclosure: disclosure).survey
    facts = SurveyFacts(file)
  }

  func figure(_ item: String, _ net: String, where condition: String? = nil) throws -> Figure {
    let question = Question(
      .share(of: NetChoice(net)), of: item, where: try condition.map { try Expression($0) })
    return try survey.figure(answering: question, facts: facts, version: "test")
  }
}
