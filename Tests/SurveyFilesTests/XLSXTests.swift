import Foundation
import SurveyData
import SurveyFiles
import SurveyTestSupport
import Testing

@Suite("Excel workbooks have the answers of the same table as CSV")
struct XLSXTests {
  private func path(_ name: String) -> String { Fixture.path("data/xlsx/\(name)") }

  @Test("as openpyxl and as Calc write them", arguments: ["answers.xlsx", "answers-calc.xlsx"])
  func answersOfSheet(_ name: String) throws {
    let expected = try readData(at: path("answers.csv"), selecting: .all).dataset
    let reading = try readData(at: path(name), selecting: .all)
    let found = reading.dataset
    #expect(found.columns.map(\.name) == expected.columns.map(\.name))
    for (a, b) in zip(found.columns, expected.columns) {
      #expect(answersWithCodes(a) == answersWithCodes(b), "\(b.name)")
    }
    #expect(reading.warnings.count == 1 && reading.warnings[0].contains("'Koder & labels'"))
    #expect(found.source.sha256?.count == 64)
    #expect(found.source.place(ofRow: 2).line == 4)
  }

  @Test("a sheet by its name or number", arguments: ["Koder & labels", "2"])
  func sheet(_ sheet: String) throws {
    var dialect = CSVDialect()
    dialect.sheet = sheet
    let found = try readData(at: path("answers.xlsx"), selecting: .all, dialect: dialect)
    #expect(found.dataset.columns.map(\.name) == ["kode", "label"])
    #expect(found.warnings.isEmpty)
    #expect(
      try columnNames(of: path("answers.xlsx"), dialect: dialect) == ["kode", "label"])
    dialect.sheet = "Ark9"
    do {
      _ = try readData(at: path("answers.xlsx"), selecting: .all, dialect: dialect)
      Issue.record("it was read")
    } catch let error as XLSXError {
      #expect(error.description.contains("'Ark9'") && error.description.contains("'Svar'"))
    }
  }

  @Test("a column that is to be numbers and holds a text names the row")
  func notNumeric() throws {
    do {
      _ = try readData(
        at: path("answers.xlsx"), selecting: .only(["åbent svar, \"frit\"": .number]))
      Issue.record("it was read")
    } catch let error as CSVError {
      #expect(error.description.contains("answers.xlsx:2:"))
    }
  }

  @Test("what is no workbook is refused")
  func otherFiles() throws {
    try withFile(Array("id,q1\n1,2\n".utf8), named: "text.xlsx") { (path: String) throws -> Void in
      #expect(throws: XLSXError.self) { _ = try readData(at: path, selecting: .all) }
    }
    #expect(throws: XLSXError.self) { _ = try readData(at: "/no/such.xlsx", selecting: .all) }
  }

  @Test("truncations are refused")
  func truncations() throws {
    let bytes = try Fixture.bytes("data/xlsx/answers.xlsx")
    try withFile([UInt8](), named: "damaged.xlsx") { (path: String) throws -> Void in
      for length in stride(from: 0, to: bytes.count, by: 61) {
        try Data(bytes.prefix(length)).write(to: URL(filePath: path), options: .atomic)
        do {
          _ = try readData(at: path, selecting: .all)
          Issue.record("\(length) bytes were read")
        } catch {
          #expect(error is any InputFault)
        }
      }
    }
  }
}
