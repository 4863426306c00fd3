import CVectorKernels

/// What the units of a stratum add to the tables of eight items: `UnitSums`, a lane an item.
struct LaneSums {
  private let panel: LanePanel
  /// The lanes that have an item, a byte each.
  private let isUsed: UInt64
  private var units = 0
  /// By cell: of the first batch, about what a unit's total is.
  private let means: LaneMemory
  /// By cell: Σ(t − m).
  private let sums: LaneMemory
  /// By table, as `laneAddProducts` has them: Σ(t − m)(t′ − m′).
  private let products: [LaneMemory]
  /// By table: units of which every item touches every group.
  private var fullUnits: [Int]
  /// By table and lane: the other units by the set of groups that they touch, a bit a group.
  private var unitsByGroups: [[Int]]

  init(_ panel: LanePanel, items: Int) {
    self.panel = panel
    isUsed = items == LanePanel.itemCount ? .max : 1 << UInt64(8 * items) - 1
    means = LaneMemory(vectors: panel.cellCount)
    sums = LaneMemory(vectors: panel.cellCount)
    products = panel.groupCounts.map { groups in
      let bands = (groups * panel.levelCount + 3) / 4
      return LaneMemory(vectors: bands * (bands + 1) / 2 * 16)
    }
    fullUnits = panel.groupCounts.map { _ in 0 }
    unitsByGroups = panel.groupCounts.flatMap { groups in
      Array(repeating: Array(repeating: 0, count: 1 << groups), count: LanePanel.itemCount)
    }
  }

  /// Adds a batch of units, whose groups `addTouched` has counted. Of their totals, what they differ by from the means is left.
  ///
  /// - Parameter matrix: by unit, cell and lane; `LANE_CELLS_READ_BEYOND` cells follow.
  mutating func add(_ matrix: UnsafeMutablePointer<Double>, units: Int) {
    let stride = panel.cellCount * LanePanel.itemCount
    if self.units == 0 { unsafe setMeans(matrix, units: units) }
    self.units += units
    unsafe laneCentre(
      matrix, Int64(stride), Int64(units), Int64(panel.cellCount), means.numbers, sums.numbers)
    for table in panel.starts.indices {
      unsafe laneAddProducts(
        matrix + panel.starts[table] * LanePanel.itemCount, Int64(stride), Int64(units),
        Int64(panel.groupCounts[table] * panel.levelCount), products[table].numbers)
    }
  }

  /// Counts which groups a unit touches: those where a level has weight.
  ///
  /// - Parameter row: the unit's row of the matrix.
  mutating func addTouched(_ row: UnsafePointer<Double>) {
    for table in panel.starts.indices {
      let row = unsafe row + panel.starts[table] * LanePanel.itemCount
      let untouched =
        unsafe laneUntouched(row, Int64(panel.groupCounts[table]), Int64(panel.levelCount)) & isUsed
      if untouched == 0 {
        fullUnits[table] &+= 1
      } else {
        unsafe addTouched(row, table: table)
      }
    }
  }

  private mutating func addTouched(_ row: UnsafePointer<Double>, table: Int) {
    let levels = panel.levelCount
    for lane in 0..<LanePanel.itemCount where isUsed >> UInt64(8 * lane) & 1 == 1 {
      var touched = 0
      for group in 0..<panel.groupCounts[table] {
        var total = 0.0
        for level in 0..<levels {
          unsafe total += row[(group &* levels &+ level) &* LanePanel.itemCount &+ lane]
        }
        touched |= (total == 0 ? 0 : 1) &<< group
      }
      unitsByGroups[table * LanePanel.itemCount + lane][touched] &+= 1
    }
  }

  private mutating func setMeans(_ matrix: UnsafePointer<Double>, units: Int) {
    for cell in 0..<panel.cellCount {
      for lane in 0..<LanePanel.itemCount {
        var total = 0.0
        for unit in 0..<units {
          unsafe total += matrix[(unit * panel.cellCount + cell) * LanePanel.itemCount + lane]
        }
        means[cell, lane] = UnitSums.mean(total, units: units)
      }
    }
  }

  mutating func reset() {
    units = 0
    sums.clear()
    for table in products.indices {
      products[table].clear()
      fullUnits[table] = 0
    }
    for place in unitsByGroups.indices {
      for groups in unitsByGroups[place].indices { unitsByGroups[place][groups] = 0 }
    }
  }

  /// The sums of one table of one item.
  func sums(of place: LanePanel.Place) -> Table {
    var unitsByGroups = unitsByGroups[place.table * LanePanel.itemCount + place.lane]
    unitsByGroups[unitsByGroups.count - 1] += fullUnits[place.table]
    return Table(
      units: units, unitsByGroups: unitsByGroups, start: panel.starts[place.table],
      lane: place.lane, means: means, sums: sums, products: products[place.table])
  }

  struct Table: CentredSums {
    let units: Int
    let unitsByGroups: [Int]
    fileprivate let start: Int
    fileprivate let lane: Int
    fileprivate let means: LaneMemory
    fileprivate let sums: LaneMemory
    fileprivate let products: LaneMemory

    func mean(_ cell: Int) -> Double { means[start + cell, lane] }
    func sum(_ cell: Int) -> Double { sums[start + cell, lane] }

    func product(_ first: Int, _ second: Int) -> Double {
      let (low, high) = (min(first, second), max(first, second))
      let band = high / 4
      let tile = band * (band + 1) / 2 + low / 4
      return products[tile * 16 + high % 4 * 4 + low % 4, lane]
    }
  }
}
