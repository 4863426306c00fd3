/// The ratio of two totals in one group: Σw·y/Σw·x.
///
/// Variance of the linearised total of (y − R·x)/Σw·x (Särndal, Swensson and Wretman 1992, 5.6). The
/// block has the sums numerator and denominator, both from the origin 0.
package struct RatioEstimator {
  private let design: Design
  private let inference: Inference

  package init(design: Design, inference: Inference) {
    self.design = design
    self.inference = inference
  }

  package func estimate(_ tabulation: Tabulation, group: Int) -> Estimate {
    let domain = DomainSummary(tabulation, group: group, design: design)
    guard domain.base > 0 else { return domain.undefined(.emptyBase) }
    let y = tabulation.component(group: group, part: 1)
    let x = tabulation.component(group: group, part: 2)
    let denominator = tabulation.totals[x]
    guard denominator != 0 else { return domain.undefined(.zeroDenominator) }
    let ratio = tabulation.totals[y] / denominator
    // R_r − R = (ΔY − R·ΔX)/(Σw·x + ΔX), with the replicate's changes of the two totals.
    let byReplicates = tabulation.replicates?.variance(size: abs(ratio)) { replicate in
      let below = denominator + replicate[x]
      return abs(below) > 1e-12 * abs(denominator)
        ? (replicate[y] - ratio * replicate[x]) / below : .nan
    }
    let terms = [
      tabulation.covariance(y, y), -2 * ratio * tabulation.covariance(y, x),
      ratio * ratio * tabulation.covariance(x, x),
    ]
    // A variance no larger than the rounding of its terms is 0.
    let sum = terms.reduce(0, +)
    let isRounding = sum <= 64 * Double.ulpOfOne * terms.reduce(0) { max($0, abs($1)) }
    let variance =
      byReplicates?.value ?? (isRounding ? 0 : sum / (denominator * denominator))

    // One observation of y − R·x, whose weighted mean is 0.
    let squares =
      tabulation.sumsOfSquares[y] - 2 * ratio * tabulation.crossProducts[group]
      + ratio * ratio * tabulation.sumsOfSquares[x]
    let n = Double(domain.base)
    let scale = domain.weightedBase / denominator
    return domain.estimate(
      ratio, variance: variance, inference: inference,
      designEffect: design.designEffectKind(inference).designEffect(
        variance: variance, spread: squares / domain.weightedBase * n / (n - 1) * scale * scale,
        base: domain.base, weightedBase: domain.weightedBase),
      caveats: byReplicates?.caveats ?? [])
  }
}
