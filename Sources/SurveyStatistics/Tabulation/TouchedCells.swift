/// The set of cells that the unit at hand touched: marked without a branch, listed in order.
struct TouchedCells {
  /// A bit a cell, and one more for rows outside.
  private var words: [UInt64]
  /// A bit for each word that is not empty.
  private var summary: [UInt64]
  private let outside: Int
  /// The cells of the last `collect`, ascending.
  private(set) var cells: [Int32] = []

  init(cellCount: Int) {
    outside = cellCount
    words = Array(repeating: 0, count: cellCount / 64 + 1)
    summary = Array(repeating: 0, count: words.count / 64 + 1)
    cells.reserveCapacity(min(cellCount, 256))
  }

  /// Marks the cells of a run of rows.
  @inline(__always)
  mutating func mark(_ rows: Range<Int>, of buffer: borrowing RowBuffer) {
    let cellOfRow = buffer.cells.span
    if words.count == 1 {
      var word: UInt64 = 0
      for row in rows { word |= 1 &<< UInt64(cellOfRow[row]) }
      words[0] |= word
      summary[0] = 1
      return
    }
    for row in rows {
      let cell = Int(cellOfRow[row])
      words[cell >> 6] |= 1 &<< UInt64(cell & 63)
      summary[cell >> 12] |= 1 &<< UInt64((cell >> 6) & 63)
    }
  }

  mutating func mark(_ cell: Int) {
    words[cell >> 6] |= 1 &<< UInt64(cell & 63)
    summary[cell >> 12] |= 1 &<< UInt64((cell >> 6) & 63)
  }

  /// Lists the marked cells, rows outside left out, and forgets the marks.
  mutating func collect() {
    cells.removeAll(keepingCapacity: true)
    for block in summary.indices {
      var wordBits = summary[block]
      while wordBits != 0 {
        let word = block &* 64 &+ wordBits.trailingZeroBitCount
        wordBits &= wordBits &- 1
        var bits = words[word]
        words[word] = 0
        while bits != 0 {
          let cell = word &* 64 &+ bits.trailingZeroBitCount
          bits &= bits &- 1
          if cell != outside { cells.append(Int32(truncatingIfNeeded: cell)) }
        }
      }
      summary[block] = 0
    }
  }
}
