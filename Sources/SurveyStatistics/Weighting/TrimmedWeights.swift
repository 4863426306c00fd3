import SurveyData

/// Weights cut to limits, with the margins met again.
///
/// A round cuts the weights to the limits and fits the margins anew from what is left, which spreads
/// what was cut off over the others. Rounds end when all weights are within a millionth of the
/// limits, or after 50: then the weights are cut once more, the excess goes to those inside in
/// proportion to their weights, and the margins are reported as they come out.
struct TrimmedWeights {
  static let roundLimit = 50
  static let slack = 1e-6

  /// By respondent, in the order given.
  private(set) var weights: [Double]
  /// Final over start weight by unit.
  private(set) var solution: CalibrationProblem.Solution
  private(set) var report: FittedWeights.Trimming

  init(
    _ trim: WeightTrim, problem: CalibrationProblem, solution: CalibrationProblem.Solution,
    positions: [(position: Int32, unit: Int32)], starts: [Double], scale: Double,
    solve: (CalibrationProblem) throws -> CalibrationProblem.Solution
  ) throws {
    let unitOf = positions.map { Int($0.unit) }
    weights = positions.map { position, unit in
      starts[Int(position)] * scale * solution.factors[Int(unit)]
    }
    let (low, high) = Self.limits(trim, weights)
    report = FittedWeights.Trimming(
      low: low, high: high,
      respondents: weights.count { $0 < low * (1 - Self.slack) || $0 > high * (1 + Self.slack) },
      rounds: 0, isComplete: true)
    self.solution = solution
    while !Self.isInside(weights, low, high), report.rounds < Self.roundLimit {
      report.rounds += 1
      for index in weights.indices { weights[index] = min(max(weights[index], low), high) }
      let again = problem.starting(from: Self.sums(weights, unitOf, problem.unitCount))
      let refit = try solve(again)
      for index in weights.indices { weights[index] *= refit.factors[unitOf[index]] }
      self.solution.iterations += refit.iterations
      self.solution.error = refit.error
    }
    if !Self.isInside(weights, low, high) {
      report.isComplete = false
      cut(low, high)
    }
    let sums = Self.sums(weights, unitOf, problem.unitCount)
    self.solution.factors = zip(sums, problem.starts).map { $1 > 0 ? $0 / $1 : 1 }
  }

  /// Cuts, and spreads what is over or missing among those inside.
  private mutating func cut(_ low: Double, _ high: Double) {
    let total = weights.reduce(0, +)
    for _ in 0..<Self.roundLimit {
      for index in weights.indices { weights[index] = min(max(weights[index], low), high) }
      let inside = weights.indices.filter { weights[$0] > low && weights[$0] < high }
      let sum = inside.reduce(0) { $0 + weights[$1] }
      let excess = total - weights.reduce(0, +)
      guard abs(excess) > 1e-12 * total, sum > 0 else { break }
      for index in inside { weights[index] *= 1 + excess / sum }
    }
    for index in weights.indices { weights[index] = min(max(weights[index], low), high) }
  }

  private static func limits(_ trim: WeightTrim, _ weights: [Double]) -> (Double, Double) {
    switch trim {
    case .ratio(let limits):
      let mean = weights.reduce(0, +) / Double(weights.count)
      return (limits.lowerBound * mean, limits.upperBound * mean)
    case .quantiles(let limits):
      let sorted = weights.sorted()
      // The rule hf7: what spreadsheets call a percentile.
      func quantile(_ share: Double) -> Double {
        let place = share * Double(sorted.count - 1)
        let below = Int(place)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
      }
      return (quantile(limits.lowerBound), quantile(limits.upperBound))
    }
  }

  private static func isInside(_ weights: [Double], _ low: Double, _ high: Double) -> Bool {
    weights.allSatisfy { $0 >= low * (1 - slack) && $0 <= high * (1 + slack) }
  }

  private static func sums(_ weights: [Double], _ unitOf: [Int], _ count: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    for index in weights.indices { sums[unitOf[index]] += weights[index] }
    return sums
  }
}

extension CalibrationProblem {
  /// The same targets from other start weights.
  func starting(from starts: [Double]) -> CalibrationProblem {
    CalibrationProblem(
      categories: categories, numberCount: numberCount, numbers: numbers, starts: starts,
      precisions: precisions, targets: targets)
  }
}
