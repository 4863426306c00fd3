import SurveyData

/// Means of predictions over the respondents, and what a variable changes of them.
///
/// An adjusted mean is m = Σw·μ(x(v = level))/Σw: everybody as they are, but for one variable. Its
/// variance is G′VG, G = ∂m/∂β, plus that of the weighted mean of the predictions with β as it is
/// (R: `svypredmeans`; Graubard and Korn 1999). By replicates both are worked out under each.
package struct AdjustedMeans: Sendable {
  /// A level of a categorical variable, or what a variable changes of the mean.
  package struct Entry: Sendable {
    package let variable: String
    /// The code; `nil` for the effect of a number, a unit more of it.
    package let code: String?
    package let estimate: ModelEstimate
  }

  /// The adjusted mean of each level of each categorical variable.
  package let means: [Entry]
  /// The average marginal effect of each variable: of a level against the reference, of a number
  /// per unit.
  package let effects: [Entry]
}

extension RegressionModel {
  /// Adjusted means and average marginal effects of every variable; of an ordinal model none.
  package func adjustedMeans(level: Double, threads: Int? = nil) -> AdjustedMeans {
    guard family != .ordinal else { return AdjustedMeans(means: [], effects: []) }
    var requests: [Request] = []
    for (index, variable) in variables.enumerated() {
      guard let factor = coding.factors.first(where: { $0.variable == index }) else { continue }
      if case .categories(_, let codes) = variable.content {
        for level in factor.levels.sorted() {
          requests.append(
            Request(
              variable: variable.name, code: codes[level], kind: .mean(index, level: level)))
        }
        for level in factor.levels.dropFirst() {
          requests.append(
            Request(
              variable: variable.name, code: codes[level],
              kind: .difference(index, level: level, reference: factor.levels[0])))
        }
      } else {
        requests.append(Request(variable: variable.name, code: nil, kind: .slope(index)))
      }
    }
    guard !requests.isEmpty else { return AdjustedMeans(means: [], effects: []) }
    return entries(requests, level: level, threads: threads)
  }

  /// The mean prediction with a numeric variable set to each of some values for everybody: the line of
  /// a trend.
  package func means(of column: String, at values: [Double], level: Double) -> [ModelEstimate] {
    guard family != .ordinal, let index = variables.firstIndex(where: { $0.name == column }),
      !variables[index].isCategorical
    else { return [] }
    let requests = values.map {
      Request(variable: column, code: nil, kind: .meanAt(index, value: $0))
    }
    return entries(requests, level: level, threads: nil).means.map(\.estimate)
  }

  private struct Request {
    enum Kind {
      case mean(Int, level: Int)
      case meanAt(Int, value: Double)
      case difference(Int, level: Int, reference: Int)
      case slope(Int)
    }
    let variable: String
    let code: String?
    let kind: Kind
  }

  private func entries(
    _ requests: [Request], level: Double, threads: Int?
  ) -> AdjustedMeans {
    let predictors = requests.map { predictor($0.kind) }
    let cells = totals.byCell(rows)
    let full = predictors.map { $0.mean(fit.coefficients, weights: cells.weights, family) }
    let values = zip(requests, full).map { request, found in
      switch request.kind {
      case .mean, .meanAt: found.value + (family == .linear ? rows.origin : 0)
      case .difference, .slope: found.value
      }
    }
    var variance: Matrix
    if let replicates = design.replicates, let fits = replicateFits {
      let found = concurrentMap(count: fits.count, threads: threads) { replicate -> [Double]? in
        guard let fit = fits[replicate] else { return nil }
        let weights = rows.totals(
          weights: Bytes(design.weights(ofReplicate: replicate)), threads: 1
        ).byCell(rows).weights
        return predictors.map { $0.mean(fit.coefficients, weights: weights, family).value }
      }
      variance = replicates.covariance(of: found, full.map(\.value))
    } else {
      variance = deltaVariance(full, weights: cells.weights, threads: threads)
    }
    var means: [AdjustedMeans.Entry] = []
    var effects: [AdjustedMeans.Entry] = []
    for (index, request) in requests.enumerated() {
      let entry = AdjustedMeans.Entry(
        variable: request.variable, code: request.code,
        estimate: ModelEstimate(
          request.code.map { "\(request.variable)=\($0)" } ?? request.variable, values[index],
          variance: variance[index, index], degreesOfFreedom: degreesOfFreedom, level: level))
      switch request.kind {
      case .mean, .meanAt: means.append(entry)
      case .difference, .slope: effects.append(entry)
      }
    }
    return AdjustedMeans(means: means, effects: effects)
  }

