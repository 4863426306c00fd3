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
    /// The answer whose share it is, by its place among the answers; of an ordinal model only.
    package let answer: Int?
    package let estimate: ModelEstimate
  }

  /// The adjusted mean of each level of each categorical variable.
  package let means: [Entry]
  /// The average marginal effect of each variable: of a level against the reference, of a number
  /// per unit.
  package let effects: [Entry]
}

extension RegressionModel {
  /// Adjusted means and average marginal effects of every variable; of an ordinal model those of the
  /// share of each answer.
  package func adjustedMeans(level: Double, threads: Int? = nil) -> AdjustedMeans {
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

    /// Whether it is a mean, and not what is changed of it.
    var isMean: Bool {
      switch kind {
      case .mean, .meanAt: true
      case .difference, .slope: false
      }
    }
  }

  private func entries(
    _ requests: [Request], level: Double, threads: Int?
  ) -> AdjustedMeans {
    let answers = family == .ordinal ? (0..<rows.levelCount).map(Optional.some) : [nil]
    let predictors = requests.flatMap { request -> [Predictor] in
      let matrices = matrices(request.kind)
      return answers.map { Predictor(matrices, family, answer: $0, of: rows.levelCount) }
    }
    let weights = totals.byCell(rows).weights
    let found = predictors.map { $0.mean(fit.coefficients, weights: weights) }
    let variances: [Double]
    if let replicates = design.replicates, let fits = replicateFits {
      let values = concurrentMap(count: fits.count, threads: threads) { replicate -> [Double]? in
        guard let fit = fits[replicate] else { return nil }
        let weights = rows.totals(
          weights: Bytes(design.weights(ofReplicate: replicate)), threads: 1
        ).byCell(rows).weights
        return predictors.map { $0.mean(fit.coefficients, weights: weights).value }
      }
      let covariance = replicates.covariance(of: values, found.map(\.value))
      variances = found.indices.map { covariance[$0, $0] }
    } else {
      variances = deltaVariances(found, weights: weights, threads: threads)
    }
    var means: [AdjustedMeans.Entry] = []
    var effects: [AdjustedMeans.Entry] = []
    for (index, prediction) in found.enumerated() {
      let request = requests[index / answers.count]
      // A linear model's outcome is measured from its origin; differences are not.
      let shift = request.isMean && family == .linear ? rows.origin : 0
      let entry = AdjustedMeans.Entry(
        variable: request.variable, code: request.code, answer: answers[index % answers.count],
        estimate: ModelEstimate(
          request.code.map { "\(request.variable)=\($0)" } ?? request.variable,
          prediction.value + shift, variance: variances[index],
          degreesOfFreedom: degreesOfFreedom, level: level))
      if request.isMean { means.append(entry) } else { effects.append(entry) }
    }
    return AdjustedMeans(means: means, effects: effects)
  }

  /// Of each g′Vg, V of the scaled coefficients, plus the design variance of the predictions' mean.
  private func deltaVariances(
    _ found: [Prediction], weights: [Double], threads: Int?
  ) -> [Double] {
    let total = weights.reduce(0, +)
    let covariance = scaledCovariance
    var variances = found.map { prediction in
      zip(prediction.gradient, covariance.times(prediction.gradient)).reduce(0) { $0 + $1.0 * $1.1 }
    }
    // No covariances are asked for, so a few predictions at a time: their vectors fit in registers.
    for first in stride(from: 0, to: found.count, by: 8) {
      let part = first..<min(first + 8, found.count)
      var table = ModelMatrix(rowCount: rows.cellCount, columnCount: part.count)
      for column in part {
        for cell in 0..<rows.cellCount where weights[cell] != 0 {
          table[cell, column - first] = (found[column].cells[cell] - found[column].value) / total
        }
      }
      let ofSample = ScoreVariance(
        ScoreSource(.one, table: table, rows: rows), rows: rows, design: design, threads: threads
      ).covariance
      for column in part { variances[column] += ofSample[column - first, column - first] }
    }
    return variances
  }

  /// The covariance of the coefficients of scaled columns.
  private var scaledCovariance: Matrix {
    let size = covariance.rowCount
    var forwards = Matrix(rowCount: size, columnCount: size)
    if family == .ordinal {
      // From the columns as they are: bⱼ·sⱼ, and ζₖ − Σ bⱼ·mⱼ.
      let slopes = scaled.kept.count
      for index in 0..<slopes { forwards[index, index] = scaled.deviations[index] }
      for threshold in slopes..<size {
        forwards[threshold, threshold] = 1
        for index in 0..<slopes { forwards[threshold, index] = -scaled.means[index] }
      }
      return forwards.conjugating(covariance)
    }
    // b₀ + Σ bⱼ·mⱼ, and bⱼ·sⱼ.
    forwards[0, 0] = 1
    for index in scaled.kept.indices {
      forwards[0, index + 1] = scaled.means[index]
      forwards[index + 1, index + 1] = scaled.deviations[index]
    }
    return forwards.conjugating(covariance)
  }

  private func matrices(_ kind: Request.Kind) -> Predictor.Matrices {
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
