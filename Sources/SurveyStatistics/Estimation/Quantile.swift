import SurveyData

/// Quantiles of a number by group, with Woodruff's or Francisco and Fuller's interval.
///
/// The estimate inverts the weighted distribution function by a `QuantileRule`. Its standard error is
/// what the interval [L, U] would have as an estimate ± t standard errors: (U − L)/(2t) (as R's
/// svyquantile 4.1 has it). The error of the share F̂(q̂) is that of the design: all groups and
/// probabilities are counted in one pass.
///
/// - Complexity: O(rows · (1 + probabilities)); `score` takes a pass a step of its binary search.
package struct QuantileEstimator {
  private let probabilities: [Double]
  private let rule: QuantileRule
  private let method: QuantileIntervalMethod
  private let design: Design
  private let inference: Inference

  /// - Parameters:
  ///   - probabilities: from 0 to 1, in any order.
  ///   - method: `quantile` only with a design that has replicates.
  package init(
    probabilities: [Double], rule: QuantileRule, method: QuantileIntervalMethod, design: Design,
    inference: Inference
  ) {
    precondition(probabilities.allSatisfy { 0 <= $0 && $0 <= 1 })
    precondition(method != .quantile || design.replicates != nil)
    self.probabilities = probabilities
    self.rule = rule
    self.method = method
    self.design = design
    var inference = inference
    inference.intervalMethod = method.ofShare
    self.inference = inference
  }

  /// The estimates by group, and in each by probability.
  package func estimates(
    of column: NumericColumn, groups: [TabulationPlan.Factor] = [], domain: Domain? = nil,
    threads: Int? = nil
  ) -> [[Estimate]] {
    var answers = design.orderedAnswers(column, groups: groups, domain: domain, threads: threads)
    let quantiles = answers.indices.map { group in
      probabilities.map { probability in
        answers[group].isEmpty ? nil : rule.quantile(probability, of: &answers[group])
      }
    }
    let counting = DistributionCounting(
      groups: groups, domain: domain, design: design, inference: inference, threads: threads)
    let shares = counting.shares(upTo: quantiles.map { $0.map { $0 ?? 0 } }, of: answers)
    if method == .quantile, let replicates = design.replicates {
      let deviations = Self.deviations(
        of: quantiles, probabilities: probabilities, rule: rule, answers: answers, design: design,
        replicates: replicates, threads: threads)
      return answers.indices.map { group in
        probabilities.indices.map { index in
          estimate(
            quantiles[group][index], share: shares[group][index],
            replicates: replicates, deviations[group][index])
        }
      }
    }
    let limits =
      method == .score
      ? scoreLimits(shares, of: &answers, counting: counting)
      : woodruffLimits(shares, of: &answers)
    return answers.indices.map { group in
      probabilities.indices.map { index in
        estimate(quantiles[group][index], share: shares[group][index], limits[group][index])
      }
    }
  }

  /// A quantile, from the share of answers up to it and what replicates differ from it by.
  private func estimate(
    _ quantile: Double?, share: Estimate, replicates: ReplicateWeights, _ deviations: [Double]
  ) -> Estimate {
    var estimate = Self.withoutError(share, quantile)
    guard let quantile, share.standardError != nil else { return estimate }
    let variance = replicates.variance(ofDeviations: deviations, size: abs(quantile))
    estimate.caveats += variance.caveats
    guard variance.value.isFinite else { return estimate }
    let error = variance.value.squareRoot()
    estimate.standardError = error
    guard share.degreesOfFreedom > 0, error > 0 else { return estimate }
    let margin =
      error
      * StudentT.criticalValue(level: inference.level, degreesOfFreedom: share.degreesOfFreedom)
    estimate.interval = Interval(
      low: quantile - margin, high: quantile + margin, level: inference.level,
      method: method.ofShare, quantileMethod: method)
    return estimate
  }

  /// The bases of a share with a quantile in its place.
  private static func withoutError(_ share: Estimate, _ quantile: Double?) -> Estimate {
    var estimate = share
    estimate.value = quantile
    estimate.count = nil
    estimate.designEffect = nil
    estimate.standardError = nil
    estimate.interval = nil
    return estimate
  }

  /// A quantile, from the share of answers up to it.
  private func estimate(
    _ quantile: Double?, share: Estimate, _ limits: QuantileLimits?
  ) -> Estimate {
    var estimate = Self.withoutError(share, quantile)
    guard quantile != nil, let error = share.standardError else { return estimate }
    if share.count == share.base {
      estimate.caveats = [.largestAnswer]
    } else if error == 0 {
      estimate.standardError = 0
    } else if let limits {
      guard let low = limits.low, let high = limits.high else {
        estimate.caveats.append(.openInterval(low: limits.low, high: limits.high))
        return estimate
      }
      let t = StudentT.criticalValue(
        level: inference.level, degreesOfFreedom: share.degreesOfFreedom)
      estimate.standardError = (high - low) / (2 * t)
      estimate.interval = Interval(
        low: low, high: high, level: inference.level, method: method.ofShare,
        quantileMethod: method)
      if low == high { estimate.caveats.append(.limitsCoincide) }
    }
    return estimate
  }

  /// The limits of intervals of the share, read back as quantiles, by group and probability.
  private func woodruffLimits(
    _ shares: [[Estimate]], of answers: inout [OrderedAnswers]
  ) -> [[QuantileLimits?]] {
    answers.indices.map { group in
      zip(probabilities, shares[group]).map { probability, share in
        guard let interval = share.interval, let value = share.value else { return nil }
        return method == .wald
          ? QuantileLimits(
            around: probability, asWideAs: interval, of: value, rule: rule, of: &answers[group])
          : QuantileLimits(inverting: interval, rule: rule, of: &answers[group])
      }
    }
  }

  /// The limits of score intervals, all groups and probabilities a step at a time.
  ///
  /// - Parameter shares: those at the quantiles, which say where an interval can be made at all.
  private func scoreLimits(
    _ shares: [[Estimate]], of answers: inout [OrderedAnswers], counting: DistributionCounting
  ) -> [[QuantileLimits?]] {
    var searches = answers.indices.map { group in
      answers[group].isEmpty
        ? []
        : probabilities.flatMap { probability in
          [
            ScoreSearch(.low, probability: probability, of: &answers[group]),
            ScoreSearch(.high, probability: probability, of: &answers[group]),
          ]
        }
    }
    while searches.contains(where: { $0.contains { !$0.isDone } }) {
      let points = searches.map { searches in
        searches.isEmpty
          ? [Double](repeating: 0, count: 2 * probabilities.count) : searches.map(\.step.value)
      }
      let tested = counting.shares(upTo: points, of: answers)
      for group in answers.indices {
        let df = shares[group].first?.degreesOfFreedom ?? 0
        // Without degrees of freedom there will be no limits, whatever the search finds.
        let t =
          df > 0
          ? StudentT.criticalValue(level: inference.level, degreesOfFreedom: df) : 0
        for index in searches[group].indices where !searches[group][index].isDone {
          let share = tested[group][index]
          searches[group][index].take(
            share: share.value ?? 0, margin: t * (share.standardError ?? 0), in: &answers[group])
        }
      }
    }
    return answers.indices.map { group in
      shares[group].indices.map { index in
        // Where the share at the quantile has no interval, none can be had here.
        guard shares[group][index].interval != nil else { return nil }
        return QuantileLimits(
          low: searches[group][2 * index].limit(rule: rule, in: &answers[group]),
          high: searches[group][2 * index + 1].limit(rule: rule, in: &answers[group]))
      }
    }
  }
}

