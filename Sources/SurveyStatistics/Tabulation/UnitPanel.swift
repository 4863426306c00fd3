import SurveyData

/// Tables of one item that a row adds to together, and the items that have such.
///
/// Cells come by banner, group and level. Two short banners share a joint table while it has fewer
/// cells than a PSU has rows: a row then adds to one cell, and the joint table is summed out into the
/// two once a PSU.
struct UnitPanel: Sendable {
  /// The nearest cache holds them, joint tables included.
  static let mostTables = 9
  static let mostCells = 768
  private static let mostJointCells = 512

  struct Item: Sendable {
    /// `nil` where there is one level for all.
    let column: CategoricalColumn?
    /// By code.
    fileprivate(set) var places: UnitPlaces
    /// In the order of `starts`.
    let tables: [Int]
    /// By code; −1 outside.
    let levels: [Int]
  }

  /// Two tables filled as one. A banner with codes outside has a group for them, which is in the
  /// other's table alone.
  struct Joint: Sendable {
    let start: Int
    /// Groups with a table, groups, and the first cell of the table.
    let major: Side
    let minor: Side

    struct Side: Sendable {
      let groupCount: Int
      let width: Int
      let start: Int
    }

    var cellCount: Int { major.width * minor.width }
  }

  let levelCount: Int
  let readings: [Int]
  /// By table: its first cell.
  let starts: [Int]
  /// Cells of tables.
  let tableCells: Int
  let joints: [Joint]
  /// With those of joint tables, which come after the others.
  let cellCount: Int
  /// Those that are filled one after the other.
  private(set) var items: [Item] = []
  /// Those that are filled eight abreast.
  private(set) var abreast: [[Item]] = []
  /// What a row adds to: joint tables and single ones.
  private(set) var banners: [UnitPlaces] = []
  /// Of `banners`: by joint code its cell, or −1.
  private let bannerCells: [(columns: [CategoricalColumn], cells: [Int])]

  /// - Parameters:
  ///   - readings: by table, which of the banners it has.
  ///   - rowsOfUnit: about how many rows a PSU has.
  init(_ readings: [Int], of banners: [UnitReading], levelCount: Int, rowsOfUnit: Int) {
    self.readings = readings
    self.levelCount = levelCount
    let tables = readings.map { banners[$0] }
    var starts: [Int] = []
    var cells = 0
    for table in tables {
      starts.append(cells)
      cells += table.count * levelCount
    }
    self.starts = starts
    tableCells = cells
    let pairs = Self.pairs(tables.map(\.width), levelCount: levelCount, rowsOfUnit: rowsOfUnit)
    var joints: [Joint] = []
    var bannerCells: [(columns: [CategoricalColumn], cells: [Int])] = []
    for (major, minor) in pairs {
      func side(_ table: Int) -> Joint.Side {
        .init(groupCount: tables[table].count, width: tables[table].width, start: starts[table])
      }
      let joint = Joint(start: cells, major: side(major), minor: side(minor))
      joints.append(joint)
      bannerCells.append(
        (
          tables[major].columns + tables[minor].columns,
          tables[major].levels.flatMap { first in
            tables[minor].levels.map { second in
              if first < 0, second < 0 { return -1 }
              let group = (first < 0 ? joint.major.groupCount : first) * joint.minor.width
              return joint.start
                + (group + (second < 0 ? joint.minor.groupCount : second)) * levelCount
            }
          }
        ))
      cells += joint.cellCount * levelCount
    }
    let paired = Set(pairs.flatMap { [$0.0, $0.1] })
    for table in tables.indices where !paired.contains(table) {
      bannerCells.append(
        (
          tables[table].columns,
          tables[table].levels.map { $0 < 0 ? -1 : starts[table] + $0 * levelCount }
        ))
    }
    self.joints = joints
    self.bannerCells = bannerCells
    // Cells are moved two at a time.
    cellCount = (cells + 1) / 2 * 2
  }

  /// Which tables to fill as one: pairs of the shortest, the shortest with the longest of them, as many
  /// as save more additions than their cells cost.
  private static func pairs(
    _ widths: [Int], levelCount: Int, rowsOfUnit: Int
  ) -> [(Int, Int)] {
    let order = widths.indices.sorted { (widths[$0], $0) < (widths[$1], $1) }
    var best: [(Int, Int)] = []
    var leastCost = widths.count * rowsOfUnit
    for count in 1..<max(1, widths.count / 2 + 1) {
      let pairs = (0..<count).map { (order[$0], order[2 * count - 1 - $0]) }
      let cells = pairs.reduce(0) { $0 + widths[$1.0] * widths[$1.1] } * levelCount
      let cost = (widths.count - count) * rowsOfUnit + cells
      if cells <= mostJointCells, cost < leastCost { (best, leastCost) = (pairs, cost) }
    }
    return best
  }

  /// Adds an item of as many levels.
  mutating func add(_ item: UnitReading, tables: [Int]) {
    items.append(
      Item(
        column: item.columns.first, places: UnitPlaces([], cells: []), tables: tables,
        levels: item.levels))
  }

  /// Moves items to those abreast, eight at a time, as long as enough are left to be worth it.
  mutating func setAbreast() {
    guard levelCount <= LanePanel.mostLevels else { return }
    let ofAll = items.filter { $0.column == nil }
    var rest = items.filter { $0.column != nil }[...]
    while rest.count >= LanePanel.fewestItems {
      abreast.append(Array(rest.prefix(LanePanel.itemCount)))
      rest = rest.dropFirst(LanePanel.itemCount)
    }
    items = ofAll + rest
  }

  /// Gives the rows without a level or a group their places: from `outside` on.
  mutating func place(outsideAt outside: Int) {
    banners = bannerCells.map { columns, cells in
      UnitPlaces(columns, cells: cells.map { $0 < 0 ? outside : $0 })
    }
    for item in items.indices {
      let levels = items[item].levels
      items[item].places = UnitPlaces(
        items[item].column.map { [$0] } ?? [], cells: levels.map { $0 < 0 ? outside : $0 })
    }
  }
}
