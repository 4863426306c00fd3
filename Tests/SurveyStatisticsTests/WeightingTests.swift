import SurveyData
import SurveyStatistics
import SurveyTestSupport
import Testing

/// What must hold of fitted weights whatever the data.
@Suite("Weighting")
struct WeightingTests {
  private static let place = SourcePlace(file: "margins.yaml", line: 1, column: 1)

  static func margin(_ name: String, _ amounts: [(String, Double)]) -> MarginTargets.Margin {
    .init(
      columns: name.split(separator: ":").map(String.init),
      cells: amounts.map {
        .init(codes: $0.0.split(separator: ":").map(String.init), amount: $0.1, place: place)
      }, place: place)
  }

  /// Respondents drawn from a seed: three categorical columns, a number, unequal start weights.
  private static func survey(seed: UInt64, rows: Int = 400) -> Dataset {
    var generator = SeededGenerator(seed: seed)
    func codes(_ name: String, _ count: Int) -> Column {
      Column(
        name: name,
        values: .categorical(
          CategoricalColumn(
            categories: (1...count).map { Category(code: "\($0)") },
            indices: (0..<rows).map { row in
              row < count ? row : generator.integer(in: 0...count - 1)
            })))
    }
    return Dataset(
      rowCount: rows,
      columns: [
        codes("region", 5), codes("sex", 2), codes("age", 4),
        Column(
          name: "weight",
          values: .numeric(NumericColumn((0..<rows).map { _ in 0.5 + generator.uniform() }))),
        Column(
          name: "hours",
          values: .numeric(
            NumericColumn((0..<rows).map { _ in Double(generator.integer(in: 15...42)) }))),
      ])
  }

  private static let margins = [
    margin("region", [("1", 700), ("2", 550), ("3", 650), ("4", 600), ("5", 500)]),
    margin("sex", [("1", 1700), ("2", 1300)]),
    margin("age", [("1", 650), ("2", 750), ("3", 850), ("4", 750)]),
  ]

  private func weights(
    _ description: WeightingDescription, in dataset: Dataset
  ) throws -> [Double] {
    try description.fitted(in: dataset).weights.withValues { values in
      values.indices.map { values[$0] }
    }
  }

  private func description(
    _ method: WeightingMethod, _ margins: [MarginTargets.Margin] = margins,
    bounds: ClosedRange<Double>? = nil
  ) -> WeightingDescription {
    WeightingDescription(
      method: method, targets: MarginTargets(path: "margins.yaml", margins: margins),
      startWeight: "weight", bounds: bounds)
  }

  private func sum(_ weights: [Double], of column: String, code: String, in dataset: Dataset) throws
    -> Double
  {
    let column = try dataset.categories(column)
    return weights.indices.reduce(0) {
      $0 + (column.categories[column.index(at: $1)].code == code ? weights[$1] : 0)
    }
  }

  @Test("every method meets every margin", arguments: [1, 2, 3] as [UInt64])
  func margins(seed: UInt64) throws {
    let dataset = Self.survey(seed: seed)
    for (method, bounds) in [
      (WeightingMethod.rake, nil), (.exponential, nil), (.linear, nil), (.logit, 0.2...4),
      (.linear, 0.2...4), (.exponential, 0.2...4), (.rake, 0.2...4),
    ] as [(WeightingMethod, ClosedRange<Double>?)] {
      let weights = try weights(description(method, bounds: bounds), in: dataset)
      for margin in Self.margins {
        for cell in margin.cells {
          expectClose(
            try sum(weights, of: margin.name, code: cell.code, in: dataset), cell.amount,
            relative: 2e-9, "\(method) \(margin.name) \(cell.code)")
        }
      }
      if let bounds {
        let start = try dataset.numbers("weight").withValues { values in
          values.indices.map { values[$0] }
        }
        let scale = 3000 / start.reduce(0, +)
        for (weight, start) in zip(weights, start) {
          let factor = weight / (start * scale)
          #expect(factor >= bounds.lowerBound - 1e-9 && factor <= bounds.upperBound + 1e-9)
        }
      }
    }
  }

  @Test("raking is calibration with the raking distance", arguments: [4, 5, 6] as [UInt64])
  func distance(seed: UInt64) throws {
    let dataset = Self.survey(seed: seed)
    expectClose(
      try weights(description(.rake), in: dataset),
      try weights(description(.exponential), in: dataset), relative: 1e-8)
  }

