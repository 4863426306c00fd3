import SurveyData
import SurveyFiles
import Testing

/// Short cells without quotation marks have loops of their own; a cell in quotation marks has not.
@Suite("Short cells of CSV read as the same cells in quotation marks do") struct CSVShortCellTests {
  private static let numbers = [
    "0", "7", "-7", "+7", "-0", "00", "007", "-007", "0.5", "-0.5", "00.5", ".5", "5.", "-", "-.5",
    "1.25",
    "1234567", "12345678", "123456789", "-12345678", "-123456789", "1234567.8", "123456.78",
    "12345678.9",
    "0.000001", "1e5", "1E-2", "12e", "1.2345", "12.345", "0.123", "1234.567", "-12.345", "1 2",
    " 7", "7 ",
    " 7 ", "", " ", "x", "1x", "/5", ":5", "3:", "1.2.3", "1..2", "99999999", "9007199", "æ", "1æ",
    "\t8",
  ]

  /// A file of a column of cells, each followed by another; quoted or not, with a line end.
  private func text(_ cells: [String], isQuoted: Bool, _ lineEnd: String, endsLine: Bool) -> String
  {
    let rows = cells.map { cell in isQuoted ? "\"\(cell)\";\"n\";\"\(cell)\"" : "\(cell);n;\(cell)"
    }
    return (["a;b;c"] + rows).joined(separator: lineEnd) + (endsLine ? lineEnd : "")
  }

  private func outcome(
    _ text: String, _ role: ColumnRole, _ mark: DecimalMark?, chunkBytes: Int?
  ) throws -> [String] {
    var dialect = CSVDialect()
    dialect.delimiter = ";"
    dialect.decimalMark = mark
    return try withFile(text.utf8) { path in
      do throws(CSVError) {
        let reading = try readCSV(
          at: path, selecting: .only(["a": role, "c": role]), dialect: dialect,
          chunkBytes: chunkBytes, lanes: 2)
        return try! texts(reading, "a") + ["|"] + texts(reading, "c")
      } catch {
        return [error.description.replacing(path, with: "FILE")]
      }
    }
  }

  @Test(
    "numbers, in every role and with either decimal mark",
    arguments: [nil, DecimalMark.point, .comma], [ColumnRole.number, .category, .asFound])
  func numbers(_ mark: DecimalMark?, _ role: ColumnRole) throws {
    for cell in Self.numbers {
      let cell = mark == .comma ? cell.replacing(".", with: ",") : cell
      let decimal = mark == .comma ? "0,5" : "0.5"
      for cells in [[cell, decimal], [decimal, "3", cell, "", cell, decimal]] {
        let plain = text(cells, isQuoted: false, "\n", endsLine: true)
        let quoted = text(cells, isQuoted: true, "\n", endsLine: true)
        #expect(
          try outcome(plain, role, mark, chunkBytes: nil)
            == outcome(quoted, role, mark, chunkBytes: nil), "\(cells)")
      }
    }
  }

  @Test(
    "tables of all sorts, whatever the line ends and the chunks",
    arguments: ["\n", "\r\n", "\r"], [true, false])
  func tables(_ lineEnd: String, _ endsLine: Bool) throws {
    var generator = SeededNumbers(state: 3)
    let codes = [
      "1", "2", "3", "8", "", "9", "10", "x", "ja", "nej", "Ø", " ", "i høj grad", "12345678",
    ]
    for sort in [codes, Array(codes.prefix(4)), Array(codes.prefix(5)), Array(codes.prefix(7))] {
      var cells = (0..<700).map { _ in sort.randomElement(using: &generator)! }
      cells.append("1")
      let expected = try outcome(
        text(cells, isQuoted: true, "\n", endsLine: true), .category, nil, chunkBytes: 1 << 20)
      for chunkBytes in [100, 1000, 1 << 20] {
        let found = try outcome(
          text(cells, isQuoted: false, lineEnd, endsLine: endsLine), .category, nil,
          chunkBytes: chunkBytes)
        #expect(found == expected)
      }
    }
  }

  @Test("numbers of all sorts are the nearest doubles, whatever the chunks")
  func manyNumbers() throws {
    var generator = SeededNumbers(state: 9)
    let cells = (0..<3000).map { row -> String in
      let whole = Int.random(
        in: 0..<[10, 1000, 10_000_000, 100_000_000][row % 4], using: &generator)
      let decimals = ["", ".5", ".25", ".1234", ".00001"].randomElement(using: &generator)!
      return (row % 7 == 0 ? "-" : "") + "\(whole)" + decimals
    }
    for chunkBytes in [100, 4096, 1 << 20] {
      let found = try outcome(
        text(cells, isQuoted: false, "\n", endsLine: false), .number, .point,
        chunkBytes: chunkBytes)
      let expected = cells.map { shortestText(Double($0)!) }
      #expect(found == expected + ["|"] + expected)
    }
  }

  @Test("rows that are refused leave the others where they belong")
  func refusedRows() throws {
    var dialect = CSVDialect()
    dialect.maximumBadRows = 100
    let rows = (0..<2000).map { row in
      row % 97 == 5 ? "\(row),2" : row % 301 == 7 ? "" : "\(row),\(row % 7),\"\(row % 3)\n\""
    }
    let good = (0..<2000).filter { $0 % 97 != 5 && $0 % 301 != 7 }
    try withFile((["id,q,t"] + rows).joined(separator: "\n").utf8) { path in
      for chunkBytes in [64, 700, 1 << 20] {
        let reading = try readCSV(
          at: path, selecting: .all, dialect: dialect, chunkBytes: chunkBytes, lanes: 2)
        #expect(reading.rows.refused.count == rows.count - good.count)
        #expect(try texts(reading, "id") == good.map(String.init))
        #expect(try texts(reading, "q") == good.map { "\($0 % 7)" })
      }
    }
  }
}
