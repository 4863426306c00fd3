import Foundation

/// The slow, obvious reference: what the pass delivers, by plain loops over rows and by the formulas
/// as a textbook prints them. Nothing here is shared with the library.
public struct SlowDesign {
  /// One entry a row.
  public var strata: [Int]
  /// One array a stage, one entry a row; empty: every row is a sampling unit.
  public var clusters: [[Int]]
  public var weights: [Double]
  /// Population counts of sampling units, one array a stage; empty: infinite.
  public var population: [[Double]]

  public init(
    strata: [Int], clusters: [[Int]] = [], weights: [Double], population: [[Double]] = []
  ) {
    self.strata = strata
    self.clusters = clusters
    self.weights = weights
    self.population = population
  }

  private func unit(_ row: Int, stage: Int) -> Int {
    clusters.isEmpty ? row : clusters[stage][row]
  }

  /// The covariance of the estimated totals Σw·x and Σw·y under sampling in stages:
  /// at each stage (1 − f) · n/(n − 1) · Σ(t − t̄)(u − ū) over the units of each group of siblings,
  /// and f times the same of the stage below, for each unit (Särndal et al. 1992, 4.3).
  public func covariance(_ x: [Double], _ y: [Double]) -> Double {
    covariance(x, y, rows: Array(strata.indices), stage: 0)
  }

  private func covariance(_ x: [Double], _ y: [Double], rows: [Int], stage: Int) -> Double {
    var sum = 0.0
    let groups = stage == 0 ? Dictionary(grouping: rows) { strata[$0] } : [0: rows]
    for key in groups.keys.sorted() {
      let members = groups[key]!
      let units = Dictionary(grouping: members) { unit($0, stage: stage) }
      let n = Double(units.count)
      let fraction = population.isEmpty ? 0 : n / population[stage][members[0]]
      if 1 - fraction > 1e-7, units.count > 1 {
        let keys = units.keys.sorted()
        let t = keys.map { key in units[key]!.reduce(0) { $0 + weights[$1] * x[$1] } }
        let u = keys.map { key in units[key]!.reduce(0) { $0 + weights[$1] * y[$1] } }
        let (tMean, uMean) = (t.reduce(0, +) / n, u.reduce(0, +) / n)
        var products = 0.0
        for index in t.indices { products += (t[index] - tMean) * (u[index] - uMean) }
        sum += (1 - fraction) * n / (n - 1) * products
      }
      guard fraction > 0, stage + 1 < max(clusters.count, 1) else { continue }
      for key in units.keys.sorted() {
        sum += fraction * covariance(x, y, rows: units[key]!, stage: stage + 1)
      }
    }
    return sum
  }

  /// Σw·x.
  public func total(_ x: [Double]) -> Double {
    x.indices.reduce(0) { $0 + weights[$1] * x[$1] }
  }

  /// PSUs and strata among rows of positive weight in a domain.
  public func sampled(in domain: [Bool]) -> (psus: Int, strata: Int) {
    let rows = strata.indices.filter { domain[$0] && weights[$0] > 0 }
    return (
      Set(rows.map { [strata[$0], unit($0, stage: 0)] }).count, Set(rows.map { strata[$0] }).count
    )
  }

  /// A share in a domain and its variance, by the linearised variable of a ratio.
  public func share(of inNet: [Bool], in domain: [Bool]) -> (value: Double, variance: Double) {
    let size = total(domain.map { $0 ? 1 : 0 })
    let other = zip(inNet, domain).map { $1 && !$0 ? 1.0 : 0 }
    let net = zip(inNet, domain).map { $1 && $0 ? 1.0 : 0 }
    let p = total(net) / size
    let q = total(other) / size
    let z = net.indices.map { (q * net[$0] - p * other[$0]) / size }
    return (p, covariance(z, z))
  }

  /// A mean in a domain and its variance, by the linearised variable (x − x̄)/Σw.
  public func mean(of x: [Double], in domain: [Bool]) -> (value: Double, variance: Double) {
    let size = total(domain.map { $0 ? 1 : 0 })
    let mean = total(x.indices.map { domain[$0] ? x[$0] : 0 }) / size
    let z = x.indices.map { domain[$0] ? (x[$0] - mean) / size : 0 }
    return (mean, covariance(z, z))
  }

  /// The ratio of two totals in a domain and its variance, by the linearised variable (y − R·x)/Σw·x.
  public func ratio(
    of y: [Double], over x: [Double], in domain: [Bool]
  ) -> (value: Double, variance: Double) {
    let denominator = total(x.indices.map { domain[$0] ? x[$0] : 0 })
    let ratio = total(y.indices.map { domain[$0] ? y[$0] : 0 }) / denominator
    let z = x.indices.map { domain[$0] ? (y[$0] - ratio * x[$0]) / denominator : 0 }
    return (ratio, covariance(z, z))
  }
}
