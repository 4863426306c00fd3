/// The weighted mean of a number in one group: Σw·x/Σw.
///
/// Variance of the linearised total of (x − x̄)/Σw (Särndal, Swensson and Wretman 1992, 5.6). The
/// block has one sum; its origin does not matter.
package struct MeanEstimator {
  private let design: Design
  private let inference: Inference

  package init(design: Design, inference: Inference) {
    self.design = design
    self.inference = inference
  }

  /// - Parameter origin: that of the block's sum.
  package func estimate(_ tabulation: Tabulation, group: Int, origin: Double) -> Estimate {
    let domain = DomainSummary(tabulation, group: group, design: design)
    guard domain.base > 0 else { return domain.undefined(.emptyBase) }
    let moments = NumberMoments(tabulation, group: group)
    let mean = moments.sum / moments.weight
    // x̄_r − x̄ = (ΔX − x̄·ΔW)/(Σw + ΔW), with the replicate's changes of the two totals.
    let byReplicates = tabulation.replicates?.variance(size: abs(mean)) { replicate in
      let base = moments.weight + replicate[moments.w]
      return domain.hasWeight(base)
        ? (replicate[moments.x] - mean * replicate[moments.w]) / base : .nan
    }
    let variance =
      byReplicates?.value
      ?? (moments.variance - 2 * mean * moments.covarianceWithWeight
        + mean * mean * moments.varianceOfWeight) / (moments.weight * moments.weight)
    return domain.estimate(
      origin + mean, variance: byReplicates?.value ?? moments.settled(variance, of: mean),
      inference: inference,
      designEffect: design.designEffectKind(inference).designEffect(
        variance: variance, spread: moments.spread(base: domain.base), base: domain.base,
        weightedBase: domain.weightedBase), caveats: byReplicates?.caveats ?? [])
  }
}

/// The estimated total of a number over the population of one group: Σw·x.
package struct TotalEstimator {
  private let design: Design
  private let inference: Inference

  package init(design: Design, inference: Inference) {
    self.design = design
    self.inference = inference
  }

  /// - Precondition: the block's sum has the origin 0.
  package func estimate(_ tabulation: Tabulation, group: Int) -> Estimate {
    let domain = DomainSummary(tabulation, group: group, design: design)
    guard domain.base > 0 else { return domain.undefined(.emptyBase) }
    let moments = NumberMoments(tabulation, group: group)
    let variance =
      tabulation.replicates?.variance(size: abs(moments.sum)) { $0[moments.x] }.value
      ?? moments.variance
    let ofMean = variance / (moments.weight * moments.weight)
    return domain.estimate(
      moments.sum, variance: variance, inference: inference,
      designEffect: design.designEffectKind(inference).designEffect(
        variance: ofMean, spread: moments.spread(base: domain.base), base: domain.base,
        weightedBase: domain.weightedBase))
  }
}

/// The totals of a weight and one number in a group, with their covariances.
private struct NumberMoments {
  /// Components.
  let w: Int
  let x: Int

  let weight: Double
  let sum: Double
  let sumOfSquares: Double
  let variance: Double
  let covarianceWithWeight: Double
  let varianceOfWeight: Double

  init(_ tabulation: Tabulation, group: Int) {
    w = tabulation.component(group: group)
    x = tabulation.component(group: group, part: 1)
    weight = tabulation.totals[w]
    sum = tabulation.totals[x]
    sumOfSquares = tabulation.sumsOfSquares[x]
    variance = tabulation.covariance(x, x)
    covarianceWithWeight = tabulation.covariance(x, w)
    varianceOfWeight = tabulation.covariance(w, w)
  }

  /// The variance of one observation: Σw(x − x̄)²/Σw · n/(n − 1) (R: svyvar).
  func spread(base: Int) -> Double {
    let mean = sum / weight
    let n = Double(base)
    let spread = sumOfSquares / weight - mean * mean
    // What the subtraction leaves of a constant is rounding.
    guard spread > 64 * Double.ulpOfOne * sumOfSquares / weight else { return 0 }
    return spread * n / (n - 1)
  }

  /// 0 for a variance no larger than the rounding of its terms.
  func settled(_ variance: Double, of mean: Double) -> Double {
    let terms =
      (abs(self.variance) + mean * mean * abs(varianceOfWeight)) / (weight * weight)
    return variance <= 64 * Double.ulpOfOne * terms ? min(variance, 0) : variance
  }
}
