import SurveyData
import SurveyStatistics
import SurveyTestSupport
import Testing

/// Raking on a table of rows and profiles, and on cells: what plain sweeps over respondents give.
@Suite("Raking")
struct RakingTests {
  private static let place = SourcePlace(file: "margins.yaml", line: 1, column: 1)

  /// A municipality lies in one region; sex and age are drawn so that many combinations stay empty.
  private struct Survey {
    let dataset: Dataset
    let starts: [Double]
    let codes: [String: [Int]]
    static let counts = ["municipality": 37, "region": 5, "sex": 2, "age": 7]

    init(seed: UInt64, rows: Int) {
      var generator = SeededGenerator(seed: seed)
      let municipality = (0..<rows).map { row in
        row < 37 ? row : generator.integer(in: 0...36)
      }
      codes = [
        "municipality": municipality,
        // Not in the order of the municipalities.
        "region": municipality.map { $0 * 3 % 5 },
        "sex": municipality.map { _ in generator.integer(in: 0...1) },
        "age": municipality.map { _ in
          min(generator.integer(in: 0...6), generator.integer(in: 0...6))
        },
      ]
      starts = municipality.map { _ in 0.5 + generator.uniform() }
      dataset = Dataset(
        rowCount: rows,
        columns: Self.counts.keys.sorted().map { [codes] name in
          Column(
            name: name,
            values: .categorical(
              CategoricalColumn(
                categories: (1...Self.counts[name]!).map { Category(code: "\($0)") },
                indices: codes[name]!)))
        } + [Column(name: "weight", values: .numeric(NumericColumn(starts)))])
    }

    /// The category of each respondent in a margin of one column or more, and the codes of each.
    func categories(_ columns: [String]) -> (ofRows: [Int], codes: [[String]]) {
      var codes: [[String]] = [[]]
      for column in columns {
        codes = codes.flatMap { first in
          (1...Self.counts[column]!).map { first + ["\($0)"] }
        }
      }
      let ofRows = starts.indices.map { row in
        columns.reduce(0) { $0 * Self.counts[$1]! + self.codes[$1]![row] }
      }
      return (ofRows, codes)
    }
  }

  /// Margins that respondents with other weights would have: they can be met together.
  private static func margins(
    _ names: [[String]], _ survey: Survey, seed: UInt64
  ) -> [MarginTargets.Margin] {
    var generator = SeededGenerator(seed: seed)
    let weights = survey.starts.map { $0 * (1 + 2 * generator.uniform()) }
    return names.map { columns in
      let (ofRows, codes) = survey.categories(columns)
      var totals = [Double](repeating: 0, count: codes.count)
      for (category, weight) in zip(ofRows, weights) { totals[category] += weight }
      let occupied = codes.indices.filter { totals[$0] > 0 }
      return MarginTargets.Margin(
        columns: columns,
        cells: occupied.map { .init(codes: codes[$0], amount: totals[$0], place: place) },
        amounts: .counts, place: place)
    }
  }

  private static func description(_ margins: [MarginTargets.Margin]) -> WeightingDescription {
    WeightingDescription(
      method: .rake, targets: MarginTargets(path: "margins.yaml", margins: margins),
      startWeight: "weight")
  }

  /// Each margin in turn over respondents, until the largest relative error before a margin's own
  /// step is no more than 1e-9.
  private static func plainSweeps(
    _ survey: Survey, _ margins: [MarginTargets.Margin]
  ) -> (weights: [Double], sweeps: Int) {
    let population = margins[0].sum
    let scale = population / survey.starts.reduce(0, +)
    var weights = survey.starts.map { $0 * scale }
    let targets = margins.map { margin in
      let (ofRows, codes) = survey.categories(margin.columns)
      return (
        ofRows,
        codes.map { code in margin.cells.first { $0.codes == code }?.amount ?? 0 }
      )
    }
    for sweep in 0... {
      var worst = 0.0
      for (ofRows, targets) in targets {
        var sums = [Double](repeating: 0, count: targets.count)
        for (category, weight) in zip(ofRows, weights) { sums[category] += weight }
        for category in sums.indices where sums[category] > 0 {
          worst = max(worst, abs(sums[category] - targets[category]) / targets[category])
        }
        for (row, category) in ofRows.enumerated() {
          weights[row] *= targets[category] / sums[category]
        }
      }
      if worst <= 1e-9 { return (weights, sweep) }
    }
    preconditionFailure("sweeps have no end")
  }

  @Test(
    "margins within the widest one, beside it, across it, and too sparse for a table",
    arguments: [
      [["region"], ["sex"], ["age"], ["municipality"]],
      [["municipality"], ["age"], ["region"], ["sex"]],
      [["municipality", "sex"], ["age"]],
      [["age", "sex"], ["region"], ["municipality"]],
      [["sex", "region"], ["age"], ["municipality"]],
      [["municipality"]],
      [["sex"], ["age"]],
    ], [60, 350, 4000, 50_000])
  func plainSweeps(names: [[String]], rows: Int) throws {
    for seed in 1...4 as ClosedRange<UInt64> {
      let survey = Survey(seed: seed, rows: rows)
      let margins = Self.margins(names, survey, seed: seed + 100)
      let fitted = try Self.description(margins).fitted(in: survey.dataset)
      let expected = Self.plainSweeps(survey, margins)
      #expect(fitted.iterations == expected.sweeps)
      expectClose(
        fitted.weights.withValues { values in values.indices.map { values[$0] } },
        expected.weights, relative: 1e-12, "\(names) \(rows) rows, seed \(seed)")
      let categories = fitted.groups[0].margins
      #expect(categories.count == margins.reduce(0) { $0 + $1.cells.count })
      for (category, cell) in zip(categories, margins.flatMap(\.cells)) {
        expectClose(category.target, cell.amount / margins[0].sum, relative: 1e-12)
        expectClose(category.after, category.target, relative: 3e-9)
      }
      #expect(
        names.indices.allSatisfy { index in
          categories.filter { $0.variable == margins[index].name }
            .reduce(0) { $0 + $1.respondents } == rows
        })
    }
  }

  /// Respondents of a = 1 are all in b = 1, for which there are too few people: the one's factor grows
  /// 4.5 times a sweep and the other's shrinks, their product does not.
  @Test("targets that cannot be met together end with the numbers that were reached")
  func contradiction() throws {
    let dataset = Dataset(
      rowCount: 4,
      columns: [
        Column(
          name: "a",
          values: .categorical(
            CategoricalColumn(
              categories: ["1", "2"].map { Category(code: $0) }, indices: [0, 0, 1, 1]))),
        Column(
          name: "b",
          values: .categorical(
            CategoricalColumn(
              categories: ["1", "2"].map { Category(code: $0) }, indices: [0, 0, 0, 1]))),
        Column(name: "weight", values: .numeric(NumericColumn([1, 2, 3, 4]))),
      ])
    func margin(_ name: String, _ amounts: [Double]) -> MarginTargets.Margin {
      MarginTargets.Margin(
        columns: [name],
        cells: amounts.enumerated().map {
          .init(codes: ["\($0 + 1)"], amount: $1, place: Self.place)
        }, place: Self.place)
    }
    let description = Self.description([margin("a", [90, 10]), margin("b", [20, 80])])
    let error = try #require(throws: WeightingError.self) {
      try description.fitted(in: dataset)
    }
    guard
      case .notConverged(_, let iterations, let category, let target, let reached, _, _, _) = error
    else {
      Issue.record("\(error)")
      return
    }
    #expect(iterations == 2000 && category == "a = 2" && target == 10)
    expectClose(reached, 80, relative: 1e-12)
  }
}
