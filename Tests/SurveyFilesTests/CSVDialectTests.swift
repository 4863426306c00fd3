import Foundation
import SurveyData
import SurveyFiles
import Testing

@Suite("CSV dialects") struct CSVDialectTests {
  static let variants = [
    "excel_da_cp1252_semikolon.csv", "excel_da_utf8bom_semikolon.csv",
    "excel_sep_line_utf8bom.csv", "limesurvey_style_bom_allquoted_trailing_blank.csv",
    "utf8_nobom_lf_komma_quoted.csv", "excel_unicode_utf16le_tab.txt",
  ]

  static func variant(_ name: String) throws -> CSVReading {
    try readCSV(
      at: packageRoot.appending(path: "fixtures/data/danish_csv_variants/\(name)").path,
      selecting: .all)
  }

  @Test("every Danish variant gives the same table", arguments: variants)
  func sameTable(_ name: String) throws {
    let expected = try Self.variant(Self.variants[0])
    let reading = try Self.variant(name)
    #expect(
      reading.dataset.columns.map(\.name) == [
        "løbenr", "kommune", "region", "vægt", "timer", "for_meget_arbejde", "stress", "bemærkning",
      ])
    #expect(try table(reading) == table(expected))
    #expect(reading.dataset.rowCount == 196)
    #expect(reading.rows.read == 196)
    #expect(try texts(reading, "vægt").prefix(3) == ["1.9081", "0.6091", "0.6424"])
    #expect(try texts(reading, "bemærkning")[0] == "Ved ikke; \"måske\"")
    #expect(reading.dialect.decimalMark == .comma)
    #expect(reading.warnings.isEmpty)
  }

  @Test("a Danish weight read as numbers is the same in every variant", arguments: variants)
  func sameWeights(_ name: String) throws {
    let path = packageRoot.appending(path: "fixtures/data/danish_csv_variants/\(name)").path
    let reading = try readCSV(at: path, selecting: .only(["vægt": .number]))
    let weights = try #require(reading.dataset["vægt"])
    guard case .numeric(let column) = weights.values else { throw CancellationError() }
    column.withValues { values in
      #expect(values[0] == 1.9081)
      #expect(values[195] == 0.7480)
    }
    #expect(reading.dataset.columns.count == 1)
    #expect(reading.dataset.source.columnNames?.count == 8)
  }

  @Test("the line of a row counts the sep= line") func linesAfterSeparatorLine() throws {
    let reading = try reading("sep=;\na;b\n1;2\n3;4\n")
    #expect(reading.dataset.source.place(ofRow: 1).line == 4)
    #expect(reading.dialect.delimiter == ";")
  }

  @Test("a sep= line decides, whatever the rows look like") func separatorLine() throws {
    let reading = try reading("sep=|\r\na,b|c\r\n1,5|2\r\n")
    #expect(reading.dataset.columns.map(\.name) == ["a,b", "c"])
  }

  @Test(
    "the delimiter is found by the rows, quoted delimiters aside",
    arguments: [
      ("a,b,c\n1,2,3\n", ","), ("a;b\n1,5;2,5\n", ";"), ("a\tb\n1,5\tx;y\n", "\t"),
      ("a|b\n1|2\n", "|"), ("\"x, y, z\";b\n\"1,2\";2\n", ";"),
    ])
  func delimiters(_ text: String, _ delimiter: String) throws {
    #expect(try reading(text).dialect.delimiter == Character(delimiter))
  }

  @Test("a single column with decimal commas stays one column") func singleColumn() throws {
    let reading = try reading("vægt\n1,5\n0,75\n\n12\n")
    #expect(try table(reading) == [["1.5", "0.75", "", "12"]])
  }

  @Test("line feeds, carriage returns and both together end rows alike")
  func lineEnds() throws {
    let rows = ["a;b", "1;\"x\ny\"", "2;z", "3;"]
    for end in ["\n", "\r", "\r\n"] {
      let reading = try reading(rows.joined(separator: end) + end)
      #expect(try texts(reading, "b") == ["x\ny", "z", ""])
      #expect((0..<3).map { reading.dataset.source.place(ofRow: $0).line } == [2, 4, 5])
    }
  }

  @Test("Windows-1252 is taken where bytes are not UTF-8, its euro and dashes too")
  func windows1252() throws {
    let bytes: [UInt8] = Array("navn;v\n".utf8) + [0xC6, 0xF8, 0x80, 0x96] + Array(";1\n".utf8)
    try withFile(bytes) { path in
      let reading = try readCSV(at: path, selecting: .all)
      #expect(reading.dialect.encoding == .windows1252)
      #expect(try texts(reading, "navn") == ["Æø€–"])
    }
  }

  @Test("UTF-16 is read by its mark or by its zeros, either way round")
  func utf16() throws {
    let text = "navn\tby\nÆblegård 😀\tÅrhus\n"
    for isLittle in [true, false] {
      for mark in [[], [UInt16(0xFEFF)]] {
        let bytes = (mark + Array(text.utf16)).flatMap {
          isLittle ? [UInt8($0 & 255), UInt8($0 >> 8)] : [UInt8($0 >> 8), UInt8($0 & 255)]
        }
        try withFile(bytes) { path in
          let reading = try readCSV(at: path, selecting: .all)
          #expect(reading.dialect.encoding == .utf16)
          #expect(try table(reading) == [["Æblegård 😀"], ["Århus"]])
        }
      }
    }
  }

  @Test("white space and stray byte-order marks around cells are not part of them")
  func trimming() throws {
    let reading = try reading(
      "a;b\n\u{FEFF}1 (None at all);\" x \"\n 1 (None at all)\u{A0};\"\u{FEFF}x\"\n  ;\t\n")
    #expect(try texts(reading, "a") == ["1 (None at all)", "1 (None at all)", ""])
    #expect(try texts(reading, "b") == ["x", "x", ""])
  }
}
