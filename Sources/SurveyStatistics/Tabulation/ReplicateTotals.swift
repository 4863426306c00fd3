import SurveyData

/// The totals of a block by replicate: what the variance of any function of totals is had from.
package struct ReplicateTotals: Sendable {
  package let weights: ReplicateWeights
  private let design: Design
  /// By component, then replicate: T_r − T.
  private let deviations: [Double]
  private let units: [[Int32]]

  init(_ fold: ReplicateFold, weights: ReplicateWeights, design: Design) {
    self.weights = weights
    self.design = design
    deviations = fold.deviations
    units = fold.units
  }

  /// The totals of one replicate, as what they differ from the full sample's by.
  package struct Replicate {
    fileprivate let totals: ReplicateTotals
    fileprivate let index: Int

    /// T_r − T of a component.
    package subscript(component: Int) -> Double {
      totals.deviations[component * totals.weights.count + index]
    }
  }

  /// The variance of an estimate θ.
  ///
  /// - Parameters:
  ///   - size: the size of θ: a spread no larger than its rounding is 0.
  ///   - deviation: θ_r − θ under one replicate's totals; NaN where there is no θ_r.
  package func variance(
    size: Double, ofDeviation deviation: (Replicate) -> Double
  ) -> ReplicateVariance {
    weights.variance(
      ofDeviations: (0..<weights.count).map { deviation(Replicate(totals: self, index: $0)) },
      size: size)
  }

  /// The covariance of the totals of two components.
  func covariance(_ a: Int, _ b: Int) -> Double {
    let span = deviations.span
    return weights.covariance(
      of: span.extracting(a * weights.count..<(a + 1) * weights.count),
      span.extracting(b * weights.count..<(b + 1) * weights.count))
  }

  /// The rank of the replicate weights of all rows in some groups, less 1.
  package func degreesOfFreedom(ofGroups groups: [Int]) -> Double {
    var all = units[groups[0]]
    for group in groups.dropFirst() { all = Array(Set(all).union(units[group])).sorted() }
    let unitCount =
      weights.unit == .row ? design.rowCount - design.rowsOfZeroWeight : design.psuCount
    if all.count == unitCount, let full = design.fullReplicateDegreesOfFreedom { return full }
    return design.replicateDegreesOfFreedom(ofUnits: all)
  }
}

extension Tabulation {
  /// The variance of any function of the totals of components, where the design has replicates.
  ///
  /// - Parameter statistic: called with the totals of the full sample, then with each replicate's.
  package func replicateVariance(
    of statistic: (_ total: (_ component: Int) -> Double) -> Double
  ) -> ReplicateVariance? {
    guard let replicates else { return nil }
    let estimate = statistic { totals[$0] }
    return replicates.variance(size: abs(estimate)) { replicate in
      statistic { totals[$0] + replicate[$0] } - estimate
    }
  }
}

extension Design {
  /// The totals of a block by replicate, in a pass of its own: the linearised one stays as it is.
  ///
  /// - Complexity: O(rows + units · touched components · replicates).
  func replicateTotals(
    _ block: TabulationPlan.Block, threads: Int?, rowsPerRun: Int
  ) -> ReplicateTotals? {
    guard let replicates, block.moments.keepsSome else { return nil }
    // Each run keeps totals by replicate: fewer runs than those of the other pass.
    let runs = psuRuns(rowsPerRun: max(rowsPerRun, rowCount / 16))
    let empty = ReplicateFold(block, replicates: replicates, design: self)
    var folds = concurrentMap(count: runs.count, threads: threads) { run in
      var fold = empty
      fold.fold(psus: runs[run])
      return fold
    }[...]
    var whole = folds.removeFirst()
    for fold in folds { whole.merge(fold) }
    return ReplicateTotals(whole, weights: replicates, design: self)
  }
}
