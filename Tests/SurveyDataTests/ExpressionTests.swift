import SurveyData
import Testing

@Suite("The --where language")
struct ExpressionTests {
  /// Six rows: codes with labels, numbers, text, and a name that needs backquotes.
  private static let dataset: Dataset = {
    func categorical(_ name: String, _ codes: [String]) -> Column {
      let valid = Set(codes).subtracting([""]).sorted().map { SurveyData.Category(code: $0) }
      let all = valid + [SurveyData.Category(code: "", missing: .noAnswer)]
      return Column(
        name: name,
        values: .categorical(
          CategoricalColumn(
            categories: all, indices: codes.map { code in all.firstIndex { $0.code == code }! })))
    }
    let dataset = Dataset(
      rowCount: 6,
      columns: [
        categorical("sex", ["1", "2", "1", "2", "", "1"]),
        categorical("area", ["jobcenter", "psykiatri", "jobcenter", "", "børn", "jobcenter"]),
        categorical("Q[SQ001]", ["Y", "N", "", "Y", "N", "Y"]),
        categorical("zip", ["0800", "2000", "0800", "9000", "", "800"]),
        Column(
          name: "age", values: .numeric(NumericColumn([25, 30, 35.5, nil, 40, 50]))),
        Column(name: "a`b", values: .numeric(NumericColumn([1, 2, 3, 4, 5, 6]))),
        Column(name: "år", values: .numeric(NumericColumn([-1, 0, 1, 2, 3, 4]))),
      ],
      codebook: Codebook(variables: [
        "sex": Variable(
          name: "sex",
          categories: [
            .init(code: "1", label: LocalizedText(da: "Mand", en: "Man")),
            .init(code: "2", label: LocalizedText(da: "Kvinde", en: "Woman")),
          ])
      ]))
    return dataset
  }()

  /// The rows, counted from 1, for which a condition is true.
  private func rows(_ condition: String) throws -> [Int] {
    let domain = try Self.dataset.domain(where: try Expression(condition))
    return domain.mask.withSpan(of: UInt8.self) { mask in
      mask.indices.filter { mask[$0] == 1 }.map { $0 + 1 }
    }
  }

  @Test(
    "the contract's conditions and their rows",
    arguments: [
      (#"area == "jobcenter" and age >= 30"#, [3, 6]),
      ("sex in (1, 2)", [1, 2, 3, 4, 6]),
      ("sex != 2", [1, 3, 6]),
      ("not (sex == 2)", [1, 3, 6]),
      ("is_missing(sex)", [5]),
      ("not is_missing(age)", [1, 2, 3, 5, 6]),
      ("`Q[SQ001]` == \"Y\"", [1, 4, 6]),
    ])
  func contract(condition: String, expected: [Int]) throws {
    #expect(try rows(condition) == expected)
  }

  @Test(
    "comparisons of numbers",
    arguments: [
      ("age == 35.5", [3]), ("age != 30", [1, 3, 5, 6]), ("age < 30", [1]), ("age <= 30", [1, 2]),
      ("age > 40", [6]), ("age >= 40", [5, 6]), ("age >= 4e1", [5, 6]), ("år == -1", [1]),
      ("år in (-1, +2, 3.0)", [1, 4, 5]), ("age not in (25, 30)", [3, 5, 6]),
      ("`a``b` > 4", [5, 6]), ("`age` < .3e2", [1]),
    ])
  func numbers(condition: String, expected: [Int]) throws {
    #expect(try rows(condition) == expected)
  }

  @Test(
    "and binds tighter than or, not tighter than and",
    arguments: [
      ("sex == 2 or sex == 1 and age > 30", [2, 3, 4, 6]),
      ("(sex == 2 or sex == 1) and age > 30", [3, 6]),
      ("not sex == 2 and age > 30", [3, 6]),
      ("not (sex == 2 and age > 29)", [1, 3, 6]),
      ("not not sex == 2", [2, 4]),
      ("sex == 1 or age == 40 or age == 30", [1, 2, 3, 5, 6]),
      ("NOT sex == 2 AND age > 30 OR age == 30", [2, 3, 6]),
    ])
  func precedence(condition: String, expected: [Int]) throws {
    #expect(try rows(condition) == expected)
  }

  /// Row 1 makes `t` true, row 2 false, row 3 missing; so `f` the other way about.
  @Test(
    "and, or and not over true, false and missing are those of SQL",
    arguments: [
      ("t == 1 and u == 1", [0]),
      ("t == 1 or u == 1", [0, 1, 2, 3, 6]),
      ("not (t == 1 and u == 1)", [1, 3, 4, 5, 7]),
      ("not (t == 1 or u == 1)", [4]),
      ("not t == 1", [3, 4, 5]),
      ("t != 1", [3, 4, 5]),
      ("t in (0, 1)", [0, 1, 2, 3, 4, 5]),
      ("t not in (1)", [3, 4, 5]),
      ("is_missing(t) or t == 1", [0, 1, 2, 6, 7, 8]),
    ])
  func threeValues(condition: String, expected: [Int]) throws {
    // All nine pairs of true (1), false (0) and missing.
    let values: [Double?] = [1, 0, nil]
    let dataset = Dataset(
      rowCount: 9,
      columns: [
        Column(
          name: "t", values: .numeric(NumericColumn(values.flatMap { [$0, $0, $0] }))),
        Column(name: "u", values: .numeric(NumericColumn(values + values + values))),
      ])
    let domain = try dataset.domain(where: try Expression(condition))
    let rows = domain.mask.withSpan(of: UInt8.self) { mask in
      mask.indices.filter { mask[$0] == 1 }
    }
    #expect(rows == expected)
  }

  @Test(
    "numbers are compared as codes, quoted text as labels or text",
    arguments: [
      ("sex == \"Mand\"", [1, 3, 6]), ("sex == \"Woman\"", [2, 4]), ("sex == '1'", [1, 3, 6]),
      ("sex in ('Mand', \"Kvinde\")", [1, 2, 3, 4, 6]), ("sex != 'Mand'", [2, 4]),
      ("sex >= 2", [2, 4]), ("sex == 1.0", [1, 3, 6]), ("area == 'børn'", [5]),
      ("area == 3", []), ("area != 3", [1, 2, 3, 5, 6]),
      ("zip == '0800'", [1, 3]), ("zip == 800", [1, 3, 6]),
    ])
  func codesAndLabels(condition: String, expected: [Int]) throws {
    #expect(try rows(condition) == expected)
  }

  @Test(
    "an error points at its character",
    arguments: [
      ("", 1, "a column name, 'not', 'is_missing' or '(' is expected here, not the end."),
      ("sex = 1", 5, "write == to compare."),
      ("sex ! 1", 5, "'!=' is expected here, not '!'."),
      ("sex == ", 8, "a number or a text in quotes is expected here, not the end."),
      ("sex == man", 8, "a number, or a text in quotes, is expected here, not 'man'."),
      ("sex == 'man", 8, "the ' that opens here is never closed."),
      ("area == \"job", 9, "the \" that opens here is never closed."),
      ("`sex == 1", 1, "the ` that opens here is never closed."),
      ("sex 1", 5, "a comparison (==, !=, <, <=, >, >=) or 'in' is expected here, not '1'."),
      ("sex not 1", 9, "'in' is expected here, not '1'."),
      ("sex in 1", 8, "'(' is expected here, not '1'."),
      ("sex in ()", 9, "a number or a text in quotes is expected here, not ')'."),
      ("sex in (1, 2", 13, "')' is expected here, not the end."),
      ("(sex == 1", 10, "')' is expected here, not the end."),
      ("sex == 1)", 9, "'and', 'or' or the end is expected here, not ')'."),
      ("sex == 1 age == 2", 10, "'and', 'or' or the end is expected here, not 'age'."),
      ("is_missing sex", 12, "'(' is expected here, not 'sex'."),
      ("år == 1 && sex == 1", 9, "a column, a value or an operator is expected here, not '&'."),
      ("age == 1,5", 9, "'and', 'or' or the end is expected here, not ','."),
      ("age == 3x", 8, "a number is expected here, not '3x'."),
      ("1 == age", 1, "a column name, 'not', 'is_missing' or '(' is expected here, not '1'."),
    ])
  func positions(condition: String, character: Int, reason: String) throws {
    let error = try #require(throws: ExpressionError.self) { try Expression(condition) }
    #expect(error.fault == .usage)
    #expect(error.offset == character - 1)
    #expect(
      error.description == """
        The condition cannot be used at character \(character): \(reason)
          \(condition)
          \(String(repeating: " ", count: character - 1))^
        """)
  }

