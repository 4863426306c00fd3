import SurveyData

/// The innermost loop of the pass: rows into the slots of their unit, the unit into the moments of
/// its siblings, for blocks whose cells hold a weight alone.
///
/// Everything it touches is lent to it as pointers for the length of a run, so that a unit of a
/// dozen rows costs no check of ownership or of bounds. Cells are at most `cellCount`, which is what
/// `CellReader` promises and what every buffer here has a place for.
@unsafe struct UnitKernel {
  let shape: BlockShape
  /// By cell: (Σw, rows); one more for rows outside. Odd rows go to `oddSlots`, so that a run of
  /// equal codes waits half as long for itself.
  let slots: UnsafeMutablePointer<SIMD2<Double>>
  let oddSlots: UnsafeMutablePointer<SIMD2<Double>>
  let counts: UnsafeMutablePointer<Int>
  let moments: Moments.Pointers

  /// Marks of touched cells: a bit a cell, and a bit a word.
  let words: UnsafeMutablePointer<UInt64>
  let summary: UnsafeMutablePointer<UInt64>
  let summaryCount: Int
  /// The touched cells of the unit, ascending.
  let list: UnsafeMutablePointer<Int32>

  /// Adds rows to their slots.
  ///
  /// - Returns: the marks of their cells, where one word holds them.
  @inline(__always)
  func addInOneWord(
    _ cells: UnsafePointer<UInt32>, _ weights: UnsafePointer<Double>, count: Int
  ) -> UInt64 {
    var marks: UInt64 = 0
    var row = 0
    while row &+ 2 <= count {
      let cell = unsafe Int(cells[row])
      let next = unsafe Int(cells[row &+ 1])
      unsafe slots[cell] += SIMD2(weights[row], 1)
      unsafe oddSlots[next] += SIMD2(weights[row &+ 1], 1)
      marks |= 1 &<< UInt64(truncatingIfNeeded: cell) | 1 &<< UInt64(truncatingIfNeeded: next)
      row &+= 2
    }
    if row < count {
      let cell = unsafe Int(cells[row])
      unsafe slots[cell] += SIMD2(weights[row], 1)
      marks |= 1 &<< UInt64(truncatingIfNeeded: cell)
    }
    return marks
  }

  /// Adds rows to their slots and marks their cells, each on its first row in either slot.
  @inline(__always)
  func add(_ cells: UnsafePointer<UInt32>, _ weights: UnsafePointer<Double>, count: Int) {
    var found = 0
    var row = 0
    while row &+ 2 <= count {
      let cell = unsafe Int(cells[row])
      let next = unsafe Int(cells[row &+ 1])
      let slot = unsafe slots[cell]
      let other = unsafe oddSlots[next]
      unsafe list[found] = Int32(truncatingIfNeeded: cell)
      found &+= slot.y == 0 ? 1 : 0
      unsafe list[found] = Int32(truncatingIfNeeded: next)
      found &+= other.y == 0 ? 1 : 0
      unsafe slots[cell] = slot + SIMD2(weights[row], 1)
      unsafe oddSlots[next] = other + SIMD2(weights[row &+ 1], 1)
      row &+= 2
    }
    if row < count {
      let cell = unsafe Int(cells[row])
      unsafe list[found] = Int32(truncatingIfNeeded: cell)
      found &+= 1
      unsafe slots[cell] += SIMD2(weights[row], 1)
    }
    for position in 0..<found {
      let cell = unsafe Int(list[position])
      unsafe words[cell &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: cell & 63)
      unsafe summary[cell &>> 12] |= 1 &<< UInt64(truncatingIfNeeded: (cell &>> 6) & 63)
    }
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
      unsafe slots[cell] += oddSlots[cell]
      unsafe oddSlots[cell] = .zero
      bits &= bits &- 1
      found &+= 1
    }
    return found
  }

  @inline(__always)
  private func fold(listed count: Int) {
    var position = 0
    while position < count {
      let first = position
      let cell = unsafe Int(list[first])
      let group = unsafe shape.group(ofCell: cell)
      unsafe moments.touch(group)
      if unsafe shape.isWhole {
        // One scope of many groups: its pairs come after all its groups are marked.
        let end = unsafe (group &+ 1) &* shape.levelCount
        repeat { position &+= 1 } while unsafe position < count && Int(list[position]) < end
        continue
      }
      let start = unsafe group &* shape.levelCount
      let end = unsafe start &+ shape.levelCount
      let pairs = unsafe shape.pairs(ofRow: 0, scope: group)
      if unsafe shape.levelCount == 2 {
        unsafe addPair(start, pairs)
        repeat { position &+= 1 } while unsafe position < count && Int(list[position]) < end
      } else {
        repeat {
          unsafe add(first...position, start: start, pairs: pairs)
          position &+= 1
        } while unsafe position < count && Int(list[position]) < end
      }
    }
    if unsafe shape.isWhole {
      let pairs = unsafe shape.pairs(ofRow: 0, scope: 0)
      for position in 0..<count { unsafe add(0...position, start: 0, pairs: pairs) }
    }
    for position in 0..<count {
      let cell = unsafe Int(list[position])
      unsafe counts[cell] &+= Int(slots[cell].y)
      unsafe slots[cell] = .zero
    }
  }

  /// Adds the last of the listed cells, and its products with itself and those listed before it.
  @inline(__always)
  private func add(_ positions: ClosedRange<Int>, start: Int, pairs: Int) {
    let cell = unsafe Int(list[positions.upperBound])
    let total = unsafe slots[cell].x
    unsafe moments.values[cell].add(total)
    let row = cell &- start
    let rowOfPairs = pairs &+ row &* (row &+ 1) / 2 &- start
    for position in positions {
      let partner = unsafe Int(list[position])
      unsafe moments.values[rowOfPairs &+ partner].add(total * slots[partner].x)
    }
  }

  /// A group of two cells, whether touched or not: nothing to predict.
  @inline(__always)
  private func addPair(_ start: Int, _ pairs: Int) {
    let first = unsafe slots[start].x
    let second = unsafe slots[start &+ 1].x
    unsafe moments.values[start].add(first)
    unsafe moments.values[start &+ 1].add(second)
    unsafe moments.values[pairs].add(first * first)
    unsafe moments.values[pairs &+ 1].add(second * first)
    unsafe moments.values[pairs &+ 2].add(second * second)
  }
}
