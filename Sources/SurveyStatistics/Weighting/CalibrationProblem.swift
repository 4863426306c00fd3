/// Start weights and auxiliary values of the distinct kinds of respondents, and the totals that new
/// weights are to give.
///
/// A *unit* stands for all respondents with the same auxiliary values: a cell of the margins'
/// crossing, or a respondent where numbers are met. Column j of x is the category of a margin (1 or
/// 0), kept as one column index for each margin, or a number.
struct CalibrationProblem: Sendable {
  let categories: UnitCategories
  let numberCount: Int
  /// By unit, then number: the last columns.
  let numbers: [Double]
  /// Σ of the start weights by unit.
  let starts: [Double]
  /// 1/σ² of the model by unit; empty: 1.
  let precisions: [Double]
  let targets: [Double]

  var unitCount: Int { starts.count }
  var marginCount: Int { categories.marginCount }
  var columnCount: Int { categories.columnCount }
  private var firstNumber: Int { columnCount - numberCount }

  private var columns: UnitColumns {
    guard case .columns(let columns) = categories.form else {
      preconditionFailure("Newton's steps go unit by unit")
    }
    return columns
  }

  struct Solution: Sendable {
    /// New over start weight by unit.
    var factors: [Double]
    /// Sweeps over the margins, or Newton steps.
    var iterations: Int
    /// The largest relative error of a target.
    var error: Double
  }

  /// No weights meet the targets: the worst of them, and how far the search came.
  struct Failure: Error {
    var column: Int
    var reached: Double
    var iterations: Int
  }

  /// Newton's method on the dual, with steps halved where the objective would not fall.
  func calibrated(
    _ distance: CalibrationDistance, tolerance: Double, limit: Int
  ) throws(Failure) -> Solution {
    // Numbers measured in units of their own size, so that pivots can be compared.
    var sizes = [Double](repeating: 1, count: numberCount)
    for number in 0..<numberCount {
      var largest = 0.0
      for unit in 0..<unitCount {
        largest = max(largest, abs(numbers[unit * numberCount + number]))
      }
      if largest > 0 { sizes[number] = largest }
    }
    let startTotal = starts.reduce(0, +)
    var lambda = [Double](repeating: 0, count: columnCount)
    var arguments = [Double](repeating: 0, count: unitCount)
    var best: Solution?
    var worst = (column: 0, reached: 0.0)
    var stalled = 0
    for step in 0...limit {
      let factors = arguments.map(distance.factor)
      let totals = self.totals(factors, sizes)
      var error = 0.0
      var gradient = [Double](repeating: 0, count: columnCount)
      for column in 0..<columnCount {
        let size = column < firstNumber ? 1 : sizes[column - firstNumber]
        gradient[column] = targets[column] / size - totals[column]
        let scale = max(abs(targets[column] / size), 1e-12 * startTotal)
        let relative = scale > 0 ? abs(gradient[column]) / scale : abs(gradient[column])
        if relative > error || relative.isNaN {
          error = relative
          worst = (column, totals[column] * size)
        }
      }
      let isBetter = error < 0.5 * (best?.error ?? .infinity)
      stalled = isBetter ? 0 : stalled + 1
      if error < best?.error ?? .infinity {
        best = Solution(factors: factors, iterations: step, error: error)
      }
      // Beyond the tolerance steps go on while they gain, since each doubles the digits.
      if let best, best.error <= tolerance, best.error <= 1e-14 || stalled > 0 { return best }
      guard step < limit, error.isFinite, stalled < 20 else { break }
      let direction = SemidefiniteSolver(
        hessian(distance, arguments, sizes), tolerance: 1e-12
      ).solve(gradient)
      let change = self.arguments(direction, sizes)
      let slope = zip(direction, gradient).reduce(0) { $0 + $1.0 * $1.1 }
      guard slope > 0, slope.isFinite else { break }
      let before = objective(distance, arguments, lambda, sizes)
      var length = 1.0
      while length > 1e-12 {
        let tried = zip(arguments, change).map { $0 + length * $1 }
        let multipliers = zip(lambda, direction).map { $0 + length * $1 }
        let after = objective(distance, tried, multipliers, sizes)
        // The objective's own rounding must not stop the last steps.
        if after <= before - 1e-4 * length * slope + 1e-12 * abs(before) {
          arguments = tried
          lambda = multipliers
          break
        }
        length /= 2
      }
      if length <= 1e-12 { break }
    }
    if let best, best.error <= tolerance { return best }
    throw Failure(column: worst.column, reached: worst.reached, iterations: limit)
  }

  /// u = q·x′λ by unit.
  private func arguments(_ lambda: [Double], _ sizes: [Double]) -> [Double] {
    let columns = self.columns
    return (0..<unitCount).map { unit in
      var u = 0.0
      for margin in 0..<marginCount { u += lambda[columns[unit, margin]] }
      for number in 0..<numberCount {
        u += lambda[firstNumber + number] * numbers[unit * numberCount + number] / sizes[number]
      }
      return precisions.isEmpty ? u : precisions[unit] * u
    }
  }

  /// Σ D·F·x, numbers in units of their size.
  private func totals(_ factors: [Double], _ sizes: [Double]) -> [Double] {
    let columns = self.columns
    var sums = [Compensated](repeating: Compensated(), count: columnCount)
    for unit in 0..<unitCount {
      let weight = starts[unit] * factors[unit]
      for margin in 0..<marginCount {
        sums[columns[unit, margin]].add(weight)
      }
      for number in 0..<numberCount {
        sums[firstNumber + number].add(
          weight * numbers[unit * numberCount + number] / sizes[number])
      }
    }
    return sums.map(\.value)
  }

  /// Σ D·q·F′·x·x′.
  private func hessian(
    _ distance: CalibrationDistance, _ arguments: [Double], _ sizes: [Double]
  ) -> Matrix {
    let columns = self.columns
    var matrix = Matrix(rowCount: columnCount, columnCount: columnCount)
    var row = [(column: Int, value: Double)](repeating: (0, 1), count: marginCount + numberCount)
    for unit in 0..<unitCount {
      let slope =
        starts[unit] * distance.slope(arguments[unit]) * (precisions.isEmpty ? 1 : precisions[unit])
      guard slope > 0 else { continue }
      for margin in 0..<marginCount {
        row[margin] = (columns[unit, margin], 1)
      }
      for number in 0..<numberCount {
        row[marginCount + number] = (
          firstNumber + number, numbers[unit * numberCount + number] / sizes[number]
        )
      }
      for a in row {
        for b in row where b.column <= a.column {
          matrix[a.column, b.column] += slope * a.value * b.value
        }
      }
    }
    return matrix
  }

  /// Σ (D/q)·∫F − λ′T: convex, least where the targets are met.
  private func objective(
    _ distance: CalibrationDistance, _ arguments: [Double], _ lambda: [Double], _ sizes: [Double]
  ) -> Double {
    var sum = Compensated()
    for unit in 0..<unitCount {
      let scale = precisions.isEmpty ? starts[unit] : starts[unit] / precisions[unit]
      sum.add(scale * distance.integral(arguments[unit]))
    }
    for column in 0..<columnCount {
      let size = column < firstNumber ? 1 : sizes[column - firstNumber]
      sum.add(-lambda[column] * targets[column] / size)
    }
    return sum.value
  }
}
