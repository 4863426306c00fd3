import SurveyData
import SurveyFiles
import Testing

@Suite("CSV headers") struct CSVHeaderTests {
  @Test("a column without a name is called by its position, with a warning")
  func emptyName() throws {
    let reading = try reading("\"\",a\n\"1\",x\n")
    #expect(reading.dataset.columns.map(\.name) == ["column 1", "a"])
    #expect(reading.warnings.count == 1 && reading.warnings[0].contains("'column 1'"))
  }

  @Test("a repeated name is numbered, with a warning")
  func duplicateNames() throws {
    let reading = try reading("a,b,a,a\n1,2,3,4\n")
    #expect(reading.dataset.columns.map(\.name) == ["a", "b", "a (2)", "a (3)"])
    #expect(reading.warnings[0].contains("'a (2)', 'a (3)'"))
    let other = try SurveyFilesTests.reading("a,b,a\n1,2,3\n", .only(["b": .asFound]))
    #expect(try texts(other, "b") == ["2"])
  }

  @Test("asking for a repeated name is an error that names both columns")
  func selectedDuplicate() throws {
    #expect(
      try message("a,b,a\n1,2,3\n".utf8, .only(["a": .asFound]))
        == "FILE:1: two columns are named 'a': columns 1 and 3. Rename one of them in the header.")
  }

  @Test("names lose byte-order marks and white space, and line breaks in them become a blank")
  func names() throws {
    let reading = try reading("\u{FEFF}\u{FEFF}\" q1 \r\n is it so?\n\";\u{A0}b \n1;2\n")
    #expect(reading.dataset.columns.map(\.name) == ["q1 is it so?", "b"])
    #expect(reading.dataset.source.place(ofRow: 0).line == 4)
  }

  @Test("a name that the file does not have is left to the dataset's error")
  func absentName() throws {
    let reading = try reading("satisfaction,b\n1,2\n", .only(["satisfactoin": .asFound]))
    #expect(reading.dataset.columns.isEmpty)
    #expect(reading.dataset.rowCount == 1)
    #expect(throws: DatasetError.self) { try reading.dataset.column("satisfactoin") }
    do {
      _ = try reading.dataset.column("satisfactoin")
    } catch {
      #expect(error.description.contains("'satisfaction'"))
    }
  }

  @Test("two header rows are joined where the second says Response")
  func twoHeaderRows() throws {
    let reading = try reading(
      """
      Respondent ID,What is your age?,Which apply?,,,Comments
      ,Response,Stress,Noise,Other (please specify),Open-Ended Response
      1,42,Stress,,,x
      2,37,,Noise,dust,
      """)
    #expect(
      reading.dataset.columns.map(\.name) == [
        "Respondent ID", "What is your age?", "Which apply?: Stress", "Which apply?: Noise",
        "Which apply?: Other (please specify)", "Comments",
      ])
    #expect(try texts(reading, "Which apply?: Noise") == ["", "Noise"])
    #expect(reading.warnings.count == 1)
    #expect(reading.dataset.source.place(ofRow: 0).line == 3)
  }

  @Test("two header rows are joined where columns hold nothing but their option")
  func twoHeaderRowsByOptions() throws {
    let reading = try reading("id;Hvilke?;\n;Stress;Støj\n1;Stress;\n2;;Støj\n3;Stress;Støj\n")
    #expect(reading.dataset.columns.map(\.name) == ["id", "Hvilke?: Stress", "Hvilke?: Støj"])
  }

  @Test("unnamed columns over answers are not taken for two header rows")
  func oneHeaderRow() throws {
    let reading = try reading("id;a;\nx;y;z\nu;y;w\n")
    #expect(reading.dataset.rowCount == 2)
    #expect(reading.dataset.columns.map(\.name) == ["id", "a", "column 3"])
  }
}