  @Test("margins times a number are weights times that number")
  func scaling() throws {
    let dataset = Self.survey(seed: 7)
    let tripled = Self.margins.map { margin in
      Self.margin(margin.name, margin.cells.map { ($0.code, 3 * $0.amount) })
    }
    for (method, bounds) in [
      (WeightingMethod.rake, nil), (.linear, nil), (.logit, 0.2...4), (.exponential, 0.3...3),
    ] as [(WeightingMethod, ClosedRange<Double>?)] {
      expectClose(
        try weights(description(method, tripled, bounds: bounds), in: dataset),
        try weights(description(method, bounds: bounds), in: dataset).map { 3 * $0 },
        relative: 1e-8, "\(method)")
    }
  }

  @Test("the order of the margins does not matter, nor whether they are counts or shares")
  func order() throws {
    let dataset = Self.survey(seed: 8)
    let weights = try weights(description(.rake), in: dataset)
    expectClose(
      try self.weights(description(.rake, Self.margins.reversed()), in: dataset), weights,
      relative: 1e-8)
    let shares = Self.margins.map { margin in
      Self.margin(margin.name, margin.cells.map { ($0.code, $0.amount / 3000) })
    }
    let start = try dataset.numbers("weight").withValues { values in
      values.indices.reduce(0) { $0 + values[$1] }
    }
    expectClose(
      try self.weights(description(.rake, shares), in: dataset),
      weights.map { $0 * start / 3000 }, relative: 1e-8)
  }

  @Test("one margin: post-stratification, raking and linear calibration agree")
  func oneMargin() throws {
    let dataset = Self.survey(seed: 9)
    let one = [Self.margins[0]]
    let weights = try weights(description(.poststratify, one), in: dataset)
    for method in [WeightingMethod.rake, .linear, .exponential] {
      expectClose(
        try self.weights(description(method, one), in: dataset), weights, relative: 1e-9)
    }
  }

  @Test("numbers too: a total and a mean beside categorical margins")
  func numbers() throws {
    let dataset = Self.survey(seed: 10)
    var total = description(.linear, bounds: 0.1...6)
    total.targets.totals = [.init(column: "hours", amount: 90_000, place: Self.place)]
    var mean = total
    mean.targets.totals = [.init(column: "hours", amount: 30, isMean: true, place: Self.place)]
    let weights = try weights(total, in: dataset)
    expectClose(try self.weights(mean, in: dataset), weights, relative: 1e-9)
    let hours = try dataset.numbers("hours")
    let sum = hours.withValues { values in
      values.indices.reduce(0) { $0 + weights[$1] * values[$1] }
    }
    expectClose(sum, 90_000, relative: 1e-9)
  }

  @Test("within groups, each is as if it were alone")
  func within() throws {
    let dataset = Self.survey(seed: 11)
    var grouped = description(.rake, Array(Self.margins.dropFirst()))
    grouped.within = "region"
    let weights = try weights(grouped, in: dataset)
    let region = try dataset.categories("region")
    for code in 0..<5 {
      let rows = (0..<dataset.rowCount).filter { region.index(at: $0) == code }
      expectClose(rows.reduce(0) { $0 + weights[$1] }, 3000, relative: 1e-9)
      let domain = Domain((0..<dataset.rowCount).map { region.index(at: $0) == code })
      var alone = grouped
      alone.within = nil
      let fitted = try alone.fitted(in: dataset, keeping: domain).weights
      expectClose(
        fitted.withValues { values in rows.map { values[$0] } }, rows.map { weights[$0] },
        relative: 1e-12)
    }
  }

  @Test("trimmed weights are within the limits and meet the margins")
  func trimming() throws {
    let dataset = Self.survey(seed: 12)
    var trimmed = description(.rake)
    trimmed.trim = .ratio(0.5...1.7)
    let fitted = try trimmed.fitted(in: dataset)
    let report = try #require(fitted.groups[0].trimming)
    #expect(report.respondents > 0 && report.rounds > 0 && report.isComplete)
    let mean = 3000.0 / 400
    let weights = fitted.weights.withValues { values in values.indices.map { values[$0] } }
    #expect(weights.allSatisfy { $0 >= 0.5 * mean * 0.99999 && $0 <= 1.7 * mean * 1.00001 })
    for category in fitted.groups[0].margins {
      expectClose(category.after, category.target, relative: 1e-8)
    }
    trimmed.trim = .ratio(0.97...1.03)
    let impossible = try trimmed.fitted(in: dataset)
    #expect(!impossible.isConverged && impossible.groups[0].trimming?.rounds == 50)
    let cut = impossible.weights.withValues { values in values.indices.map { values[$0] } }
    #expect(cut.allSatisfy { $0 >= 0.97 * mean * 0.999999 && $0 <= 1.03 * mean * 1.000001 })
  }

