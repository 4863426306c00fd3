import SurveyData
import SurveyFiles
import SurveyStatistics
import SurveyTables
import SurveyTestSupport
import Testing

/// Golden numbers 7, weighted, and 8: what cr.cube 3.3.9 makes of columns that share respondents and of
/// weighted columns (`fixtures/reference/crunch-cube`).
///
/// Its letters are no method of ours: in a set's columns it divides the difference of two shares by
/// the error of the difference of the columns' *sizes*, the same in every row (Decisions.md). So the
/// test holds what must agree, the shares, bases and overlaps, and its t and p made of ours.
@Suite("Bases, overlaps and shares equal cr.cube's, and give its t and p")
struct CrunchOverlapTests {
  private static let cases = [
    "sex-by-three-small", "sex-by-pets", "sex-by-drinks", "appeal-by-use",
    "two-by-four-with-missing",
  ]

  @Test("columns of a set: shares, Sa, Sb, Sab, Na, Nb, Nab", arguments: cases)
  func overlaps(name: String) throws {
    let references = try Fixture.table("reference/crunch-cube/overlaps.csv")
      .filter { $0["case"] == name }
    #expect(references.count >= 4)
    let tables = try SetTables(name)
    for reference in references {
      let (row, a, b) = (reference["row"]!, reference["from"]!, reference["to"]!)
      let place = "\(name) row \(row) \(a) \(b)"
      let shares = try (tables.share(row, a), tables.share(row, b))
      expectClose(shares.0, reference.number("shareFrom")!, relative: 1e-10, place)
      expectClose(shares.1, reference.number("shareTo")!, relative: 1e-10, place)
      let counts = try tables.counts(a, b)
      // The error of the sizes of the two columns, on everyone with an answer to either.
      let (pa, pb, pab) = (counts.sa / counts.na, counts.sb / counts.nb, counts.sab / counts.nab)
      let n = counts.na + counts.nb - counts.nab
      let variance = (pa * (1 - pa) + pb * (1 - pb) + 2 * pa * pb - 2 * pab) / n
      let t = (shares.1 - shares.0) / variance.squareRoot()
      expectClose(t, reference.number("t")!, relative: 1e-9, absolute: 1e-12, place)
      expectClose(
        StudentT.twoSidedPValue(t, degreesOfFreedom: n - 2), reference.number("p")!,
        relative: 1e-6, absolute: 1e-12, place)
    }
  }

