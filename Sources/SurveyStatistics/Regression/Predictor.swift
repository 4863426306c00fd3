/// A weighted mean of predictions, with its gradient in the coefficients.
struct Prediction: Sendable {
  var value = 0.0
  var gradient: [Double]
  /// The prediction by cell.
  var cells: [Double]
}

/// What a fitted model predicts, averaged over the respondents, on scaled columns.
struct Predictor: Sendable {
  enum Matrices: Sendable {
    /// μ at one model matrix, less that at another.
    case means(ModelMatrix, minus: ModelMatrix?)
    /// dμ/dv: the model matrix, and its derivative.
    case slopes(ModelMatrix, ModelMatrix)
  }

  private let matrices: Matrices
  private let family: ModelFamily
  /// The answer whose share is predicted; of an ordinal model only.
  private let answer: Int?
  private let answerCount: Int

  init(_ matrices: Matrices, _ family: ModelFamily, answer: Int?, of answerCount: Int) {
    self.matrices = matrices
    self.family = family
    self.answer = answer
    self.answerCount = answerCount
  }

  func mean(_ coefficients: [Double], weights: [Double]) -> Prediction {
    var result = Prediction(
      gradient: Array(repeating: 0, count: coefficients.count),
      cells: Array(repeating: 0, count: weights.count))
    let total = weights.reduce(0, +)
    for cell in weights.indices where weights[cell] != 0 {
      let weight = weights[cell] / total
      switch matrices {
      case .means(let matrix, let other):
        add(matrix, sign: 1, cell: cell, weight: weight, coefficients, to: &result)
        if let other {
          add(other, sign: -1, cell: cell, weight: weight, coefficients, to: &result)
        }
      case .slopes(let matrix, let slopes):
        addSlope(matrix, slopes, cell: cell, weight: weight, coefficients, to: &result)
      }
      result.value += weight * result.cells[cell]
    }
    return result
  }

  private func add(
    _ matrix: ModelMatrix, sign: Double, cell: Int, weight: Double, _ coefficients: [Double],
    to result: inout Prediction
  ) {
    guard let answer else {
      let mean = family.mean(product(matrix, cell, coefficients, from: 0))
      result.cells[cell] += sign * mean.value
      for column in coefficients.indices {
        result.gradient[column] += sign * weight * mean.slope * matrix[cell, column]
      }
      return
    }
    let slopes = matrix.columnCount - 1
    let share = AnswerShare(
      answer, of: answerCount, thresholds: coefficients[slopes...],
      at: product(matrix, cell, coefficients, from: 1))
    result.cells[cell] += sign * share.value
    let scale = sign * weight
    for column in 0..<slopes {
      result.gradient[column] -= scale * (share.upper - share.lower) * matrix[cell, column + 1]
    }
    if answer < answerCount - 1 { result.gradient[slopes + answer] += scale * share.upper }
    if answer > 0 { result.gradient[slopes + answer - 1] -= scale * share.lower }
  }

  private func addSlope(
    _ matrix: ModelMatrix, _ derivative: ModelMatrix, cell: Int, weight: Double,
    _ coefficients: [Double], to result: inout Prediction
  ) {
    guard let answer else {
      let mean = family.mean(product(matrix, cell, coefficients, from: 0))
      let slope = product(derivative, cell, coefficients, from: 0)
      result.cells[cell] = mean.slope * slope
      for column in coefficients.indices {
        result.gradient[column] +=
          weight
          * (mean.curvature * slope * matrix[cell, column]
            + mean.slope * derivative[cell, column])
      }
      return
    }
    let slopes = matrix.columnCount - 1
    let share = AnswerShare(
      answer, of: answerCount, thresholds: coefficients[slopes...],
      at: product(matrix, cell, coefficients, from: 1))
    // How fast x′β moves with the variable.
    let slope = product(derivative, cell, coefficients, from: 1)
    let density = share.upper - share.lower
    let curvature = share.upperCurvature - share.lowerCurvature
    result.cells[cell] = -density * slope
    for column in 0..<slopes {
      result.gradient[column] +=
        weight
        * (curvature * slope * matrix[cell, column + 1] - density * derivative[cell, column + 1])
    }
    if answer < answerCount - 1 {
      result.gradient[slopes + answer] -= weight * share.upperCurvature * slope
    }
    if answer > 0 {
      result.gradient[slopes + answer - 1] += weight * share.lowerCurvature * slope
    }
  }

  /// The row of a cell times the coefficients; an ordinal model has none for the constant.
  private func product(
    _ matrix: ModelMatrix, _ cell: Int, _ coefficients: [Double], from first: Int
  ) -> Double {
    var sum = 0.0
    for column in first..<matrix.columnCount {
      sum += matrix[cell, column] * coefficients[column - first]
    }
    return sum
  }
}

/// The share of one answer of a proportional-odds model, F(ζₖ − η) − F(ζₖ₋₁ − η), F the logistic
/// distribution, with F′ and F″ at both its thresholds.
private struct AnswerShare {
  let value: Double
  /// F′(ζₖ − η), 0 for the last answer.
  let upper: Double
  /// F′(ζₖ₋₁ − η), 0 for the first.
  let lower: Double
  let upperCurvature: Double
  let lowerCurvature: Double

  init(_ answer: Int, of count: Int, thresholds: ArraySlice<Double>, at eta: Double) {
    let first = thresholds.startIndex
    let high = answer < count - 1 ? thresholds[first + answer] - eta : .infinity
    let low = answer > 0 ? thresholds[first + answer - 1] - eta : -.infinity
    // On the side of the smaller tails, so that no digits cancel.
    value =
      low > 0
      ? inverseLogit(-low) - inverseLogit(-high) : inverseLogit(high) - inverseLogit(low)
    func derivatives(_ z: Double) -> (Double, Double) {
      guard z.isFinite else { return (0, 0) }
      let (below, above) = (inverseLogit(z), inverseLogit(-z))
      return (below * above, below * above * (above - below))
    }
    (upper, upperCurvature) = derivatives(high)
    (lower, lowerCurvature) = derivatives(low)
  }
}
