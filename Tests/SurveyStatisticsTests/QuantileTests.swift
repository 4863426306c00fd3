import SurveyData
import SurveyStatistics
import SurveyTestSupport
import Testing

@Suite("Quantiles")
struct QuantileTests {
  private static let rules: [QuantileRule] = [
    .hf1, .hf2, .hf3, .hf4, .hf5, .hf6, .hf7, .hf8, .hf9, .shahvaish,
  ]

  private func column(_ values: [Double?]) -> NumericColumn { NumericColumn(values) }

  private func design(_ weights: [Double], strata: [Int]? = nil) throws -> Design {
    var columns = [Column(name: "w", values: .numeric(NumericColumn(weights)))]
    if let strata {
      columns.append(Column(name: "s", values: .numeric(NumericColumn(strata.map(Double.init)))))
    }
    return try Design(
      DesignDescription(weight: "w", strata: strata == nil ? [] : ["s"]),
      in: Dataset(rowCount: weights.count, columns: columns))
  }

  private func estimates(
    _ values: [Double?], weights: [Double]? = nil, _ probabilities: [Double],
    rule: QuantileRule = .hf1, method: QuantileIntervalMethod = .mean
  ) throws -> [Estimate] {
    QuantileEstimator(
      probabilities: probabilities, rule: rule, method: method,
      design: try design(weights ?? values.map { _ in 1 }), inference: Inference()
    ).estimates(of: column(values))[0]
  }

  private func answers(_ values: [Double], _ weights: [Double]? = nil) -> OrderedAnswers {
    OrderedAnswers(
      values: values, weights: weights ?? values.map { _ in 1 },
      rows: values.indices.map { Int32($0) })
  }

  @Test("every estimate and Woodruff limit agrees with plain loops", arguments: 0..<200)
  func slowReference(seed: Int) throws {
    let survey = try RandomSurvey(seed: UInt64(seed))
    let groups = [TabulationPlan.Factor(try survey.dataset.categories("group"))]
    let probabilities = [0.5, 0.1, 0.37, 0.9]
    let rule = Self.rules[seed / 3 % Self.rules.count]
    // The number without ties, and the codes of the item, which has many.
    for name in ["x", "item"] {
      let values =
        name == "x" ? survey.x : survey.item.map { $0 < 0 ? Double.nan : Double($0) }
      let estimates = QuantileEstimator(
        probabilities: probabilities, rule: rule, method: .mean, design: survey.design,
        inference: Inference(level: 0.9)
      ).estimates(
        of: try survey.dataset.numbers(name), groups: groups, domain: Domain(survey.inDomain))
      for group in 0..<survey.groups {
        let inside = values.indices.map {
          survey.inDomain[$0] && survey.group[$0] == group && !values[$0].isNaN
            && survey.slow.weights[$0] > 0
        }
        for (estimate, p) in zip(estimates[group], probabilities) {
          let place = "seed \(seed), \(name), group \(group), \(rule) at \(p)"
          #expect(estimate.base == inside.count { $0 }, "\(place)")
          guard
            let expected = survey.slow.quantile(p, of: values, in: inside, rule: rule.rawValue)
          else {
            #expect(estimate.value == nil && estimate.caveats == [.emptyBase], "\(place)")
            continue
          }
          // Limits move by steps: what is interpolated has the rounding of its cumulated weights.
          expectClose(estimate.value!, expected, relative: 1e-11, absolute: 1e-11, place)
          guard !estimate.caveats.contains(.largestAnswer), estimate.degreesOfFreedom > 0 else {
            continue
          }
          let t = StudentT.criticalValue(level: 0.9, degreesOfFreedom: estimate.degreesOfFreedom)
          let limits = survey.slow.woodruff(
            p, of: values, in: inside, rule: rule.rawValue, t: t)!
          var ours = (low: estimate.interval?.low, high: estimate.interval?.high)
          for case .openInterval(let low, let high) in estimate.caveats { ours = (low, high) }
          guard estimate.standardError != 0 || estimate.interval != nil else { continue }
          for (ours, theirs) in [(ours.low, limits.low), (ours.high, limits.high)] {
            guard let ours, let theirs else {
              #expect(ours == theirs, "\(place)")
              continue
            }
            expectClose(ours, theirs, relative: 1e-9, absolute: 1e-9, place)
          }
          if let low = limits.low, let high = limits.high {
            expectClose(
              estimate.standardError!, (high - low) / (2 * t), relative: 1e-8, absolute: 1e-9,
              place)
          }
        }
      }
    }
  }

