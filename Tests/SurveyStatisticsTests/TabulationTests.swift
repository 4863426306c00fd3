import SurveyData
import SurveyStatistics
import SurveyTestSupport
import Testing

/// Property tests of the pass: 200 seeded designs, extremes included, against plain loops.
@Suite("The pass agrees with the slow reference")
struct TabulationTests {
  private func factor(_ name: String, in survey: RandomSurvey) throws -> TabulationPlan.Factor {
    TabulationPlan.Factor(try survey.dataset.categories(name))
  }

  private func plan(_ survey: RandomSurvey, _ moments: TabulationPlan.Moments) throws
    -> TabulationPlan
  {
    TabulationPlan([
      .init(
        groups: [try factor("group", in: survey)], cells: try factor("item", in: survey),
        domain: Domain(survey.inDomain), moments: moments)
    ])
  }

  @Test("totals, counts, PSUs and every covariance within a group", arguments: 0..<200)
  func withinGroups(seed: Int) throws {
    let survey = try RandomSurvey(seed: UInt64(seed))
    let tabulation = survey.design.tabulate(
      try plan(survey, .withinGroups), rowsPerRun: 3 + seed % 40)[0]
    for group in 0..<survey.groups {
      let answered = survey.answered(group: group)
      let sampled = survey.slow.sampled(in: answered)
      #expect(tabulation.psus[group] == sampled.psus)
      #expect(tabulation.strata[group] == sampled.strata)
      // Of ninety categories, the first few stand for all: the reference is slow.
      let indicators = (0..<min(survey.categories, 7)).map { category in
        answered.indices.map { answered[$0] && survey.item[$0] == category ? 1.0 : 0 }
      }
      let variances = indicators.map { survey.slow.covariance($0, $0) }
      for (category, indicator) in indicators.enumerated() {
        let component = tabulation.component(group: group, level: category)
        #expect(tabulation.counts[component] == indicator.count { $0 == 1 })
        expectClose(tabulation.totals[component], survey.slow.total(indicator), relative: 1e-12)
        for other in 0...category {
          expectClose(
            tabulation.covariance(component, tabulation.component(group: group, level: other)),
            survey.slow.covariance(indicator, indicators[other]), relative: 1e-12,
            absolute: 1e-12 * (variances[category] * variances[other]).squareRoot())
        }
      }
    }
  }

  @Test("rows alone are counted as with totals, fused or not", arguments: 0..<50)
  func rowsAlone(seed: Int) throws {
    let survey = try RandomSurvey(seed: UInt64(seed))
    let counted = survey.design.tabulate(
      try plan(survey, .withinGroups), rowsPerRun: 3 + seed % 40)[0]
    for fusing in [Design.Fusing.never, .whereItPays] {
      let alone = survey.design.tabulate(
        try plan(survey, .rowsAlone), threads: 1 + seed % 3, rowsPerRun: 3 + seed % 40,
        fusing: fusing)[0]
      #expect(alone.counts == counted.counts)
    }
    // One look-up a row: counted by code.
    let byCode = { (moments: TabulationPlan.Moments) throws -> [Int] in
      let cells = try self.factor("item", in: survey)
      let domain = Domain(survey.inDomain)
      return survey.design.tabulate(
        TabulationPlan([.init(cells: cells, domain: domain, moments: moments)]))[0].counts
    }
    #expect(try byCode(.rowsAlone) == byCode(.withinGroups))
  }

  @Test(
    "rows by code, where a byte does not hold the count of a place in the vectors",
    arguments: [2, 63, 64, 16_319, 16_385, 40_001], [1, 6, 16, 17, 24, 25])
  func rowsByCode(rows: Int, codes: Int) throws {
    var generator = SeededGenerator(seed: UInt64(rows + codes))
    // Long runs of a code, so that one is found at every place.
    let answers = (0..<rows).map { row in
      row < rows / 2 ? codes - 1 : generator.integer(in: 0...codes - 1)
    }
    let inside = (0..<rows).map { _ in generator.chance(0.7) }
    let column = CategoricalColumn(
      categories: (0..<codes).map { SurveyData.Category(code: "\($0)") }, indices: answers)
    let dataset = Dataset(
      rowCount: rows, columns: [Column(name: "item", values: .categorical(column))])
    let design = try Design(DesignDescription(), in: dataset)
    // The last code has no cell.
    let levels = (0..<codes).map { Int32($0 == codes - 1 ? -1 : $0) }
    let cells = TabulationPlan.Factor(column: column, levels: levels, levelCount: codes - 1)
    for domain in [nil, Domain(inside)] {
      let counts = design.tabulate(
        TabulationPlan([.init(cells: cells, domain: domain, moments: .rowsAlone)]))[0].counts
      let expected = (0..<codes - 1).map { code in
        answers.indices.count { answers[$0] == code && (domain == nil || inside[$0]) }
      }
      #expect(counts == expected)
    }
  }

