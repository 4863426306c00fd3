import SurveyData
import SurveyStatistics
import SurveyTestSupport
import Testing

/// A survey of PSUs in strata drawn from a seed, and its designs by linearisation and by replicates.
private struct ReplicatedSurvey {
  var dataset: Dataset
  let isFinite: Bool

  init(seed: UInt64, pairs: Bool = false) throws {
    var generator = SeededGenerator(seed: seed)
    isFinite = generator.chance(0.5)
    let strataCount = generator.integer(in: 1...(pairs ? 25 : 6))
    var strata: [Int] = []
    var psus: [Int] = []
    var population: [Double] = []
    for stratum in 0..<strataCount {
      let count = pairs ? 2 : generator.integer(in: 2...9)
      let size = Double(count + generator.integer(in: (pairs ? 1 : 0)...20))
      for psu in 0..<count {
        for _ in 0..<generator.integer(in: 1...6) {
          strata.append(stratum)
          psus.append(psu)
          population.append(size)
        }
      }
    }
    let rows = strata.count
    let order = strata.indices.shuffled(using: &generator)
    func codes(_ name: String, _ values: [Int]) -> Column {
      Column(
        name: name,
        values: .categorical(
          CategoricalColumn(
            categories: (0...max(values.max() ?? 0, 3)).map { SurveyData.Category(code: "\($0)") },
            indices: values)))
    }
    func numbers(_ name: String, _ values: [Double]) -> Column {
      Column(name: name, values: .numeric(NumericColumn(values)))
    }
    dataset = Dataset(
      rowCount: rows,
      columns: [
        codes("stratum", order.map { strata[$0] }), codes("psu", order.map { psus[$0] }),
        codes("group", (0..<rows).map { _ in generator.integer(in: 0...2) }),
        codes("item", (0..<rows).map { _ in generator.integer(in: 0...3) }),
        numbers("population", order.map { population[$0] }),
        numbers("weight", (0..<rows).map { _ in generator.uniform(in: 0.3...3) }),
        numbers("x", (0..<rows).map { _ in 40 + 10 * generator.normal() }),
        numbers("y", (0..<rows).map { _ in 10 + 3 * generator.normal() }),
      ])
  }

  func design(_ replicates: ReplicateDescription? = nil) throws -> Design {
    try Design(
      DesignDescription(
        weight: "weight", strata: ["stratum"], clusters: ["psu"],
        finitePopulation: isFinite ? ["population"] : [], isNested: true, replicates: replicates),
      in: dataset)
  }

  func made(_ method: ReplicateMethod, rho: Double? = nil, count: Int = 500) throws -> Design {
    try design(ReplicateDescription(.design(count: count, seed: 7), method: method, rho: rho))
  }

  /// The design that has another's replicates as columns.
  func reading(_ design: Design) throws -> Design {
    let replicates = try #require(design.replicates)
    let columns = (0..<replicates.count).map { replicate in
      let values = design.weights(ofReplicate: replicate)
      var inFile = [Double](repeating: 0, count: values.count)
      for position in values.indices {
        inFile[design.order.map { Int($0[position]) } ?? position] = values[position]
      }
      return Column(name: "w_\(replicate)", values: .numeric(NumericColumn(inFile)))
    }
    return try Design(
      DesignDescription(
        weight: "weight",
        replicates: ReplicateDescription(
          .columns(["w_*"]), method: replicates.method, scale: replicates.scale,
          rscales: replicates.rscales)),
      in: dataset.with(columns))
  }

  /// Shares, means, ratios and totals of the groups.
  func estimates(_ design: Design, threads: Int? = nil) throws -> [Estimate] {
    let group = TabulationPlan.Factor(try dataset.categories("group"))
    let tabulations = design.tabulate(
      TabulationPlan([
        .init(groups: [group], cells: .init(try dataset.categories("item"))),
        .init(
          groups: [group],
          sums: [.init(try dataset.numbers("x")), .init(try dataset.numbers("y"))]),
      ]), threads: threads, rowsPerRun: 10)
    let inference = Inference()
    return (0..<3).flatMap { group in
      let share = ShareEstimator(
        tabulations[0], group: group, design: design, inference: inference)
      return [
        TotalEstimator(design: design, inference: inference)
          .estimate(tabulations[1], group: group),
        MeanEstimator(design: design, inference: inference)
          .estimate(tabulations[1], group: group, origin: 0),
        RatioEstimator(design: design, inference: inference)
          .estimate(tabulations[1], group: group),
        share.estimate(of: [0]), share.estimate(of: [1, 3]),
      ]
    }
  }

