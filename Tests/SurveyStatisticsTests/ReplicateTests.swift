import SurveyData
import SurveyStatistics
import SurveyTestSupport
import Testing

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

  @Test("a difference has its variance from the replicates' differences")
  func differences() throws {
    for seed in 0..<20 {
      let survey = try ReplicatedSurvey(seed: UInt64(seed))
      let design = try survey.made(.jkn)
      let tabulation = design.tabulate(
        TabulationPlan([
          .init(
            groups: [.init(try survey.dataset.categories("group"))],
            cells: .init(try survey.dataset.categories("item")), moments: .all)
        ]))[0]
      let contrasts = ContrastEstimator(tabulation, design: design, inference: Inference())
      let difference = contrasts.difference(
        from: contrasts.share(of: [0, 1], in: [0]), to: contrasts.share(of: [0, 1], in: [1, 2]))
      func share(_ total: (Int) -> Double, _ groups: [Int]) -> Double {
        func sum(_ levels: ClosedRange<Int>) -> Double {
          groups.reduce(0) { sum, group in
            levels.reduce(sum) { $0 + total(tabulation.component(group: group, level: $1)) }
          }
        }
        return sum(0...1) / sum(0...3)
      }
      let variance = try #require(
        tabulation.replicateVariance { share($0, [1, 2]) - share($0, [0]) })
      guard let error = difference.standardError, variance.replicatesWithoutValue == 0 else {
        continue
      }
      expectClose(error * error, variance.value, relative: 1e-8, "seed \(seed)")
    }
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