/// Counts the shares of answers up to some points, which differ from group to group, with their
/// design errors: one pass for all.
private struct DistributionCounting {
  let groups: [TabulationPlan.Factor]
  let domain: Domain?
  let design: Design
  let inference: Inference
  let threads: Int?

  /// Points of one block: its covariances grow with their square.
  private static let pointsPerBlock = 8

  /// The shares by group and point.
  ///
  /// - Parameter points: by group, as many for each, in any order.
  func shares(upTo points: [[Double]], of answers: [OrderedAnswers]) -> [[Estimate]] {
    let count = points.first?.count ?? 0
    let batches = stride(from: 0, to: count, by: Self.pointsPerBlock).map {
      $0..<min($0 + Self.pointsPerBlock, count)
    }
    let plan = TabulationPlan(
      batches.map { batch in
        .init(
          groups: groups, cells: factor(cutting: answers, at: points.map { $0[batch].sorted() }),
          domain: domain)
      })
    let tabulations = design.tabulate(plan, threads: threads)
    return points.indices.map { group in
      zip(batches, tabulations).flatMap { batch, tabulation in
        let estimator = ShareEstimator(
          tabulation, group: group, design: design, inference: inference)
        return batch.map { index in
          // The answers up to a point are those of all levels up to its own.
          let level = batch.count { points[group][$0] < points[group][index] }
          return estimator.estimate(of: Array(0...level))
        }
      }
    }
  }

  /// The number of points below each answer, as a category.
  private func factor(
    cutting answers: [OrderedAnswers], at points: [[Double]]
  ) -> TabulationPlan.Factor {
    let levelCount = (points.first?.count ?? 0) + 1
    // Rows that no group has keep the first code.
    let codes = Bytes(of: UInt8.self, count: design.datasetRowCount) { span in
      for group in answers.indices { answers[group].writeLevels(cutAt: points[group], to: &span) }
    }
    let categories = (0...levelCount).map { Category(code: "\($0)") }
    return TabulationPlan.Factor(
      column: CategoricalColumn(categories: categories, width: .one, bytes: codes),
      levels: [-1] + (0..<levelCount).map { Int32($0) }, levelCount: levelCount)
  }
}