  /// R's quantile(type = i) for i of 1, 2, 4 … 9: x at g between the order statistics around
  /// n·p + m (Hyndman and Fan 1996).
  private func hyndmanFan(_ p: Double, _ sorted: [Double], type: Int) -> Double {
    let n = Double(sorted.count)
    let m = [0, 0, 0, -0.5, 0, 0.5, p, 1 - p, (p + 1) / 3, p / 4 + 3.0 / 8][type]
    let position = n * p + m
    let j = (position + 4 * Double.ulpOfOne).rounded(.down)
    var g = position - j
    if abs(g) < 1e-12 { g = 0 }
    if type == 1 { g = g > 0 ? 1 : 0 }
    if type == 2 { g = g > 0 ? 1 : 0.5 }
    func x(_ index: Double) -> Double { sorted[Int(min(max(index, 1), n)) - 1] }
    return x(j) + g * (x(j + 1) - x(j))
  }

  @Test(
    "with equal weights hf1, hf2 and hf4 to hf9 are R's quantile types",
    arguments: [1, 2, 4, 5, 6, 7, 8, 9])
  func types(type: Int) {
    var generator = SeededGenerator(seed: UInt64(type))
    let rule = QuantileRule(rawValue: "hf\(type)")!
    for n in [1, 2, 3, 5, 10, 24, 25, 101] {
      let values = (0..<n).map { _ in (generator.normal() * 8).rounded() / 2 }
      for weight in [1, 0.7, 1.0 / 11] {
        var answers = answers(values, values.map { _ in weight })
        for p in [0, 0.01, 0.1, 0.2, 0.25, 1.0 / 3, 0.5, 0.6, 0.75, 0.9, 0.99, 1] {
          expectClose(
            rule.quantile(p, of: &answers), hyndmanFan(p, values.sorted(), type: type),
            relative: 1e-11, absolute: 1e-11, "type \(type), n \(n), weight \(weight), p \(p)")
        }
      }
    }
  }

