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
    self.sources = sources
    self.places = places
    strides = sources.indices.map { index in
      sources[(index + 1)...].reduce(1) { $0 &* max($1.levels.count, 1) }
    }
    let cells = sources.reduce(1.0) { $0 * Double(max($1.levels.count, 1)) }
    if cells > Double(Self.largestCrossing) { compress() }
  }

  private static func source(
    _ name: String, _ column: CategoricalColumn, collapse: [String: String]
  ) -> Source {
    var levels: [Level] = []
    var positions: [Level: Int32] = [:]
    let map = column.categories.map { category -> Int32 in
      let level =
        category.missing == nil
        ? Level(code: collapse[category.code] ?? category.code, isMissing: false)
        : Level(code: "", isMissing: true)
      if let known = positions[level] { return known }
      positions[level] = Int32(levels.count)
      levels.append(level)
      return positions[level]!
    }
    return Source(
      name: name,
      factor: TabulationPlan.Factor(column: column, levels: map, levelCount: levels.count),
      levels: levels)
  }

  /// What a tabulation crosses.
  var groups: [TabulationPlan.Factor] { compressed.map { [$0.factor] } ?? sources.map(\.factor) }

  /// The levels of a source in cells of the crossing.
  func levels(ofSource source: Int, cells: [Int32]) -> [Int] {
    if let compressed { return cells.map { compressed.levels[Int($0)][source] } }
    let (stride, count) = (strides[source], sources[source].levels.count)
    return cells.map { Int($0) / stride % count }
  }

  /// Cells apart that neighbouring levels of a source stand.
  private var strides: [Int] = []

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
