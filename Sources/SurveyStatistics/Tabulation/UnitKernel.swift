import SurveyData

/// The innermost loop of the pass: rows into the slots of their unit, the unit into the moments of
/// its siblings, for blocks whose cells hold a weight alone.
///
/// Everything it touches is lent to it as pointers for the length of a run, so that a unit of a
/// dozen rows costs no check of ownership or of bounds. Cells are at most `cellCount`, which is what
/// `CellReader` promises and what every buffer here has a place for.
@unsafe struct UnitKernel {
  let shape: BlockShape
  /// By cell, `1 << copyShift` slots each: (Σw, rows); one cell more for rows outside.
  let slots: UnsafeMutablePointer<SIMD2<Double>>
  let copyShift: Int
  let counts: UnsafeMutablePointer<Int>
  let moments: Moments.Pointers

  /// Marks of touched cells: a bit a cell, and a bit a word.
  let words: UnsafeMutablePointer<UInt64>
  let summary: UnsafeMutablePointer<UInt64>
  let summaryCount: Int
  /// The touched cells of the unit, ascending, and what its rows add up to.
  let list: UnsafeMutablePointer<Int32>
  let totals: UnsafeMutablePointer<SIMD2<Double>>

  /// Rows take the slots of a cell in turn, so that a run of equal codes waits less for itself;
  /// tables too large for the nearest cache have one slot a cell.
  static func copyShift(cellCount: Int) -> Int { cellCount <= 1024 ? 2 : 0 }

  /// Adds rows to their slots.
  ///
  /// - Returns: the marks of their cells, where one word holds them.
  @inline(__always)
  func addInOneWord(
    _ cells: UnsafePointer<UInt32>, _ weights: UnsafePointer<Double>, count: Int
  ) -> UInt64 {
    var marks: UInt64 = 0
    let turn = unsafe (1 &<< copyShift) &- 1
    for row in 0..<count {
      let cell = unsafe Int(cells[row])
      let slot = unsafe cell &<< copyShift | row & turn
      unsafe slots[slot] += SIMD2(weights[row], 1)
      marks |= 1 &<< UInt64(truncatingIfNeeded: cell)
    }
    return marks
  }

  /// Adds rows to their slots, and marks their cells: on the first row of each slot, for marks in
  /// memory would wait for each other as slots do.
  @inline(__always)
  func add(_ cells: UnsafePointer<UInt32>, _ weights: UnsafePointer<Double>, count: Int) {
    var found = 0
    let turn = unsafe (1 &<< copyShift) &- 1
    for row in 0..<count {
      let cell = unsafe Int(cells[row])
      let slot = unsafe cell &<< copyShift | row & turn
      let sum = unsafe slots[slot]
      unsafe list[found] = Int32(truncatingIfNeeded: cell)
      found &+= sum.y == 0 ? 1 : 0
      unsafe slots[slot] = sum + SIMD2(weights[row], 1)
    }
    // Neighbours in the list are mostly neighbours in the table: one word's marks at a time.
    var word = 0
    var marks: UInt64 = 0
    for position in 0..<found {
      let cell = unsafe Int(list[position])
      if cell &>> 6 != word {
        unsafe mark(marks, word: word)
        word = cell &>> 6
        marks = 0
      }
      marks |= 1 &<< UInt64(truncatingIfNeeded: cell & 63)
    }
    unsafe mark(marks, word: word)
  }

  @inline(__always)
  private func mark(_ marks: UInt64, word: Int) {
    unsafe words[word] |= marks
    unsafe summary[word &>> 6] |= (marks == 0 ? 0 : 1) &<< UInt64(truncatingIfNeeded: word & 63)
  }

  /// Folds the unit whose cells one word marks.
  @inline(__always)
  func fold(marks: UInt64) {
    let inside = unsafe marks & ~(1 &<< UInt64(truncatingIfNeeded: shape.cellCount))
    unsafe fold(listed: collect(inside, from: 0, after: 0))
  }

