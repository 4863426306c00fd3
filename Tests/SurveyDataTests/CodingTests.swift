import SurveyData
import Testing

@Suite("Codes under a codebook, and codes declared missing")
struct CodingTests {
  private let dataset = Dataset(
    rowCount: 6,
    columns: [
      Column(
        name: "q",
        values: .categorical(
          CategoricalColumn(
            categories: [
              SurveyData.Category(code: "2"), SurveyData.Category(code: "7"),
              SurveyData.Category(code: "9"), SurveyData.Category(code: "", missing: .noAnswer),
            ], indices: [0, 1, 2, 3, 0, 2]))),
      Column(name: "x", values: .numeric(NumericColumn([1.5, 9, nil, 8, 9, 2]))),
    ])

  private func categories(_ dataset: Dataset, _ name: String) throws -> CategoricalColumn {
    guard case .categorical(let column) = try dataset.column(name).values else {
      throw DatasetError.noSuchColumn(name, nearest: nil, file: "")
    }
    return column
  }

  private func codes(_ column: CategoricalColumn) -> [String] {
    (0..<column.rowCount).map { column.categories[column.index(at: $0)].code }
  }

  @Test("the codebook's order holds, with categories that nobody chose, unknown codes after them")
  func scale() throws {
    let codebook = Codebook(variables: [
      "q": Variable(
        name: "q",
        categories: [
          .init(code: "3", label: LocalizedText("three")),
          .init(code: "2", label: LocalizedText("two")),
          .init(code: "9", label: LocalizedText("don't know"), missing: .dontKnow),
        ])
    ])
    let coded = try dataset.coded(by: codebook)
    let column = try categories(coded, "q")
    #expect(column.categories.map(\.code) == ["3", "2", "7", "9", ""])
    #expect(column.categories.map(\.missing) == [nil, nil, nil, .dontKnow, .noAnswer])
    #expect(column.frequencies() == [0, 2, 1, 2, 1])
    #expect(codes(column) == ["2", "7", "9", "", "2", "9"])
    #expect(coded.codebook.label(of: "2", in: "q", language: .da) == "two")
    #expect(coded.codebook.label(of: "7", in: "q", language: .da) == "7")
  }

  @Test("a code declared missing keeps its rows apart from the unanswered")
  func declared() throws {
    let declared = try dataset.declaringMissing([
      MissingDeclaration(column: "q", codes: ["9", "77"], reason: .refused)
    ])
    let column = try categories(declared, "q")
    #expect(column.categories.map(\.code) == ["2", "7", "9", ""])
    #expect(column.categories.map(\.missing) == [nil, nil, .refused, .noAnswer])
    #expect(codes(column) == ["2", "7", "9", "", "2", "9"])
  }

  @Test("a code named twice is declared once")
  func namedTwice() throws {
    let declared = try dataset.declaringMissing([
      MissingDeclaration(column: "q", codes: ["9", "9"]),
      MissingDeclaration(column: "q", codes: ["9"]),
    ])
    #expect(try categories(declared, "q").frequencies() == [2, 1, 2, 1])
  }

  @Test("numbers declared missing are missing with that reason, others stay")
  func numbers() throws {
    let declared = try dataset.declaringMissing([
      MissingDeclaration(column: "x", codes: ["9", "8"], reason: .notApplicable)
    ])
    let column = try declared.numbers("x")
    let reasons: [MissingReason?] = [
      nil, .notApplicable, .noAnswer, .notApplicable, .notApplicable, nil,
    ]
    #expect((0..<6).map { column.missingReason(at: $0) } == reasons)
    #expect(column.withValues { [$0[0], $0[5]] } == [1.5, 2])
    #expect(
      column.withValues { values in values.indices.filter { values[$0].isNaN } } == [1, 2, 3, 4])
  }

  @Test("* means every column but those spared")
  func everyColumn() throws {
    let both = try dataset.declaringMissing([MissingDeclaration(column: "*", codes: ["9"])])
    #expect(try both.numbers("x").missingReason(at: 1) == .unspecified)
    #expect(try categories(both, "q").categories.count { $0.missing == nil } == 2)
    let one = try dataset.declaringMissing(
      [MissingDeclaration(column: "*", codes: ["9"])], sparing: ["x"])
    #expect(try one.numbers("x").missingReason(at: 1) == nil)
    #expect(try categories(one, "q").categories.count { $0.missing == nil } == 2)
  }

  @Test("a column that is not there is an error with the nearest name")
  func noSuchColumn() throws {
    let error = try #require(throws: DatasetError.self) {
      try Dataset(
        rowCount: 0, columns: [Column(name: "stress", values: .numeric(NumericColumn([])))],
        source: DataSource(path: "a.csv")
      ).declaringMissing([MissingDeclaration(column: "stres", codes: ["9"])])
    }
    #expect(
      error.description == "a.csv: no column is named 'stres'. The nearest name is 'stress'.")
  }

  @Test("codes are read as numbers, and a text among them is an error with its row")
  func codesAsNumbers() throws {
    let values = try dataset.numbers("q").withValues { values in values.indices.map { values[$0] } }
    #expect(values[0] == 2 && values[1] == 7 && values[3].isNaN)
    let text = Dataset(
      rowCount: 2,
      columns: [
        Column(
          name: "q",
          values: .categorical(
            CategoricalColumn(
              categories: [SurveyData.Category(code: "1"), SurveyData.Category(code: "x")],
              indices: [0, 1])))
      ], source: DataSource(path: "a.sav"))
    let error = try #require(throws: DatasetError.self) { try text.numbers("q") }
    #expect(error.description.hasPrefix("a.sav, row 2: column 'q' holds 'x', which is no number."))
  }

  @Test("distinct numbers become categories, ascending, at their shortest")
  func numbersAsCategories() throws {
    let column = try dataset.categories("x")
    #expect(column.categories.map(\.code) == ["1.5", "2", "8", "9", ""])
    #expect(codes(column) == ["1.5", "9", "", "8", "9", "2"])
  }
}
