import SurveyData
import SurveyStatistics
import SurveyTestSupport
import Testing

/// What must be equal because the algebra says so, over seeded designs, extremes included.
///
/// Tolerances are those of plain algebra; an error that is 0 but for rounding is 0.
@Suite("Identities of weighted shares")
struct IdentityTests {
  private static let seeds = Array(0..<80)

  @Test("a share is the mean of an indicator: value, error, base and df", arguments: seeds)
  func shareIsMean(seed: Int) throws {
    let survey = try DerivedSurvey(seed: seed)
    let shares = try survey.shares()
    for level in 0..<survey.levels {
      let indicator = survey.indicator(of: level)
      let means = survey.means(of: indicator)
      for group in 0..<survey.random.groups {
        let share = shares[group][level]
        let mean = means[group]
        #expect(share.base == mean.base && share.degreesOfFreedom == mean.degreesOfFreedom)
        // The mean's variance is a difference of terms as large as that of the weights' own sum, so
        // a share next to 0 or 1 keeps more digits: 1e-15 is the last bit of such terms.
        expectSame(share, mean, variance: 1e-15)
      }
    }
  }

  @Test("a domain's share is the ratio of two totals over all", arguments: seeds)
  func shareIsRatio(seed: Int) throws {
    let survey = try DerivedSurvey(seed: seed)
    let shares = try survey.shares()
    for group in 0..<survey.random.groups {
      let answered = survey.random.answered(group: group)
      guard answered.contains(true) else { continue }
      for level in 0..<survey.levels {
        let share = shares[group][level]
        let ratio = survey.ratio(
          answered.indices.map { answered[$0] && survey.random.item[$0] == level ? 1 : 0 },
          answered.map { $0 ? 1 : 0 })
        guard share.standardError != nil else { continue }
        // As above: the ratio is worked out from the larger terms.
        expectSame(share, ratio, variance: 1e-15)
      }
    }
  }

  @Test("doubling every row within its PSU is doubling the weights", arguments: seeds)
  func doubledRows(seed: Int) throws {
    let survey = try DerivedSurvey(seed: seed)
    let once = Array(survey.rows.indices)
    let doubledRows = try survey.gathered(once + once)
    let doubledWeights = try survey.gathered(once, weights: { $0 * 2 })
    for (group, (copied, heavier)) in zip(
      try doubledRows.shares(), try doubledWeights.shares()
    ).enumerated() {
      for (first, second) in zip(copied, heavier) {
        #expect(first.base == 2 * second.base, "group \(group)")
        #expect(first.degreesOfFreedom == second.degreesOfFreedom)
        expectClose(first.weightedBase, second.weightedBase, relative: 1e-12)
        expectSame(first, second)
      }
    }
  }

  @Test("the order of the rows does not matter", arguments: seeds)
  func rowOrder(seed: Int) throws {
    let survey = try DerivedSurvey(seed: seed)
    var generator = SeededGenerator(seed: UInt64(seed) + 1000)
    let shuffled = try survey.gathered(
      Array(survey.rows.indices).shuffled(using: &generator))
    for (before, after) in zip(try survey.shares(), try shuffled.shares()) {
      for (first, second) in zip(before, after) {
        #expect(first.base == second.base && first.count == second.count)
        #expect(first.degreesOfFreedom == second.degreesOfFreedom)
        expectSame(first, second)
      }
    }
  }

  @Test("weights times a constant change no share and no error", arguments: seeds)
  func scaledWeights(seed: Int) throws {
    let survey = try DerivedSurvey(seed: seed)
    for factor in [1e-6, 1 / 3.0, 7, 1e6] {
      let scaled = try survey.gathered(Array(survey.rows.indices), weights: { $0 * factor })
      for (before, after) in zip(try survey.shares(), try scaled.shares()) {
        for (first, second) in zip(before, after) {
          #expect(first.base == second.base && first.degreesOfFreedom == second.degreesOfFreedom)
          expectSame(first, second)
        }
      }
    }
  }

