import CSpecialFunctions

/// Fisher's F, the reference distribution of Wald and Rao–Scott tests.
package enum FDistribution {
  /// P(F > statistic) with `df1` and `df2` degrees of freedom, whole or not.
  ///
  /// 1 at a statistic of 0, 0 at ∞. An infinite `df2` gives the tail of chi-square(df1)/df1.
  /// A negative statistic, an infinite `df1`, and degrees of freedom ≤ 0 give NaN.
  package static func upperTail(_ statistic: Double, df1: Double, df2: Double) -> Double {
    if df2 == .infinity {
      return ChiSquare.upperTail(statistic * df1, degreesOfFreedom: df1)
    }
    return pejling_f_upper_tail(statistic, df1, df2)
  }
}
