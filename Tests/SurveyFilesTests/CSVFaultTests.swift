import Foundation
import SurveyData
import SurveyFiles
import Testing

@Suite("CSV faults") struct CSVFaultTests {
  @Test(
    "a malformed file gets a sentence with its place",
    arguments: [
      (
        "",
        "FILE: the file is empty. A header line with column names and at least one row are needed."
      ),
      (
        "\n\r\n  \n",
        "FILE: the file is empty. A header line with column names and at least one row are needed."
      ),
      (
        "a;b\n",
        "FILE: the file has a header of 2 columns but no rows. Export it again with the answers."
      ),
      (
        "a;b\n1;2\n3\n5;6\n",
        "FILE:3: the row has 1 cell, but the header has 2. Correct the row, or let such rows be refused with --max-bad-rows."
      ),
      (
        "a;b\n1;\"x\ny\"\n3;4;5\n",
        "FILE:4: the row has 3 cells, but the header has 2. Correct the row, or let such rows be refused with --max-bad-rows."
      ),
      (
        "a;b\n1;2\n\n5;6\n",
        "FILE:3: an empty line stands between rows. Remove the line, or let such rows be refused with --max-bad-rows."
      ),
      (
        "a;b\n1;\"x\n2;y\n",
        "FILE:2: the quotation mark that opens on this line is never closed. Close it, or double it (\"\") where it belongs to the text."
      ),
      (
        "a;b\n1;\"x\n2;\"y\"\n",
        "FILE:2: the quotation mark that opens on this line is never closed. Close it, or double it (\"\") where it belongs to the text."
      ),
      (
        "a;\"b\n1;2\n",
        "FILE:1: the quotation mark that opens on this line is never closed. Close it, or double it (\"\") where it belongs to the text."
      ),
      (
        "a;b\n1;2\n2;5\" pipe\n3;\n",
        "FILE:3: a quotation mark stands inside the cell '5\" pipe'. Put the whole cell in quotation marks and double the marks inside it."
      ),
      (
        "a;b\n1;\"x\"y\n",
        "FILE:2: a quotation mark stands inside the cell '\"x\"y'. Put the whole cell in quotation marks and double the marks inside it."
      ),
    ])
  func malformed(_ text: String, _ expected: String) throws {
    #expect(try message(text.utf8) == expected)
  }

  @Test("invalid UTF-8 is an error with line, column and byte where UTF-8 was asked for")
  func invalidUTF8() throws {
    var dialect = CSVDialect()
    dialect.encoding = .utf8
    let bytes = Array("a;b\n1;æ".utf8) + [0xF8] + Array("\n".utf8)
    #expect(
      try message(bytes, .all, dialect)
        == "FILE:2:4: byte 0xF8 is not valid utf-8. Leave the encoding to be detected, or name it with --encoding windows-1252."
    )
  }

  @Test("a binary file is told from text, and a workbook is called one")
  func binary() throws {
    let workbook = Array("PK\u{3}\u{4}".utf8) + [20, 0, 6, 0, 8, 0, 0xFF, 0xFE]
    #expect(
      try message(workbook)
        == "FILE: the file is binary, not text (byte 6); it looks like an Excel workbook (.xlsx) or another zip file. Save it as CSV."
    )
    #expect(try message(Array("a;b\n1;".utf8) + [0x81, 10])?.contains("binary") == true)
  }

  @Test("a file that is not there, or is a folder, is an input fault")
  func missing() throws {
    do {
      _ = try readCSV(at: "/no/such/file.csv", selecting: .all)
      Issue.record("read")
    } catch {
      #expect(error.description == "/no/such/file.csv: there is no such file.")
      #expect(error.fault == .input)
    }
    let folder = FileManager.default.temporaryDirectory.path
    do {
      _ = try readCSV(at: folder, selecting: .all)
      Issue.record("read")
    } catch {
      #expect(
        error.description == "\(folder): the file cannot be read: it is a folder, not a file.")
      #expect(error.fault == .input)
    }
  }

  @Test(
    "a delimiter that cannot separate cells is a usage fault", arguments: ["\"", "\n", " ", "æ"])
  func unusableDelimiter(_ delimiter: String) throws {
    var dialect = CSVDialect()
    dialect.delimiter = Character(delimiter)
    #expect(try message("a;b\n1;2\n".utf8, .all, dialect)?.contains("--delimiter") == true)
  }

  @Test("bad rows are refused up to the number allowed, and accounted for")
  func refusedRows() throws {
    var dialect = CSVDialect()
    dialect.maximumBadRows = 2
    let text = "a;b\n1;2\n3\n4;5\n6;7;8\n9;10\n"
    let reading = try reading(text, .all, dialect)
    #expect(try table(reading) == [["1", "4", "9"], ["2", "5", "10"]])
    #expect(reading.rows.read == 5 && reading.rows.kept == 3)
    #expect(
      reading.rows.refused.map(\.description) == [
        "line 3: 1 cell where the header has 2", "line 5: 3 cells where the header has 2",
      ])
    #expect((0..<3).map { reading.dataset.source.place(ofRow: $0).line } == [2, 4, 6])
    dialect.maximumBadRows = 1
    #expect(
      try message(text.utf8, .all, dialect)
        == "FILE:3: more than 1 bad row: line 3: 1 cell where the header has 2; line 5: 3 cells where the header has 2. Correct them, or allow more with --max-bad-rows."
    )
  }

  @Test("every truncation of a small file is read or refused")
  func truncations() throws {
    let texts = [
      "\u{FEFF}sep=;\r\n\"q \"\"1\"\"\";vægt;\"b\r\nc\"\r\n1;1,5;\"x;\ny\"\r\n2;1.234,5;\"\"\r\n;;\r\n",
      "id,What?,,Age\n,A,B,Response\n1,A,,42\n2,,\"B\",1e3\n",
    ]
    for text in texts {
      let utf16: [UInt8] =
        [0xFF, 0xFE] + text.utf16.flatMap { unit in [UInt8(unit & 255), UInt8(unit >> 8)] }
      for bytes in [Array(text.utf8), utf16] {
        for length in 0...bytes.count { _ = try message(bytes.prefix(length)) }
      }
    }
  }

  @Test("seeded changes of a small file are read or refused")
  func mutations() throws {
    let original = Array(
      "a;vægt;c;d\n1;1,5;\"x;\ny\";\n2;12.500;\"\"\"q\"\"\";z\n3;0,75;;7\n4;-1e-3; \"t\" ;8\n".utf8)
    let interesting = Array("\"\";;,,\n\r\t.0159-e".utf8) + [0, 0x81, 0xC3, 0xA6, 0xEF, 0xFF]
    var numbers = SeededNumbers(state: 20)
    for _ in 0..<3000 {
      var bytes = original
      for _ in 0...Int.random(in: 0..<4, using: &numbers) {
        let position = Int.random(in: 0..<bytes.count, using: &numbers)
        switch Int.random(in: 0..<3, using: &numbers) {
        case 0: bytes[position] = interesting.randomElement(using: &numbers)!
        case 1: bytes.insert(interesting.randomElement(using: &numbers)!, at: position)
        default: bytes.remove(at: position)
        }
      }
      _ = try message(bytes)
      _ = try message(bytes, .only(["c": .category, "vægt": .number]))
    }
  }
}