  /// The totals among `estimates`.
  static func totals(_ estimates: [Estimate]) -> [Estimate] {
    stride(from: 0, to: estimates.count, by: 5).map { estimates[$0] }
  }
}

@Suite("Replicates agree with linearisation, and with each other")
struct ReplicateTests {
  private func expectSameErrors(
    _ a: [Estimate], _ b: [Estimate], relative: Double, _ comment: Comment
  ) {
    #expect(a.count == b.count)
    for (first, second) in zip(a, b) {
      #expect(first.value == second.value)
      guard let left = first.standardError, let right = second.standardError else {
        #expect((first.standardError == nil) == (second.standardError == nil), comment)
        continue
      }
      expectClose(left, right, relative: relative, "\(comment)")
    }
  }

  @Test(
    "JKn gives totals the variance of linearisation, finite populations too", arguments: 0..<100)
  func jackknife(seed: Int) throws {
    let survey = try ReplicatedSurvey(seed: UInt64(seed))
    let jackknife = try survey.made(.jkn)
    let linear = try survey.design()
    #expect(jackknife.degreesOfFreedom == linear.degreesOfFreedom)
    expectSameErrors(
      ReplicatedSurvey.totals(try survey.estimates(jackknife)),
      ReplicatedSurvey.totals(try survey.estimates(linear)), relative: 1e-10, "seed \(seed)")
  }

  @Test("balanced half-samples give totals the variance of linearisation", arguments: 0..<50)
  func halfSamples(seed: Int) throws {
    let survey = try ReplicatedSurvey(seed: UInt64(seed), pairs: true)
    let linear = ReplicatedSurvey.totals(try survey.estimates(survey.design()))
    for design in [try survey.made(.brr), try survey.made(.fay, rho: 0.3)] {
      #expect(design.degreesOfFreedom == (try survey.design().degreesOfFreedom))
      expectSameErrors(
        ReplicatedSurvey.totals(try survey.estimates(design)), linear, relative: 1e-10,
        "seed \(seed)")
    }
  }

  @Test("8,000 bootstrap replicates come as close to linearisation as chance lets them")
  func bootstrap() throws {
    for seed in 0..<6 {
      let survey = try ReplicatedSurvey(seed: UInt64(seed))
      let bootstrap = ReplicatedSurvey.totals(
        try survey.estimates(survey.made(.bootstrap, count: 8000)))
      let linear = ReplicatedSurvey.totals(try survey.estimates(survey.design()))
      for (a, b) in zip(bootstrap, linear) {
        guard let a = a.variance, let b = b.variance else { continue }
        // A variance of R squares has a relative error of about √(2/R), more with heavy tails.
        expectClose(a, b, relative: 6 * (2.0 / 8000).squareRoot(), "seed \(seed)")
      }
    }
  }

  @Test("replicates written out and read back give the same errors and degrees of freedom")
  func readBack() throws {
    for seed in 0..<40 {
      let isPaired = seed % 4 == 3
      let survey = try ReplicatedSurvey(seed: UInt64(seed), pairs: isPaired)
      let made =
        isPaired
        ? try survey.made(.brr)
        : try seed % 2 == 0 ? survey.made(.jkn) : survey.made(.bootstrap, count: 60)
      let read = try survey.reading(made)
      #expect(read.degreesOfFreedom == made.degreesOfFreedom, "seed \(seed)")
      let (ours, theirs) = (try survey.estimates(made), try survey.estimates(read))
      for (a, b) in zip(ours, theirs) where a.standardError != nil && b.standardError != nil {
        expectClose(a.standardError!, b.standardError!, relative: 1e-10, "seed \(seed)")
        #expect(a.degreesOfFreedom == b.degreesOfFreedom, "seed \(seed)")
      }
    }
  }

