extension CalibrationProblem {
  /// Iterative proportional fitting: each margin in turn, until the largest relative error of any
  /// category is no more than `tolerance` (Deming and Stephan 1940).
  func raked(tolerance: Double, limit: Int) throws(Failure) -> Solution {
    precondition(numberCount == 0 && marginCount > 0)
    switch categories.form {
    case .columns(let columns):
      return try raked(UnitFactors(columns, starts: starts), tolerance: tolerance, limit: limit)
    case .table(let table, let sides):
      return try raked(
        TableFactors(table, sides: sides, starts: starts), tolerance: tolerance, limit: limit)
    }
  }

  private func raked<Factors: RakingFactors>(
    _ starting: consuming Factors, tolerance: Double, limit: Int
  ) throws(Failure) -> Solution {
    var factors = starting
    var sums = [Double](repeating: 0, count: columnCount)
    var ratios = sums
    var sweep = 0
    while true {
      var worst = (column: 0, error: 0.0, reached: 0.0)
      for margin in 0..<marginCount {
        factors.sum(margin: margin, into: &sums)
        for column in categories.usedColumns[margin] {
          let error =
            abs(sums[column] - targets[column]) / max(targets[column], .leastNonzeroMagnitude)
          if error > worst.error || error.isNaN { worst = (column, error, sums[column]) }
          ratios[column] = sums[column] > 0 ? targets[column] / sums[column] : 0
        }
        factors.scale(by: ratios, ofMargin: margin)
      }
      // The errors were those before each margin's own step: where all are small, none was needed.
      if worst.error <= tolerance {
        return Solution(factors: factors.byUnit, iterations: sweep, error: worst.error)
      }
      sweep += 1
      guard sweep < limit, worst.error.isFinite else {
        throw Failure(column: worst.column, reached: worst.reached, iterations: sweep)
      }
    }
  }
}