  @Test(
    "what does not fit the data points at the column, as a fault of the data",
    arguments: [
      ("sex == 1 and aeg > 3", 14, "no column is named 'aeg'. The nearest name is 'age'."),
      ("region == 1", 1, "no column is named 'region'."),
      (
        "is_missing(`Q[SQ002]`)", 12,
        "no column is named 'Q[SQ002]'. The nearest name is 'Q[SQ001]'."
      ),
      (
        "sex == 1 or area > 2", 13,
        "'area' holds 'børn', which is no number, so it has no order. Use == or in."
      ),
      (
        "age == 'old'", 1,
        "'age' holds numbers without labels, so it cannot equal the text \"old\". Write the number without quotes."
      ),
    ])
  func faultsOfData(condition: String, character: Int, reason: String) throws {
    let expression = try Expression(condition)
    let error = try #require(throws: ExpressionError.self) {
      try Self.dataset.domain(where: expression)
    }
    #expect(error.fault == .data)
    #expect(
      error.description == """
        The condition cannot be used at character \(character): \(reason)
          \(condition)
          \(String(repeating: " ", count: character - 1))^
        """)
  }

  @Test("a line break in a condition does not break the message")
  func lineBreaks() throws {
    let error = try #require(throws: ExpressionError.self) { try Expression("age == `a\r\nb` >") }
    #expect(
      error.description == """
        The condition cannot be used at character 8: a number, or a text in quotes, is expected here, not 'a↵b'.
          age == `a↵b` >
                 ^
        """)
  }

  @Test("a condition names its columns once, in order")
  func columnNames() throws {
    let expression = try Expression("b > 1 and (a == 1 or not b in (2, 3)) and is_missing(`c d`)")
    #expect(expression.columnNames == ["b", "a", "c d"])
  }

  @Test(
    "a column is written in backquotes where a condition needs them",
    arguments: [
      ("age", "age"), ("api.stu", "api.stu"), ("år_2", "år_2"), ("Q[SQ001]", "`Q[SQ001]`"),
      ("a b", "`a b`"), ("a`b", "`a``b`"), ("1a", "`1a`"), ("and", "`and`"), ("", "``"),
      (" a", "` a`"), ("a ", "`a `"),
    ])
  func references(name: String, written: String) throws {
    #expect(columnReference(name) == written)
    #expect(try Expression("is_missing(\(written))").columnNames == [name])
  }
}
