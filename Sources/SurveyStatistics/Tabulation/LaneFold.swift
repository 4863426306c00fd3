import CVectorKernels
import SurveyData

/// The fold of a panel's items eight abreast, a batch of PSUs at a time: what `UnitFold` does item by item.
struct LaneFold {
  let panel: LanePanel
  /// By eight of the panel.
  private(set) var sums: [LaneSums]
  /// By eight: rows by category, level and lane.
  private var counts: [[UInt32]]

  // Of the batch at hand.
  /// By row, then joint table: the category.
  private var categories: [UInt16] = []
  /// Rows of units, sorted so many at a time.
  private var pieces: [Piece] = []
  /// By piece, its rows in the order of their categories in the first joint table, counted from its first.
  private var order: [UInt8] = []
  /// By piece, then category of the first joint table: the place after its last row.
  private var ends: [UInt8] = []
  /// By row, then lane: the level, or `LanePanel.noLevel`.
  private var levels: [UInt8] = []
  /// The same by lane, then row.
  private var levelsOfLanes: [UInt8] = []
  /// By category: a byte a level and lane, then the weights by level and lane.
  private let cells: LaneMemory
  /// By unit, then cell and lane.
  private let matrix: LaneMemory
  /// What a byte of `cells` holds at most.
  private var largestCount = 0

  private static let rowsInterleaved = 16
  private static let mostCounted = Int(MOST_LANE_ROWS)
  /// Rows of a piece: bytes of `cells` then have room for the next one now and then without being moved.
  private static let mostRows = 170
  private static let countsOfCategory = LanePanel.mostLevels * LanePanel.itemCount

  private struct Piece {
    let rows: Range<Int>
    let endsUnit: Bool
  }

  init(_ panel: LanePanel, batchUnits: Int) {
    self.panel = panel
    sums = panel.eights.map { LaneSums(panel, items: $0.count) }
    counts = panel.eights.map { _ in
      Array(repeating: 0, count: panel.categoryCount * Self.countsOfCategory)
    }
    cells = LaneMemory(vectors: panel.categoryCount * (1 + panel.levelCount))
    matrix = LaneMemory(vectors: batchUnits * panel.cellCount + Int(LANE_CELLS_READ_BEYOND))
  }

  /// Adds a batch of PSUs.
  ///
  /// - Parameters:
  ///   - starts: the first row of each unit, and of the one after the last, counted from `rows`.
  ///   - terms: by row (w, 1), or 0 for rows outside.
  mutating func add(_ rows: Range<Int>, starts: [Int], terms: UnsafePointer<SIMD2<Double>>) {
    readCategories(rows)
    setPieces(starts)
    unsafe sort(terms)
    for eight in panel.eights.indices {
      readLevels(of: panel.eights[eight], rows)
      unsafe fill(eight, terms)
      unsafe sums[eight].add(matrix.numbers, units: starts.count - 1)
    }
  }

  private mutating func readCategories(_ rows: Range<Int>) {
    let stride = panel.banners.count
    if categories.count < rows.count * stride {
      categories = Array(repeating: 0, count: rows.count * stride)
    }
    unsafe categories.withUnsafeMutableBufferPointer { categories in
      for (index, banner) in panel.banners.enumerated() {
        unsafe banner.read(rows, to: categories.baseAddress! + index, stride: stride)
      }
    }
  }

  private mutating func readLevels(of items: [LanePanel.Item], _ rows: Range<Int>) {
    let blocks = (rows.count + Self.rowsInterleaved - 1) / Self.rowsInterleaved
    let stride = blocks * Self.rowsInterleaved
    let count = stride * LanePanel.itemCount
    if levels.count < count {
      levels = Array(repeating: LanePanel.noLevel, count: count)
      levelsOfLanes = levels
    }
    unsafe levelsOfLanes.withUnsafeMutableBufferPointer { ofLanes in
      for lane in 0..<LanePanel.itemCount {
        let ofLane = unsafe ofLanes.baseAddress! + lane * stride
        guard lane < items.count else {
          unsafe ofLane.update(repeating: LanePanel.noLevel, count: stride)
          continue
        }
        let levelOfCode = items[lane].levelOfCode
        items[lane].column.bytes.withSpan(of: UInt8.self) { codes in
          unsafe codes.extracting(rows).withUnsafeBufferPointer { codes in
            unsafe laneReadLevels(
              codes.baseAddress!, Int64(rows.count), levelOfCode, Int64(levelOfCode.count), ofLane)
          }
        }
      }
      unsafe levels.withUnsafeMutableBufferPointer { levels in
        unsafe laneInterleave(
          ofLanes.baseAddress!, Int64(stride), Int64(rows.count), levels.baseAddress!)
      }
    }
  }

  /// Cuts units with many rows into pieces of about one length.
  private mutating func setPieces(_ starts: [Int]) {
    pieces.removeAll(keepingCapacity: true)
    for unit in 0..<starts.count - 1 {
      let count = starts[unit + 1] - starts[unit]
      let ofUnit = max(1, (count + Self.mostRows - 1) / Self.mostRows)
      var start = starts[unit]
      for piece in 1...ofUnit {
        let end = starts[unit] + count * piece / ofUnit
        pieces.append(Piece(rows: start..<end, endsUnit: piece == ofUnit))
        start = end
      }
    }
  }

