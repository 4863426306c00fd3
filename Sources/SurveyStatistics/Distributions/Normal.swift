import CSpecialFunctions

/// The standard normal distribution.
package enum Normal {
  /// P(Z ≤ z). 0 at −∞ and 1 at ∞.
  package static func cdf(_ z: Double) -> Double { pejling_normal_cdf(z) }

  /// P(Z > z), computed as a tail: a small one keeps its digits.
  package static func upperTail(_ z: Double) -> Double { cdf(-z) }

  /// P(|Z| ≥ |z|), the p-value of a two-sided test. 1 at z = 0.
  package static func twoSidedPValue(_ z: Double) -> Double { 2 * upperTail(abs(z)) }

  /// The z with P(Z ≤ z) = p. −∞ at p = 0, ∞ at p = 1, NaN for p outside 0...1.
  package static func quantile(_ p: Double) -> Double { pejling_normal_quantile(p) }
}
