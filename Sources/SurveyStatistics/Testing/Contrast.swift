/// The difference of two estimates, *to* minus *from*, with its design error.
public struct Contrast: Sendable {
  /// `nil` where a side has no estimate; `caveats` says why.
  public var estimate: Double?
  public var standardError: Double?
  /// The estimate over its standard error.
  public var statistic: Double?
  /// PSUs minus strata among the rows of both sides together.
  public var degreesOfFreedom: Double
  /// Two-sided, by Student's t.
  public var pValue: Double?
  public var interval: Interval?
  public var caveats: [Caveat] = []

  /// In place of a difference that must not be shown.
  package static var withheld: Contrast { Contrast(degreesOfFreedom: 0) }
}

/// A share or a mean as one side of a difference: its value, and its linearisation as a sum over the
/// components of a tabulation.
package struct ContrastSide: Sendable {
  /// `nil` where nobody answered.
  fileprivate let value: Double?
  /// d(value)/d(component total), by component.
  fileprivate let influence: [Int: Double]
  /// The components whose totals add up to what the side is a share or a mean of, and their sum.
  fileprivate let base: (components: [Int], total: Double)
  /// The groups of the block that hold the side's respondents.
  fileprivate let groups: [Int]

  /// θ_r − θ under a replicate's totals: Σ_c u_c·ΔT_c · B/(B + ΔB), B being the base; NaN where the
  /// replicate leaves none of it.
  fileprivate func deviation(in replicate: ReplicateTotals.Replicate) -> Double {
    guard !influence.isEmpty else { return 0 }
    let change = base.components.reduce(0) { $0 + replicate[$1] }
    guard base.total + change > 1e-12 * base.total else { return .nan }
    // In the order of components: a dictionary has none of its own.
    let linear = influence.sorted { $0.key < $1.key }
      .reduce(0) { $0 + $1.value * replicate[$1.key] }
    return linear * base.total / (base.total + change)
  }

  /// A number that was not estimated.
  package static func number(_ value: Double) -> ContrastSide {
    ContrastSide(value: value, influence: [:], base: ([], 0), groups: [])
  }
}

