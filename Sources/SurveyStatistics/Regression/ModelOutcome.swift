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
  /// A number of few different values, a level each: counted by level where that is cheaper.
  case fewNumbers(TabulationPlan.Factor, values: [Double], name: String)
  /// 1 for the first level, 0 for the second.
  case yesOrNo(TabulationPlan.Factor, name: String)
  /// Ordered categories.
  case ordered(TabulationPlan.Factor, codes: [String], name: String)

  package var name: String {
    switch self {
    case .number(_, let name), .fewNumbers(_, _, let name), .yesOrNo(_, let name),
      .ordered(_, _, let name):
      name
    }
  }

  /// The levels that rows are counted by; `nil` for a number.
  var factor: TabulationPlan.Factor? {
    switch self {
    case .number: nil
    case .fewNumbers(let factor, _, _), .yesOrNo(let factor, _), .ordered(let factor, _, _): factor
    }
  }

  /// The codes of an ordered outcome; none of others.
  package var answerCodes: [String] {
    if case .ordered(_, let codes, _) = self { return codes }
    return []
  }

  /// Few numbers as a number a row; any other outcome as it is.
  var withoutLevels: ModelOutcome {
    guard case .fewNumbers(let factor, let values, let name) = self else { return self }
    let ofIndex = factor.levels.map { $0 < 0 ? .nan : values[Int($0)] }
    let bytes = Bytes(of: Double.self, count: factor.column.rowCount) { numbers in
      factor.column.forEachIndex { row, index in numbers[row] = ofIndex[index] }
    }
    return .number(NumericColumn(bytes: bytes), name: name)
  }
}

extension ModelOutcome {
  /// The numbers of a column; one with a dictionary keeps its codes, whose numbers are few.
  package init(numbersOf column: String, name: String, in dataset: Dataset) throws {
    if case .categorical(let codes) = try dataset.column(column).values,
      codes.ambiguousNumber == nil
    {
      let valid = codes.categories.filter { $0.missing == nil }
      let numbers = valid.compactMap(\.number)
      if !numbers.isEmpty, numbers.count == valid.count {
        self = .fewNumbers(TabulationPlan.Factor(codes), values: numbers, name: name)
        return
      }
    }
    self = .number(try dataset.numbers(column), name: name)
  }

  /// 1 for the first level and 0 for the second, as numbers.
  package init(oneOrNought factor: TabulationPlan.Factor, name: String) {
    self = .fewNumbers(factor, values: [1, 0], name: name)
  }
}
