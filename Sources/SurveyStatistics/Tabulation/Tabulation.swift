/// What the pass found for one block: totals, their covariances, counts.
///
/// `counts` has a value a cell; `totals` and `sumsOfSquares` one a component (see
/// `TabulationPlan.Block`); `psus` and `strata` one a group.
package struct Tabulation: Sendable {
  private let shape: BlockShape
  /// Rows of positive weight.
  package let counts: [Int]
  /// Σw and Σw·x.
  package let totals: [Double]
  /// Σw·x²; 0 for a cell's weight.
  package let sumsOfSquares: [Double]
  /// Σw·x·x′ of the first two sums, a value a cell; empty with fewer sums.
  package let crossProducts: [Double]
  /// PSUs and strata that have a row of positive weight in the group.
  package let psus: [Int]
  package let strata: [Int]
  private let covariances: [Double]
  private let psuSets: GroupSets?
  private let stratumSets: GroupSets?
  /// Totals by replicate, where the design has replicates and the plan asked for moments.
  package internal(set) var replicates: ReplicateTotals?

  init(_ folded: FoldedTotals) {
    shape = folded.shape
    counts = folded.counts
    totals = folded.totals.map(\.value)
    sumsOfSquares = folded.sumsOfSquares.map(\.value)
    crossProducts = folded.crossProducts.dropLast().map(\.value)
    psus = folded.psus
    strata = folded.strata
    psuSets = folded.psuSets
    stratumSets = folded.stratumSets
    let shape = self.shape
    // Lonely strata under `average`: the others scaled up to all strata; NaN where none is left.
    let scales = (0..<shape.scopeCount).map { scope in
      let groups = shape.isWhole ? 0..<shape.groupCount : scope..<scope + 1
      let averaged = groups.map { folded.averagedStrata[$0] }.max() ?? 0
      let strata = groups.map { folded.strata[$0] }.max() ?? 0
      return averaged == 0 ? 1 : Double(strata) / Double(strata - averaged)
    }
    covariances = folded.covariances.enumerated().map { index, covariance in
      covariance.value * scales[index / shape.pairsPerScope]
    }
  }

  /// PSUs and strata that have a row of positive weight in any of some groups.
  ///
  /// - Precondition: the plan asked for all covariances, or there is one group.
  package func sampled(inAnyOf groups: [Int]) -> (psus: Int, strata: Int) {
    if groups.isEmpty { return (0, 0) }
    if groups.count == 1 { return (psus[groups[0]], strata[groups[0]]) }
    guard let psuSets, let stratumSets else { preconditionFailure("units by group alone") }
    return (psuSets.units(inAnyOf: groups), stratumSets.units(inAnyOf: groups))
  }

  /// The degrees of freedom of some groups' rows taken together, unless the design says else.
  ///
  /// - Precondition: the plan asked for all covariances, or there is one group.
  func degreesOfFreedom(inAnyOf groups: [Int], design: Design) -> Double {
    guard let replicates, !groups.isEmpty else {
      return design.degreesOfFreedom(sampled(inAnyOf: groups))
    }
    return design.description.degreesOfFreedom ?? replicates.degreesOfFreedom(ofGroups: groups)
  }

  package var groupCount: Int { shape.groupCount }
  package var levelCount: Int { shape.levelCount }

  /// The component of a group's level: its weight (part 0) or one of its sums (1, 2, …).
  package func component(group: Int, level: Int = 0, part: Int = 0) -> Int {
    (group * shape.levelCount + level) * shape.componentsPerCell + part
  }

  /// The covariance of the estimated totals of two components, by replicates where there are any.
  ///
  /// - Precondition: the plan asked for it (of one group, unless `moments` is `.all`).
  package func covariance(_ a: Int, _ b: Int) -> Double {
    if let replicates { return replicates.covariance(a, b) }
    let scope = a / shape.scopeSize
    precondition(
      shape.moments.keepsSome && b / shape.scopeSize == scope, "a covariance not asked for")
    let start = scope * shape.scopeSize
    return covariances[
      shape.pairs(ofRow: max(a, b) - start, scope: scope) - shape.componentCount
        + min(a, b) - start]
  }
}