  @Test("shares and their standard errors", arguments: 0..<200)
  func shares(seed: Int) throws {
    let survey = try RandomSurvey(seed: UInt64(seed))
    let tabulation = survey.design.tabulate(try plan(survey, .withinGroups))[0]
    for group in 0..<survey.groups {
      let answered = survey.answered(group: group)
      let estimator = ShareEstimator(
        tabulation, group: group, design: survey.design, inference: Inference())
      for category in 0..<min(survey.categories, 5) {
        let estimate = estimator.estimate(of: [category])
        #expect(estimate.base == answered.count { $0 })
        guard estimate.base > 0 else {
          #expect(estimate.value == nil && estimate.caveats == [.emptyBase])
          continue
        }
        let expected = survey.slow.share(
          of: survey.item.map { $0 == category }, in: answered)
        expectClose(estimate.value!, expected.value, relative: 1e-12)
        guard let variance = estimate.variance else {
          #expect(estimate.caveats == [.onePSU])
          continue
        }
        // A variance that is 0 but for rounding is 0 exactly.
        expectClose(variance, expected.variance, relative: 2e-12, absolute: 1e-28)
      }
    }
  }

  @Test("all covariances, across groups", arguments: Array(stride(from: 0, to: 200, by: 5)))
  func whole(seed: Int) throws {
    let survey = try RandomSurvey(seed: UInt64(seed))
    guard survey.categories < 20 else { return }
    let tabulation = survey.design.tabulate(try plan(survey, .all))[0]
    func indicator(_ component: Int) -> [Double] {
      let group = component / survey.categories
      let answered = survey.answered(group: group)
      return answered.indices.map {
        answered[$0] && survey.item[$0] == component % survey.categories ? 1 : 0
      }
    }
    let count = survey.groups * survey.categories
    for first in 0..<count {
      let a = indicator(first)
      let variance = survey.slow.covariance(a, a)
      for second in 0...first {
        let b = indicator(second)
        expectClose(
          tabulation.covariance(first, second), survey.slow.covariance(a, b), relative: 1e-12,
          absolute: 1e-12 * (variance * survey.slow.covariance(b, b)).squareRoot())
      }
    }
  }

  @Test("weighted sums of a number, and their covariances", arguments: 0..<200)
  func sums(seed: Int) throws {
    let survey = try RandomSurvey(seed: UInt64(seed))
    let block = TabulationPlan.Block(
      groups: [try factor("group", in: survey)], sums: [.init(try survey.dataset.numbers("x"))],
      domain: Domain(survey.inDomain))
    let tabulation = survey.design.tabulate(TabulationPlan([block]))[0]
    for group in 0..<survey.groups {
      let inGroup = survey.group.indices.map {
        survey.inDomain[$0] && survey.group[$0] == group && survey.slow.weights[$0] > 0 ? 1.0 : 0
      }
      let sum = inGroup.indices.map { inGroup[$0] * survey.x[$0] }
      let squares = inGroup.indices.map { sum[$0] * survey.x[$0] }
      let weight = tabulation.component(group: group)
      let x = tabulation.component(group: group, part: 1)
      expectClose(tabulation.totals[weight], survey.slow.total(inGroup), relative: 1e-12)
      expectClose(tabulation.totals[x], survey.slow.total(sum), relative: 1e-12)
      expectClose(tabulation.sumsOfSquares[x], survey.slow.total(squares), relative: 1e-12)
      for (first, second, a, b) in [
        (x, x, sum, sum), (x, weight, sum, inGroup), (weight, weight, inGroup, inGroup),
      ] {
        let scale =
          (survey.slow.covariance(a, a) * survey.slow.covariance(b, b)).squareRoot()
        expectClose(
          tabulation.covariance(first, second), survey.slow.covariance(a, b), relative: 1e-12,
          absolute: 1e-12 * scale)
      }
    }
  }

  @Test("totals alone are those of the pass with moments", arguments: 0..<40)
  func totalsAlone(seed: Int) throws {
    let survey = try RandomSurvey(seed: UInt64(seed))
    let alone = try survey.design.tabulate(plan(survey, .none))[0]
    let full = try survey.design.tabulate(plan(survey, .withinGroups))[0]
    #expect(alone.counts == full.counts)
    for (total, expected) in zip(alone.totals, full.totals) {
      expectClose(total, expected, relative: 1e-12)
    }
  }

