import SurveyData
import SurveyFiles
import Testing

@Suite("CSV in chunks") struct CSVChunkTests {
  /// A table with everything that cells can hold, and its text in a dialect.
  private static func written(
    rows: Int, seed: UInt64, delimiter: Character, lineEnd: String
  ) -> (cells: [[String]], text: String, lines: [Int]) {
    var numbers = SeededNumbers(state: seed)
    let pieces = [
      "a", "b", "æ", "🙂", "\"", "\n", "\r\n", "x y", ";", ",", "\t", "I meget høj grad", "7", "-",
    ]
    var columns = [[String]](repeating: [], count: 7)
    var text = (1...7).map { "q\($0)" }.joined(separator: String(delimiter)) + lineEnd
    var line = 2
    var lines: [Int] = []
    for row in 0..<rows {
      var free = ""
      for _ in 0..<Int.random(in: 0..<6, using: &numbers) {
        free += pieces.randomElement(using: &numbers)!
      }
      // Blanks at the ends of a cell are not kept, nor is a break that ends it.
      free = "<\(free)>"
      let cells = [
        "\(Int.random(in: 1...5, using: &numbers))", free, "\(row)",
        Int.random(in: 0..<3, using: &numbers) == 0 ? "" : "svar \(row % 400)",
        "\(Int.random(in: 0..<90_000, using: &numbers)).\(Int.random(in: 1...9, using: &numbers))",
        "0\(row % 98)", row == rows - 1 ? "sidst" : "\(row % 1000)",
      ]
      lines.append(line)
      for (column, cell) in cells.enumerated() {
        columns[column].append(cell)
        if column > 0 { text.append(delimiter) }
        let mustQuote = cell.unicodeScalars.contains {
          "\"\n\r".unicodeScalars.contains($0) || Character($0) == delimiter
        }
        if mustQuote || Int.random(in: 0..<4, using: &numbers) == 0 {
          text += "\"" + cell.replacing("\"", with: "\"\"") + "\""
        } else {
          text += cell
        }
      }
      text += lineEnd
      line += 1 + cells[1].unicodeScalars.count { $0 == "\n" }
    }
    return (columns, text, lines)
  }

  @Test(
    "random tables written in any dialect are read back, whatever the chunks and threads",
    arguments: [(",", "\n"), (";", "\r\n"), ("\t", "\r"), ("|", "\n")])
  func roundTrip(_ delimiter: String, _ lineEnd: String) throws {
    for seed in UInt64(1)...3 {
      let (cells, text, lines) = Self.written(
        rows: 900, seed: seed, delimiter: Character(delimiter), lineEnd: lineEnd)
      try withFile(text.utf8) { path in
        var dialect = CSVDialect()
        dialect.delimiter = Character(delimiter)
        let whole = try readCSV(
          at: path, selecting: .all, dialect: dialect, chunkBytes: 1 << 24, lanes: 1)
        for column in 0..<7 {
          #expect(try texts(whole, "q\(column + 1)") == cells[column])
        }
        #expect((0..<900).map { whole.dataset.source.place(ofRow: $0).line } == lines)
        for (chunkBytes, lanes) in [(100, 3), (777, 1), (4096, 2), (1 << 24, 4)] {
          let parts = try readCSV(
            at: path, selecting: .all, dialect: dialect, chunkBytes: chunkBytes, lanes: lanes)
          #expect(try table(parts) == table(whole))
          #expect(try codes(parts, "q4") == codes(whole, "q4"))
          #expect((0..<900).map { parts.dataset.source.place(ofRow: $0).line } == lines)
          #expect(parts.dataset.source.sha256 == whole.dataset.source.sha256)
          let some = try readCSV(
            at: path, selecting: .only(["q2": .category, "q5": .number]), dialect: dialect,
            chunkBytes: chunkBytes, lanes: lanes)
          #expect(try texts(some, "q2") == cells[1])
          #expect(try texts(some, "q5") == texts(whole, "q5"))
        }
      }
    }
  }

  @Test("the first fault of a file is reported, whatever the chunks and threads")
  func sameFaults() throws {
    var rows = (0..<2000).map { "\($0);svar \($0 % 7);\"\n\"" }
    rows[1500] = "1500;x"
    rows[1700] = "1700;x"
    let text = "a;b;c\n" + rows.joined(separator: "\n") + "\n"
    try withFile(text.utf8) { path in
      for chunkBytes in [200, 3000, 1 << 20] {
        do {
          _ = try readCSV(
            at: path, selecting: .all, dialect: CSVDialect(), chunkBytes: chunkBytes, lanes: 2)
          Issue.record("read")
        } catch {
          #expect("\(error)".hasPrefix("\(path):3002: the row has 2 cells"))
        }
      }
    }
  }

  @Test("text late in a large column of numbers is found with its line")
  func lateText() throws {
    var rows = (0..<3000).map { "\($0);\(Double($0) / 8)" }
    rows[2900] = "2900;many"
    rows[2950] = "2950;more"
    try withFile(("a;b\n" + rows.joined(separator: "\n")).utf8) { path in
      do {
        _ = try readCSV(
          at: path, selecting: .only(["b": .number]), dialect: CSVDialect(), chunkBytes: 500,
          lanes: 2)
        Issue.record("read")
      } catch {
        #expect("\(error)".hasPrefix("\(path):2902: column 'b' holds 'many'"))
      }
    }
  }

  @Test("the hash is SHA-256 of the file's bytes")
  func hash() throws {
    let reading = try reading("a,b\n1,2\n")
    // printf 'a,b\n1,2\n' | sha256sum
    #expect(
      reading.dataset.source.sha256
        == "492d5ea496056f1a6a6592241032fab764c321596317930b4fa0e1e8bc3b7470")
  }
}
