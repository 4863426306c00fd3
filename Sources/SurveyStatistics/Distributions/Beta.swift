import CSpecialFunctions

/// The beta distribution on 0...1 with shapes a and b, density ∝ x^(a−1) (1−x)^(b−1).
///
/// Its quantiles are the limits of Clopper–Pearson and Korn–Graubard intervals: for a share p of n
/// they are those of (n·p, n·(1−p)+1) and (n·p+1, n·(1−p)). Those have a shape 0 at p = 0 and p = 1;
/// a shape of 0 means that all mass is at that end.
package enum Beta {
  /// P(X ≤ x), the regularised incomplete beta function I_x(a, b).
  ///
  /// NaN for x outside 0...1 and for shapes that are not finite and above 0.
  package static func cdf(_ x: Double, a: Double, b: Double) -> Double {
    pejling_beta_cdf(x, a, b)
  }

  /// The x with I_x(a, b) = p. 0 at p = 0, 1 at p = 1, NaN for p outside 0...1.
  ///
  /// 0 where a = 0 and 1 where b = 0, as the limit has it; NaN where both are or one is negative.
  /// With tiny shapes x may be below the smallest double and is then 0. Below p = 1e-15 the search
  /// fails for some shapes, and says so by NaN.
  package static func quantile(_ p: Double, a: Double, b: Double) -> Double {
    guard 0 <= p, p <= 1 else { return .nan }
    if a == 0, b > 0 { return 0 }
    if b == 0, a > 0 { return 1 }
    return pejling_beta_quantile(p, a, b)
  }
}
