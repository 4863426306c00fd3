import SurveyData

extension Design {
  /// Degrees of freedom by replicates: the rank of the replicate weights of some units, less 1
  /// (R survey 4.1, `degf`).
  ///
  /// - Parameter units: rows or PSUs (as the replicates have them) in design order, each once.
  func replicateDegreesOfFreedom(ofUnits units: [Int32]) -> Double {
    guard let replicates, !units.isEmpty else { return -1 }
    let isJackknife = replicates.method == .jk1 || replicates.method == .jkn
    // An adjusted lonely PSU has a replicate in which all strata change: no rule for the rank.
    let starts = stages[0].groupStarts
    let isAdjusted =
      description.lonelyPSU == .adjust && zip(starts, starts.dropFirst()).contains { $1 - $0 == 1 }
    if replicates.isMade, isJackknife, !isAdjusted {
      guard replicates.unit == .row else { return Double(jackknifeRank(ofPSUs: units) - 1) }
      let psuOfRow = self.psuOfRow
      let psus = Set(units.map { psuOfRow[Int($0)] }).sorted()
      return Double(jackknifeRank(ofPSUs: psus) - 1)
    }
    let rank = replicates.deviations.withSpan(of: Double.self) { deviations in
      weights.withSpan(of: Double.self) { weights in
        SampledColumns(
          deviations, count: replicates.count, units: units,
          origin: { replicates.unit == .row ? weights[$0] : 1 }
        ).rank
      }
    }
    return Double(rank - 1)
  }

  /// The rank of a jackknife's multipliers over some PSUs.
  ///
  /// The rows of a stratum's a PSUs are independent of each other and of those of other strata, but
  /// that where all n of a stratum are there, their mean is the row of ones: Σ a − (F − 1), F ≥ 1
  /// being the number of such strata. A lonely PSU, never left out, has the row of ones itself.
  private func jackknifeRank(ofPSUs psus: [Int32]) -> Int {
    var full = 0
    var position = 0
    while position < psus.count {
      let stratum = stages[0].group(ofUnit: Int(psus[position]))
      let end = stages[0].groupStarts[stratum + 1]
      let first = position
      while position < psus.count, psus[position] < end { position += 1 }
      if Int32(position - first) == end - stages[0].groupStarts[stratum] { full += 1 }
    }
    return psus.count - max(full - 1, 0)
  }
}

/// The replicate weights of some units, a column a replicate.
///
/// Of many more units than replicates, sums over random parts of them stand for all: they span the
/// same rows but in cases that chance does not bring about. Which part a unit goes to follows from
/// its index, so that the same units always have the same rank.
private struct SampledColumns {
  private let rowCount: Int
  private var columns: [[Double]]

  init(
    _ deviations: Span<Double>, count: Int, units: [Int32], origin: (Int) -> Double
  ) {
    let parts = count + count / 4 + 32
    let isSampled = units.count > 2 * parts
    rowCount = isSampled ? parts : units.count
    var rows = [Double](repeating: 0, count: rowCount * count)
    for (position, unit) in units.lazy.map({ Int($0) }).enumerated() {
      let key = SplitMix64.mixed(UInt64(unit) &+ 1)
      let row = isSampled ? Int(key.multipliedFullWidth(by: UInt64(parts)).high) : position
      let sign = isSampled && key & 1 == 0 ? -1.0 : 1
      let ofUnit = origin(unit)
      for replicate in 0..<count {
        rows[row * count + replicate] += sign * (ofUnit + deviations[unit * count + replicate])
      }
    }
    let rowCount = self.rowCount
    columns = (0..<count).map { replicate in
      (0..<rowCount).map { rows[$0 * count + replicate] }
    }
  }

  /// By Gram and Schmidt: a column that the earlier ones leave less than 1e-5 of its length of is
  /// theirs (the rule and tolerance of R's `qr`).
  var rank: Int {
    var basis: [[Double]] = []
    for column in columns where basis.count < rowCount {
      var rest = column
      let length = SampledColumns.product(column, column).squareRoot()
      for direction in basis {
        let share = SampledColumns.product(rest, direction)
        for row in rest.indices { rest[row] -= share * direction[row] }
      }
      let left = SampledColumns.product(rest, rest).squareRoot()
      guard left > 1e-5 * length else { continue }
      for row in rest.indices { rest[row] /= left }
      basis.append(rest)
    }
    return basis.count
  }

  private static func product(_ a: [Double], _ b: [Double]) -> Double {
    var sums = SIMD4<Double>.zero
    let whole = a.count & ~3
    for row in stride(from: 0, to: whole, by: 4) {
      let left = SIMD4<Double>(a[row], a[row + 1], a[row + 2], a[row + 3])
      let right = SIMD4<Double>(b[row], b[row + 1], b[row + 2], b[row + 3])
      sums += left * right
    }
    var sum = sums.sum()
    for row in whole..<a.count { sum += a[row] * b[row] }
    return sum
  }
}
