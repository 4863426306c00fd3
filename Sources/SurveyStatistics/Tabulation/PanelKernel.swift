/// The innermost loops of `UnitFold`: rows of a PSU into the cells of a panel, cells into a row of a
/// matrix. It borrows all its memory.
@unsafe struct PanelKernel {
  typealias Cell = SIMD2<Double>

  /// (w, 1) a row, or 0 for rows outside.
  let terms: UnsafePointer<Cell>
  /// A code a row, below the number of `itemPlaces`.
  let itemCodes: UnsafePointer<UInt8>
  /// Bytes from the first cell: by code of the item, and by row and banner. Their sum is the place of a
  /// cell, or one outside.
  let itemPlaces: UnsafePointer<UInt16>
  let bannerPlaces: UnsafePointer<UInt16>
  let bannerCount: Int
  /// (Σw, rows): weights of the PSU at hand, rows of all PSUs since the cells were last cleared.
  let cells: UnsafeMutablePointer<Cell>

  /// Adds the rows of a PSU to its cells.
  func add(_ rows: Range<Int>) {
    // A number known to the compiler unrolls the loop over banners.
    switch unsafe bannerCount {
    case 1: unsafe add(rows, banners: 1)
    case 2: unsafe add(rows, banners: 2)
    case 3: unsafe add(rows, banners: 3)
    case 4: unsafe add(rows, banners: 4)
    case 5: unsafe add(rows, banners: 5)
    case 6: unsafe add(rows, banners: 6)
    case 7: unsafe add(rows, banners: 7)
    default: unsafe add(rows, banners: bannerCount)
    }
  }

  @inline(__always)
  private func add(_ rows: Range<Int>, banners: Int) {
    let first = unsafe UnsafeMutableRawPointer(cells)
    var places = unsafe bannerPlaces + rows.lowerBound &* banners
    for row in rows {
      let term = unsafe terms[row]
      let level = unsafe first + Int(itemPlaces[Int(itemCodes[row])])
      for banner in 0..<banners {
        let cell = unsafe (level + Int(places[banner])).assumingMemoryBound(to: Cell.self)
        unsafe cell.pointee += term
      }
      unsafe places += banners
    }
  }

  /// Sums a joint table out into its two tables, and empties it.
  func sumOut(_ joint: UnitPanel.Joint, levelCount: Int) {
    var level = 0
    while level < levelCount {
      // A number known to the compiler keeps the sums of the major side in registers.
      switch levelCount &- level {
      case 1: unsafe sumOut(joint, levelCount, from: level, levels: 1)
      case 2: unsafe sumOut(joint, levelCount, from: level, levels: 2)
      case 3: unsafe sumOut(joint, levelCount, from: level, levels: 3)
      case 4: unsafe sumOut(joint, levelCount, from: level, levels: 4)
      default: unsafe sumOut(joint, levelCount, from: level, levels: 5)
      }
      level &+= 5
    }
  }

  /// - Parameter levels: at most five.
  @inline(__always)
  private func sumOut(
    _ joint: UnitPanel.Joint, _ levelCount: Int, from level: Int, levels: Int
  ) {
    var cell = unsafe cells + joint.start + level
    var majorCell = unsafe cells + joint.major.start + level
    for first in 0..<joint.major.width {
      var sums = (Cell.zero, Cell.zero, Cell.zero, Cell.zero, Cell.zero)
      var minorCell = unsafe cells + joint.minor.start + level
      for second in 0..<joint.minor.width {
        let isInMinor = second < joint.minor.groupCount
        @inline(__always) func take(_ place: Int, _ sum: inout Cell) {
          guard place < levels else { return }
          let value = unsafe cell[place]
          unsafe cell[place] = .zero
          sum += value
          if isInMinor { unsafe minorCell[place] += value }
        }
        take(0, &sums.0)
        take(1, &sums.1)
        take(2, &sums.2)
        take(3, &sums.3)
        take(4, &sums.4)
        unsafe cell += levelCount
        unsafe minorCell += levelCount
      }
      guard first < joint.major.groupCount else { return }
      @inline(__always) func give(_ place: Int, _ sum: Cell) {
        if place < levels { unsafe majorCell[place] += sum }
      }
      give(0, sums.0)
      give(1, sums.1)
      give(2, sums.2)
      give(3, sums.3)
      give(4, sums.4)
      unsafe majorCell += levelCount
    }
  }

  /// Moves the weights of cells to a row of a matrix, and forgets them.
  ///
  /// - Parameters:
  ///   - row: memory for the cells.
  ///   - count: an even number of cells.
  func moveTotals(of count: Int, to row: UnsafeMutablePointer<Double>) {
    let row = UnsafeMutableRawPointer(row)
    let rowsAlone = SIMD2(0, UInt64.max)
    var cell = 0
    while cell < count {
      let first = unsafe cells[cell]
      let second = unsafe cells[cell &+ 1]
      unsafe row.storeBytes(
        of: SIMD2(first.x, second.x), toByteOffset: cell &* MemoryLayout<Double>.stride,
        as: SIMD2<Double>.self)
      unsafe cells[cell] = unsafeBitCast(
        unsafeBitCast(first, to: SIMD2<UInt64>.self) & rowsAlone, to: Cell.self)
      unsafe cells[cell &+ 1] = unsafeBitCast(
        unsafeBitCast(second, to: SIMD2<UInt64>.self) & rowsAlone, to: Cell.self)
      cell &+= 2
    }
  }
}
