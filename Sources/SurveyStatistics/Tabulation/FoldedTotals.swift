import SurveyData

/// What a fold has finished: totals of its rows, and covariances of the strata it closed.
struct FoldedTotals: Sendable {
  let shape: BlockShape
  var counts: [Int]
  var sumsOfSquares: [Compensated]
  var crossProducts: [Compensated]
  private(set) var totals: [Compensated]
  /// Of the packed pairs; none before something is added: a run that closes no stratum has none to hold.
  private var addedCovariances: [Compensated] = []
  private(set) var psus: [Int]
  private(set) var strata: [Int]
  /// Strata whose variance the others make up for (`average`).
  private(set) var averagedStrata: [Int]
  /// The groups that PSUs and strata touch, where the block keeps them.
  private(set) var psuSets: GroupSets?
  private(set) var stratumSets: GroupSets?

  init(_ shape: BlockShape) {
    self.shape = shape
    counts = Array(repeating: 0, count: shape.cellCount)
    sumsOfSquares = Array(repeating: Compensated(), count: shape.componentCount)
    crossProducts = Array(
      repeating: Compensated(), count: shape.componentsPerCell < 3 ? 0 : shape.cellCount + 1)
    totals = Array(repeating: Compensated(), count: shape.componentCount)
    psus = Array(repeating: 0, count: shape.groupCount)
    strata = Array(repeating: 0, count: shape.groupCount)
    averagedStrata = Array(repeating: 0, count: shape.groupCount)
    psuSets = shape.keepsGroupSets ? GroupSets(groupCount: shape.groupCount) : nil
    stratumSets = psuSets
  }

  /// Of the packed pairs.
  var covariances: [Compensated] {
    addedCovariances.isEmpty
      ? Array(repeating: Compensated(), count: shape.pairCount) : addedCovariances
  }

  func covariance(ofPair pair: Int) -> Compensated {
    addedCovariances.isEmpty ? Compensated() : addedCovariances[pair]
  }

  private mutating func makeCovariances() {
    if addedCovariances.isEmpty { addedCovariances = covariances }
  }

  /// Adds a whole stratum: its totals, its PSUs, and its term of the variance.
  mutating func close(_ moments: Moments, siblings: Siblings) {
    for group in moments.touchedGroups.lazy.map({ Int($0) }) {
      for component in group * shape.groupSize..<(group + 1) * shape.groupSize {
        totals[component].add(moments.total(component))
      }
      psus[group] += Int(moments.unitsTouching[group])
      strata[group] += 1
      if siblings.term(unitsTouching: moments.unitsTouching[group]) == .averaged {
        averagedStrata[group] += 1
      }
    }
    if let sets = moments.groupSets {
      psuSets?.merge(sets)
      stratumSets?.add(unitIn: moments.touchedGroups)
    }
    addVariance(of: moments, siblings: siblings)
  }

  /// Adds totals of rows that stand outside any unit: (Σw, rows) or (Σw·x, Σw·x²).
  mutating func add(_ total: SIMD2<Double>, component: Int) {
    totals[component].add(total.x)
    if component % shape.componentsPerCell == 0 {
      counts[component / shape.componentsPerCell] += Int(total.y)
    } else {
      sumsOfSquares[component].add(total.y)
    }
  }

  /// Adds the variance between the siblings:
  /// (1 − f) · n/(n − 1) · Σ(t − t̄)(t′ − t̄′), times the sampling fractions of the stages above.
  mutating func addVariance(of moments: Moments, siblings: Siblings) {
    guard shape.pairsPerScope > 0 else { return }
    makeCovariances()
    for scope in shape.isWhole ? [0] : moments.touchedGroups.map({ Int($0) }) {
      let touching = shape.isWhole ? Int32(siblings.count) : moments.unitsTouching[scope]
      switch siblings.term(unitsTouching: touching) {
      case .centred(let scale):
        moments.addProducts(
          ofScope: scope, units: Double(siblings.count), times: scale, to: &addedCovariances)
      case .uncentred(let scale):
        moments.addProducts(ofScope: scope, units: nil, times: scale, to: &addedCovariances)
      case .nothing, .averaged: break
      }
    }
  }

  /// Puts another covariance in the place of one of the packed pairs.
  mutating func setCovariance(_ covariance: Compensated, ofPair pair: Int) {
    makeCovariances()
    addedCovariances[pair] = covariance
  }

  /// Adds what another fold finished.
  mutating func merge(_ other: FoldedTotals) {
    for index in counts.indices { counts[index] += other.counts[index] }
    for index in totals.indices { totals[index].add(other.totals[index]) }
    for index in sumsOfSquares.indices { sumsOfSquares[index].add(other.sumsOfSquares[index]) }
    for index in crossProducts.indices { crossProducts[index].add(other.crossProducts[index]) }
    if !other.addedCovariances.isEmpty {
      makeCovariances()
      for index in addedCovariances.indices {
        addedCovariances[index].add(other.addedCovariances[index])
      }
    }
    for group in psus.indices {
      psus[group] += other.psus[group]
      strata[group] += other.strata[group]
      averagedStrata[group] += other.averagedStrata[group]
    }
    if let sets = other.psuSets { psuSets?.merge(sets) }
    if let sets = other.stratumSets { stratumSets?.merge(sets) }
  }
}

/// The units of one group of siblings, as their variance needs them.
struct Siblings {
  /// Sampled units, those without a row in the domain included.
  let count: Int
  /// n/N; 0 without a finite population.
  let fraction: Double
  /// The product of the sampling fractions of the stages above.
  let above: Double
  let lonelyPSU: LonelyPSU
  let appliesToDomains: Bool

  enum Term: Equatable {
    /// About the siblings' mean.
    case centred(scale: Double)
    /// About the grand mean, which is 0 for a linearised variable.
    case uncentred(scale: Double)
    case nothing
    /// Left to the average of the other strata.
    case averaged
  }

  /// - Parameter unitsTouching: siblings that have a row in the domain.
  func term(unitsTouching: Int32) -> Term {
    guard !isCensus(fraction) else { return .nothing }
    let finite = above * (1 - fraction)
    if count == 1 {
      return switch lonelyPSU {
      case .fail, .remove, .certainty: .nothing
      case .adjust: .uncentred(scale: finite)
      case .average: .averaged
      }
    }
    let scale = finite * Double(count) / Double(count - 1)
    if appliesToDomains, unitsTouching == 1 {
      switch lonelyPSU {
      case .adjust: return .uncentred(scale: scale)
      case .average: return .averaged
      case .fail, .remove, .certainty: break
      }
    }
    return .centred(scale: scale)
  }
}