/// Differences between shares or means of any domains of one block, overlapping ones too.
///
/// An estimate θ is linearised as Σ_c u_c·T_c over the components' totals T; two sides differ by
/// u = u_to − u_from, and the variance of the difference is u′·V·u, V the design covariance of the
/// totals. Rows in both sides and PSUs with rows in both are thereby accounted for (Särndal, Swensson
/// and Wretman 1992, 5.5; R: svycontrast on svyby(covmat = TRUE)). t has the degrees of freedom of
/// the union of the two sides' rows.
///
/// - Precondition: the block keeps all covariances, or has one group.
package struct ContrastEstimator {
  private let tabulation: Tabulation
  private let design: Design
  private let inference: Inference

  package init(_ tabulation: Tabulation, design: Design, inference: Inference) {
    self.tabulation = tabulation
    self.design = design
    self.inference = inference
  }

  /// A cell of the block.
  package struct CellPlace: Sendable, Hashable {
    package var group: Int
    package var level: Int

    package init(group: Int, level: Int = 0) {
      self.group = group
      self.level = level
    }
  }

  /// The share of some levels among all levels of some groups taken together.
  package func share(of levels: [Int], in groups: [Int]) -> ContrastSide {
    let net = Set(levels)
    let cells = groups.flatMap { group in
      (0..<tabulation.levelCount).map { CellPlace(group: group, level: $0) }
    }
    return share(of: cells.filter { net.contains($0.level) }, among: cells)
  }

  /// p = T_net/T_all over cells; ∂p/∂T is (1 − p)/T_all in the net and −p/T_all outside it.
  package func share(of net: [CellPlace], among all: [CellPlace]) -> ContrastSide {
    let net = Set(net)
    let inside = all.filter { net.contains($0) }
    let outside = all.filter { !net.contains($0) }
    let (count, other) = (weight(of: inside), weight(of: outside))
    let size = count + other
    let (share, complement) = (count / size, other / size)
    var influence: [Int: Double] = [:]
    for cell in inside { influence[component(cell)] = complement / size }
    for cell in outside { influence[component(cell)] = -share / size }
    return side(size > 0 ? share : nil, influence, of: all)
  }

  /// The mean of a sum of the block (its parts count from 1) over some groups taken together.
  package func mean(part: Int = 1, origin: Double = 0, in groups: [Int]) -> ContrastSide {
    mean(
      part: part, origin: origin,
      over: groups.flatMap { group in
        (0..<tabulation.levelCount).map { CellPlace(group: group, level: $0) }
      })
  }

  /// m = S/T over cells, S measured from the origin; ∂m/∂S is 1/T and ∂m/∂T is −m/T.
  package func mean(part: Int = 1, origin: Double = 0, over cells: [CellPlace]) -> ContrastSide {
    let size = weight(of: cells)
    let mean = cells.reduce(0) { $0 + tabulation.totals[component($1, part: part)] } / size
    var influence: [Int: Double] = [:]
    for cell in cells {
      influence[component(cell)] = -mean / size
      influence[component(cell, part: part)] = 1 / size
    }
    return side(size > 0 ? origin + mean : nil, influence, of: cells)
  }

  /// The ratio of two sums of the block, S₁/S₂, both from the origin 0, over some groups taken
  /// together; ∂R/∂S₁ is 1/S₂ and ∂R/∂S₂ is −R/S₂.
  package func ratio(numerator: Int = 1, denominator: Int = 2, in groups: [Int]) -> ContrastSide {
    let cells = groups.flatMap { group in
      (0..<tabulation.levelCount).map { CellPlace(group: group, level: $0) }
    }
    func total(_ part: Int) -> Double {
      cells.reduce(0) { $0 + tabulation.totals[component($1, part: part)] }
    }
    let below = total(denominator)
    let ratio = total(numerator) / below
    var influence: [Int: Double] = [:]
    for cell in cells {
      influence[component(cell, part: numerator)] = 1 / below
      influence[component(cell, part: denominator)] = -ratio / below
    }
    return ContrastSide(
      value: below > 0 ? ratio : nil, influence: influence,
      base: (cells.map { component($0, part: denominator) }, below), groups: groups.sorted())
  }

  /// The difference *to* minus *from*.
  package func difference(from: ContrastSide, to: ContrastSide) -> Contrast {
    let groups = Array(Set(from.groups + to.groups)).sorted()
    var contrast = Contrast(
      degreesOfFreedom: tabulation.degreesOfFreedom(inAnyOf: groups, design: design))
    guard let low = from.value, let high = to.value else {
      contrast.caveats = [.emptyBase]
      return contrast
    }
    contrast.estimate = high - low
    // A side of one PSU would enter with no error at all.
    let sides = [from, to].filter { !$0.groups.isEmpty }
    guard sides.allSatisfy({ tabulation.sampled(inAnyOf: $0.groups).psus > 1 }) else {
      contrast.caveats = [.onePSU]
      return contrast
    }
    let byReplicates = tabulation.replicates?.variance(size: max(abs(low), abs(high))) {
      to.deviation(in: $0) - from.deviation(in: $0)
    }
    contrast.caveats = byReplicates?.caveats ?? []
    let variance =
      byReplicates?.value
      ?? variance(to.influence.merging(from.influence.mapValues { -$0 }, uniquingKeysWith: +))
    guard variance.isFinite else {
      if contrast.caveats.isEmpty { contrast.caveats = [.noVariance] }
      return contrast
    }
    let error = variance.squareRoot()
    contrast.standardError = error
    guard error > 0 else {
      contrast.caveats = [.noSamplingError]
      return contrast
    }
    contrast.statistic = (high - low) / error
    guard contrast.degreesOfFreedom > 0 else {
      contrast.caveats = [.noDegreesOfFreedom(contrast.degreesOfFreedom)]
      return contrast
    }
    let df = contrast.degreesOfFreedom
    contrast.pValue = StudentT.twoSidedPValue((high - low) / error, degreesOfFreedom: df)
    let t = StudentT.criticalValue(level: inference.level, degreesOfFreedom: df)
    contrast.interval = Interval(
      low: high - low - t * error, high: high - low + t * error, level: inference.level,
      method: .wald)
    return contrast
  }

  /// u′·V·u; 0 where that is no larger than the rounding of its terms.
  private func variance(_ influence: [Int: Double]) -> Double {
    let terms = influence.filter { $0.value != 0 }.sorted { $0.key < $1.key }
    var sum = Compensated()
    var size = 0.0
    for (index, (component, weight)) in terms.enumerated() {
      for (other, otherWeight) in terms[...index] {
        let product = weight * otherWeight * tabulation.covariance(component, other)
        sum.add(component == other ? product : 2 * product)
        size += abs(product)
      }
    }
    return sum.value <= 16 * Double.ulpOfOne * size ? 0 : sum.value
  }

  private func side(
    _ value: Double?, _ influence: [Int: Double], of cells: [CellPlace]
  ) -> ContrastSide {
    ContrastSide(
      value: value, influence: influence,
      base: (cells.map { component($0) }, weight(of: cells)),
      groups: Array(Set(cells.map(\.group))).sorted())
  }

  private func component(_ cell: CellPlace, part: Int = 0) -> Int {
    tabulation.component(group: cell.group, level: cell.level, part: part)
  }

  private func weight(of cells: [CellPlace]) -> Double {
    cells.reduce(0) { $0 + tabulation.totals[component($1)] }
  }
}
