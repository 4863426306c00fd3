/// How estimates are turned into statements: the choices that hold for a whole command.
public struct Inference: Sendable, Hashable {
  public var level: Double
  /// For shares; other statistics have t intervals.
  public var intervalMethod: IntervalMethod
  /// `nil`: without replacement where the design has a finite population, else with replacement.
  public var designEffect: DesignEffectKind?

  public init(
    level: Double = 0.95, intervalMethod: IntervalMethod = .logit,
    designEffect: DesignEffectKind? = nil
  ) {
    self.level = level
    self.intervalMethod = intervalMethod
    self.designEffect = designEffect
  }
}

/// What a design effect compares the variance with.
public enum DesignEffectKind: String, Sendable, CaseIterable {
  /// Simple random sampling without replacement from a population of the sum of the weights
  /// (R: `deff = TRUE`).
  case wor
  /// Simple random sampling with replacement (R: `deff = "replace"`).
  case wr

  /// The design effect of an estimate with that variance.
  ///
  /// - Parameter spread: the variance of one observation, Σw(x − x̄)²/Σw · n/(n − 1).
  /// - Returns: `nil` where the comparison is undefined: fewer than two respondents, no spread, or
  ///   weights that do not add up to a population larger than the sample.
  func designEffect(
    variance: Double, spread: Double, base: Int, weightedBase: Double
  ) -> Double? {
    let n = Double(base)
    guard base > 1, spread > 0 else { return nil }
    switch self {
    case .wr: return variance / (spread / n)
    case .wor:
      // Weights that only round to n leave no population outside the sample.
      guard weightedBase > n * (1 + 1e-9) else { return nil }
      return variance / (spread / n * (1 - n / weightedBase))
    }
  }
}
