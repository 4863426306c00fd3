import SurveyData
import SurveyFiles
import Testing

@Suite("Numbers in CSV") struct CSVNumberTests {
  private func numbers(
    _ values: [String], _ dialect: CSVDialect = CSVDialect()
  ) throws -> [Double] {
    let text = "w;b\n" + values.map { "\($0);x\n" }.joined()
    let reading = try reading(text, .only(["w": .number]), dialect)
    guard case .numeric(let column) = try reading.dataset.column("w").values else { return [] }
    return column.withValues { values in values.indices.map { values[$0] } }
  }

  @Test(
    "a value that fits both readings is settled by another value of its column",
    arguments: [
      (["1.234", "0.5"], [1.234, 0.5]), (["1.234", "12.34"], [1.234, 12.34]),
      (["1.234", "1,5"], [1234, 1.5]), (["1.234", "1.234.567"], [1234, 1_234_567]),
      (["1.234,5", "12.500"], [1234.5, 12500]), (["0.500", "1.234"], [0.5, 1.234]),
      (["1234.567", "1.234"], [1234.567, 1.234]), (["1e3", "1,5"], [1000, 1.5]),
    ])
  func settled(_ values: [String], _ expected: [Double]) throws {
    #expect(try numbers(values) == expected)
    #expect(try numbers(values.reversed()) == expected.reversed())
  }

  @Test("1.234 is never guessed: the error shows value and line and asks for the mark")
  func ambiguous() throws {
    let text = "id;w\n1;7\n2;1.234\n3;12.500\n"
    #expect(
      try message(text.utf8, .only(["w": .number]))
        == "FILE:3: column 'w' holds '1.234', which is either a thousand or a decimal, and no other value of the column settles it. Say which mark decimals have: --decimal , or --decimal ."
    )
    var dialect = CSVDialect()
    dialect.decimalMark = .comma
    #expect(try numbers(["7", "1.234"], dialect) == [7, 1234])
    dialect.decimalMark = .point
    #expect(try numbers(["7", "1.234"], dialect) == [7, 1.234])
  }

  @Test("an ambiguous column that nobody needs as numbers is kept as written, with a warning")
  func ambiguousAsFound() throws {
    let reading = try reading("id;w\n1;1.234\n2;12.500\n")
    #expect(try texts(reading, "w") == ["1.234", "12.500"])
    #expect(reading.warnings.count == 1 && reading.warnings[0].contains("'1.234'"))
  }

  @Test("where commas delimit and numbers are not quoted, a point is the decimal mark")
  func commaDelimited() throws {
    let plain = try reading("id,w\n1,33.847\n2,33.847\n", .only(["w": .number]))
    #expect(try texts(plain, "w") == ["33.847", "33.847"])
    #expect(
      try message("id,w\n\"1\",\"1,234\"\n".utf8, .only(["w": .number]))?.contains("'1,234'")
        == true)
  }

  @Test("text in a column of numbers is an error with line, column and value")
  func text() throws {
    #expect(
      try message("id;vægt\n1;1,5\n2;\"høj\n\"\n3;x\n".utf8, .only(["vægt": .number]))
        == "FILE:3: column 'vægt' holds 'høj ', which is no number. Correct the value, or leave the cell empty where the answer is missing."
    )
    #expect(
      try message("w;b\n1,5;x\n12.34;x\n".utf8, .only(["w": .number]))
        == "FILE:3: column 'w' holds '12.34', but an earlier value, '1,5', has the other decimal mark. Use one mark in the column."
    )
  }

  @Test("numbers are the nearest doubles to their decimals")
  func exactness() throws {
    var generator = SeededNumbers(state: 6)
    var written: [String] = []
    for _ in 0..<5000 {
      let digits = Int.random(in: 1...20, using: &generator)
      var text = Bool.random(using: &generator) ? "-" : ""
      text += String(Int.random(in: 0...9, using: &generator)) + "."
      for _ in 0..<digits { text += String(Int.random(in: 0...9, using: &generator)) }
      if Int.random(in: 0..<4, using: &generator) == 0 {
        text += "e\(Int.random(in: -30...30, using: &generator))"
      }
      written.append(text)
    }
    let found = try numbers(written + ["0.5"])
    #expect(zip(written, found).allSatisfy { Double($0)! == $1 })
  }

  @Test("an empty cell among numbers is missing, and text that looks odd is not")
  func missing() throws {
    #expect(try numbers(["1", "", " ", "2"]).map(\.isNaN) == [false, true, true, false])
    for odd in ["nan", "inf", "0x10", "1.2.3", "1,2,3", "--1", "1e", ".", "-", "1 000", "1e999"] {
      #expect(throws: CSVError.self) { try numbers(["0.5", odd]) }
    }
  }

  @Test("more than 250 different numbers are numbers, fewer are categories")
  func manyNumbers() throws {
    func kind(_ values: [String]) throws -> (isNumeric: Bool, codes: [String]) {
      let reading = try reading("v;b\n" + values.map { "\($0);x\n" }.joined())
      if case .numeric = try reading.dataset.column("v").values { return (true, []) }
      return (false, try codes(reading, "v"))
    }
    #expect(try kind((1...250).map(String.init)).isNumeric == false)
    #expect(try kind((1...251).map(String.init)).isNumeric)
    #expect(try kind((1...251).map { "\"\($0)\"" } + (1...251).map(String.init)).isNumeric)
    #expect(try kind((1...250).flatMap { ["\($0)", "\"\($0)\"", " \($0)"] }).isNumeric == false)
    // A code with a leading zero would be lost as a number.
    #expect(try kind((1...400).map(String.init) + ["0101"]).isNumeric == false)
    // So would a text, however late it comes.
    let late = try kind((1...400).map(String.init) + ["x"])
    #expect(late.isNumeric == false && late.codes.count == 401)
  }

  @Test("categories ascend by number where all are numbers, else by text; missing is last")
  func order() throws {
    let reading = try reading("a;b;c\n10;10;1,5\n9;9;10\n;x;-2,25\n0101;;\n")
    #expect(try codes(reading, "a") == ["9", "10", "0101", ""])
    #expect(try codes(reading, "b") == ["10", "9", "x", ""])
    #expect(try codes(reading, "c") == ["-2.25", "1.5", "10", ""])
    guard case .categorical(let column) = try reading.dataset.column("c").values else { return }
    #expect(column.categories.map(\.number) == [-2.25, 1.5, 10, nil])
    #expect(column.categories.last?.missing == .noAnswer)
  }

  @Test("dictionaries of more than 256 and 65,536 categories keep every answer")
  func wideDictionaries() throws {
    for count in [300, 70_000] {
      let values = (0..<count).map { "x\($0)" }
      let reading = try reading(
        "id;v\n" + values.map { "1;\($0)\n" }.joined(), .only(["v": .category]))
      #expect(try texts(reading, "v") == values)
    }
  }
}
