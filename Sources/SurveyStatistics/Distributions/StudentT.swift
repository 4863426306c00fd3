import CSpecialFunctions

/// Student's t, the reference distribution of estimates with a design's degrees of freedom ν.
///
/// Density ∝ (1 + t²/ν)^(−(ν+1)/2). ν is any number above 0, whole or not; ν = ∞ is the standard
/// normal. ν ≤ 0 or NaN gives NaN, never a number that looks like an answer.
package enum StudentT {
  /// P(T ≤ t). 0 at −∞ and 1 at ∞.
  package static func cdf(_ t: Double, degreesOfFreedom: Double) -> Double {
    pejling_student_t_cdf(t, degreesOfFreedom)
  }

  /// P(T > t), computed as a tail: a small one keeps all its digits.
  package static func upperTail(_ t: Double, degreesOfFreedom: Double) -> Double {
    cdf(-t, degreesOfFreedom: degreesOfFreedom)
  }

  /// P(|T| ≥ |t|), the p-value of a two-sided test. 1 at t = 0.
  package static func twoSidedPValue(_ t: Double, degreesOfFreedom: Double) -> Double {
    2 * upperTail(abs(t), degreesOfFreedom: degreesOfFreedom)
  }

  /// The t with P(T ≤ t) = p. −∞ at p = 0, ∞ at p = 1, NaN for p outside 0...1.
  ///
  /// For an upper quantile near 1 take `-quantile(tail, …)`: 1 − p keeps few digits of a small tail.
  package static func quantile(_ p: Double, degreesOfFreedom: Double) -> Double {
    pejling_student_t_quantile(p, degreesOfFreedom)
  }

  /// The t with P(|T| ≤ t) = level: an interval is the estimate ± t standard errors.
  /// 0 at level 0, ∞ at level 1.
  package static func criticalValue(level: Double, degreesOfFreedom: Double) -> Double {
    abs(quantile((1 - level) / 2, degreesOfFreedom: degreesOfFreedom))
  }
}
