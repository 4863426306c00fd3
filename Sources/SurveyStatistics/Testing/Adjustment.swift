/// How p-values of several comparisons are adjusted for their number (R: p.adjust).
public enum Adjustment: String, Sendable, CaseIterable {
  case none
  /// m·p.
  case bonferroni
  /// Holm's step-down (1979): the running maximum of (m − i + 1)·p over ascending p.
  case holm
  /// Benjamini and Hochberg's false discovery rate (1995): the running minimum of m/i·p over
  /// descending p.
  case benjaminiHochberg = "bh"

  /// The adjusted p-values, at most 1. Comparisons without one do not count in their number m.
  package func adjusted(_ pValues: [Double?]) -> [Double?] {
    let known = pValues.indices.filter { pValues[$0] != nil }
    let m = Double(known.count)
    var result = pValues
    switch self {
    case .none: break
    case .bonferroni:
      for index in known { result[index] = min(1, m * pValues[index]!) }
    case .holm:
      var largest = 0.0
      for (rank, index) in known.sorted(by: { pValues[$0]! < pValues[$1]! }).enumerated() {
        largest = max(largest, (m - Double(rank)) * pValues[index]!)
        result[index] = min(1, largest)
      }
    case .benjaminiHochberg:
      var smallest = 1.0
      for (rank, index) in known.sorted(by: { pValues[$0]! > pValues[$1]! }).enumerated() {
        smallest = min(smallest, m / (m - Double(rank)) * pValues[index]!)
        result[index] = smallest
      }
    }
    return result
  }
}
