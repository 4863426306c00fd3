/// One group of a tabulation as an estimator sees it: its base and its degrees of freedom.
struct DomainSummary {
  let base: Int
  let weightedBase: Double
  let degreesOfFreedom: Double
  private let psus: Int

  init(_ tabulation: Tabulation, group: Int, design: Design) {
    let cells = group * tabulation.levelCount..<(group + 1) * tabulation.levelCount
    base = cells.reduce(0) { $0 + tabulation.counts[$1] }
    weightedBase = (0..<tabulation.levelCount).reduce(0) {
      $0 + tabulation.totals[tabulation.component(group: group, level: $1)]
    }
    psus = tabulation.psus[group]
    degreesOfFreedom =
      design.description.degreesOfFreedom
      ?? tabulation.replicates?.degreesOfFreedom(ofGroups: [group])
      ?? Double(tabulation.psus[group] - tabulation.strata[group])
  }

  /// Whether a replicate leaves the group some weight; what is left of none is rounding.
  func hasWeight(_ replicateBase: Double) -> Bool {
    replicateBase > 1e-12 * weightedBase
  }

  /// An estimate that cannot be made, with its reason.
  func undefined(_ caveat: Caveat) -> Estimate {
    Estimate(
      base: base, weightedBase: weightedBase, degreesOfFreedom: degreesOfFreedom,
      caveats: [caveat])
  }

  /// An estimate with a t interval, or with the reason why it has none.
  func estimate(
    _ value: Double, variance: Double, inference: Inference, designEffect: Double?,
    caveats: [Caveat] = []
  ) -> Estimate {
    var estimate = Estimate(
      value: value, base: base, weightedBase: weightedBase, degreesOfFreedom: degreesOfFreedom,
      caveats: caveats)
    guard let error = standardError(variance, into: &estimate) else { return estimate }
    estimate.designEffect = designEffect
    if error > 0, degreesOfFreedom > 0 {
      let t = StudentT.criticalValue(level: inference.level, degreesOfFreedom: degreesOfFreedom)
      estimate.interval = Interval(
        low: value - t * error, high: value + t * error, level: inference.level, method: .wald)
    }
    return estimate
  }

  /// The standard error from a variance; `nil`, with the reason, where there is none.
  func standardError(_ variance: Double, into estimate: inout Estimate) -> Double? {
    // One PSU has nothing to be compared with: the formula's 0 would be no error at all.
    guard psus > 1 else {
      estimate.caveats.append(.onePSU)
      return nil
    }
    guard variance.isFinite else {
      if !estimate.caveats.contains(where: \.isOfReplicates) {
        estimate.caveats.append(.noVariance)
      }
      return nil
    }
    // What is below 0 is rounding: a variance is a sum of squares.
    let error = max(variance, 0).squareRoot()
    estimate.standardError = error
    if error == 0 {
      estimate.caveats.append(.noSamplingError)
    } else if degreesOfFreedom <= 0 {
      estimate.caveats.append(.noDegreesOfFreedom(degreesOfFreedom))
    }
    return error
  }
}