  /// G′VG, V of the scaled coefficients, plus the design covariance of the predictions' means.
  private func deltaVariance(
    _ found: [Prediction], weights: [Double], threads: Int?
  ) -> Matrix {
    let total = weights.reduce(0, +)
    var gradients = Matrix(rowCount: found.count, columnCount: fit.coefficients.count)
    for (row, prediction) in found.enumerated() {
      for column in 0..<fit.coefficients.count {
        gradients[row, column] = prediction.gradient[column]
      }
    }
    let ofModel = gradients.conjugating(scaledCovariance)
    var table = ModelMatrix(rowCount: rows.cellCount, columnCount: found.count)
    for (column, prediction) in found.enumerated() {
      for cell in 0..<rows.cellCount where weights[cell] != 0 {
        table[cell, column] = (prediction.cells[cell] - prediction.value) / total
      }
    }
    let ofSample = ScoreVariance(
      ScoreSource(.one, table: table, rows: rows), rows: rows, design: design, threads: threads
    ).covariance
    return Matrix(symmetric: found.count) { ofModel[$0, $1] + ofSample[$0, $1] }
  }

  /// The covariance of the coefficients of scaled columns.
  private var scaledCovariance: Matrix {
    // From the columns as they are: b₀ + Σ bⱼ·mⱼ, and bⱼ·sⱼ.
    var forwards = Matrix(
      rowCount: covariance.rowCount, columnCount: covariance.rowCount)
    forwards[0, 0] = 1
    for index in scaled.kept.indices {
      forwards[0, index + 1] = scaled.means[index]
      forwards[index + 1, index + 1] = scaled.deviations[index]
    }
    return forwards.conjugating(covariance)
  }

  private func predictor(_ kind: Request.Kind) -> Predictor {
    switch kind {
    case .mean(let variable, let level):
      return .means(scaled.scaled(coding.matrix(rows, setting: (variable, level))), minus: nil)
    case .meanAt(let variable, let value):
      return .means(scaled.scaled(coding.matrix(rows, number: (variable, value))), minus: nil)
    case .difference(let variable, let level, let reference):
      return .means(
        scaled.scaled(coding.matrix(rows, setting: (variable, level))),
        minus: scaled.scaled(coding.matrix(rows, setting: (variable, reference))))
    case .slope(let variable):
      return .slopes(
        scaled.matrix, scaled.scaled(coding.matrix(rows, slopeOf: variable), isSlope: true))
    }
  }
}

/// A weighted mean of predictions, with its gradient in the coefficients.
private struct Prediction {
  var value = 0.0
  var gradient: [Double]
  /// The prediction by cell.
  var cells: [Double]
}

private enum Predictor: Sendable {
  /// μ at one model matrix, less that at another.
  case means(ModelMatrix, minus: ModelMatrix?)
  /// dμ/dv: the model matrix, and its derivative.
  case slopes(ModelMatrix, ModelMatrix)

  func mean(_ coefficients: [Double], weights: [Double], _ family: ModelFamily) -> Prediction {
    var result = Prediction(
      gradient: Array(repeating: 0, count: coefficients.count),
      cells: Array(repeating: 0, count: weights.count))
    let total = weights.reduce(0, +)
    for cell in weights.indices where weights[cell] != 0 {
      let weight = weights[cell] / total
      switch self {
      case .means(let matrix, let other):
        add(matrix, sign: 1, cell: cell, weight: weight, coefficients, family, to: &result)
        if let other {
          add(other, sign: -1, cell: cell, weight: weight, coefficients, family, to: &result)
        }
      case .slopes(let matrix, let slopes):
        let mean = family.mean(product(matrix, cell, coefficients))
        let slope = product(slopes, cell, coefficients)
        result.cells[cell] = mean.slope * slope
        for column in coefficients.indices {
          result.gradient[column] +=
            weight
            * (mean.curvature * slope * matrix[cell, column] + mean.slope * slopes[cell, column])
        }
      }
      result.value += weight * result.cells[cell]
    }
    return result
  }

  private func add(
    _ matrix: ModelMatrix, sign: Double, cell: Int, weight: Double, _ coefficients: [Double],
    _ family: ModelFamily, to result: inout Prediction
  ) {
    let mean = family.mean(product(matrix, cell, coefficients))
    result.cells[cell] += sign * mean.value
    for column in coefficients.indices {
      result.gradient[column] += sign * weight * mean.slope * matrix[cell, column]
    }
  }

  private func product(_ matrix: ModelMatrix, _ cell: Int, _ coefficients: [Double]) -> Double {
    var sum = 0.0
    for column in coefficients.indices { sum += matrix[cell, column] * coefficients[column] }
    return sum
  }
}
