/// A linear, logistic or Poisson model on scaled columns, by Newton's steps on the weighted
/// likelihood: for a canonical link the same as iteratively reweighted least squares.
struct CanonicalFit: Sendable {
  /// Coefficients of the scaled columns, the intercept first.
  private(set) var coefficients: [Double]
  /// X′WX at the solution, W the weights times the variance function.
  private(set) var information: TriangularFactor
  private(set) var iterations = 0
  /// Fitted means by cell.
  private(set) var means: [Double]

  static let iterationLimit = 60

  enum Failure: Error {
    /// A coefficient runs away: its column.
    case separation(column: Int)
    case noConvergence(step: Double)
    case dependentColumns
  }

  /// - Parameters:
  ///   - weights, sums: Σw and Σw·y by cell.
  ///   - start: coefficients to start from, as those of the full sample for a replicate.
  init(
    _ family: ModelFamily, _ columns: ModelMatrix, weights: [Double], sums: [Double],
    start: [Double]? = nil
  ) throws(Failure) {
    let count = columns.columnCount
    let total = weights.reduce(0, +)
    let mean = sums.reduce(0, +) / total
    var coefficients = start ?? [Double](repeating: 0, count: count)
    if start == nil {
      coefficients[0] =
        switch family {
        case .linear: mean
        case .logistic, .ordinal: logarithm(mean / (1 - mean))
        case .poisson: logarithm(mean)
        }
    }
    var system = NewtonSystem(family, columns, weights: weights, sums: sums)
    var information = try system.information(at: coefficients)
    var objective = system.objective
    var step = Double.infinity
    var iterations = 0
    var halvings = 0
    while true {
      let move = information.solve(system.gradient)
      step = move.reduce(0) { max($0, abs($1)) }
      let size = coefficients.reduce(1) { max($0, abs($1)) }
      guard step > 1e-13 * size else { break }
      iterations += 1
      var scale = 1.0
      while true {
        let trial = zip(coefficients, move).map { $0 + scale * $1 }
        let next: TriangularFactor
        do throws(Failure) {
          next = try system.information(at: trial)
        } catch {
          // Columns that were independent at the start, and are not where some are all but certain.
          guard system.hasCertainties,
            let column = move.indices.dropFirst().max(by: { abs(move[$0]) < abs(move[$1]) })
          else { throw error }
          throw .separation(column: column)
        }
        // A full step that loses likelihood has gone too far.
        if system.objective >= objective - 1e-12 * abs(objective) || scale < 1e-6 {
          coefficients = trial
          information = next
          objective = system.objective
          break
        }
        scale /= 2
        halvings += 1
      }
      if family == .linear, iterations == 3 { break }
      // Quadratic convergence is over where steps no longer shrink.
      if step < 1e-9 * size, iterations > 2 { break }
      if iterations >= Self.iterationLimit || coefficients.contains(where: { abs($0) > 60 }),
        family != .linear
      {
        // What still moves has no finite solution where some are all but certain.
        let column = move.indices.dropFirst().max { abs(move[$0]) < abs(move[$1]) }
        if let column, system.hasCertainties { throw .separation(column: column) }
        throw .noConvergence(step: step)
      }
    }
    self.coefficients = coefficients
    self.information = information
    self.iterations = iterations
    means = system.means
  }
}

/// Gradient and curvature of the weighted log-likelihood over cells.
private struct NewtonSystem {
  private let family: ModelFamily
  private let columns: ModelMatrix
  private let weights: [Double]
  private let sums: [Double]
  private(set) var gradient: [Double]
  private(set) var means: [Double]
  /// The log-likelihood, up to a constant; for least squares half the sum of squares, negated.
  private(set) var objective = 0.0

  /// Whether some cell's outcome is all but certain.
  var hasCertainties: Bool {
    weights.indices.contains { cell in
      weights[cell] > 0
        && (means[cell] < 1e-8 || (family == .logistic && means[cell] > 1 - 1e-8))
    }
  }

  init(_ family: ModelFamily, _ columns: ModelMatrix, weights: [Double], sums: [Double]) {
    self.family = family
    self.columns = columns
    self.weights = weights
    self.sums = sums
    gradient = Array(repeating: 0, count: columns.columnCount)
    means = Array(repeating: 0, count: columns.rowCount)
  }

  mutating func information(
    at coefficients: [Double]
  ) throws(CanonicalFit.Failure) -> TriangularFactor {
    let columns = self.columns
    let count = columns.columnCount
    var products = [Double](repeating: 0, count: count * count)
    var curvatures = [Double](repeating: 0, count: columns.rowCount)
    for index in gradient.indices { gradient[index] = 0 }
    var likelihood = Compensated()
    let values = columns.values.span
    for cell in 0..<columns.rowCount where weights[cell] != 0 {
      let first = cell * count
      var eta = 0.0
      for index in 0..<count { eta += values[first + index] * coefficients[index] }
      let mean = family.mean(eta)
      means[cell] = mean.value
      let weight = weights[cell]
      switch family {
      case .linear: likelihood.add(eta * (sums[cell] - weight * eta / 2))
      case .poisson: likelihood.add(sums[cell] * eta - weight * mean.value)
      case .logistic, .ordinal:
        likelihood.add(sums[cell] * eta - weight * logOnePlusExponential(eta))
      }
      let residual = sums[cell] - weight * mean.value
      let curvature = weight * mean.slope
      curvatures[cell] = curvature
      for row in 0..<count {
        let value = values[first + row]
        gradient[row] += residual * value
        let product = curvature * value
        for column in 0...row { products[row * count + column] += product * values[first + column] }
      }
    }
    objective = likelihood.value
    let gram = Matrix(symmetric: count) { products[$0 * count + $1] }
    guard
      let factor = TriangularFactor(
        gram: gram,
        columns: {
          (0..<count).map { column in
            curvatures.indices.map { max(curvatures[$0], 0).squareRoot() * columns[$0, column] }
          }
        })
    else { throw .dependentColumns }
    return factor
  }
}
