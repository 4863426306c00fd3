import Foundation
import SurveyData
import SurveyFiles
import SurveyTestSupport
import Testing

@Suite("convert to a survey file: a first one, which can be used as it is")
struct FirstSurveyFileTests {
  /// The survey file made of a text, and the data under it.
  private func made(_ text: String) throws -> (file: SurveyFile, dataset: Dataset, yaml: String) {
    try withFile(Array(text.utf8), named: "answers.csv") { path in
      let yaml = path.replacing("answers.csv", with: "survey.yaml")
      let data = try readData(at: path, selecting: .all).dataset
      _ = try writeData(data, to: yaml, as: .surveyFile)
      let file = try readSurveyFile(at: yaml)
      #expect(file.dataFiles.map(\.path) == [path])
      let dataset = try file.dataset(from: [data])
      #expect(dataset.rowCount == data.rowCount)
      return (file, dataset, try String(contentsOfFile: yaml, encoding: .utf8))
    }
  }

  @Test("scales in their order, with their nets; what is no answer, with its reason")
  func scales() throws {
    let answers = [
      "I høj grad", "I meget ringe grad", "Delvist", "I meget høj grad", "I ringe grad",
    ]
    var text = "id;tillid;tempo;\"Hvad er \"\"vigtigst\"\" for dig?\";vaegt\n"
    for row in 0..<40 {
      let tillid = row == 7 ? "Ved ikke" : answers[row % 5]
      let important = row % 3 == 0 ? "Løn" : "\"Ro: og \"\"orden\"\"\""
      text += "\(row);\(tillid);\(answers[(row + 1) % 5]);\(important);"
      text += "0,\(row % 9 + 1)\n"
    }
    let (file, dataset, yaml) = try made(text)
    let tillid = try #require(file.variables.first { $0.variable.name == "tillid" })
    #expect(
      tillid.variable.categories.map(\.code) == [
        "I meget høj grad", "I høj grad", "Delvist", "I ringe grad", "I meget ringe grad",
        "Ved ikke",
      ])
    #expect(tillid.variable.categories.last?.missing == .dontKnow)
    #expect(
      tillid.variable.nets.map(\.codes) == [
        ["I meget høj grad", "I høj grad"], ["I ringe grad", "I meget ringe grad"],
      ])
    #expect(try dataset.shown("tillid")[7] == "(dontKnow)")
    #expect(yaml.contains("scale: degree5"))
    #expect(file.language == .da)
    #expect(file.design.weight == "vaegt")
    let important = try #require(
      file.variables.first { $0.source == "Hvad er \"vigtigst\" for dig?" })
    #expect(important.variable.name == "hvad_er_vigtigst_for_dig")
    #expect(important.variable.label[.da] == "Hvad er \"vigtigst\" for dig?")
    #expect(Set(important.variable.categories.map(\.code)) == ["Løn", "Ro: og \"orden\""])
    #expect(file.disclosure == DisclosureRules())
  }

  @Test("ticks beside each other are a multiple-response set")
  func ticks() throws {
    var text = "id,d1,d2,d3,krav[1],krav[2],krav[3]\n"
    for row in 0..<30 {
      text += "\(row),\(row % 2),\(row % 3 == 0 ? 1 : 0),\(row % 5 == 0 ? 1 : 0),"
      text += "\(row % 2 == 0 ? "Y" : ""),\(row % 3 == 0 ? "Y" : ""),\(row % 7 == 0 ? "Y" : "")\n"
    }
    let (file, _, _) = try made(text)
    #expect(file.multiResponseSets.count == 2)
    #expect(file.multiResponseSets[0].columns == ["d1", "d2", "d3"])
    #expect(file.multiResponseSets[0].selected == "1")
    #expect(file.multiResponseSets[1].selected == "Y")
  }

  @Test("every data file of the fixtures becomes a survey file that reads its data")
  func fixtures() throws {
    let files = [
      "data/api/apistrat.csv", "jobcenter-2022/answers.csv", "data/rse_survey/2018/public_data.csv",
      "data/labelled_sav/pyreadstat/sample.sav", "data/labelled_sav/pyreadstat/simple_alltypes.sav",
      "data/readstat/sample.dta", "data/xlsx/answers.xlsx",
    ]
    for name in files {
      try withFile([UInt8](), named: "survey.yaml") { (yaml: String) throws -> Void in
        let data = try readData(at: Fixture.path(name), selecting: .all).dataset
        _ = try writeData(data, to: yaml, as: .surveyFile)
        let file = try readSurveyFile(at: yaml)
        #expect(file.dataFiles[0].path == Fixture.path(name))
        let dataset = try file.dataset(from: [data])
        #expect(dataset.columns.count == data.columns.count, "\(name)")
        #expect(file.variables.map(\.source) == data.columns.map(\.name), "\(name)")
      }
    }
  }
}