  private func expectSame(
    _ first: Estimate, _ second: Estimate, variance absolute: Double = 1e-28,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect((first.value == nil) == (second.value == nil), sourceLocation: sourceLocation)
    #expect(
      (first.variance == nil) == (second.variance == nil), sourceLocation: sourceLocation)
    expectClose(
      first.value ?? 0, second.value ?? 0, relative: 1e-12, absolute: 1e-15,
      sourceLocation: sourceLocation)
    // An error's relative difference is half its variance's.
    expectClose(
      first.variance ?? 0, second.variance ?? 0, relative: 2e-12, absolute: absolute,
      sourceLocation: sourceLocation)
  }
}

/// A random survey that can be made anew from some of its rows, each with its weight changed.
private struct DerivedSurvey {
  let random: RandomSurvey
  /// The rows of `random` that it is made of.
  let rows: [Int]
  private let dataset: Dataset
  private let design: Design
  private let domain: Domain

  /// Of ninety categories, the first few stand for all.
  var levels: Int { min(random.categories, 5) }

  init(seed: Int) throws {
    let random = try RandomSurvey(seed: UInt64(seed))
    try self.init(random, rows: random.item.indices.map { $0 }, weights: { $0 })
  }

  func gathered(_ rows: [Int], weights: (Double) -> Double = { $0 }) throws -> DerivedSurvey {
    try DerivedSurvey(random, rows: rows, weights: weights)
  }

  private init(_ random: RandomSurvey, rows: [Int], weights: (Double) -> Double) throws {
    self.random = random
    self.rows = rows
    var columns = random.dataset.columns.map { column in
      switch column.values {
      case .categorical(let values):
        return Column(
          name: column.name,
          values: .categorical(
            CategoricalColumn(
              categories: values.categories, indices: rows.map { values.index(at: $0) })))
      case .numeric(let values):
        let change = column.name == "weight" ? weights : { $0 }
        return Column(
          name: column.name,
          values: .numeric(
            NumericColumn(values.withValues { all in rows.map { change(all[$0]) } })))
      }
    }
    var description = random.design.description
    if description.clusters.isEmpty {
      // A copied row is not a second sampling unit.
      columns.append(
        Column(
          name: "unit",
          values: .categorical(
            CategoricalColumn(
              categories: random.item.indices.map { SurveyData.Category(code: "\($0)") },
              indices: rows))))
      description.clusters = ["unit"]
    }
    dataset = Dataset(rowCount: rows.count, columns: columns)
    design = try Design(description, in: dataset)
    domain = Domain(rows.map { random.inDomain[$0] })
  }

  /// The shares of each group, by level.
  func shares() throws -> [[Estimate]] {
    let tabulation = design.tabulate(
      TabulationPlan([
        .init(
          groups: [.init(try dataset.categories("group"))],
          cells: .init(try dataset.categories("item")), domain: domain)
      ]))[0]
    return (0..<random.groups).map { group in
      let estimator = ShareEstimator(
        tabulation, group: group, design: design, inference: Inference())
      return (0..<levels).map { estimator.estimate(of: [$0]) }
    }
  }

  /// 1 in the category, 0 in another, missing where the item is.
  func indicator(of level: Int) -> NumericColumn {
    NumericColumn(
      rows.map { random.item[$0] < 0 ? nil : random.item[$0] == level ? 1 : 0 })
  }

  func means(of column: NumericColumn) -> [Estimate] {
    let sum = TabulationPlan.Sum(column)
    let tabulation = design.tabulate(
      TabulationPlan([
        .init(
          groups: [.init(try! dataset.categories("group"))], sums: [sum], domain: domain)
      ]))[0]
    return (0..<random.groups).map {
      MeanEstimator(design: design, inference: Inference())
        .estimate(tabulation, group: $0, origin: sum.origin)
    }
  }

  /// The ratio of two totals over all rows.
  func ratio(_ numerator: [Double], _ denominator: [Double]) -> Estimate {
    let sums = [numerator, denominator].map { TabulationPlan.Sum(NumericColumn($0)) }
    return RatioEstimator(design: design, inference: Inference())
      .estimate(design.tabulate(TabulationPlan([.init(sums: sums)]))[0], group: 0)
  }
}
