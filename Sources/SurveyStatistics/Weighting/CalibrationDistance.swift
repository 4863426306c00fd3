#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The factor by which a weight is multiplied, as a function F of u = q·x′λ: what the choice of a
/// distance between start and new weights comes to (Deville and Särndal 1992, JASA 87).
struct CalibrationDistance: Sendable {
  enum Form: Sendable {
    /// F = 1 + u.
    case linear
    /// F = exp(u).
    case exponential
    /// Between the bounds, smoothly: (L(U − 1) + U(1 − L)·e^{Au})/((U − 1) + (1 − L)·e^{Au}),
    /// A = (U − L)/((1 − L)(U − 1)).
    case logit
  }

  let form: Form
  /// F is cut off there; of `logit` they are its own.
  let bounds: ClosedRange<Double>?

  func factor(_ u: Double) -> Double {
    switch form {
    case .linear: clamped(1 + u)
    case .exponential: clamped(exp(u))
    case .logit:
      logistic(u) { low, high, share in low + (high - low) * share }
    }
  }

  /// F′(u).
  func slope(_ u: Double) -> Double {
    switch form {
    case .linear: isInside(1 + u) ? 1 : 0
    case .exponential: isInside(exp(u)) ? exp(u) : 0
    case .logit:
      logistic(u) { low, high, share in
        (high - low) * share * (1 - share) * (high - low) / ((1 - low) * (high - 1))
      }
    }
  }

  /// ∫F from 0 to u: the dual objective, whose minimum is the solution.
  func integral(_ u: Double) -> Double {
    switch form {
    case .linear:
      guard let bounds else { return u + u * u / 2 }
      return pieces(u, from: bounds.lowerBound - 1, to: bounds.upperBound - 1) { $0 + $0 * $0 / 2 }
    case .exponential:
      guard let bounds else { return exp(u) - 1 }
      return pieces(u, from: log(bounds.lowerBound), to: log(bounds.upperBound)) { exp($0) - 1 }
    case .logit:
      let (low, high) = (bounds!.lowerBound, bounds!.upperBound)
      let rate = (high - low) / ((1 - low) * (high - 1))
      // log((U − 1) + (1 − L)·e^{Au}) without overflow.
      let a = log(high - 1)
      let b = log(1 - low) + rate * u
      let top = max(a, b)
      return low * u + (high - low) / rate
        * (top + log(exp(a - top) + exp(b - top)) - log(high - low))
    }
  }

  private func clamped(_ value: Double) -> Double {
    guard let bounds else { return value }
    return min(max(value, bounds.lowerBound), bounds.upperBound)
  }

  private func isInside(_ value: Double) -> Bool {
    guard let bounds else { return true }
    return value > bounds.lowerBound && value < bounds.upperBound
  }

  /// The integral of a function that is constant outside two points; `inner` is that between them.
  private func pieces(
    _ u: Double, from low: Double, to high: Double, _ inner: (Double) -> Double
  ) -> Double {
    let inside = min(max(u, low), high)
    return inner(inside) + (u - inside) * factor(inside)
  }

  private func logistic(
    _ u: Double, _ body: (_ low: Double, _ high: Double, _ share: Double) -> Double
  ) -> Double {
    let (low, high) = (bounds!.lowerBound, bounds!.upperBound)
    let rate = (high - low) / ((1 - low) * (high - 1))
    // p = (1 − L)e^{Au}/((U − 1) + (1 − L)e^{Au}).
    let odds = exp(-rate * u) * (high - 1) / (1 - low)
    return body(low, high, odds.isInfinite ? 0 : 1 / (1 + odds))
  }
}
