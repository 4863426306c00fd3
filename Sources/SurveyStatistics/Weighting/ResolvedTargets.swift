import SurveyData

/// The targets of one group as counts that add up to one population: shares turned into counts,
/// collapsed codes taken together, contradictions found.
struct ResolvedTargets: Sendable {
  struct Category: Sendable {
    var codes: [String]
    /// People; set when the start weights are known where all targets are shares.
    var target: Double
    var place: SourcePlace
    var code: String { codes.count == 1 ? codes[0] : codes.joined(separator: ":") }
  }

  struct Margin: Sendable {
    var columns: [String]
    var categories: [Category]
    /// Places in `categories` by codes.
    var places: CategoryPlaces
    var place: SourcePlace
    /// `region:sex`.
    var name: String
  }

  var margins: [Margin] = []
  var totals: [MarginTargets.Total]
  /// The size of the population; `nil` where only totals of numbers are given, without it.
  private(set) var population: Double?

  /// - Parameter startTotal: the sum of the start weights, which shares keep.
  init(
    _ targets: MarginTargets, collapse: [String: [String: String]], startTotal: Double
  ) throws(WeightingError) {
    guard !targets.margins.isEmpty || !targets.totals.isEmpty else {
      throw .noTargets(file: targets.path)
    }
    totals = targets.totals
    population = targets.population
    var first: MarginTargets.Margin?
    for margin in targets.margins where !margin.isOfShares {
      if let first {
        try Self.requireEqual(margin, first.name, first.sum)
      } else if let population {
        try Self.requireEqual(margin, "population", population)
      }
      first = first ?? margin
      population = population ?? margin.sum
    }
    let hasShares = targets.margins.contains(where: \.isOfShares)
    let needsPopulation = hasShares || targets.totals.contains(where: \.isMean)
    if population == nil, hasShares { population = startTotal }
    if population == nil, needsPopulation, let mean = targets.totals.first(where: \.isMean) {
      throw .populationUnknown(column: mean.column, place: mean.place)
    }
    for margin in targets.margins {
      let sum = margin.sum
      if margin.isOfShares, abs(sum - 1) > 1e-6 {
        throw .sharesOff(margin: margin.name, sum: sum, place: margin.place)
      }
      // Shares are normed exactly; counts stay as they are.
      let scale = margin.isOfShares ? population! / sum : 1
      let collapses = margin.columns.contains { collapse[$0] != nil }
      var categories: [Category] = []
      categories.reserveCapacity(margin.cells.count)
      var places = CategoryPlaces(capacity: margin.cells.count, columns: margin.columns.count)
      for cell in margin.cells {
        let codes =
          collapses
          ? zip(margin.columns, cell.codes).map { collapse[$0]?[$1] ?? $1 } : cell.codes
        let place = places.place(of: codes, orAt: categories.count)
        if place < categories.count {
          categories[place].target += cell.amount * scale
        } else {
          categories.append(
            Category(codes: codes, target: cell.amount * scale, place: cell.place))
        }
      }
      margins.append(
        Margin(
          columns: margin.columns, categories: categories, places: places, place: margin.place,
          name: margin.name))
    }
    for index in totals.indices where totals[index].isMean {
      totals[index].amount *= population ?? 0
      totals[index].isMean = false
    }
    try requireConsistent()
  }

  private static func requireEqual(
    _ margin: MarginTargets.Margin, _ other: String, _ sum: Double
  ) throws(WeightingError) {
    guard abs(margin.sum - sum) > 1e-9 * max(abs(sum), abs(margin.sum)) else { return }
    throw .totalsDiffer(
      margin: margin.name, sum: margin.sum, other: other, otherSum: sum, place: margin.place)
  }

  /// Margins that share a column must agree on it.
  private func requireConsistent() throws(WeightingError) {
    for (index, margin) in margins.enumerated() {
      for earlier in margins[..<index] {
        let shared = margin.columns.filter(earlier.columns.contains)
        guard !shared.isEmpty else { continue }
        let sums = Self.sums(margin, by: shared)
        let others = Self.sums(earlier, by: shared)
        for codes in sums.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
          let (sum, other) = (sums[codes]!, others[codes] ?? 0)
          guard abs(sum - other) > 1e-6 * max(sum, other) else { continue }
          throw .marginsDiffer(
            column: shared.joined(separator: ":"), code: codes.joined(separator: ":"),
            margin: earlier.name, sum: other, other: margin.name, otherSum: sum,
            place: margin.place)
        }
      }
    }
  }

  private static func sums(_ margin: Margin, by columns: [String]) -> [[String]: Double] {
    let places = columns.map { margin.columns.firstIndex(of: $0)! }
    var sums: [[String]: Double] = [:]
    for category in margin.categories {
      sums[places.map { category.codes[$0] }, default: 0] += category.target
    }
    return sums
  }
}
