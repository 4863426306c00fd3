import SurveyData

/// The families of models, each with its canonical link.
public enum ModelFamily: String, Sendable, CaseIterable {
  /// Least squares.
  case linear
  /// Logit link, quasi-binomial.
  case logistic
  /// Log link, quasi-Poisson.
  case poisson
  /// Proportional odds: logit P(Y ≤ k) = ζₖ − x′β.
  case ordinal

  /// The mean at a linear predictor, with its first and second derivative.
  func mean(_ eta: Double) -> (value: Double, slope: Double, curvature: Double) {
    switch self {
    case .linear: return (eta, 1, 0)
    case .poisson:
      let mean = exponential(eta)
      return (mean, mean, mean)
    case .logistic, .ordinal:
      let p = inverseLogit(eta)
      let variance = p * inverseLogit(-eta)
      return (p, variance, variance * (1 - 2 * p))
    }
  }
}

/// What a model explains.
package enum ModelOutcome: Sendable {
  /// A number.
  case number(NumericColumn, name: String)
  /// 1 for the first level, 0 for the second.
  case yesOrNo(TabulationPlan.Factor, name: String)
  /// Ordered categories.
  case ordered(TabulationPlan.Factor, codes: [String], name: String)

  package var name: String {
    switch self {
    case .number(_, let name), .yesOrNo(_, let name), .ordered(_, _, let name): name
    }
  }

  /// The levels that rows are counted by; `nil` for a number.
  var factor: TabulationPlan.Factor? {
    switch self {
    case .number: nil
    case .yesOrNo(let factor, _), .ordered(let factor, _, _): factor
    }
  }
}
