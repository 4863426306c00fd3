/// Proportional odds on scaled columns: logit P(Y ≤ k) = ζₖ − x′β, by Newton's steps with the exact
/// Hessian of the weighted likelihood (McCullagh 1980; R: `svyolr`, `MASS::polr`).
struct OrdinalFit: Sendable {
  /// Slopes β of the scaled columns, then thresholds ζ.
  private(set) var coefficients: [Double]
  private(set) var information: TriangularFactor
  private(set) var iterations = 0
  /// By cell and level: ∂log p/∂(x′β), ∂log p/∂ζₖ and ∂log p/∂ζₖ₋₁.
  private(set) var scores: [SIMD4<Double>]

  private let levelCount: Int

  /// - Parameters:
  ///   - columns: scaled, the constant first; it is passed over, for thresholds are constants.
  ///   - weights: Σw by cell and level.
  init(
    _ columns: ModelMatrix, weights: [Double], levelCount: Int, start: [Double]? = nil
  ) throws(CanonicalFit.Failure) {
    self.levelCount = levelCount
    let slopes = columns.columnCount - 1
    let size = slopes + levelCount - 1
    var coefficients = start ?? [Double](repeating: 0, count: size)
    if start == nil {
      var byLevel = [Double](repeating: 0, count: levelCount)
      for code in weights.indices { byLevel[code % levelCount] += weights[code] }
      let total = byLevel.reduce(0, +)
      var run = 0.0
      for level in 0..<levelCount - 1 {
        run += byLevel[level]
        coefficients[slopes + level] = logarithm(run / (total - run))
      }
    }
    var system = OrdinalSystem(columns, weights: weights, levelCount: levelCount)
    guard var information = try system.information(at: coefficients) else {
      throw .noConvergence(step: .infinity)
    }
    var objective = system.objective
    var iterations = 0
    while true {
      let move = information.solve(system.gradient)
      let step = move.reduce(0) { max($0, abs($1)) }
      let size = coefficients.reduce(1) { max($0, abs($1)) }
      guard step > 1e-13 * size else { break }
      iterations += 1
      var scale = 1.0
      while true {
        let trial = zip(coefficients, move).map { $0 + scale * $1 }
        if let next = try system.information(at: trial),
          system.objective >= objective - 1e-12 * abs(objective)
        {
          coefficients = trial
          information = next
          objective = system.objective
          break
        }
        scale /= 2
        guard scale > 1e-8 else { throw .noConvergence(step: step) }
      }
      if step < 1e-9 * size, iterations > 2 { break }
      if iterations >= CanonicalFit.iterationLimit
        || coefficients.prefix(slopes).contains(where: { abs($0) > 60 })
      {
        let column = (0..<slopes).max { abs(coefficients[$0]) < abs(coefficients[$1]) }
        if let column, abs(coefficients[column]) > 8 { throw .separation(column: column + 1) }
        throw .noConvergence(step: step)
      }
    }
    self.coefficients = coefficients
    self.information = information
    self.iterations = iterations
    scores = system.scores
  }
}

private struct OrdinalSystem {
  private let columns: ModelMatrix
  private let weights: [Double]
  private let levelCount: Int
  private(set) var gradient: [Double]
  private(set) var scores: [SIMD4<Double>]
  private(set) var objective = 0.0

  init(_ columns: ModelMatrix, weights: [Double], levelCount: Int) {
    self.columns = columns
    self.weights = weights
    self.levelCount = levelCount
    gradient = Array(repeating: 0, count: columns.columnCount - 1 + levelCount - 1)
    scores = Array(repeating: .zero, count: columns.rowCount * levelCount)
  }

  /// - Returns: `nil` where the thresholds are out of order.
  mutating func information(
    at coefficients: [Double]
  ) throws(CanonicalFit.Failure) -> TriangularFactor? {
    let slopes = columns.columnCount - 1
    let size = coefficients.count
    let thresholds = coefficients[slopes...]
    guard zip(thresholds, thresholds.dropFirst()).allSatisfy({ $0 < $1 }) else { return nil }
    var hessian = Matrix(rowCount: size, columnCount: size)
    for index in gradient.indices { gradient[index] = 0 }
    var likelihood = Compensated()
    var row = [Double](repeating: 0, count: slopes)
    for cell in 0..<columns.rowCount {
      var eta = 0.0
      for index in 0..<slopes {
        row[index] = columns[cell, index + 1]
        eta += row[index] * coefficients[index]
      }
      // Summed over levels: for the slopes one scalar each does.
      var slopeCurvature = 0.0
      var cross = [Double](repeating: 0, count: levelCount - 1)
      var slopeGradient = 0.0
      for level in 0..<levelCount {
        let weight = weights[cell * levelCount + level]
        let hasUpper = level < levelCount - 1
        let hasLower = level > 0
        let zUpper = hasUpper ? coefficients[slopes + level] - eta : .infinity
        let zLower = hasLower ? coefficients[slopes + level - 1] - eta : -.infinity
        let upper = inverseLogit(zUpper)
        let lower = inverseLogit(zLower)
        // On the side of the smaller tails, so that no digits cancel.
        let p =
          zLower > 0 ? inverseLogit(-zLower) - inverseLogit(-zUpper) : upper - lower
        let fUpper = hasUpper ? upper * inverseLogit(-zUpper) : 0
        let fLower = hasLower ? lower * inverseLogit(-zLower) : 0
        let (up, down) = (fUpper / p, fLower / p)
        scores[cell * levelCount + level] = SIMD4(-(up - down), up, -down, 0)
        guard weight != 0 else { continue }
        likelihood.add(weight * logarithm(p))
        // Second derivatives of log p in (z_upper, z_lower), negated.
        let uu = -(hasUpper ? up * (1 - 2 * upper) : 0) + up * up
        let ll = (hasLower ? down * (1 - 2 * lower) : 0) + down * down
        let ul = -up * down
        slopeGradient -= weight * (up - down)
        slopeCurvature += weight * (uu + 2 * ul + ll)
        if hasUpper {
          gradient[slopes + level] += weight * up
          hessian[slopes + level, slopes + level] += weight * uu
          cross[level] -= weight * (uu + ul)
        }
        if hasLower {
          gradient[slopes + level - 1] -= weight * down
          hessian[slopes + level - 1, slopes + level - 1] += weight * ll
          cross[level - 1] -= weight * (ll + ul)
        }
        if hasUpper, hasLower { hessian[slopes + level, slopes + level - 1] += weight * ul }
      }
      for index in 0..<slopes {
        gradient[index] += slopeGradient * row[index]
        for other in 0...index {
          hessian[index, other] += slopeCurvature * row[index] * row[other]
        }
        for level in cross.indices { hessian[slopes + level, index] += cross[level] * row[index] }
      }
    }
    objective = likelihood.value
    guard let factor = TriangularFactor(gram: hessian, columns: { [] }), factor.isWhole(size) else {
      return nil
    }
    return factor
  }
}
