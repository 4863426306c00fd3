import Glibc

/// How an interval of a share is made. The words are those of the command line and of the output.
public enum IntervalMethod: String, Sendable, CaseIterable {
  /// Symmetric on the logit scale, by the delta method (R: svyciprop "xlogit").
  case logit
  /// Clopper–Pearson with the effective sample size, which may exceed n (R: svyciprop "beta").
  case beta
  /// As beta, with the effective sample size no larger than n (NCHS; Stata kg_nchs).
  case kornGraubard = "korn-graubard"
  /// The score interval with the effective sample size (R 4.5: svyciprop "wilson").
  case wilson
  /// The estimate plus and minus t standard errors.
  case wald
  /// Symmetric on the arcsine scale (R: svyciprop "asin").
  case asin
}

/// A share as its interval needs it.
///
/// `complement` is 1 − `share`, given separately so that a share next to 1 keeps its digits.
package struct ShareMoments: Sendable {
  package var share: Double
  package var complement: Double
  package var standardError: Double
  /// Respondents in the base.
  package var base: Int
  package var degreesOfFreedom: Double

  package init(
    share: Double, complement: Double, standardError: Double, base: Int, degreesOfFreedom: Double
  ) {
    self.share = share
    self.complement = complement
    self.standardError = standardError
    self.base = base
    self.degreesOfFreedom = degreesOfFreedom
  }
}

extension IntervalMethod {
  /// The interval of a share at a level, by Student's t with the design's degrees of freedom.
  ///
  /// Where the share is exactly 0 or 1 every method gives way to `kornGraubard`, which alone has
  /// something to say there; `Interval.method` names the one used. `nil` where the degrees of
  /// freedom are 0 or less, or where the design leaves a share between 0 and 1 no sampling error.
  package func interval(of moments: ShareMoments, level: Double) -> Interval? {
    guard moments.degreesOfFreedom > 0, moments.base > 0 else { return nil }
    let p = moments.share
    let isExtreme = p <= 0 || moments.complement <= 0
    if !isExtreme, !(moments.standardError > 0) { return nil }
    let method = isExtreme ? .kornGraubard : self
    let (low, high) = method.limits(of: moments, level: level)
    guard low.isFinite, high.isFinite else { return nil }
    return Interval(low: low, high: high, level: level, method: method)
  }

  private func limits(of moments: ShareMoments, level: Double) -> (Double, Double) {
    let p = moments.share
    let q = moments.complement
    let se = moments.standardError
    let t = StudentT.criticalValue(level: level, degreesOfFreedom: moments.degreesOfFreedom)
    switch self {
    case .wald:
      return (p - t * se, p + t * se)
    case .logit:
      let centre = log(p / q)
      let width = t * se / (p * q)
      return (inverseLogit(centre - width), inverseLogit(centre + width))
    case .asin:
      let centre = Glibc.asin(p.squareRoot())
      let width = t * se / (2 * (p * q).squareRoot())
      return (
        pow(sin(max(centre - width, 0)), 2), pow(sin(min(centre + width, .pi / 2)), 2)
      )
    case .wilson:
      let n = moments.effectiveSize
      let centre = (p + t * t / (2 * n)) / (1 + t * t / n)
      let width = t / (1 + t * t / n) * (p * q / n + t * t / (4 * n * n)).squareRoot()
      return (centre - width, centre + width)
    case .beta:
      return clopperPearson(p, q, n: moments.adjustedSize(level: level), level: level)
    case .kornGraubard:
      // At exactly 0 or 1 the effective size is n, and so is the cap of the adjusted one there.
      let n =
        se > 0
        ? min(moments.adjustedSize(level: level), Double(moments.base))
        : moments.adjustedSize(level: level)
      return clopperPearson(p, q, n: n, level: level)
    }
  }

  private func clopperPearson(
    _ p: Double, _ q: Double, n: Double, level: Double
  ) -> (Double, Double) {
    let tail = (1 - level) / 2
    let low = p <= 0 ? 0 : Beta.quantile(tail, a: n * p, b: n * q + 1)
    let high = q <= 0 ? 1 : Beta.quantile(1 - tail, a: n * p + 1, b: n * q)
    return (low, high)
  }

  private func inverseLogit(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
}

extension ShareMoments {
  /// The size of a simple random sample with the same error: p(1 − p)/V; n where V is 0.
  fileprivate var effectiveSize: Double {
    standardError > 0
      ? share * complement / (standardError * standardError) : Double(base)
  }

  /// The effective size corrected for degrees of freedom: n_eff · (t_{n−1} / t_df)² (Korn and
  /// Graubard 1998).
  fileprivate func adjustedSize(level: Double) -> Double {
    let ofSample = StudentT.criticalValue(level: level, degreesOfFreedom: Double(base) - 1)
    let ofDesign = StudentT.criticalValue(level: level, degreesOfFreedom: degreesOfFreedom)
    let factor = base > 1 ? ofSample / ofDesign : 0
    return effectiveSize * factor * factor
  }
}