  @Test("codes can be counted together, and respondents without a target keep their share")
  func collapsing() throws {
    let dataset = Self.survey(seed: 13)
    var collapsed = description(.rake)
    collapsed.collapse = ["region": ["5": "4"]]
    let fitted = try collapsed.fitted(in: dataset)
    let four = try #require(fitted.groups[0].margins.first { $0.code == "4" })
    expectClose(four.target, 1100.0 / 3000, relative: 1e-12)
    expectClose(four.after, 1100.0 / 3000, relative: 1e-8)

    var keeping = description(
      .rake, [Self.margin("region", [("1", 0.3), ("2", 0.3), ("3", 0.2), ("4", 0.2)])])
    keeping.unknown = .keep
    let kept = try keeping.fitted(in: dataset).groups[0].margins
    let unknown = try #require(kept.first { $0.isUnknown })
    expectClose(unknown.after, unknown.before, relative: 1e-9)
    expectClose(kept[0].after, 0.3 * (1 - unknown.before), relative: 1e-9)
  }

  @Test("codes counted together weigh as a column that holds them together; weight 0 stays 0")
  func collapsedIsRecoded() throws {
    let dataset = Self.survey(seed: 17)
    let region = try dataset.categories("region")
    // Codes 2 and 4 together: levels that are not their codes.
    let merged = CategoricalColumn(
      categories: ["1", "2", "3", "5"].map { Category(code: $0) },
      indices: (0..<dataset.rowCount).map { [0, 1, 2, 1, 3][region.index(at: $0)] })
    let starts = try dataset.numbers("weight").withValues { values in
      values.indices.map { $0 == 50 ? 0 : values[$0] }
    }
    func columns(_ region: CategoricalColumn) throws -> [Column] {
      try [
        Column(name: "region", values: .categorical(region)),
        Column(name: "sex", values: .categorical(dataset.categories("sex"))),
        Column(name: "weight", values: .numeric(NumericColumn(starts))),
      ]
    }
    let targets = [
      Self.margin("region", [("1", 700), ("2", 1150), ("3", 650), ("5", 500)]),
      Self.margin("sex", [("1", 1700), ("2", 1300)]),
    ]
    var collapsed = description(.rake, targets)
    collapsed.collapse = ["region": ["4": "2"]]
    let together = try weights(
      collapsed, in: Dataset(rowCount: dataset.rowCount, columns: columns(region)))
    let expected = try weights(
      description(.rake, targets),
      in: Dataset(rowCount: dataset.rowCount, columns: columns(merged)))
    for (weight, expected) in zip(together, expected) {
      expectClose(weight, expected, relative: 1e-12)
    }
    #expect(together[50] == 0)
  }

  @Test(
    "many rows in a crossing of few cells, of many, and of more than two bytes number: what plain loops give, on any number of threads",
    arguments: [[5, 2, 4], [5, 98, 4], [40, 60, 30]], [true, false])
  func largeCrossings(categories: [Int], isSorted: Bool) throws {
    let rows = 60_000
    var generator = SeededGenerator(seed: 11)
    var codes = categories.map { count in
      (0..<rows).map { $0 < count ? $0 : generator.integer(in: 0...count - 1) }
    }
    if isSorted { codes[0].sort() }
    let starts = (0..<rows).map { _ in 0.5 + generator.uniform() }
    let dataset = Dataset(
      rowCount: rows,
      columns: codes.enumerated().map { index, codes in
        Column(
          name: "m\(index)",
          values: .categorical(
            CategoricalColumn(
              categories: (1...categories[index]).map { Category(code: "\($0)") },
              indices: codes)))
      } + [Column(name: "weight", values: .numeric(NumericColumn(starts)))])
    // A population of twice the rows, tilted in each margin.
    let targets = categories.map { count in
      let tilts = (0..<count).map { 1 + Double($0 * 7 % 5) / 10 }
      return tilts.map { $0 * Double(2 * rows) / tilts.reduce(0, +) }
    }
    let description = description(
      .rake,
      targets.enumerated().map { index, targets in
        Self.margin("m\(index)", targets.enumerated().map { ("\($0 + 1)", $1) })
      })

    var expected = starts
    for _ in 0..<60 {
      for (codes, targets) in zip(codes, targets) {
        var sums = [Double](repeating: 0, count: targets.count)
        for row in 0..<rows { sums[codes[row]] += expected[row] }
        for row in 0..<rows { expected[row] *= targets[codes[row]] / sums[codes[row]] }
      }
    }
    func weights(threads: Int) throws -> [Double] {
      try description.fitted(in: dataset, keeping: nil, threads: threads).weights.withValues {
        values in values.indices.map { values[$0] }
      }
    }
    let one = try weights(threads: 1)
    for row in 0..<rows { try #require(abs(one[row] - expected[row]) <= 1e-8 * expected[row]) }
    #expect(try weights(threads: 2) == one)
    #expect(try weights(threads: 7) == one)
  }
}
