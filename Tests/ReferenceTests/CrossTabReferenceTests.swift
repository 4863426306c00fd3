import SurveyData
import SurveyFiles
import SurveyStatistics
import SurveyTables
import SurveyTestSupport
import Testing

/// Cross-tables held against R survey 4.1 (`crosstab.R`, `contrasts.R`) and published letters.
@Suite("Cross-tables equal R survey 4.1 and published letters")
struct CrossTabReferenceTests {
  @Test("row, column and total shares and their errors to 1e-8")
  func shares() throws {
    var tables: [String: CrossTable] = [:]
    var count = 0
    for reference in try ReferenceCase.all(in: "crosstab.csv") {
      let row = reference.row
      guard
        let percent = CrossTabQuestion.Percent.allCases.first(where: { $0.statistic == row["kind"] }
        )
      else { continue }
      let key = reference.designKey + row["rows"]! + row["columns"]!
      let table =
        try tables[key]
        ?? reference.survey().table(
          answering: CrossTabQuestion(
            rows: row["rows"]!, banner: [row["columns"]!.split(separator: ":").map(String.init)],
            percents: CrossTabQuestion.Percent.allCases))
      tables[key] = table
      let place = "\(key) \(row["kind"]!) \(row["row"]!) \(row["column"]!)"
      let line = try #require(
        table.rows.firstIndex { $0.code == row["row"] }, Comment(rawValue: place))
      let column = try #require(
        table.columns.firstIndex { $0.values.map(\.code).joined(separator: ":") == row["column"] },
        Comment(rawValue: place))
      let estimate = table.cells[line][column].estimates[
        CrossTabQuestion.Percent.allCases.firstIndex(of: percent)!]
      expectClose(
        try #require(estimate.value), row.number("estimate")!, relative: 1e-8, absolute: 1e-10,
        place)
      // R gives 0 for the error of one PSU; we give none.
      if estimate.caveats.contains(.onePSU) { continue }
      expectClose(
        try #require(estimate.standardError), row.number("se")!, relative: 1e-8, absolute: 1e-10,
        place)
      count += 1
    }
    #expect(count > 250)
  }

  @Test("differences between columns equal svycontrast on svyby(covmat = TRUE) to 1e-8")
  func differences() throws {
    var tables: [String: CrossTable] = [:]
    var count = 0
    for reference in try ReferenceCase.all(in: "contrasts.csv") {
      let row = reference.row
      guard row["statistic"] == "share", row["top"] == "", row["by"] != "", row["value"] == "",
        row["from"] != "total"
      else { continue }
      let against: LetterRule.Against = row["from"] == "rest" ? .rest : .pairs
      let question = CrossTabQuestion(
        rows: row["item"]!, banner: [row["by"]!.split(separator: ":").map(String.init)],
        where: try row["where"]!.isEmpty ? nil : Expression(row["where"]!),
        letters: LetterRule(against: against), inference: reference.inference)
      let key = "\(reference.designKey)|\(reference.name)|\(against)"
      let table = try tables[key] ?? reference.survey().table(answering: question)
      tables[key] = table
      func codes(_ side: Difference.Side) -> String {
        side.codes.map(\.code).joined(separator: ":")
      }
      let place = "\(key) \(row["category"]!) \(row["from"]!) \(row["to"]!)"
      let contrast = try #require(
        table.differences.first {
          $0.category == row["category"] && codes($0.to) == row["to"]
            && (against == .rest || codes($0.from) == row["from"])
        }, Comment(rawValue: place)
      ).contrast
      if contrast.caveats == [.onePSU] { continue }
      for (column, ours) in [
        ("estimate", contrast.estimate), ("se", contrast.standardError), ("p", contrast.pValue),
      ] {
        guard let theirs = row.number(column), !theirs.isNaN, let ours else { continue }
        expectClose(ours, theirs, relative: 1e-8, absolute: 1e-10, "\(place) \(column)")
      }
      count += 1
    }
    #expect(count > 75)
  }

  @Test("differences between columns that share respondents equal R's by influence functions")
  func overlap() throws {
    var count = 0
    for reference in try ReferenceCase.all(in: "crosstab.csv")
    where reference.row["kind"] == "overlap" {
      let row = reference.row
      let columns = row["columns"]!.split(separator: "+").map(String.init)
      let table = try reference.survey(with: columns).table(
        answering: CrossTabQuestion(rows: row["rows"]!, banner: [["set"]], letters: LetterRule()))
      let place = "\(reference.designKey) \(row["column"]!) \(row["to"]!)"
      let contrast = try #require(
        table.differences.first {
          $0.category == row["row"] && $0.from.codes.map(\.code) == [row["column"]!]
            && $0.to.codes.map(\.code) == [row["to"]!]
        }, Comment(rawValue: place)
      ).contrast
      expectClose(
        contrast.estimate!, row.number("estimate")!, relative: 1e-8, absolute: 1e-10, place)
      // The same respondents in both: no difference, and nothing to test.
      if row.number("se")! < 1e-12 {
        #expect(contrast.standardError == 0 && contrast.pValue == nil, Comment(rawValue: place))
      } else {
        let error = try #require(contrast.standardError, Comment(rawValue: place))
        expectClose(error, row.number("se")!, relative: 1e-8, place)
        let pValue = try #require(contrast.pValue, Comment(rawValue: place))
        expectClose(pValue, row.number("p")!, relative: 1e-8, place)
      }
      count += 1
    }
    #expect(count == 24)
  }

  @Test("ctables: the z of a pair of columns is the root of prop.test's X2, unweighted")
  func pooled() throws {
    var count = 0
    for reference in try ReferenceCase.all(in: "crosstab.csv")
    where reference.row["kind"] == "pooled" {
      let row = reference.row
      let table = try reference.survey().table(
        answering: CrossTabQuestion(
          rows: row["rows"]!, banner: [[row["columns"]!]],
          letters: LetterRule(method: .ctables)))
      let contrast = try #require(
        table.differences.first {
          $0.category == row["row"] && $0.from.codes[0].code == row["column"]
            && $0.to.codes[0].code == row["to"]
        }
      ).contrast
      expectClose(contrast.estimate!, row.number("estimate")!, relative: 1e-8)
      expectClose(contrast.standardError!, row.number("se")!, relative: 1e-8)
      expectClose(contrast.pValue!, row.number("p")!, relative: 1e-8)
      count += 1
    }
    #expect(count == 6)
  }

  /// Golden number 7: Hirotsu's occupations by illness, as published with cr.cube
  /// (`cat-x-cat-pw-idxs.py`): column percents at 0.05, the larger column gets the smaller's letter.
  @Test("Hirotsu's letters")
  func hirotsu() throws {
    let letters: [[String]] = [
      ["B", "", ""], ["C", "", ""], ["B C", "", ""], ["", "A", ""], ["", "A", "A"], ["", "", ""],
      ["", "", ""], ["", "", ""], ["", "", ""], ["", "A", "A"],
    ]
    let table = try Self.hirotsuTable(.design)
    for (row, expected) in letters.enumerated() {
      #expect(
        table.cells[row].dropFirst().map { $0.marks.map(\.text).sorted().joined(separator: " ") }
          == expected, "row \(row + 1)")
    }
  }

  @Test("ctables: the z of Hirotsu's columns is the root of PSPP's chi-square, as printed")
  func pspp() throws {
    let table = try Self.hirotsuTable(.ctables)
    let references = try Fixture.table("reference/pspp-1.6/hirotsu.csv")
    for reference in references {
      let contrast = try #require(
        table.differences.first {
          $0.category == reference["row"] && $0.from.codes[0].code == reference["from"]
            && $0.to.codes[0].code == reference["to"]
        }
      ).contrast
      let z = try #require(contrast.statistic)
      expectClose(z * z, reference.number("chiSquare")!, relative: 0, absolute: 0.00501)
      // A letter where chi-square is beyond 3.84, in the column that is larger: row 6 too, where the
      // unpooled test that was published has none.
      let row = Int(reference["row"]!)! - 1
      let (larger, smaller) =
        contrast.estimate! > 0
        ? (reference["to"]!, reference["from"]!) : (reference["from"]!, reference["to"]!)
      let letter = ["A", "B", "C"][Int(smaller)! - 1]
      #expect(
        table.cells[row][Int(larger)!].marks.contains { $0.text == letter }
          == (reference.number("chiSquare")! > 3.8415))
    }
    #expect(references.count == 30)
  }

  private static func hirotsuTable(_ method: ColumnTest) throws -> CrossTable {
    let counts = [
      [148, 444, 86], [111, 352, 49], [645, 1911, 328], [165, 771, 119], [383, 1829, 311],
      [96, 293, 47], [98, 330, 58], [199, 874, 155], [59, 199, 30], [262, 1320, 236],
    ]
    var rows: [Int] = []
    var columns: [Int] = []
    for (row, line) in counts.enumerated() {
      for (column, count) in line.enumerated() {
        rows += Array(repeating: row, count: count)
        columns += Array(repeating: column, count: count)
      }
    }
    func column(_ name: String, _ indices: [Int], _ count: Int) -> Column {
      Column(
        name: name,
        values: .categorical(
          CategoricalColumn(
            categories: (0..<count).map { Category(code: "\($0 + 1)") }, indices: indices)))
    }
    let dataset = Dataset(
      rowCount: rows.count,
      columns: [column("occupation", rows, 10), column("illness", columns, 3)])
    let survey = try ResolvedSurvey(dataset, design: DesignDescription())
    return try survey.table(
      answering: CrossTabQuestion(
        rows: "occupation", banner: [["illness"]], letters: LetterRule(method: method)))
  }
}

extension ReferenceCase {
  /// The survey with a set of several answers, one a column, "Yes" for chosen.
  fileprivate func survey(with columns: [String]) throws -> ResolvedSurvey {
    let plain = try survey()
    var dataset = plain.dataset
    dataset.codebook.multiResponseSets = [
      MultiResponseSet(name: "set", columns: columns, selected: "Yes")
    ]
    return try ResolvedSurvey(dataset, design: plain.design.description)
  }
}
