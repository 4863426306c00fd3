import SurveyData
import SurveyStatistics
import SurveyTestSupport
import Testing

@Suite("Tests of independence")
struct RaoScottTests {
  private func table(_ survey: RandomSurvey, rows: String, columns: String) throws -> TwoWayTable {
    let block = TabulationPlan.Block(
      groups: [.init(try survey.dataset.categories(columns))],
      cells: .init(try survey.dataset.categories(rows)), domain: Domain(survey.inDomain),
      moments: .all)
    return TwoWayTable(
      survey.design.tabulate(TabulationPlan([block]))[0], design: survey.design)
  }

  /// tr Δ and tr Δ² by the definition, on an orthonormal basis of the interactions.
  private func traces(_ survey: RandomSurvey) -> (trace: Double, squares: Double, n: Int)? {
    let answered = survey.item.indices.map {
      survey.inDomain[$0] && survey.item[$0] >= 0 && survey.slow.weights[$0] > 0
    }
    let base = answered.count { $0 }
    let rows = Set(answered.indices.filter { answered[$0] }.map { survey.item[$0] }).sorted()
    let columns = Set(answered.indices.filter { answered[$0] }.map { survey.group[$0] }).sorted()
    guard rows.count > 1, columns.count > 1 else { return nil }
    let cells = rows.flatMap { row in
      columns.map { column in
        answered.indices.map {
          answered[$0] && survey.item[$0] == row && survey.group[$0] == column ? 1.0 : 0
        }
      }
    }
    let weight = survey.slow.total(answered.map { $0 ? 1 : 0 })
    let shares = cells.map { survey.slow.total($0) / weight }
    let z = cells.indices.map { cell in
      answered.indices.map { answered[$0] ? (cells[cell][$0] - shares[cell]) / weight : 0 }
    }
    func helmert(_ count: Int) -> [[Double]] {
      (1..<count).map { row in
        let norm = Double(row * (row + 1)).squareRoot()
        return (0..<count).map { $0 < row ? 1 / norm : $0 == row ? -Double(row) / norm : 0 }
      }
    }
    let basis = helmert(rows.count).flatMap { u in
      helmert(columns.count).map { v in u.flatMap { x in v.map { x * $0 } } }
    }
    let scaled = basis.map { c in c.indices.map { shares[$0] > 0 ? c[$0] / shares[$0] : 0 } }
    let k = basis.count
    let v = z.map { a in z.map { survey.slow.covariance(a, $0) } }
    var simple = [[Double]](repeating: Array(repeating: 0, count: k), count: k)
    var designed = simple
    for i in 0..<k {
      for j in 0..<k {
        for a in shares.indices {
          simple[i][j] += scaled[i][a] * basis[j][a] / Double(base)
          for b in shares.indices { designed[i][j] += scaled[i][a] * v[a][b] * scaled[j][b] }
        }
      }
    }
    guard let delta = solve(simple, designed) else { return nil }
    var squares = 0.0
    for i in 0..<k { for j in 0..<k { squares += delta[i][j] * delta[j][i] } }
    return ((0..<k).reduce(0) { $0 + delta[$1][$1] }, squares, base)
  }

  /// A⁻¹B by Gaussian elimination with pivots; `nil` where a pivot is next to 0.
  private func solve(_ a: [[Double]], _ b: [[Double]]) -> [[Double]]? {
    var rows = zip(a, b).map { $0 + $1 }
    let size = a.flatMap { $0 }.map(abs).max()!
    for column in a.indices {
      let pivot = (column..<a.count).max { abs(rows[$0][column]) < abs(rows[$1][column]) }!
      guard abs(rows[pivot][column]) > 1e-9 * size else { return nil }
      rows.swapAt(column, pivot)
      for row in a.indices where row != column {
        let factor = rows[row][column] / rows[column][column]
        for index in rows[row].indices { rows[row][index] -= factor * rows[column][index] }
      }
    }
    return a.indices.map { row in rows[row].dropFirst(a.count).map { $0 / rows[row][row] } }
  }

  @Test("the second order equals the slow reference on 200 designs", arguments: 0..<200)
  func slow(seed: Int) throws {
    let survey = try RandomSurvey(seed: UInt64(seed))
    guard survey.categories < 20 else { return }
    let test = try table(survey, rows: "item", columns: "group").independence(.raoScott)
    if let caveat = test.caveat {
      #expect(test.statistic == nil && test.pValue == nil)
      if caveat == .noSamplingError { #expect((traces(survey)?.trace ?? 0) < 1e-9) }
      return
    }
    #expect(test.statistic!.isFinite && (0...1).contains(test.pValue!))
    guard let expected = traces(survey) else { return }
    #expect(test.base == expected.n)
    expectClose(test.pearson! / test.statistic!, expected.trace, relative: 1e-8)
    expectClose(test.df1!, expected.trace * expected.trace / expected.squares, relative: 1e-8)
  }

  @Test("rows and columns may change places, in every form", arguments: 0..<200)
  func transposed(seed: Int) throws {
    let survey = try RandomSurvey(seed: UInt64(seed))
    guard survey.categories < 20 else { return }
    let table = try table(survey, rows: "item", columns: "group")
    let transposed = try self.table(survey, rows: "group", columns: "item")
    for form in IndependenceTest.Form.allCases where form != .wald && form != .adjustedWald {
      let (one, other) = (table.independence(form), transposed.independence(form))
      #expect(one.caveat == other.caveat)
      guard let statistic = one.statistic else { continue }
      expectClose(other.statistic!, statistic, relative: 1e-9)
      // Far out in a tail, a statistic's last digits are a p-value's first.
      expectClose(other.pValue!, one.pValue!, relative: 1e-7, absolute: 1e-60)
    }
  }

  @Test("a simple random sample with equal weights: Pearson's X² times (n − 1)/n")
  func simpleRandomSample() throws {
    var generator = SeededGenerator(seed: 4)
    let rows = 300
    func column(_ name: String, _ count: Int, _ values: [Int]) -> Column {
      Column(
        name: name,
        values: .categorical(
          CategoricalColumn(
            categories: (0..<count).map { SurveyData.Category(code: "\($0)") }, indices: values)))
    }
    let dataset = Dataset(
      rowCount: rows,
      columns: [
        column("a", 3, (0..<rows).map { _ in generator.integer(in: 0...2) }),
        column("b", 4, (0..<rows).map { _ in generator.integer(in: 0...3) }),
        column("c", 1, (0..<rows).map { _ in 0 }),
      ])
    let design = try Design(DesignDescription(), in: dataset)
    func table(_ columns: String) throws -> TwoWayTable {
      let block = TabulationPlan.Block(
        groups: [.init(try dataset.categories(columns))], cells: .init(try dataset.categories("a")),
        moments: .all)
      return TwoWayTable(design.tabulate(TabulationPlan([block]))[0], design: design)
    }
    let test = try table("b").independence(.raoScott)
    let n = Double(rows)
    expectClose(test.df1!, 6, relative: 1e-10)
    expectClose(test.df2!, 6 * (n - 1), relative: 1e-10)
    expectClose(test.statistic!, test.pearson! / 6 * (n - 1) / n, relative: 1e-10)
    #expect(try table("b").independence(.pearson).statistic == test.pearson)
    for form in IndependenceTest.Form.allCases {
      #expect(try table("c").independence(form).caveat == .oneRowOrColumn)
    }
  }
}