  @Test("the published t, p and letters of cr.cube's own test, as printed")
  func published() throws {
    // test_pairwise_significance.py, test_pairwise_cat_x_mr_gender_x_all_pets_owned_with_weighted_
    // counts and test_pairwise_significance_cat_x_mr_realistic_example.
    let printed = [
      ("sex-by-pets", "1", "m1", "m2", "-2.63156", "0.01410448"),
      ("sex-by-pets", "1", "m1", "m3", "-1.76353", "0.0879948"),
      ("sex-by-pets", "1", "m2", "m3", "8.10444", "0.000000025067"),
      ("sex-by-drinks", "1", "m5", "m1", "1.00337549", "0.31647509"),
      ("sex-by-drinks", "1", "m5", "m2", "0.64382181", "0.52017481"),
      ("sex-by-drinks", "2", "m5", "m3", "-0.0773666", "0.93838264"),
      ("sex-by-drinks", "2", "m5", "m4", "1.3677023", "0.17241219"),
    ]
    let references = try Fixture.table("reference/crunch-cube/overlaps.csv")
    for (name, row, from, to, t, p) in printed {
      let line = try #require(
        references.first {
          $0["case"] == name && $0["row"] == row && $0["from"] == from && $0["to"] == to
        })
      try expectPrinted(line.number("t"), t, slack: 0.1)
      try expectPrinted(line.number("p"), p, slack: 0.1)
    }
  }

  @Test("the overlap in our letters is the number of respondents in both columns", arguments: cases)
  func overlapInLetters(name: String) throws {
    let tables = try SetTables(name)
    let table = try tables.set(letters: .ctables)
    var compared = 0
    for difference in table.differences {
      // Without a test where a share is 0 or 1.
      guard let error = difference.contrast.standardError, let row = difference.category else {
        continue
      }
      let (a, b) = (difference.from.codes[0].code, difference.to.codes[0].code)
      let (shares, counts) = try (
        (tables.share(row, a, isWeighted: false), tables.share(row, b, isWeighted: false)),
        tables.counts(a, b)
      )
      let p = (counts.sa * shares.0 + counts.sb * shares.1) / (counts.sa + counts.sb)
      // The formula of the z-test, solved for those in both.
      let overlap =
        (1 / counts.sa + 1 / counts.sb - error * error / (p * (1 - p))) * counts.sa * counts.sb / 2
      expectClose(overlap, counts.sab, relative: 1e-8, absolute: 1e-8, "\(name) \(row) \(a) \(b)")
      compared += 1
    }
    #expect(compared > 0 || name == "sex-by-three-small")
  }

  @Test("weighted Hirotsu: squared bases as published, and t, p and letters of the effective bases")
  func weightedHirotsu() throws {
    let table = try Self.weightedHirotsu()
    // Σw² of each occupation (`columns_squared_base`), as printed.
    let squaredBases = [
      "1343.11310832", "937.97855842", "5983.20458638", "2139.55397983", "4745.44814173",
      "781.77778492", "948.64653753", "2436.03936895", "674.73665951", "3524.14881987",
    ]
    func difference(_ row: String, _ from: Int, _ to: Int) throws -> Difference {
      try #require(
        table.differences.first {
          $0.category == row && $0.from.codes[0].code == "\(from)" && $0.to.codes[0].code == "\(to)"
        })
    }
    // e₁ + e₂ − 2 of three pairs give the effective base of each of the three columns.
    func effectiveBase(_ column: Int) throws -> Double {
      let others = [1, 2, 3].filter { $0 != column }.prefix(2)
      func sum(_ a: Int, _ b: Int) throws -> Double {
        try difference("1", min(a, b), max(a, b)).contrast.degreesOfFreedom + 2
      }
      return try (sum(column, others[0]) + sum(column, others[1]) - sum(others[0], others[1])) / 2
    }
    let bases = try (1...10).map(effectiveBase)
    for (column, printed) in squaredBases.enumerated() {
      let weight = try #require(table.columns[column + 1].weightedBase)
      try expectPrinted(weight * weight / bases[column], printed, slack: 0.1)
    }
    let references = try Fixture.table("reference/crunch-cube/hirotsu-weighted.csv")
    for reference in references {
      let row = try #require(table.rows.firstIndex { $0.code == reference["illness"] })
      let (from, to) = (Int(reference["from"]!)!, Int(reference["to"]!)!)
      let place = "illness \(row + 1): \(from) \(to)"
      func share(_ column: Int) throws -> Double {
        try #require(table.cells[row][column].estimates[0].value)
      }
      let p = try (share(from), share(to))
      let e = (bases[from - 1], bases[to - 1])
      let variance = p.0 * (1 - p.0) / e.0 + p.1 * (1 - p.1) / e.1
      let t = (p.1 - p.0) / variance.squareRoot()
      expectClose(t, reference.number("t")!, relative: 1e-8, absolute: 1e-10, place)
      let pValue = StudentT.twoSidedPValue(t, degreesOfFreedom: e.0 + e.1 - 2)
      expectClose(pValue, reference.number("p")!, relative: 1e-6, absolute: 1e-12, place)
      // "to" is marked with "from" where it is the larger, at 0.05.
      #expect((pValue < 0.05 && t > 0) == (reference["isMarked"] == "1"), Comment(rawValue: place))
    }
    #expect(references.count == 270)
  }

  /// Respondents with the cells' n, Σw and Σw²: a quarter of each cell weighs more than the rest.
  private static func weightedHirotsu() throws -> CrossTable {
    var (rows, columns, weights): ([Int], [Int], [Double?]) = ([], [], [])
    for cell in try Fixture.table("data/crunch-cube/hirotsu-weighted.csv") {
      let n = Int(cell["n"]!)!
      let heavy = (n + 3) / 4
      let mean = cell.number("weight")! / Double(n)
      let spread = (cell.number("squaredWeights")! / Double(n) - mean * mean).squareRoot()
      let odds = Double(n - heavy) / Double(heavy)
      rows += Array(repeating: Int(cell["illness"]!)! - 1, count: n)
      columns += Array(repeating: Int(cell["occupation"]!)! - 1, count: n)
      weights += Array(repeating: mean + spread * odds.squareRoot(), count: heavy)
      weights += Array(repeating: mean - spread / odds.squareRoot(), count: n - heavy)
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
      columns: [
        column("illness", rows, 3), column("occupation", columns, 10),
        Column(name: "w", values: .numeric(NumericColumn(weights))),
      ])
    return try ResolvedSurvey(dataset, design: DesignDescription(weight: "w")).table(
      answering: CrossTabQuestion(
        rows: "illness", banner: [["occupation"]], letters: LetterRule(method: .dimensions)))
  }
}

