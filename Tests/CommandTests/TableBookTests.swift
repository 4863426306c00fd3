import Foundation
import SurveyTestSupport
import Testing

/// `crosstab` and `crunch` as people run them.
@Suite("Tables and books of them")
struct TableBookTests {
  private static let survey = "fixtures/jobcenter-2022/survey.yaml"

  @Test("a workbook reads back with the numbers of the JSON book, and is the same file twice")
  func readBack() throws {
    try withFolder { folder in
      let call = [
        "crunch", Self.survey, "--items", "trust_politicians,demands", "--banner",
        "region,seniority", "--letters", "0.95,0.90", "--language", "da", "--chart",
      ]
      let path = folder.appending(path: "book.xlsx").path
      let again = folder.appending(path: "again.xlsx").path
      for path in [path, again] {
        let outcome = try runPejling(
          call + ["-o", path], directory: Fixture.packageRoot)
        #expect(outcome.status == 0, "\(outcome.stderr)")
      }
      let bytes = try Data(contentsOf: URL(filePath: path))
      #expect(try bytes == Data(contentsOf: URL(filePath: again)))
      let book = try ReadWorkbook(bytes)
      let outcome = try runPejling(call + ["--format", "json"], directory: Fixture.packageRoot)
      let tables = try #require(try json(outcome)["tables"] as? [[String: Any]])
      #expect(book.sheets.count == tables.count + 1)
      #expect(book.sheets[0].name == "Indhold")
      var compared = 0
      for (sheet, table) in zip(book.sheets.dropFirst(), tables) {
        // A label with its numbers, a line a row; the same label can stand in several sections.
        var lines: [(label: String, numbers: [Double])] = []
        for row in 1..<200 {
          guard case .text(let label)? = sheet.cells["A\(row)"] else { continue }
          // To the first empty column: what a chart reads stands beyond it.
          let letters = (0..<24).map { String(UnicodeScalar(UInt8(66 + $0))) }
          let numbers = letters.map { sheet.cells["\($0)\(row)"] }
            .prefix { $0 != nil }
            .compactMap { cell -> Double? in
              if case .number(let number)? = cell { return number }
              return nil
            }
          lines.append((label, numbers))
        }
        let estimates = try #require(table["estimates"] as? [[String: Any]])
        for (key, group) in Dictionary(
          grouping: estimates, by: { "\($0["statistic"]!)|\($0["label"]!)" })
        {
          let label = String(key.split(separator: "|")[1])
          let shown = group.compactMap { $0["estimate"] as? Double }
          #expect(
            lines.contains { $0.label == label && $0.numbers == shown }, "\(sheet.name): \(key)")
          compared += shown.count
        }
      }
      #expect(compared > 100)
      #expect(book.parts.keys.contains("xl/charts/chart1.xml"))
      #expect(book.parts["xl/worksheets/sheet2.xml"]?.contains("<pane ") == true)
    }
  }

  @Test("a published book has no more digits than it is printed with")
  func published() throws {
    let outcome = try pejling(
      "crunch", Self.survey, "--items", "trust_politicians", "--banner", "region", "--format",
      "json", "--decimals", "0")
    let book = try json(outcome)
    #expect((book["published"] as? [String: Any])?["decimals"] as? Int == 0)
    let estimates = (book["tables"] as? [[String: Any]])?.first?["estimates"] as? [[String: Any]]
    for value in (estimates ?? []).compactMap({ $0["estimate"] as? Double }) {
      #expect(abs(value * 100 - (value * 100).rounded()) < 1e-9)
    }
    let full = try json(
      pejling(
        "crunch", Self.survey, "--items", "trust_politicians", "--banner", "region", "--format",
        "json", "--full-precision"))
    #expect(full["published"] is NSNull)
  }

  @Test("labels that look like formulas or markup are text in Excel, CSV and HTML")
  func hostileLabels() throws {
    try withFolder { folder in
      let labels = ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "<script>alert(1)</script>", "a & \"b\""]
      var survey = """
        survey: "=HYPERLINK(\\"x\\")"
        language: en
        data: [{file: answers.csv}]
        variables:
          q:
            label: "=cmd|' /C calc'!A0"
            categories:

        """
      for (code, label) in labels.enumerated() {
        survey += "      \(code): \(quoted(label))\n"
      }
      survey += "  g: {label: \"<b>g</b>\", categories: {1: \"@x\", 2: \"</td>\"}}\n"
      survey += "design: {}\ndisclosure: {minimumBase: 0, minimumCount: 0}\n"
      var answers = "q,g\n"
      for row in 0..<120 { answers += "\(row % labels.count),\(1 + row % 2)\n" }
      try Data(survey.utf8).write(to: folder.appending(path: "survey.yaml"))
      try Data(answers.utf8).write(to: folder.appending(path: "answers.csv"))
      func crunch(_ format: String) throws -> Outcome {
        let outcome = try runPejling(
          ["crunch", "survey.yaml", "--items", "q", "--banner", "g", "--format", format],
          directory: folder)
        #expect(outcome.status == 0, "\(outcome.stderr)")
        return outcome
      }
      let book = try ReadWorkbook(crunch("xlsx").output)
      let cells = book.sheets.flatMap(\.cells.values)
      for case .formula(let formula) in cells { Issue.record("a formula: \(formula)") }
      for label in labels { #expect(cells.contains(.text(label)), "\(label)") }
      let html = try crunch("html").stdout
      #expect(!html.contains("<script>") && !html.contains("<b>g") && !html.contains("<th></td>"))
      #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
      let csv = try ReferenceTable.rows(of: crunch("csv").stdout)
      for label in labels.prefix(4) {
        #expect(csv.contains { $0["label"] == "'" + label }, "\(label)")
      }
      #expect(csv.allSatisfy { !$0.values.contains { $0.hasPrefix("=") || $0.hasPrefix("@") } })
    }
  }

  @Test("names that no sheet may have, long labels, line breaks and charts named like formulas")
  func hostileBook() throws {
    try withFolder { folder in
      let long = "an_item_whose_name_goes_on_and_on_for_ever"
      let names = ["a[b]:c*?/d", long + "_1", long + "_2", "LØN", "løn", "history", "x'y'"]
      let labels = [
        "=SUM(1)", String(repeating: "Et meget langt svar uden ende ", count: 40),
        "To linjer\nher", "😀 \u{1F469}\u{200D}\u{1F4BB} e\u{301}", "=\u{301}1+1", "\t=1",
        "]]><x>&amp;",
      ]
      var survey = "survey: \"=1+1\"\nlanguage: en\ndata: [{file: answers.csv}]\nvariables:\n"
      for (number, name) in names.enumerated() {
        survey += "  \(quoted(name)):\n    label: \(quoted(labels[number]))\n    categories:\n"
        for (code, label) in labels.enumerated() {
          survey += "      \(code): \(quoted(label))\n"
        }
      }
      survey += "disclosure: {minimumBase: 0, minimumCount: 0}\n"
      var answers = names.map { "\"\($0)\"" }.joined(separator: ",") + ",g\n"
      for row in 0..<140 {
        answers += names.indices.map { "\((row + $0) % labels.count)" }.joined(separator: ",")
        answers += ",\(row % 2)\n"
      }
      try Data(survey.utf8).write(to: folder.appending(path: "survey.yaml"))
      try Data(answers.utf8).write(to: folder.appending(path: "answers.csv"))
      func crunch(_ format: String) throws -> Outcome {
        let outcome = try runPejling(
          [
            "crunch", "survey.yaml", "--banner", "g,LØN", "--letters", "--chart", "--format",
            format,
          ], directory: folder)
        #expect(outcome.status == 0, "\(outcome.stderr)")
        return outcome
      }
      let book = try ReadWorkbook(crunch("xlsx").output)
      // The contents, and every item but the one of the banner.
      #expect(book.sheets.count == names.count)
      let sheetNames = book.sheets.map(\.name)
      #expect(Set(sheetNames.map { $0.lowercased() }).count == sheetNames.count)
      for name in sheetNames {
        #expect(name.utf16.count <= 31 && !name.contains { "[]:*?/\\".contains($0) }, "\(name)")
      }
      let cells = book.sheets.flatMap(\.cells.values)
      for case .formula(let formula) in cells { Issue.record("a formula: \(formula)") }
      for label in labels {
        // A tab is kept, as is every other character that XML may hold.
        #expect(cells.contains(.text(label)), "\(label)")
      }
      for (name, part) in book.parts where name.contains("charts/chart") {
        #expect(!part.contains("<c:f>SUM") && !part.contains("<c:f>1"), "\(name)")
        #expect(!part.contains("]]><x>"))
      }
      let html = try crunch("html").stdout
      #expect(!html.contains("<x>") && html.contains("]]&gt;&lt;x&gt;&amp;amp;"))
      let csv = try crunch("csv").stdout
      #expect(csv.contains("'=SUM(1)") && csv.contains("'=\u{301}1+1") && csv.contains("'\t=1"))
      #expect(!csv.contains(",=") && !csv.contains(",\"="))
      // What is printed in columns of a terminal keeps its lines.
      #expect(try crunch("markdown").stdout.contains("To linjer"))
    }
  }

  @Test("a mean for all items stands where codes measure, nested letters under their heading")
  func meansAndNestedLetters() throws {
    let book = try json(
      pejling(
        "crunch", Self.survey, "--items", "municipality,sex,stress", "--banner", "region:sex",
        "--letters", "--mean", "--format", "json", "--minimum-base", "0", "--minimum-count", "0"))
    let tables = try #require(book["tables"] as? [[String: Any]])
    let hasMean = try tables.map { table in
      try #require(table["estimates"] as? [[String: Any]])
        .contains { $0["statistic"] as? String == "mean" }
    }
    // Municipalities have codes such as 0101, sexes two.
    #expect(hasMean == [false, false, true])
    let differences = try #require(tables[2]["differences"] as? [[String: Any]])
    #expect(!differences.isEmpty)
    for difference in differences {
      let sides = ["from", "to"].map { difference[$0] as? [String: Any] }
      #expect(sides[0]?["region"] as? String == sides[1]?["region"] as? String)
      #expect(sides[0]?["sex"] as? String != sides[1]?["sex"] as? String)
    }
  }

  @Test("a plan of tables: filters, weights, nets, titles and order")
  func plan() throws {
    try withFolder { folder in
      let plan = folder.appending(path: "tables.yaml")
      try Data(
        """
        title: {da: Prøve, en: Trial}
        banner: [region]
        letters: [0.95]
        tables:
          - demands
          - item: trust_politicians
            title: Tillid
            banner: [seniority]
            where: region in (1, 2)
            nets: [high]
            weight: none
            mean: true
          - {item: demands, order: share}
        """.utf8
      ).write(to: plan)
      let outcome = try pejling(
        "crunch", Self.survey, "--tables", plan.path, "--format", "json", "--full-precision",
        "--minimum-base", "0", "--minimum-count", "0")
      #expect(outcome.status == 0, "\(outcome.stderr)")
      let tables = try #require(try json(outcome)["tables"] as? [[String: Any]])
      #expect(
        tables.map { $0["variable"] as? String } == ["demands", "trust_politicians", "demands"])
      #expect(tables[1]["title"] as? String == "Tillid")
      #expect((tables[1]["design"] as? [String: Any])?["weight"] is NSNull)
      let estimates = try #require(tables[1]["estimates"] as? [[String: Any]])
      #expect(Set(estimates.compactMap { $0["net"] as? String }) == ["high"])
      #expect(estimates.contains { $0["statistic"] as? String == "mean" })
      let sorted = try #require(tables[2]["estimates"] as? [[String: Any]])
        .filter { $0["column"] is NSNull && $0["statistic"] as? String == "columnShare" }
        .compactMap { $0["estimate"] as? Double }
      #expect(sorted == sorted.sorted(by: >))
      // The filtered table is what `share --where` says.
      let share = try json(
        shell(
          "pejling share \(Self.survey) --item trust_politicians --top high --format json "
            + "--where 'region in (1, 2)' --minimum-base 0 --minimum-count 0"))
      #expect(
        (share["rows"] as? [String: Any])?["used"] as? Int
          == (tables[1]["rows"] as? [String: Any])?["used"] as? Int)
    }
  }

  @Test(
    "a plan that does not fit says where",
    arguments: [
      ("tables: [{item: demands, baner: [region]}]\nbanner: [region]\n", ":1:26: ", "banner"),
      ("banner: [regin]\ntables: [demands]\n", ":1:10: ", "'region'"),
      (
        "banner: [region]\ntables:\n  - {item: demands, where: \"region ==\"}\n", ":3:38: ",
        "quotes"
      ),
      ("banner: [region]\ntables:\n  - {item: demands, letters: [95]}\n", ":3:31: ", "0.95"),
      ("tables: [demands]\n", ":1:10: ", "--banner"),
    ])
  func badPlans(plan: String, place: String, word: String) throws {
    try withFolder { folder in
      let path = folder.appending(path: "tables.yaml")
      try Data(plan.utf8).write(to: path)
      let outcome = try pejling("crunch", Self.survey, "--tables", path.path)
      #expect(outcome.status == 65)
      #expect(outcome.stdout.isEmpty)
      #expect(outcome.stderr.contains("tables.yaml\(place)"), "\(outcome.stderr)")
      #expect(outcome.stderr.contains(word), "\(outcome.stderr)")
    }
  }

  @Test("joined answers and rankings are sets too")
  func joinedAndRanked() throws {
    try withFolder { folder in
      try Data(
        """
        survey: Sets
        language: en
        data: [{file: answers.csv}]
        multi:
          chosen: {column: picks, separator: ";", categories: {a: Apple, b: Pear, c: Plum}}
          order:
            {columns: [first, second], ranked: true, top: 1, categories: {a: Apple, b: Pear, c: Plum}}
        design: {}
        disclosure: {minimumBase: 0, minimumCount: 0}
        """.utf8
      ).write(to: folder.appending(path: "survey.yaml"))
      try Data(
        "g,picks,first,second\n1,a;b,a,b\n1,b,b,a\n2,a,a,\n2,,,\n1,a; b,b,\n2,b,a,b\n".utf8
      ).write(to: folder.appending(path: "answers.csv"))
      func cell(_ rows: String, _ statistic: String, _ code: String) throws -> Double? {
        let outcome = try runPejling(
          ["crosstab", "survey.yaml", "--rows", rows, "--columns", "g", "--format", "json"],
          directory: folder)
        return try estimates(outcome).first {
          $0["statistic"] as? String == statistic && $0["category"] as? String == code
            && $0["column"] is NSNull
        }?["estimate"] as? Double
      }
      // Five answered; a was chosen by 3, b by 4, c by nobody, which is 7 answers.
      #expect(try cell("chosen", "columnShare", "a") == 0.6)
      #expect(try cell("chosen", "columnShare", "b") == 0.8)
      #expect(try cell("chosen", "columnShare", "c") == 0)
      expectClose(try #require(try cell("chosen", "answerShare", "a")), 3.0 / 7)
      // Five ranked; a first by 3 and second by 1; 2 points for a first place, 1 for a second.
      #expect(try cell("order", "columnShare", "a") == 0.6)
      #expect(try cell("order", "columnShare", "c") == 0)
      #expect(try cell("order", "meanRank", "a") == 1.25)
      expectClose(try #require(try cell("order", "borda", "a")), 7.0 / 5)
      expectClose(try #require(try cell("order", "meanRank", "b")), 6.0 / 4)
    }
  }

  @Test("other tables are pages and workbooks too")
  func otherTables() throws {
    for format in ["html", "xlsx"] {
      for command in [
        "share \(schools) --item stype --weight pw --by awards",
        "compare \(schools) --item awards --weight pw --by stype", "describe \(schools) stype",
      ] {
        let outcome = try shell("pejling \(command) --format \(format)")
        #expect(outcome.status == 0, "\(outcome.stderr)")
        if format == "html" {
          #expect(outcome.stdout.hasPrefix("<!DOCTYPE html>"))
        } else {
          #expect(try ReadWorkbook(outcome.output).sheets.count == 2)
        }
      }
    }
  }

  private func quoted(_ text: String) -> String {
    "\""
      + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      .replacing("\n", with: "\\n").replacing("\t", with: "\\t") + "\""
  }
}
