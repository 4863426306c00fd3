import SurveyData
import SurveyFiles
import Testing

@Suite("SAV: the cases are the same however they are written")
struct SAVCaseTests {
  /// Numbers small, large, broken, negative and missing, short and long strings.
  static func sample(rows: Int) -> SAVSample {
    var sample = SAVSample()
    sample.items = [
      .init(name: "q1"), .init(name: "weight"), .init(name: "sex", width: 1),
      .init(name: "town", width: 20), .init(name: "open", width: 600),
    ]
    sample.information = [(14, 1, Array("OPEN=00600\0\t".utf8)), (20, 1, Array("UTF-8".utf8))]
    var numbers = SeededNumbers(state: 7)
    for row in 0..<rows {
      let draw = Int(numbers.next() % 7)
      sample.rows.append([
        draw == 6 ? .systemMissing : .number(Double(draw) - 1),
        .number(Double(numbers.next() % 100_000) / 1000), .text(draw % 2 == 0 ? "f" : "m"),
        .text(["Aarhus", "København", "", "Sønderborg by"][draw % 4]),
        .text(String(repeating: "abcdefghij", count: draw * 9) + "\(row % 5)"),
      ])
    }
    return sample
  }

  @Test(
    "plain, bytecode and zlib, both byte orders",
    arguments: [0, 1, 2], [false, true])
  func writing(compression: Int, isBigEndian: Bool) throws {
    var sample = Self.sample(rows: 700)
    let expected = try reading(sample).dataset.columns.map(answers)
    #expect(expected[3][0..<3].allSatisfy { !$0.isEmpty })
    for (row, cells) in sample.rows.enumerated() {
      guard case .text(let open) = cells[4], case .number(let weight) = cells[1] else { continue }
      #expect(expected[4][row] == open)
      #expect(expected[1][row] == shortestText(weight))
    }
    sample.compression = compression
    sample.isBigEndian = isBigEndian
    for declares in [true, false] {
      sample.declaresCases = declares
      for lanes in [1, 3] {
        let found = try reading(sample, lanes: lanes)
        #expect(found.dataset.columns.map(answers) == expected)
        #expect(found.warnings.isEmpty)
      }
    }
  }

  @Test("the bias of the bytecode is the file's own", arguments: [0.0, 50, 100, 99.5])
  func bias(_ bias: Double) throws {
    var sample = Self.sample(rows: 60)
    let expected = try reading(sample).dataset.columns.map(answers)
    sample.compression = 1
    sample.bias = bias
    #expect(try reading(sample).dataset.columns.map(answers) == expected)
  }

  @Test("only the columns selected are decoded, by their roles")
  func selection() throws {
    var sample = Self.sample(rows: 700)
    sample.compression = 1
    let found = try reading(
      sample, .only(["weight": .category, "q1": .number, "nowhere": .asFound]))
    #expect(found.dataset.columns.map(\.name) == ["q1", "weight"])
    #expect(found.dataset.source.columnNames == ["q1", "weight", "sex", "town", "open"])
    guard case .numeric(let q1) = try found.dataset.column("q1").values,
      case .categorical(let weight) = try found.dataset.column("weight").values
    else {
      Issue.record("the roles were not kept")
      return
    }
    #expect(q1.missingReason(at: 0) == nil || q1.missingReason(at: 0) == .noAnswer)
    #expect(weight.categories.count > 250)
    #expect(throws: SAVError.self) { _ = try reading(sample, .only(["town": .number])) }
  }

  @Test("a column that shows its many values late is numbers all the same")
  func lateOverflow() throws {
    var sample = SAVSample()
    sample.items = [.init(name: "income"), .init(name: "id", width: 8)]
    sample.rows = (0..<9000).map { row in
      [.number(row < 5000 ? 1 : Double(row)), .text(row < 5000 ? "a" : "r\(row)")]
    }
    let found = try reading(sample)
    #expect(answers(try found.dataset.column("income"))[8999] == "8999")
    guard case .numeric = try found.dataset.column("income").values else {
      Issue.record("categories")
      return
    }
    #expect(answers(try found.dataset.column("id"))[4999...5000] == ["a", "r5000"])
  }

  @Test("missing numbers keep their codes and reasons", arguments: [300, 9000])
  func missingCodes(rows: Int) throws {
    var sample = SAVSample()
    sample.items = [.init(name: "income")]
    sample.items[0].missing = [.number(-1), .number(-2), .number(-3)]
    sample.items[0].missingCount = 3
    sample.labels = [([(.number(-3), "Ikke spurgt")], [0])]
    sample.rows = (0..<rows).map { [.number(Double($0) + 0.5)] }
    sample.rows[10] = [.number(-1)]
    sample.rows[20] = [.number(-2)]
    sample.rows[30] = [.number(-3)]
    guard case .numeric(let income) = try reading(sample).dataset.columns[0].values else {
      Issue.record("categories")
      return
    }
    #expect(income.missingCategory(at: 9) == nil)
    #expect(income.missingCategory(at: 10) == Category(code: "-1", missing: .unspecified))
    #expect(income.missingCategory(at: 20) == Category(code: "-2", missing: .unspecified))
    #expect(income.missingCategory(at: 30) == Category(code: "-3", missing: .notAsked))
  }

  @Test("a file without cases says so")
  func noCases() throws {
    var sample = Self.sample(rows: 1)
    sample.rows = []
    #expect(throws: SAVError.self) { _ = try reading(sample) }
  }
}
