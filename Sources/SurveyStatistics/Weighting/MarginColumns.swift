import SurveyData

/// The columns of x: the categories of each margin, one for those without a target where they are
/// kept, then the numbers. Says of each cell of the crossing which it is in.
struct MarginColumns: Sendable {
  struct Column: Sendable {
    var margin: Int
    /// `nil` for those without a target.
    var category: Int?
  }

  private(set) var columns: [Column] = []
  let targets: ResolvedTargets
  private let crossing: MarginCrossing
  /// For each margin, the column of each combination of its sources' levels.
  private var tables: [[Int32]] = []
  private var unknownColumns: [Int32] = []

  init(_ targets: ResolvedTargets, crossing: MarginCrossing) {
    self.targets = targets
    self.crossing = crossing
    for (index, margin) in targets.margins.enumerated() {
      var positions: [[String]: Int32] = [:]
      for (category, entry) in margin.categories.enumerated() {
        positions[entry.codes] = Int32(columns.count)
        columns.append(Column(margin: index, category: category))
      }
      let unknown = Int32(columns.count)
      columns.append(Column(margin: index, category: nil))
      unknownColumns.append(unknown)
      let sources = crossing.places[index].map { crossing.sources[$0] }
      let combinations = sources.reduce(1) { $0 * $1.levels.count }
      tables.append(
        (0..<combinations).map { combination in
          var rest = combination
          var codes: [String] = []
          for source in sources.reversed() {
            let level = source.levels[rest % source.levels.count]
            if level.isMissing { return unknown }
            codes.append(level.code)
            rest /= source.levels.count
          }
          return positions[codes.reversed()] ?? unknown
        })
    }
  }

  var marginCount: Int { tables.count }

  /// The columns of a margin that cells of the crossing are in.
  func columns(ofCells cells: [Int32], margin: Int) -> [Int32] {
    let table = tables[margin]
    let places = crossing.places[margin]
    var combinations = [Int](repeating: 0, count: cells.count)
    for place in places {
      let levels = crossing.levels(ofSource: place, cells: cells)
      let count = crossing.sources[place].levels.count
      for index in cells.indices {
        combinations[index] = combinations[index] * count + levels[index]
      }
    }
    return combinations.map { table[$0] }
  }

  func isUnknown(_ column: Int32) -> Bool { columns[Int(column)].category == nil }

  /// `region = 3`, or `region:sex = 3:1`.
  func name(_ column: Int) -> String {
    let margin = targets.margins[columns[column].margin]
    return columns[column].category.map { "\(margin.name) = \(margin.categories[$0].code)" }
      ?? "\(margin.name) without a target"
  }

  func place(_ column: Int) -> SourcePlace {
    let margin = targets.margins[columns[column].margin]
    return columns[column].category.map { margin.categories[$0].place } ?? margin.place
  }
}