  @Test("a row copied inside its PSU is its weight doubled")
  func doubling() throws {
    let survey = try ReplicatedSurvey(seed: 5)
    let all = Array(0..<survey.dataset.rowCount)
    let copied = survey.dataset.taking(rows: all + all)
    let weights = try survey.dataset.numbers("weight")
    let doubled = survey.dataset.with([
      Column(
        name: "weight",
        values: .numeric(NumericColumn(weights.withValues { w in all.map { 2 * w[$0] } })))
    ])
    func errors(_ dataset: Dataset) throws -> [Estimate] {
      var other = survey
      other.dataset = dataset
      return try other.estimates(other.made(.jkn))
    }
    for (a, b) in zip(try errors(copied), try errors(doubled)) {
      guard let a = a.standardError, let b = b.standardError else { continue }
      expectClose(a, b, relative: 1e-10)
    }
  }

  @Test("any number of threads gives the same bits")
  func threads() throws {
    for seed in 0..<10 {
      let survey = try ReplicatedSurvey(seed: UInt64(seed))
      let design = try survey.made(.bootstrap, count: 100)
      let bits = try [1, 2, 7, nil].map { threads in
        try survey.estimates(design, threads: threads).map { $0.standardError?.bitPattern }
      }
      for other in bits.dropFirst() { #expect(other == bits[0]) }
    }
  }

  @Test("a function of totals has its variance from the replicates, as the estimators do")
  func anyStatistic() throws {
    let survey = try ReplicatedSurvey(seed: 2)
    let design = try survey.made(.jkn)
    let tabulation = design.tabulate(
      TabulationPlan([.init(sums: [.init(try survey.dataset.numbers("x"))])]))[0]
    let mean = MeanEstimator(design: design, inference: Inference())
      .estimate(tabulation, group: 0, origin: 0)
    let variance = try #require(tabulation.replicateVariance { total in total(1) / total(0) })
    expectClose(variance.value, mean.variance!, relative: 1e-9)
    let ofTotal = try #require(tabulation.replicateVariance { total in total(1) })
    expectClose(tabulation.covariance(1, 1), ofTotal.value, relative: 1e-9)
  }

  @Test("what cannot be made or read says why")
  func faults() throws {
    let survey = try ReplicatedSurvey(seed: 3)
    #expect(throws: ReplicateError.self) { try survey.made(.sdr) }
    #expect(throws: ReplicateError.self) { try survey.made(.fay) }
    #expect(throws: ReplicateError.self) { try survey.made(.brr) }
    #expect(throws: ReplicateError.self) { try survey.made(.jkn, rho: 0.3) }
    #expect(throws: ReplicatePatternError.self) {
      try survey.design(ReplicateDescription(.columns(["r*"]), method: .brr))
    }
    #expect(throws: ReplicateError.self) {
      try survey.design(ReplicateDescription(.columns(["x", "y"]), method: .jkn))
    }
    let negative = Column(
      name: "y",
      values: .numeric(
        NumericColumn([-1] + Array(repeating: 1, count: survey.dataset.rowCount - 1))))
    var other = survey
    other.dataset = survey.dataset.with([negative])
    #expect(throws: ReplicateError.self) {
      try other.design(ReplicateDescription(.columns(["x", "y"]), method: .bootstrap))
    }
  }
}

extension Dataset {
  fileprivate func taking(rows: [Int]) -> Dataset {
    Dataset(
      rowCount: rows.count,
      columns: columns.map { column in
        switch column.values {
        case .categorical(let values):
          Column(
            name: column.name,
            values: .categorical(
              CategoricalColumn(
                categories: values.categories, indices: rows.map { values.index(at: $0) })))
        case .numeric(let values):
          Column(
            name: column.name,
            values: .numeric(NumericColumn(values.withValues { v in rows.map { v[$0] } })))
        }
      })
  }
}
