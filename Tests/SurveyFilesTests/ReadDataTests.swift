import SurveyData
import SurveyFiles
import SurveyTestSupport
import Testing

@Suite("SAV and others: a data file is read by its suffix")
struct ReadDataTests {
  @Test("portable SPSS has the answers of the same file as .sav")
  func portable() throws {
    let folder = Fixture.path("data/labelled_sav/pyreadstat")
    let por = try readData(at: folder + "/sample.por", selecting: .all).dataset
    let sav = try readData(at: folder + "/sample.sav", selecting: .all).dataset
    let zsav = try readData(at: folder + "/sample.zsav", selecting: .all).dataset
    #expect(sav.columns.map(answers) == zsav.columns.map(answers))
    #expect(por.columns.map { $0.name.lowercased() } == sav.columns.map { $0.name.lowercased() })
    #expect(por.columns.map(answers) == sav.columns.map(answers))
  }

  @Test("Stata's missing values with a letter have the reasons of their labels")
  func stata() throws {
    let found = try readData(at: Fixture.path("data/readstat/sample.dta"), selecting: .all).dataset
    #expect(found.columns.map(\.name) == ["q1", "town", "day", "weight"])
    #expect(
      answers(try found.column("q1"))
        == ["1", "2", ".a (dontKnow)", ".b (unspecified)", " (noAnswer)"])
    #expect(answers(try found.column("town"))[1...2] == ["København", " (noAnswer)"])
    #expect(
      answers(try found.column("day"))
        == ["2018-05-06", "1959-12-31", " (noAnswer)", "2024-02-29", "1960-01-01"])
    #expect(found.codebook.label(of: "1", in: "q1", language: .da) == "Ja")
    #expect(found.codebook.label(of: "weight", language: .da) == "Vægt")
    let number = try readData(
      at: Fixture.path("data/readstat/sample.dta"), selecting: .only(["q1": .number])
    ).dataset
    #expect(
      answers(try number.column("q1"))
        == ["1", "2", "(dontKnow)", "(unspecified)", "(noAnswer)"])
  }

  @Test("SAS transport files")
  func transport() throws {
    let found = try readData(at: Fixture.path("data/readstat/sample.xpt"), selecting: .all).dataset
    #expect(answers(try found.column("weight")) == ["0.5", "1.25", "1", "2", "0.75"])
    #expect(answers(try found.column("day"))[3] == "2024-02-29")
    #expect(answers(try found.column("town"))[1] == "Kbh")
  }

  @Test("SAS data files")
  func sas() throws {
    let found = try readData(
      at: Fixture.path("data/readstat/sample.sas7bdat"), selecting: .all
    ).dataset
    #expect(answers(try found.column("q1")) == ["1", "2", "2.5", " (noAnswer)"])
    #expect(answers(try found.column("town")) == ["Kbh", "Aarhus", " (noAnswer)", "Odense"])
    #expect(
      answers(try found.column("day"))
        == ["2018-05-06", "1960-01-01", "1959-12-31", " (noAnswer)"])
    #expect(found.codebook.label(of: "q1", language: .da) == "Har du tillid?")
  }

  @Test("an unknown suffix is an error that lists the known ones")
  func unknownSuffix() throws {
    try withFile(Array("id,q1".utf8), named: "answers.doc") { (path: String) throws -> Void in
      do {
        _ = try readData(at: path, selecting: .all)
        Issue.record("it was read")
      } catch let error as UnknownDataFormat {
        #expect(
          error.description == "\(path): the suffix names no format of data. Pejling reads "
            + ".csv, .tsv, .txt, .xlsx, .sav, .zsav, .por, .dta, .sas7bdat, .xpt and .pejl.")
      }
    }
  }

  @Test("a damaged file of another format is refused with ReadStat's reason")
  func damaged() throws {
    for suffix in ["por", "dta", "sas7bdat", "xpt"] {
      try withFile(Array("no such thing".utf8), named: "damaged.\(suffix)") {
        (path: String) throws -> Void in
        #expect(throws: ReadStatError.self) { _ = try readData(at: path, selecting: .all) }
      }
    }
  }

  @Test("a survey file's labels stand over those of the data, which fill in the rest")
  func merging() throws {
    var sample = SAVSample()
    sample.items = [.init(name: "q1", label: "Spørgsmål"), .init(name: "q2", label: "Andet")]
    sample.labels = [
      ([(.number(1), "Ja"), (.number(2), "Nej"), (.number(9), "Ved ikke")], [0, 1])
    ]
    sample.items[0].missing = [.number(9)]
    sample.items[0].missingCount = 1
    sample.information = [
      (20, 1, Array("UTF-8".utf8)), (7, 1, Array("$both=D1 1 5 Begge q1 q2\n".utf8)),
    ]
    sample.rows = [[.number(1), .number(2)], [.number(9), .number(1)]]
    try withFile(sample.bytes, named: "sample.sav") { (path: String) throws -> Void in
      let part = try readData(at: path, selecting: .all).dataset
      var file = SurveyFile(
        path: "survey.yaml", title: LocalizedText("En"),
        dataFiles: [SurveyDataFile(path: path, place: SourcePlace(file: "survey.yaml"))])
      file.variables = [
        SurveyVariable(
          Variable(name: "tilfreds", label: LocalizedText("Tilfreds?")), source: "q1",
          place: SourcePlace(file: "survey.yaml"))
      ]
      let dataset = try file.dataset(from: [part])
      #expect(dataset.columns.map(\.name) == ["tilfreds", "q2"])
      #expect(dataset.codebook.label(of: "tilfreds", language: .da) == "Tilfreds?")
      #expect(dataset.codebook.label(of: "1", in: "tilfreds", language: .da) == "Ja")
      #expect(dataset.codebook.label(of: "q2", language: .da) == "Andet")
      #expect(answers(try dataset.column("tilfreds")) == ["1", "9 (dontKnow)"])
      #expect(dataset.codebook.multiResponseSets.map(\.columns) == [["tilfreds", "q2"]])
    }
  }
}
