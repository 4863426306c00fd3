/// Weighted shares of categories, or of nets of them, in one group of a tabulation.
///
/// p = Σw·1[net]/Σw over the respondents who answered. Its variance is that of the linearised total
/// of z = ((1 − p)·1[net] − p·1[other])/Σw (Särndal, Swensson and Wretman 1992, 5.6): rows outside
/// the group stay in the design with z = 0.
package struct ShareEstimator {
  private let tabulation: Tabulation
  private let group: Int
  private let design: Design
  private let inference: Inference
  private let domain: DomainSummary

  package init(_ tabulation: Tabulation, group: Int, design: Design, inference: Inference) {
    self.tabulation = tabulation
    self.group = group
    self.design = design
    self.inference = inference
    domain = DomainSummary(tabulation, group: group, design: design)
  }

  /// - Parameter levels: the levels counted together.
  package func estimate(of levels: [Int]) -> Estimate {
    // In the order of the levels, so that the order in which they are named changes no bit.
    let net = Set(levels).sorted()
    let others = (0..<tabulation.levelCount).filter { !net.contains($0) }
    let count = net.reduce(0) { $0 + tabulation.counts[group * tabulation.levelCount + $1] }
    guard domain.base > 0 else {
      var estimate = domain.undefined(.emptyBase)
      estimate.count = count
      return estimate
    }
    let share = total(of: net) / domain.weightedBase
    let complement = total(of: others) / domain.weightedBase
    let byReplicates = replicateVariance(of: net, others, share: share, complement: complement)
    let variance =
      byReplicates?.value
      ?? linearisedVariance(of: net, others, share: share, complement: complement)

    var estimate = Estimate(
      value: share, count: count, base: domain.base, weightedBase: domain.weightedBase,
      degreesOfFreedom: domain.degreesOfFreedom, caveats: byReplicates?.caveats ?? [])
    guard let error = domain.standardError(variance, into: &estimate) else { return estimate }
    let isExtreme = share == 0 || complement == 0
    if isExtreme { estimate.caveats.removeAll { $0 == .noSamplingError } }
    estimate.interval = inference.intervalMethod.interval(
      of: ShareMoments(
        share: share, complement: complement, standardError: error, base: domain.base,
        degreesOfFreedom: domain.degreesOfFreedom), level: inference.level)
    let n = Double(domain.base)
    estimate.designEffect = design.designEffectKind(inference).designEffect(
      variance: error * error, spread: share * complement * n / (n - 1), base: domain.base,
      weightedBase: domain.weightedBase)
    return estimate
  }

  private func linearisedVariance(
    of net: [Int], _ others: [Int], share: Double, complement: Double
  ) -> Double {
    let squares =
      complement * complement * covariance(net, net)
      + share * share * covariance(others, others)
    let product = 2 * share * complement * covariance(net, others)
    return (squares - product) / (domain.weightedBase * domain.weightedBase)
  }

  /// p_r − p = ((1 − p)·ΔN − p·ΔM)/(Σw + ΔN + ΔM), with the replicate's changes ΔN of the net's
  /// total and ΔM of the others'.
  private func replicateVariance(
    of net: [Int], _ others: [Int], share: Double, complement: Double
  ) -> ReplicateVariance? {
    let net = net.map { tabulation.component(group: group, level: $0) }
    let others = others.map { tabulation.component(group: group, level: $0) }
    return tabulation.replicates?.variance(size: share) { replicate in
      let inNet = net.reduce(0) { $0 + replicate[$1] }
      let outside = others.reduce(0) { $0 + replicate[$1] }
      let base = domain.weightedBase + inNet + outside
      return domain.hasWeight(base) ? (complement * inNet - share * outside) / base : .nan
    }
  }

  private func total(of levels: [Int]) -> Double {
    levels.reduce(0) {
      $0 + tabulation.totals[tabulation.component(group: group, level: $1)]
    }
  }

  private func covariance(_ a: [Int], _ b: [Int]) -> Double {
    var sum = Compensated()
    for first in a {
      for second in b {
        sum.add(
          tabulation.covariance(
            tabulation.component(group: group, level: first),
            tabulation.component(group: group, level: second)))
      }
    }
    return sum.value
  }
}

extension Design {
  func designEffectKind(_ inference: Inference) -> DesignEffectKind {
    inference.designEffect ?? (hasFinitePopulation ? .wor : .wr)
  }
}
