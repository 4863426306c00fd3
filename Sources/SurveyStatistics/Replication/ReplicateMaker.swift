import SurveyData

/// Makes replicates from the strata and PSUs of a design.
///
/// A finite population of the first stage shrinks each replicate's deviation by √(1 − f), or the
/// scale of a jackknife by 1 − f, so that a total has the variance of linearisation: exactly under
/// the jackknife and balanced half-samples, on average under the bootstrap.
struct ReplicateMaker {
  /// Multipliers that fit in memory: 400 MB.
  static let mostMultipliers = 50_000_000

  private let description: ReplicateDescription
  private let design: Design
  private let stage: Design.Stage
  private let file: String

  init(_ description: ReplicateDescription, design: Design, file: String) {
    self.description = description
    self.design = design
    self.file = file
    stage = design.stages[0]
  }

  private var strata: Range<Int> { 0..<stage.groupStarts.count - 1 }

  private func psus(of stratum: Int) -> Range<Int> {
    Int(stage.groupStarts[stratum])..<Int(stage.groupStarts[stratum + 1])
  }

  func replicates(count: Int, seed: UInt64) throws(ReplicateError) -> ReplicateWeights {
    guard design.stages.count == 1 else { throw .severalStages(file: file) }
    if description.method != .jkn { try requireNoLonelyPSU() }
    switch description.method {
    case .jk1:
      guard strata.count == 1 else { throw .severalStrata(strata.count, file: file) }
      let n = Double(stage.unitCount)
      return try jackknife(
        scale: (1 - stage.fractions[0]) * (n - 1) / n,
        rscales: Array(repeating: 1, count: stage.unitCount))
    case .jkn:
      return try jackknife(scale: lonelyScale, rscales: strata.flatMap(rscales(of:)))
    case .bootstrap: return try bootstrap(count: count, seed: seed)
    case .brr, .fay: return try halfSamples()
    case .sdr: throw .notMade(.sdr)
    }
  }

  private func isLonely(_ stratum: Int) -> Bool {
    psus(of: stratum).count == 1 && !isCensus(stage.fractions[stratum])
  }

  /// Whether a stratum has replicates: one with two PSUs or more, and under `adjust` a lonely one.
  private func hasReplicates(_ stratum: Int) -> Bool {
    psus(of: stratum).count > 1 || isAdjusted(stratum)
  }

  private func isAdjusted(_ stratum: Int) -> Bool {
    design.description.lonelyPSU == .adjust && isLonely(stratum)
  }

  /// Of the replicates of a stratum in JKn (R survey 4.1, `jknweights`).
  private func rscales(of stratum: Int) -> [Double] {
    let n = psus(of: stratum).count
    if isAdjusted(stratum) { return [Double(strata.count - 1) / Double(strata.count)] }
    let scale = (1 - stage.fractions[stratum]) * Double(n - 1) / Double(n)
    return n > 1 ? Array(repeating: scale, count: n) : []
  }

  /// Under `average` a lonely PSU gets the mean variance of the others.
  private var lonelyScale: Double {
    guard design.description.lonelyPSU == .average else { return 1 }
    let others = stage.unitCount - strata.count(where: isLonely)
    return others > 0 ? Double(stage.unitCount) / Double(others) : 1
  }

  /// A lonely PSU stays as it is in every replicate: it adds nothing to the variance.
  private func requireNoLonelyPSU() throws(ReplicateError) {
    let choice = design.description.lonelyPSU
    guard choice == .adjust || choice == .average else { return }
    for stratum in strata where isLonely(stratum) {
      throw .lonelyPSU(stratum: design.stratumNames[stratum], choice: choice, file: file)
    }
  }

  private func weights(
    count: Int, scale: Double? = nil, rscales: [Double]? = nil,
    fill: (inout MutableSpan<Double>) -> Void
  ) throws(ReplicateError) -> ReplicateWeights {
    guard count > 1 else { throw .tooFew(count, file: file) }
    let most = Self.mostMultipliers / stage.unitCount
    guard count <= most else {
      throw .tooMany(replicates: count, psus: stage.unitCount, most: most, file: file)
    }
    return try ReplicateWeights(
      description, isMade: true, count: count, scale: scale, rscales: rscales, unit: .psu,
      deviations: Bytes(of: Double.self, count: count * stage.unitCount, fill))
  }

  /// Each PSU left out in turn; the others of its stratum weigh n/(n − 1) times as much. With an
  /// adjusted lonely PSU the others are those of all L strata, and weigh L/(L − 1) times as much.
  private func jackknife(
    scale: Double, rscales: [Double]
  ) throws(ReplicateError) -> ReplicateWeights {
    try weights(count: rscales.count, scale: scale, rscales: rscales) { span in
      var replicate = 0
      for stratum in strata where hasReplicates(stratum) {
        let psus = psus(of: stratum)
        let others = isAdjusted(stratum) ? 0..<stage.unitCount : psus
        let units = isAdjusted(stratum) ? strata.count : psus.count
        for left in psus {
          for psu in others {
            span[psu * rscales.count + replicate] = psu == left ? -1 : 1 / Double(units - 1)
          }
          replicate += 1
        }
      }
    }
  }

  /// Rao and Wu (1988), with Rao, Wu and Yue (1992): n − 1 PSUs drawn with replacement from the n of
  /// a stratum. A PSU drawn m times has the multiplier 1 + √(1 − f) · (m · n/(n − 1) − 1).
  private func bootstrap(count: Int, seed: UInt64) throws(ReplicateError) -> ReplicateWeights {
    try weights(count: count) { span in
      var generator = SplitMix64(seed: seed)
      for replicate in 0..<count {
        for stratum in strata where psus(of: stratum).count > 1 {
          let psus = psus(of: stratum)
          let n = psus.count
          let shrinkage = (1 - stage.fractions[stratum]).squareRoot()
          for psu in psus { span[psu * count + replicate] = -shrinkage }
          for _ in 1..<n {
            let psu = psus.lowerBound + generator.index(below: n)
            span[psu * count + replicate] += shrinkage * Double(n) / Double(n - 1)
          }
        }
      }
    }
  }

  /// McCarthy (1969); Fay (Judkins 1990): in each replicate one PSU of each stratum has the
  /// multiplier 2 − ρ and the other ρ, chosen by a column of a Hadamard matrix, so that any two
  /// strata are balanced against each other, and each against the whole.
  private func halfSamples() throws(ReplicateError) -> ReplicateWeights {
    for stratum in strata where psus(of: stratum).count != 2 {
      throw .notTwoPSUs(
        stratum: design.stratumNames[stratum], count: psus(of: stratum).count,
        method: description.method, file: file)
    }
    // The first column is constant: it would leave a stratum out of balance.
    let hadamard = HadamardMatrix(atLeast: strata.count + 1)
    let distance = 1 - (description.rho ?? 0)
    return try weights(count: hadamard.order) { span in
      for stratum in strata {
        let first = psus(of: stratum).lowerBound
        let shrinkage = distance * (1 - stage.fractions[stratum]).squareRoot()
        for replicate in 0..<hadamard.order {
          let sign = hadamard.isPositive(row: replicate, column: stratum + 1) ? 1.0 : -1
          span[first * hadamard.order + replicate] = sign * shrinkage
          span[(first + 1) * hadamard.order + replicate] = -sign * shrinkage
        }
      }
    }
  }
}