  @Test("math is hf1 and school is hf2")
  func names() {
    var answers = answers([3, 1, 4, 15, 9, 2], [1, 2, 1, 2, 1, 1])
    for p in [0, 0.125, 0.25, 0.5, 0.6, 1] {
      #expect(
        QuantileRule.math.quantile(p, of: &answers) == QuantileRule.hf1.quantile(p, of: &answers))
      #expect(
        QuantileRule.school.quantile(p, of: &answers) == QuantileRule.hf2.quantile(p, of: &answers))
    }
    #expect(QuantileRule.school.quantile(0.5, of: &answers) == 3.5)
  }

  @Test(
    "0 and 1 are the smallest and the largest answer by every rule",
    arguments: QuantileRule.allCases)
  func ends(rule: QuantileRule) throws {
    let values = [5.0, 2, 9, 2, 7, 9, 4]
    let weights = [1.0, 3, 0.5, 2, 1, 0.1, 4]
    let ends = try estimates(values, weights: weights, [0, 1], rule: rule)
    #expect(ends[0].value == 2)
    #expect(ends[1].value == 9)
    #expect(ends[1].caveats == [.largestAnswer])
    #expect(ends[1].standardError == nil && ends[1].interval == nil)
  }

  @Test("one respondent is every quantile, without an error", arguments: QuantileRule.allCases)
  func oneRespondent(rule: QuantileRule) throws {
    for method in QuantileIntervalMethod.allCases where method != .quantile {
      let estimate = try estimates([nil, 4, nil], [0.3], rule: rule, method: method)[0]
      #expect(estimate.value == 4 && estimate.base == 1)
      #expect(estimate.standardError == nil && estimate.interval == nil)
      #expect(estimate.caveats == [.onePSU])
    }
  }

  @Test("where all answers are equal there is a quantile and no interval")
  func allEqual() throws {
    for rule in QuantileRule.allCases {
      for method in QuantileIntervalMethod.allCases where method != .quantile {
        let weights = (0..<40).map { 0.3 + Double($0) / 7 }
        let estimate = try estimates(
          weights.map { _ in 0.1 }, weights: weights, [0.4], rule: rule, method: method)[0]
        #expect(estimate.value == 0.1)
        #expect(estimate.caveats == [.largestAnswer])
      }
    }
  }

  @Test("nobody in a group, weights of 0 and missing answers leave null with its reason")
  func emptyGroup() throws {
    let estimates = try estimates([nil, 1, 2], weights: [1, 0, 0], [0.5, 0.9], method: .score)
    for estimate in estimates {
      #expect(estimate.value == nil && estimate.base == 0 && estimate.caveats == [.emptyBase])
    }
  }

  @Test("weights of 0 are as if their rows had no answer")
  func zeroWeights() throws {
    let values = (0..<30).map { Double($0 * 7 % 30) }
    let weights = (0..<30).map { $0 % 4 == 0 ? 0.0 : 1 + Double($0 % 3) }
    for rule in QuantileRule.allCases {
      let zero = try estimates(values, weights: weights, [0.25, 0.5], rule: rule)
      let missing = try estimates(
        zip(values, weights).map { $1 == 0 ? nil : $0 }, weights: weights, [0.25, 0.5], rule: rule)
      #expect(zero.map(\.value) == missing.map(\.value))
    }
  }

  @Test("limits beyond the answers are named, and the one that exists is kept")
  func openInterval() throws {
    let estimates = try estimates((1...12).map { Double($0) }, [0.05, 0.5, 0.9])
    guard case .openInterval(low: nil, high: let high?) = estimates[0].caveats.first else {
      Issue.record("\(estimates[0].caveats)")
      return
    }
    #expect(high > 1 && estimates[0].interval == nil && estimates[0].standardError == nil)
    #expect(estimates[1].interval != nil)
    guard case .openInterval(low: let low?, high: nil) = estimates[2].caveats.first else {
      Issue.record("\(estimates[2].caveats)")
      return
    }
    #expect(low < 12)
  }

  @Test("a coarse scale has limits that coincide, and says so")
  func coarseScale() throws {
    let values = (0..<400).map { $0 % 10 == 0 ? 1.0 : $0 % 10 < 8 ? 2 : 3 }
    let estimate = try estimates(values, [0.5], method: .score)[0]
    #expect(estimate.interval?.low == 2 && estimate.interval?.high == 2)
    #expect(estimate.standardError == 0 && estimate.caveats == [.limitsCoincide])
  }

  @Test("many probabilities at once give what each gives alone, in any order")
  func manyProbabilities() throws {
    let survey = try RandomSurvey(seed: 9)
    let groups = [TabulationPlan.Factor(try survey.dataset.categories("group"))]
    let probabilities = (0...20).map { Double($0 * 8 % 21) / 20 }
    for method in [QuantileIntervalMethod.xlogit, .score] {
      func estimates(_ probabilities: [Double]) throws -> [[Estimate]] {
        QuantileEstimator(
          probabilities: probabilities, rule: .hf2, method: method, design: survey.design,
          inference: Inference()
        ).estimates(of: try survey.dataset.numbers("x"), groups: groups)
      }
      let together = try estimates(probabilities)
      for (index, p) in probabilities.enumerated() {
        let alone = try estimates([p])
        for group in together.indices {
          #expect(together[group][index].value == alone[group][0].value)
          #expect(together[group][index].interval?.low == alone[group][0].interval?.low)
          #expect(together[group][index].interval?.high == alone[group][0].interval?.high)
        }
      }
    }
  }

  @Test("score limits are the answers at which the test turns", arguments: 0..<40)
  func score(seed: Int) throws {
    let survey = try RandomSurvey(seed: UInt64(seed))
    let estimate = QuantileEstimator(
      probabilities: [0.5], rule: .hf1, method: .score, design: survey.design,
      inference: Inference(level: 0.8)
    ).estimates(of: try survey.dataset.numbers("x"))[0][0]
    guard let interval = estimate.interval else { return }
    let inside = survey.slow.weights.map { $0 > 0 }
    let t = StudentT.criticalValue(level: 0.8, degreesOfFreedom: estimate.degreesOfFreedom)
    func z(_ x: Double) -> Double {
      let share = survey.slow.share(of: survey.x.map { $0 <= x }, in: inside)
      return (share.value - 0.5) / max(share.variance, 0).squareRoot()
    }
    let sorted = survey.x.indices.filter { inside[$0] }.map { survey.x[$0] }.sorted()
    #expect(z(interval.low) >= -t && z(interval.high) > t)
    #expect(z(sorted.last { $0 < interval.low }!) < -t)
    #expect(z(sorted.last { $0 < interval.high }!) <= t)
  }

  @Test("answers of every spread are found in order")
  func spread() {
    var generator = SeededGenerator(seed: 3)
    let shapes: [(Int) -> Double] = [
      { _ in generator.normal() }, { _ in generator.uniform(in: -1...1) },
      { _ in Double(generator.integer(in: 1...5)) },
      { $0 % 50 == 0 ? 1e300 : $0 % 50 == 1 ? -1e308 : Double($0) },
      { Double($0 % 7) * Double.leastNonzeroMagnitude },
      { $0 == 0 ? 999_999_999 : Double(generator.integer(in: 0...90)) },
      { Double(sign: .plus, exponent: $0 % 2000 - 1000, significand: 1) },
    ]
    for shape in shapes {
      let values = (0..<3000).map(shape)
      let weights = values.map { _ in generator.uniform(in: 0.1...2) }
      var answers = answers(values, weights)
      let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
      for rank in [0, 1, 2, 499, 1500, 1501, 2998, 2999, 7, 2000] {
        let step = answers.step(atRank: rank)
        #expect(step.value == values[order[rank]])
        #expect(step.ranks.contains(rank))
        let tied = order.filter { values[$0] == step.value }
        #expect(step.ranks.count == tied.count)
        let ends = answers.endWeights(of: step)
        #expect(ends == (weights[tied.first!], weights[tied.last!]))
        expectClose(
          step.through, order[..<step.ranks.upperBound].reduce(0) { $0 + weights[$1] },
          relative: 1e-12)
      }
    }
  }

  @Test("1, 2 and 7 threads give the same bits")
  func threads() throws {
    var generator = SeededGenerator(seed: 5)
    let rows = 60_000
    let values = (0..<rows).map { _ in generator.normal() }
    let groups = NumericColumn((0..<rows).map { _ in Double(generator.integer(in: 0...8)) })
    let dataset = Dataset(
      rowCount: rows,
      columns: [
        Column(name: "group", values: .numeric(groups)),
        Column(
          name: "stratum",
          values: .numeric(NumericColumn((0..<rows).map { Double($0 * 31 % 12) }))),
        Column(
          name: "weight",
          values: .numeric(NumericColumn((0..<rows).map { _ in generator.uniform(in: 0.5...2) }))),
      ])
    let design = try Design(
      DesignDescription(weight: "weight", strata: ["stratum"]), in: dataset)
    let factor = TabulationPlan.Factor(try dataset.categories("group"))
    let all = [1, 2, 7, nil].map { threads in
      QuantileEstimator(
        probabilities: [0.25, 0.5], rule: .hf7, method: .xlogit, design: design,
        inference: Inference()
      ).estimates(of: NumericColumn(values), groups: [factor], threads: threads)
        .flatMap { $0 }.flatMap { [$0.value!, $0.standardError!, $0.interval!.low] }
        .map(\.bitPattern)
    }
    #expect(all.allSatisfy { $0 == all[0] })
  }
}
