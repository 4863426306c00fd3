import SurveyData
import SurveyStatistics
import SurveyTables
import SurveyTestSupport
import Testing

/// What a table withholds, and what it must take with it.
@Suite("A cross-table withholds what would be told")
struct CrossTabDisclosureTests {
  @Test("a withheld cell has a second one withheld in its row and its column", arguments: 0..<40)
  func lines(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed + 1))
    let levels = 2 + random.integer(in: 0...4 - 1)
    let groups = 2 + random.integer(in: 0...5 - 1)
    let rowCount = 20 + random.integer(in: 0...200 - 1)
    func skewed(_ count: Int) -> Int {
      min(random.integer(in: 0...count - 1), random.integer(in: 0...count - 1))
    }
    let rows = (0..<rowCount).map { _ in skewed(levels) }
    let columns = (0..<rowCount).map { _ in skewed(groups) }
    var dataset = Dataset(
      rowCount: rowCount, columns: [column("item", rows, levels), column("group", columns, groups)])
    dataset.codebook.variables["item"] = Variable(
      name: "item", nets: [Net(name: "first", codes: ["0", "1"])])
    let rules = DisclosureRules(minimumBase: 10, minimumCount: 3)
    let survey = try ResolvedSurvey(dataset, design: DesignDescription(), disclosure: rules)
    let open = try ResolvedSurvey(dataset, design: DesignDescription())
    let question = CrossTabQuestion(
      rows: "item", banner: [["group"]], percents: [.column, .row, .total], letters: LetterRule())
    let table = try survey.table(answering: question)
    let truth = try open.table(answering: question)

    let categories = table.rows.indices.filter { table.rows[$0].kind == .category }
    func isHidden(_ row: Int, _ column: Int) -> Bool {
      table.cells[row][column].suppression != nil
    }
    for row in categories {
      for column in table.columns.indices {
        let count = truth.cells[row][column].estimates[0].count!
        let base = truth.columns[column].base!
        if count < 3 || base - count < 3 || base < 10 {
          #expect(isHidden(row, column), "row \(row) column \(column): \(count) of \(base)")
        }
        if isHidden(row, column) {
          #expect(table.cells[row][column].estimates.allSatisfy { $0.value == nil && $0.base == 0 })
          #expect(table.cells[row][column].marks.isEmpty)
        }
      }
      #expect(table.columns.indices.count { isHidden(row, $0) } != 1)
    }
    for column in table.columns.indices {
      let hidden = categories.count { isHidden($0, column) }
      #expect(hidden + (table.columns[column].base == nil ? 1 : 0) != 1)
      // A net that is shown, with its categories, tells none of them.
      let net = table.rows.firstIndex { $0.kind == .net }!
      let inside = categories.prefix(2).count { isHidden($0, column) }
      if !isHidden(net, column) { #expect(inside != 1) }
    }
    #expect(table.columns.count { $0.base == nil } != 1)
    for difference in table.differences where difference.suppression == nil {
      #expect(difference.contrast.estimate != nil || !difference.contrast.caveats.isEmpty)
    }
  }

  @Test("a mean goes where it would solve two withheld shares")
  func means() throws {
    // In column 0 codes 1 and 2 are withheld: 40 others, one of code 1, two of code 2.
    let first = Array(repeating: 3, count: 40) + Array(repeating: 0, count: 30) + [1, 2, 2]
    let second = (0..<80).map { $0 % 4 }
    let dataset = Dataset(
      rowCount: first.count + second.count,
      columns: [
        column("item", first + second, 4),
        column(
          "group",
          Array(repeating: 0, count: first.count) + Array(repeating: 1, count: second.count),
          2),
      ])
    let survey = try ResolvedSurvey(
      dataset, design: DesignDescription(),
      disclosure: DisclosureRules(minimumBase: 10, minimumCount: 3))
    let table = try survey.table(
      answering: CrossTabQuestion(rows: "item", banner: [["group"]], mean: .wanted))
    #expect(table.cells[1][1].suppression == .count(minimum: 3))
    #expect(table.cells[2][1].suppression == .count(minimum: 3))
    #expect(table.cells[0][1].suppression == nil)
    #expect(table.cells[4][1].suppression == .complementary)
  }

  private func column(_ name: String, _ indices: [Int], _ count: Int) -> Column {
    Column(
      name: name,
      values: .categorical(
        CategoricalColumn(
          categories: (0..<count).map { Category(code: "\($0)") }, indices: indices)))
  }
}
