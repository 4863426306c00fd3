import CVectorKernels

/// What the units of a stratum add to the tables of eight items: `UnitSums`, a lane an item.
struct LaneSums {
  private let panel: LanePanel
  /// The lanes without an item, a byte each.
  private let unused: UInt64
  private var units = 0
  /// By cell: of the first batch, about what a unit's total is; before, 0.
  private let means: LaneMemory
  /// By table, then cell: Σ(t − m).
  private let sums: [LaneMemory]
  /// By table, as `laneAddProducts` has them: Σ(t − m)(t′ − m′).
  private let products: [LaneMemory]
  /// By group of the tables: the lanes where the unit at hand has weight, a byte each.
  private var touched: [UInt64]
  /// Units of which every item touches every group of every table.
  private var fullUnits = 0
  /// By table and lane: the other units by the set of groups that they touch, a bit a group.
  private var unitsByGroups: [[Int]]

  init(_ panel: LanePanel, items: Int) {
    self.panel = panel
    unused = items == LanePanel.itemCount ? 0 : .max &<< UInt64(8 &* items)
    means = LaneMemory(vectors: panel.cellCount)
    let bands = panel.groupCounts.map { ($0 * panel.levelCount + 3) / 4 }
    sums = bands.map { LaneMemory(vectors: $0 * 4) }
    products = bands.map { LaneMemory(vectors: $0 * ($0 + 1) / 2 * 16) }
    touched = Array(repeating: 0, count: panel.cellCount / panel.levelCount)
    unitsByGroups = panel.groupCounts.flatMap { groups in
      Array(repeating: Array(repeating: 0, count: 1 << groups), count: LanePanel.itemCount)
    }
  }

  /// Moves the totals of a unit to its row of the matrix, less the means.
  ///
  /// - Parameter cells: as `LaneRows` has them; the weights are left 0.
  mutating func moveTotals(
    of cells: UnsafeMutablePointer<UInt8>, to row: UnsafeMutablePointer<Double>
  ) {
    unsafe panel.joints.withUnsafeBufferPointer { joints in
      let means = unsafe means.numbers
      unsafe touched.withUnsafeMutableBufferPointer { touched in
        for joint in joints.indices {
          unsafe laneMoveTotals(
            joints.baseAddress! + joint, Int64(panel.levelCount), cells, means, row,
            touched.baseAddress!)
        }
      }
    }
    addTouched()
  }

  /// Counts which groups the unit touches: those where a level has weight.
  private mutating func addTouched() {
    if touched.allSatisfy({ $0 | unused == .max }) {
      fullUnits &+= 1
      return
    }
    for table in panel.starts.indices {
      let first = panel.starts[table] / panel.levelCount
      // A lane's byte holds a bit a group, of the first eight and of the others.
      var sets: (UInt64, UInt64) = (0, 0)
      for group in 0..<panel.groupCounts[table] {
        let bits = (touched[first + group] & 0x0101_0101_0101_0101) &<< UInt64(group & 7)
        if group < 8 { sets.0 |= bits } else { sets.1 |= bits }
      }
      for lane in 0..<LanePanel.itemCount {
        let byte = UInt64(8 &* lane)
        let groups = (sets.0 &>> byte & 255) | (sets.1 &>> byte & 255) &<< 8
        unitsByGroups[table &* LanePanel.itemCount &+ lane][Int(groups)] &+= 1
      }
    }
  }

  /// Adds a batch of units, all of which `moveTotals` has moved.
  ///
  /// - Parameter matrix: by unit, cell and lane, what its totals differ by from `means`;
  ///   `LANE_CELLS_READ_BEYOND` cells follow.
  mutating func add(_ matrix: UnsafeMutablePointer<Double>, units: Int) {
    if self.units == 0 { unsafe setMeans(matrix, units: units) }
    self.units += units
    let stride = panel.cellCount * LanePanel.itemCount
    for table in panel.starts.indices {
      unsafe laneAddProducts(
        matrix + panel.starts[table] * LanePanel.itemCount, Int64(stride), Int64(units),
        Int64(panel.groupCounts[table] * panel.levelCount), products[table].numbers,
        sums[table].numbers)
    }
  }

  /// Takes means from the first batch, and takes them off it.
  private mutating func setMeans(_ matrix: UnsafeMutablePointer<Double>, units: Int) {
    let stride = panel.cellCount * LanePanel.itemCount
    for place in 0..<stride {
      var total = 0.0
      for unit in 0..<units { unsafe total += matrix[unit * stride + place] }
      let mean = UnitSums.mean(total, units: units)
      unsafe means.numbers[place] = mean
      for unit in 0..<units { unsafe matrix[unit * stride + place] -= mean }
    }
  }

  mutating func reset() {
    units = 0
    fullUnits = 0
    means.clear()
    for table in products.indices {
      sums[table].clear()
      products[table].clear()
    }
    for place in unitsByGroups.indices {
      for groups in unitsByGroups[place].indices { unitsByGroups[place][groups] = 0 }
    }
  }

  /// The sums of one table of one item.
  func sums(of place: LanePanel.Place) -> Table {
    let (table, lane) = (place.table, place.lane)
    var unitsByGroups = unitsByGroups[table * LanePanel.itemCount + lane]
    unitsByGroups[unitsByGroups.count - 1] += fullUnits
    let cells = 0..<panel.groupCounts[table] * panel.levelCount
    return Table(
      units: units, unitsByGroups: unitsByGroups,
      means: cells.map { means[panel.starts[table] + $0, lane] },
      sums: cells.map { sums[table][$0, lane] }, products: products[table], lane: lane)
  }

  struct Table: CentredSums {
    let units: Int
    let unitsByGroups: [Int]
    fileprivate let means: [Double]
    fileprivate let sums: [Double]
    fileprivate let products: LaneMemory
    fileprivate let lane: Int

    func mean(_ cell: Int) -> Double { means[cell] }
    func sum(_ cell: Int) -> Double { sums[cell] }

    func product(_ first: Int, _ second: Int) -> Double {
      let (low, high) = (min(first, second), max(first, second))
      let band = high / 4
      let tile = band * (band + 1) / 2 + low / 4
      return products[tile * 16 + high % 4 * 4 + low % 4, lane]
    }
  }
}