  /// Folds the unit whose cells `words` marks.
  @inline(__always)
  func fold() {
    let outside = unsafe shape.cellCount
    unsafe words[outside &>> 6] &= ~(1 &<< UInt64(truncatingIfNeeded: outside & 63))
    var found = 0
    for block in unsafe 0..<summaryCount {
      var bits = unsafe summary[block]
      guard bits != 0 else { continue }
      unsafe summary[block] = 0
      while bits != 0 {
        let word = block &* 64 &+ bits.trailingZeroBitCount
        bits &= bits &- 1
        found = unsafe collect(words[word], from: word &* 64, after: found)
        unsafe words[word] = 0
      }
    }
    unsafe fold(listed: found)
  }

  @inline(__always)
  private func collect(_ marks: UInt64, from first: Int, after found: Int) -> Int {
    var bits = marks
    var found = found
    while bits != 0 {
      let cell = first &+ bits.trailingZeroBitCount
      unsafe list[found] = Int32(truncatingIfNeeded: cell)
      unsafe totals[found] = take(cell)
      bits &= bits &- 1
      found &+= 1
    }
    return found
  }

  /// The sum of a cell's slots, which are emptied.
  @inline(__always)
  private func take(_ cell: Int) -> SIMD2<Double> {
    let slot = unsafe slots + cell &<< copyShift
    var total = unsafe slot[0]
    unsafe slot[0] = .zero
    guard unsafe copyShift == 2 else { return total }
    unsafe total = (total + slot[1]) + (slot[2] + slot[3])
    unsafe slot[1] = .zero
    unsafe slot[2] = .zero
    unsafe slot[3] = .zero
    return total
  }

  @inline(__always)
  private func fold(listed count: Int) {
    let shape = unsafe self.shape
    var position = 0
    while position < count {
      let first = position
      let cell = unsafe Int(list[first])
      let group = shape.group(ofCell: cell)
      unsafe moments.touch(group)
      let start = group &* shape.levelCount
      let end = start &+ shape.levelCount
      repeat { position &+= 1 } while unsafe position < count && Int(list[position]) < end
      guard !shape.isWhole else { continue }
      let pairs = shape.pairs(ofRow: 0, scope: group)
      if shape.levelCount == 2 {
        let last = unsafe totals[position &- 1].x
        if position &- first == 2 {
          unsafe addPair(totals[first].x, last, start, pairs)
        } else if cell == start {
          unsafe addPair(last, 0, start, pairs)
        } else {
          unsafe addPair(0, last, start, pairs)
        }
      } else {
        for last in first..<position {
          unsafe add(first...last, start: start, pairs: pairs)
        }
      }
    }
    if shape.isWhole {
      let pairs = shape.pairs(ofRow: 0, scope: 0)
      for position in 0..<count { unsafe add(0...position, start: 0, pairs: pairs) }
    }
    for position in 0..<count {
      unsafe counts[Int(list[position])] &+= Int(totals[position].y)
    }
  }

  /// Adds the last of the listed cells, and its products with itself and those listed before it.
  @inline(__always)
  private func add(_ positions: ClosedRange<Int>, start: Int, pairs: Int) {
    let cell = unsafe Int(list[positions.upperBound])
    let total = unsafe totals[positions.upperBound].x
    unsafe moments.values[cell].add(total)
    let row = cell &- start
    let rowOfPairs = pairs &+ row &* (row &+ 1) / 2 &- start
    for position in positions {
      let partner = unsafe Int(list[position])
      unsafe moments.values[rowOfPairs &+ partner].add(total * totals[position].x)
    }
  }

  /// A group of two cells, the most usual one: nothing to loop over.
  @inline(__always)
  private func addPair(_ first: Double, _ second: Double, _ start: Int, _ pairs: Int) {
    unsafe moments.values[start].add(first)
    unsafe moments.values[start &+ 1].add(second)
    unsafe moments.values[pairs].add(first * first)
    unsafe moments.values[pairs &+ 1].add(second * first)
    unsafe moments.values[pairs &+ 2].add(second * second)
  }
}
