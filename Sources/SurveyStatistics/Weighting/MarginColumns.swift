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
      let first = Int32(columns.count)
      for category in margin.categories.indices {
        columns.append(Column(margin: index, category: category))
      }
      let unknown = Int32(columns.count)
      columns.append(Column(margin: index, category: nil))
      unknownColumns.append(unknown)
      let sources = crossing.places[index].map { crossing.sources[$0] }
      if sources.count == 1 {
        tables.append(
          sources[0].levels.map { level in
            level.isMissing
              ? unknown : margin.places[level.code].map { first + Int32($0) } ?? unknown
          })
        continue
      }
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
          return margin.places[codes.reversed()].map { first + Int32($0) } ?? unknown
        })
    }
  }

  var marginCount: Int { tables.count }

  /// The categories of the cells that have respondents, in order, for raking: as a table where they
  /// fill one.
  func categoriesToRake(ofCells cells: [Int32]) -> UnitCategories {
    if let table = crossing.table(ofCells: cells), let sides = sides(of: table) {
      return UnitCategories(table, sides: sides, columnCount: columns.count)
    }
    return categories(ofCells: cells, numberCount: 0)
  }

  /// The categories of units in cells of the crossing, before columns of numbers.
  func categories(ofCells cells: [Int32], numberCount: Int) -> UnitCategories {
    UnitCategories(
      columns(ofCells: cells), unitCount: cells.count, marginCount: marginCount,
      columnCount: columns.count + numberCount)
  }

  /// Each margin as a function of the table's rows or of its profiles; `nil` where one needs both.
  private func sides(of table: ProfileTable) -> [ProfileTable.Side]? {
    var sides: [ProfileTable.Side] = []
    for margin in 0..<marginCount {
      let places = crossing.places[margin]
      let isOfRows = table.levelsOfRows[places[0]] != nil
      var combinations = [Int](
        repeating: 0, count: isOfRows ? table.rowCount : table.profileCount)
      for place in places {
        let levels = isOfRows ? table.levelsOfRows[place] : table.levelsOfProfiles[place]
        guard let levels else { return nil }
        let count = crossing.sources[place].levels.count
        for (index, level) in levels.enumerated() {
          combinations[index] = combinations[index] * count + Int(level)
        }
      }
      sides.append(
        ProfileTable.Side(isOfRows: isOfRows, columns: combinations.map { tables[margin][$0] }))
    }
    return sides
  }

  /// The columns that cells of the crossing are in, by margin, then cell.
  private func columns(ofCells cells: [Int32]) -> [Int32] {
    let levels = crossing.levels(ofCells: cells)
    var columns = [Int32](repeating: 0, count: marginCount * cells.count)
    for margin in 0..<marginCount {
      let start = margin * cells.count
      var all = columns.mutableSpan
      var column = all.extracting(start..<start + cells.count)
      // Levels of several columns taken together, then looked up.
      for place in crossing.places[margin] {
        let count = Int32(crossing.sources[place].levels.count)
        let ofSource = levels.span.extracting(place * cells.count..<(place + 1) * cells.count)
        for cell in ofSource.indices { column[cell] = column[cell] &* count &+ ofSource[cell] }
      }
      let table = tables[margin]
      for cell in column.indices { column[cell] = table[Int(column[cell])] }
    }
    return columns
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
