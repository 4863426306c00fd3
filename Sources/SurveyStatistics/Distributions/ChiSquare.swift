import CSpecialFunctions

/// The chi-square distribution: a gamma with shape ν/2 and scale 2.
package enum ChiSquare {
  /// P(X > x) = Q(ν/2, x/2), the regularised upper incomplete gamma function.
  ///
  /// 1 at x = 0, 0 at ∞. ν is finite and above 0, whole or not; otherwise, and for x < 0, NaN.
  package static func upperTail(_ x: Double, degreesOfFreedom: Double) -> Double {
    pejling_chi_square_upper_tail(x, degreesOfFreedom)
  }

  /// The x with P(X ≤ x) = p. 0 at p = 0, ∞ at p = 1, NaN for p outside 0...1.
  package static func quantile(_ p: Double, degreesOfFreedom: Double) -> Double {
    pejling_chi_square_quantile(p, degreesOfFreedom)
  }
}