  /// Blocks of every kind of inner loop: marks in one word, marks in several, one slot a cell.
  @Test(
    "large designs agree as well, rows as units and in PSUs", arguments: [2, 12, 1500],
    [false, true])
  func large(groups: Int, rowsAreUnits: Bool) throws {
    var generator = SeededGenerator(seed: UInt64(groups))
    let rows = 30_000
    func column(_ name: String, _ count: Int, _ values: [Int]) -> Column {
      Column(
        name: name,
        values: .categorical(
          CategoricalColumn(
            categories: (0..<count).map { SurveyData.Category(code: "\($0)") }, indices: values)))
    }
    let psus = (0..<rows).map { _ in generator.integer(in: 0...999) }
    let strata = psus.map { $0 % 7 }
    let group = (0..<rows).map { _ in generator.integer(in: 0...groups - 1) }
    let item = (0..<rows).map { _ in generator.integer(in: 0...9) }
    let weights = (0..<rows).map { _ in generator.uniform(in: 0.5...2) }
    let dataset = Dataset(
      rowCount: rows,
      columns: [
        column("psu", 1000, psus), column("stratum", 7, strata), column("group", groups, group),
        column("item", 10, item),
        Column(name: "weight", values: .numeric(NumericColumn(weights.map { $0 }))),
      ])
    let design = try Design(
      DesignDescription(
        weight: "weight", strata: ["stratum"], clusters: rowsAreUnits ? [] : ["psu"]),
      in: dataset)
    let slow = SlowDesign(
      strata: strata, clusters: rowsAreUnits ? [] : [psus], weights: weights)
    let tabulation = try design.tabulate(
      TabulationPlan([
        .init(
          groups: [.init(try dataset.categories("group"))],
          cells: .init(try dataset.categories("item")))
      ]))[0]
    for (wanted, first, second) in [(0, 0, 0), (groups - 1, 9, 9), (groups / 2, 3, 8)] {
      func indicator(_ level: Int) -> [Double] {
        (0..<rows).map { group[$0] == wanted && item[$0] == level ? 1 : 0 }
      }
      let (a, b) = (indicator(first), indicator(second))
      let left = tabulation.component(group: wanted, level: first)
      let right = tabulation.component(group: wanted, level: second)
      let scale = (slow.covariance(a, a) * slow.covariance(b, b)).squareRoot()
      expectClose(tabulation.totals[left], slow.total(a), relative: 1e-12)
      expectClose(
        tabulation.covariance(left, right), slow.covariance(a, b), relative: 1e-12,
        absolute: 1e-12 * scale)
    }
  }

  @Test("60,000 PSUs on 1, 2 and 7 threads give the same bits")
  func threads() throws {
    var generator = SeededGenerator(seed: 1)
    let rows = 150_000
    func column(_ name: String, _ count: Int, _ value: (Int) -> Int) -> Column {
      Column(
        name: name,
        values: .categorical(
          CategoricalColumn(
            categories: (0..<count).map { SurveyData.Category(code: "\($0)") },
            indices: (0..<rows).map(value))))
    }
    let psus = (0..<rows).map { _ in generator.integer(in: 0...59_999) }
    let dataset = Dataset(
      rowCount: rows,
      columns: [
        column("psu", 60_000) { psus[$0] },
        column("stratum", 20) { psus[$0] % 20 },
        column("group", 8) { _ in generator.integer(in: 0...7) },
        column("item", 5) { _ in generator.integer(in: 0...4) },
        Column(
          name: "weight",
          values: .numeric(NumericColumn((0..<rows).map { _ in generator.uniform(in: 0.5...2) }))),
      ])
    let design = try Design(
      DesignDescription(weight: "weight", strata: ["stratum"], clusters: ["psu"]), in: dataset)
    #expect(design.degreesOfFreedom > 50_000)
    let plan = TabulationPlan([
      .init(
        groups: [.init(try dataset.categories("group"))],
        cells: .init(try dataset.categories("item")))
    ])
    let tabulations = [1, 2, 7, nil].map {
      design.tabulate(plan, threads: $0)[0]
    }
    for tabulation in tabulations.dropFirst() {
      #expect(tabulation.totals.map(\.bitPattern) == tabulations[0].totals.map(\.bitPattern))
      for component in 0..<40 {
        #expect(
          tabulation.covariance(component, component / 5 * 5).bitPattern
            == tabulations[0].covariance(component, component / 5 * 5).bitPattern)
      }
    }
  }
}