/// The tables of one case: its rows by the set, and by the set's variables one by one and crossed.
private struct SetTables {
  private let weighted: CrossTable
  private let unweighted: CrossTable
  private let survey: ResolvedSurvey
  private let alone: CrossTable
  private let crossed: [[String]: CrossTable]

  /// - Throws: where the fixture cannot be read.
  init(_ name: String) throws {
    var dataset = try readCSV(
      at: Fixture.path("data/crunch-cube/\(name).csv"), selecting: .all
    ).dataset
    let items = dataset.columns.map(\.name).filter { $0.hasPrefix("m") }
    let hasWeight = dataset.columns.contains { $0.name == "w" }
    dataset.codebook.multiResponseSets = [
      MultiResponseSet(name: "set", columns: items, selected: "1")
    ]
    survey = try ResolvedSurvey(dataset, design: DesignDescription())
    unweighted = try survey.table(
      answering: CrossTabQuestion(rows: "row", banner: [["set"]]))
    weighted =
      try hasWeight
      ? ResolvedSurvey(dataset, design: DesignDescription(weight: "w")).table(
        answering: CrossTabQuestion(rows: "row", banner: [["set"]])) : unweighted
    alone = try survey.table(
      answering: CrossTabQuestion(rows: "row", banner: items.map { [$0] }))
    var crossed: [[String]: CrossTable] = [:]
    for (place, a) in items.enumerated() {
      for b in items[(place + 1)...] {
        crossed[[a, b]] = try survey.table(
          answering: CrossTabQuestion(rows: "row", banner: [[a, b]]))
      }
    }
    self.crossed = crossed
  }

  func set(letters: ColumnTest) throws -> CrossTable {
    try survey.table(
      answering: CrossTabQuestion(
        rows: "row", banner: [["set"]], letters: LetterRule(method: letters)))
  }

  func share(_ row: String, _ item: String, isWeighted: Bool = true) throws -> Double {
    let table = isWeighted ? weighted : unweighted
    let line = try #require(table.rows.firstIndex { $0.code == row })
    let column = try #require(table.columns.firstIndex { $0.values.first?.code == item })
    return try #require(table.cells[line][column].estimates[0].value)
  }

  /// Respondents who chose a, b, both; who have an answer to a, b, both.
  func counts(
    _ a: String, _ b: String
  ) throws -> (sa: Double, sb: Double, sab: Double, na: Double, nb: Double, nab: Double) {
    func chose(_ item: String) throws -> Double {
      Double(
        try #require(unweighted.columns.first { $0.values.first?.code == item }?.base))
    }
    func answered(_ item: String) -> Double {
      Double(
        alone.columns.filter { $0.values.first?.column == item }
          .reduce(0) { $0 + ($1.base ?? 0) })
    }
    let both = try #require(crossed[[min(a, b), max(a, b)]])
    let chosen = both.columns.first { $0.values.map(\.code) == ["1", "1"] }?.base ?? 0
    return try (
      chose(a), chose(b), Double(chosen), answered(a), answered(b),
      Double(both.columns.dropFirst().reduce(0) { $0 + ($1.base ?? 0) })
    )
  }
}
