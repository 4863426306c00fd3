import SurveyData

/// The columns behind some margins as levels, so that the crossing of all of them has cells, and
/// each margin's category is a function of the cell.
///
/// A level is a code, after collapsing; missing answers share the last level of their column, where
/// there are any.
struct MarginCrossing: Sendable {
  struct Level: Sendable, Hashable {
    var code: String
    var isMissing: Bool
  }

  struct Source: Sendable {
    var name: String
    var factor: TabulationPlan.Factor
    var levels: [Level]
  }

  private(set) var sources: [Source] = []
  /// For each margin: its columns as positions in `sources`.
  let places: [[Int]]

  /// The crossing as one column of the cells that occur, where all possible ones would be too many.
  private var compressed: (factor: TabulationPlan.Factor, levels: [[Int]])?

  private static let largestCrossing = 1 << 20

  init(
    _ margins: [[String]], collapse: [String: [String: String]], in dataset: Dataset
  ) throws {
    var sources: [Source] = []
    var places: [[Int]] = []
    for columns in margins {
      var indices: [Int] = []
      for name in columns {
        if let known = sources.firstIndex(where: { $0.name == name }) {
          indices.append(known)
          continue
        }
        indices.append(sources.count)
        sources.append(
          MarginCrossing.source(
            name, try dataset.categories(name), collapse: collapse[name] ?? [:]))
      }
      places.append(indices)
    }
    // Columns of many levels first: what lies within them (a region of its municipalities) then
    // leaves cells that occur close together in memory.
    let order = sources.indices.sorted {
      (sources[$1].levels.count, $0) < (sources[$0].levels.count, $1)
    }
    self.sources = order.map { sources[$0] }
    self.places = places.map { $0.map { order.firstIndex(of: $0)! } }
    let cells = sources.reduce(1.0) { $0 * Double(max($1.levels.count, 1)) }
    if cells > Double(Self.largestCrossing) { compress() }
  }

  private static func source(
    _ name: String, _ column: CategoricalColumn, collapse: [String: String]
  ) -> Source {
    var levels: [Level] = []
    var map: [Int32] = []
    var positions: [Level: Int32] = [:]
    for category in column.categories {
      let level =
        category.missing == nil
        ? Level(code: collapse[category.code] ?? category.code, isMissing: false)
        : Level(code: "", isMissing: true)
      // Only codes taken together and missing answers share a level.
      let isShared = !collapse.isEmpty || level.isMissing
      if isShared, let known = positions[level] {
        map.append(known)
        continue
      }
      map.append(Int32(levels.count))
      if isShared { positions[level] = Int32(levels.count) }
      levels.append(level)
    }
    return Source(
      name: name,
      factor: TabulationPlan.Factor(column: column, levels: map, levelCount: levels.count),
      levels: levels)
  }

  /// What a tabulation crosses.
  var groups: [TabulationPlan.Factor] { compressed.map { [$0.factor] } ?? sources.map(\.factor) }

  /// The cells that have respondents, in order, as a table of rows and profiles.
  func table(ofCells cells: [Int32]) -> ProfileTable? {
    compressed == nil ? ProfileTable(cells, levelCounts: sources.map(\.levels.count)) : nil
  }

  /// The levels of cells of the crossing, by source, then cell.
  func levels(ofCells cells: [Int32]) -> [Int32] {
    if let compressed {
      return sources.indices.flatMap { source in
        cells.map { Int32(compressed.levels[Int($0)][source]) }
      }
    }
    let counts = sources.map { UInt32($0.levels.count) }
    var levels = [Int32](repeating: 0, count: sources.count * cells.count)
    var span = levels.mutableSpan
    var rests = cells.map { UInt32($0) }
    for (source, count) in zip(sources.indices, counts).reversed() {
      var rest = rests.mutableSpan
      var level = span.extracting(source * cells.count..<(source + 1) * cells.count)
      for cell in level.indices {
        let quotient = rest[cell] / count
        level[cell] = Int32(truncatingIfNeeded: rest[cell] &- quotient &* count)
        rest[cell] = quotient
      }
    }
    return levels
  }

  private mutating func compress() {
    var known: [[Int]: Int] = [:]
    var combinations: [[Int]] = []
    let rows = sources[0].factor.column.rowCount
    let indices = (0..<rows).map { row -> Int in
      let levels = sources.map { Int($0.factor.levels[$0.factor.column.index(at: row)]) }
      if let found = known[levels] { return found }
      known[levels] = combinations.count
      combinations.append(levels)
      return combinations.count - 1
    }
    let column = CategoricalColumn(
      categories: combinations.indices.map { Category(code: "\($0)") }, indices: indices)
    compressed = (TabulationPlan.Factor(column), combinations)
  }
}
