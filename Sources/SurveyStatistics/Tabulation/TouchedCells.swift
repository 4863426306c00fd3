/// The set of cells that the unit at hand touched: marked without a branch, listed in order.
struct TouchedCells: Sendable {
  /// A bit a cell, and one more for rows outside.
  private var words: [UInt64]
  /// A bit for each word that is not empty.
  private var summary: [UInt64]
  private let outside: Int
  /// The cells of the last `collect`, ascending: the first `count` entries.
  private(set) var list: [Int32]
  private(set) var count = 0

  init(cellCount: Int) {
    outside = cellCount
    words = Array(repeating: 0, count: cellCount / 64 + 1)
    summary = Array(repeating: 0, count: words.count / 64 + 1)
    // `UnitKernel` lists a cell once a slot, and writes one place further.
    let shift = unsafe UnitKernel.copyShift(cellCount: cellCount)
    list = Array(repeating: 0, count: (cellCount + 1) << shift + 1)
  }

  /// Whether one word holds all cells: `mark(word:)` is then the faster way.
  var isOneWord: Bool { words.count == 1 }

  /// Marks the cells of a run of rows.
  mutating func mark(_ rows: Range<Int>, of buffer: borrowing RowBuffer) {
    let cellOfRow = buffer.cells.span
    // Cells are below `words.count * 64`: what `CellReader` promises.
    if isOneWord {
      var word: UInt64 = 0
      for row in rows { unsafe word |= 1 &<< UInt64(cellOfRow[unchecked: row]) }
      words[0] |= word
      summary[0] = 1
      return
    }
    var words = self.words.mutableSpan
    for row in rows {
      let cell = unsafe Int(cellOfRow[unchecked: row])
      unsafe words[unchecked: cell >> 6] |= 1 &<< UInt64(cell & 63)
    }
    var summary = self.summary.mutableSpan
    for row in rows {
      let cell = unsafe Int(cellOfRow[unchecked: row])
      unsafe summary[unchecked: cell >> 12] |= 1 &<< UInt64((cell >> 6) & 63)
    }
  }

  /// Lends its memory: words of marks, marks of words, the list, the number of marks of words.
  mutating func withPointers(
    _ body: (
      UnsafeMutablePointer<UInt64>, UnsafeMutablePointer<UInt64>, UnsafeMutablePointer<Int32>, Int
    ) -> Void
  ) {
    unsafe Self.lend(&words, &summary, &list, to: body)
  }

  private static func lend(
    _ words: inout [UInt64], _ summary: inout [UInt64], _ list: inout [Int32],
    to body: (
      UnsafeMutablePointer<UInt64>, UnsafeMutablePointer<UInt64>, UnsafeMutablePointer<Int32>, Int
    ) -> Void
  ) {
    unsafe words.withUnsafeMutableBufferPointer { words in
      unsafe summary.withUnsafeMutableBufferPointer { summary in
        unsafe list.withUnsafeMutableBufferPointer { list in
          unsafe body(
            words.baseAddress!, summary.baseAddress!, list.baseAddress!, summary.count)
        }
      }
    }
  }

  mutating func mark(_ cell: Int) {
    words[cell >> 6] |= 1 &<< UInt64(cell & 63)
    summary[cell >> 12] |= 1 &<< UInt64((cell >> 6) & 63)
  }

  /// Lists the marked cells, rows outside left out, and forgets the marks.
  mutating func collect() {
    words[outside >> 6] &= ~(1 &<< UInt64(outside & 63))
    var found = 0
    if isOneWord {
      found = Self.list(words[0], from: 0, after: 0, in: &list)
      words[0] = 0
      count = found
      return
    }
    for block in summary.indices {
      var wordBits = summary[block]
      guard wordBits != 0 else { continue }
      while wordBits != 0 {
        let word = block &* 64 &+ wordBits.trailingZeroBitCount
        wordBits &= wordBits &- 1
        found = Self.list(words[word], from: word &* 64, after: found, in: &list)
        words[word] = 0
      }
      summary[block] = 0
    }
    count = found
  }

  @inline(__always)
  private static func list(
    _ marks: UInt64, from first: Int, after found: Int, in list: inout [Int32]
  ) -> Int {
    var list = list.mutableSpan
    var bits = marks
    var found = found
    while bits != 0 {
      let cell = first &+ bits.trailingZeroBitCount
      bits &= bits &- 1
      // A cell is listed once, and `list` has a place for each.
      unsafe list[unchecked: found] = Int32(truncatingIfNeeded: cell)
      found &+= 1
    }
    return found
  }
}
