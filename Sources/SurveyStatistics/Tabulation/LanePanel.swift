import CVectorKernels
import SurveyData

/// The tables of a panel as `LaneFold` fills them: eight items at once, a lane of a vector each.
///
/// A row adds its weight to a *category* of each joint table: there stand the levels of the eight items
/// beside each other, and those that the row has are added to together.
struct LanePanel: Sendable {
  static let itemCount = Int(LANE_COUNT)
  static let mostLevels = Int(MOST_LANE_LEVELS)
  /// Eight at once cost about what two cost one after the other.
  static let fewestItems = 3
  /// The cells of so many vectors, 28 KB, leave the nearest cache room for a row of the matrix. Those of the
  /// first joint table are taken one after the other.
  private static let mostVectors = 448
  /// Categories of the first joint table: rows of a piece should be several a category.
  private static let mostSorted = 64
  private static let mostJointCodes = 65_536
  private static let mostMembers = 3

  /// Where a table is filled: among the panels, the eights of a panel, their items and its tables.
  struct Place: Sendable {
    let panel: Int
    let eight: Int
    let lane: Int
    let table: Int
  }

  let levelCount: Int
  let categoryCount: Int
  /// Cells of tables.
  let cellCount: Int
  /// By row the category in each of `joints`.
  let banners: [UnitPlaces]
  let joints: [LaneTable]
  /// Categories of the first joint table, by which the rows of a unit are sorted.
  let sortedCount: Int
  /// By table of the panel: its first cell, and its groups.
  let starts: [Int]
  let groupCounts: [Int]
  let eights: [[Item]]

  struct Item: Sendable {
    let column: CategoricalColumn
    /// By code; `noLevel` outside.
    let levelOfCode: [UInt8]
  }

  static let noLevel = UInt8.max

  /// - Parameters:
  ///   - readings: by table of the panel.
  ///   - rowsOfUnit: about how many rows a PSU has.
  init(_ panel: UnitPanel, of readings: [UnitReading], rowsOfUnit: Int) {
    let levelCount = panel.levelCount
    self.levelCount = levelCount
    groupCounts = readings.map(\.count)
    cellCount = panel.tableCells
    starts = panel.starts
    eights = panel.abreast.map { items in
      items.compactMap { item in
        item.column.map { column in
          Item(
            column: column, levelOfCode: item.levels.map { $0 < 0 ? Self.noLevel : UInt8($0) })
        }
      }
    }
    var joints: [LaneTable] = []
    var banners: [UnitPlaces] = []
    var categories = 0
    for members in Self.joints(readings, levelCount: levelCount, rowsOfUnit: rowsOfUnit) {
      func side(_ index: Int) -> LaneSide {
        guard index < members.count else {
          return LaneSide(width: 1, groupCount: 0, firstCell: 0, firstGroup: 0)
        }
        let table = members[index]
        return LaneSide(
          width: Int64(readings[table].width), groupCount: Int64(readings[table].count),
          firstCell: Int64(panel.starts[table]),
          firstGroup: Int64(panel.starts[table] / levelCount))
      }
      joints.append(
        LaneTable(firstCategory: Int64(categories), sides: (side(0), side(1), side(2))))
      let places = members.reduce([categories]) { places, table in
        let reading = readings[table]
        return places.flatMap { place in
          // Behind the groups comes what has none.
          reading.levels.map {
            categories + (place - categories) * reading.width + ($0 < 0 ? reading.count : $0)
          }
        }
      }
      banners.append(UnitPlaces(members.flatMap { readings[$0].columns }, places: places))
      categories += members.reduce(1) { $0 * readings[$1].width }
    }
    self.joints = joints
    sortedCount = joints.count > 1 ? Int(joints[1].firstCategory) : categories
    self.banners = banners
    categoryCount = categories
  }

  /// Which tables to fill as one, at most three: as many joint tables as save more additions of rows
  /// than their cells cost.
  private static func joints(
    _ readings: [UnitReading], levelCount: Int, rowsOfUnit: Int
  ) -> [[Int]] {
    let order = readings.indices.sorted { (readings[$1].width, $0) < (readings[$0].width, $1) }
    var best = order.map { [$0] }
    var leastCost = Int.max
    for count in stride(from: order.count, to: 0, by: -1)
    where mostMembers * count >= order.count {
      // The widest first, each to the joint table that has the fewest categories.
      var joints = order.prefix(count).map { [$0] }
      func categories(_ joint: [Int]) -> Int { joint.reduce(1) { $0 * readings[$1].width } }
      for table in order.dropFirst(count) {
        let place = joints.indices.filter { joints[$0].count < mostMembers }
          .min { categories(joints[$0]) < categories(joints[$1]) }!
        joints[place].append(table)
      }
      let all = joints.reduce(0) { $0 + categories($1) }
      let fits = joints.allSatisfy { joint in
        joint.reduce(1) { $0 * readings[$1].levels.count } <= mostJointCodes
      }
      let sorted = categories(joints[0])
      let isNear = sorted <= mostSorted && (all - sorted) * (1 + levelCount) <= mostVectors
      guard fits, isNear || count == order.count else { continue }
      // Rows add to memory for all but the first, by which they are sorted. A category is emptied and
      // summed out, and takes room: about six rows' work.
      let cost = (count - 1) * rowsOfUnit + 6 * all
      if cost < leastCost { (best, leastCost) = (joints, cost) }
    }
    return best
  }

  /// Notes where the tables of a panel's eights are filled.
  ///
  /// - Parameter places: by table of all.
  static func place(_ panel: UnitPanel, index: Int, in places: inout [Place?]) {
    for (eight, items) in panel.abreast.enumerated() {
      for (lane, item) in items.enumerated() {
        for (table, ofAll) in item.tables.enumerated() {
          places[ofAll] = Place(panel: index, eight: eight, lane: lane, table: table)
        }
      }
    }
  }
}