  private mutating func sort(_ terms: UnsafePointer<SIMD2<Double>>) {
    let sortedCount = panel.sortedCount
    let rowCount = pieces.last!.rows.upperBound
    if order.count < rowCount { order = Array(repeating: 0, count: rowCount) }
    if ends.count < pieces.count * sortedCount {
      ends = Array(repeating: 0, count: pieces.count * sortedCount)
    }
    unsafe categories.withUnsafeBufferPointer { categories in
      var rows = unsafe laneRows(terms, categories: categories.baseAddress!, levels: nil)
      unsafe order.withUnsafeMutableBufferPointer { order in
        unsafe ends.withUnsafeMutableBufferPointer { ends in
          for (index, piece) in pieces.enumerated() {
            let first = piece.rows.lowerBound
            unsafe laneSortRows(
              &rows, Int64(first), Int64(piece.rows.count), order.baseAddress! + first,
              ends.baseAddress! + index * sortedCount)
          }
        }
      }
    }
  }

  private func laneRows(
    _ terms: UnsafePointer<SIMD2<Double>>, categories: UnsafePointer<UInt16>,
    levels: UnsafePointer<UInt8>?
  ) -> LaneRows {
    unsafe LaneRows(
      terms: UnsafeRawPointer(terms).assumingMemoryBound(to: Double.self), levels: levels,
      categories: categories, tableCount: Int64(panel.joints.count),
      sortedCount: Int64(panel.sortedCount), levelCount: Int64(panel.levelCount), cells: bytes)
  }

  /// Fills the matrix with the totals of the units.
  private mutating func fill(_ eight: Int, _ terms: UnsafePointer<SIMD2<Double>>) {
    unsafe levels.withUnsafeBufferPointer { levels in
      unsafe categories.withUnsafeBufferPointer { categories in
        unsafe order.withUnsafeBufferPointer { order in
          unsafe ends.withUnsafeBufferPointer { ends in
            var rows = unsafe laneRows(
              terms, categories: categories.baseAddress!, levels: levels.baseAddress!)
            var row = unsafe matrix.numbers
            for (index, piece) in pieces.enumerated() {
              makeRoom(forRows: piece.rows.count, eight)
              let first = piece.rows.lowerBound
              unsafe laneAddRows(
                &rows, Int64(first), order.baseAddress! + first,
                ends.baseAddress! + index * panel.sortedCount)
              largestCount += piece.rows.count
              guard piece.endsUnit else { continue }
              unsafe sums[eight].moveTotals(of: rows.cells, to: row)
              unsafe row += panel.cellCount * LanePanel.itemCount
            }
          }
        }
      }
    }
    moveCounts(to: eight)
  }

  /// Sees to it that bytes can hold the counts of as many rows more.
  private mutating func makeRoom(forRows count: Int, _ eight: Int) {
    guard largestCount + count > Self.mostCounted else { return }
    // It has been taken for the number of rows.
    largestCount = unsafe Int(
      laneLargestCount(bytes, Int64(panel.categoryCount), Int64(panel.levelCount)))
    if largestCount + count > Self.mostCounted { moveCounts(to: eight) }
  }

  private mutating func moveCounts(to eight: Int) {
    let bytes = unsafe bytes
    let panel = panel
    unsafe counts[eight].withUnsafeMutableBufferPointer { counts in
      unsafe laneMoveCounts(
        bytes, Int64(panel.categoryCount), Int64(panel.levelCount), counts.baseAddress!)
    }
    largestCount = 0
  }

  private var bytes: UnsafeMutablePointer<UInt8> {
    unsafe UnsafeMutableRawPointer(cells.numbers).assumingMemoryBound(to: UInt8.self)
  }

  /// Begins the next stratum.
  mutating func reset() {
    for eight in sums.indices { sums[eight].reset() }
  }

  /// The rows of positive weight in each cell of a table.
  func counts(of place: LanePanel.Place) -> [Int] {
    let start = panel.starts[place.table]
    var ofCells = [Int](
      repeating: 0, count: panel.groupCounts[place.table] * panel.levelCount)
    func add(_ category: Int, to group: Int) {
      for level in 0..<panel.levelCount {
        let count =
          counts[place.eight][
            category * Self.countsOfCategory + level * LanePanel.itemCount + place.lane]
        ofCells[group * panel.levelCount + level] += Int(count)
      }
    }
    for joint in panel.joints {
      var category = Int(joint.firstCategory)
      let sides = joint.sides
      for first in 0..<sides.0.width {
        for second in 0..<sides.1.width {
          for third in 0..<sides.2.width {
            for (side, group) in [(sides.0, first), (sides.1, second), (sides.2, third)]
            where group < side.groupCount && side.firstCell == start {
              add(category, to: Int(group))
            }
            category += 1
          }
        }
      }
    }
    return ofCells
  }
}
