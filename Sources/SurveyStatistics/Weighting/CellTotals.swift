/// The cells that have respondents, in order: how many, and the sums of their start weights.
struct CellTotals: Sendable {
  private(set) var cells: [Int32]
  private(set) var counts: [Double]
  private(set) var sums: [Compensated]

  /// - Parameter table: (Σw, rows) by copy, then cell; the last slot of a copy is for rows of no cell.
  init(_ table: consuming [SIMD2<Double>], copies: Int) {
    let stride = table.count / copies
    for copy in 1..<copies {
      for cell in 0..<stride { table[cell] += table[copy * stride + cell] }
    }
    let slots = table.span.extracting(0..<stride - 1)
    let cells = Self.occupied(slots)
    self.cells = cells
    counts = cells.map { slots[Int($0)].y }
    sums = cells.map { Compensated(slots[Int($0)].x) }
  }

  /// The cells that have rows, in order.
  private static func occupied(_ slots: Span<SIMD2<Double>>) -> [Int32] {
    unsafe [Int32](unsafeUninitializedCapacity: slots.count) { cells, count in
      var cell = 0
      @inline(__always)
      func addIfOccupied(_ cell: Int) {
        guard slots[cell].y > 0 else { return }
        unsafe cells[count] = Int32(truncatingIfNeeded: cell)
        count &+= 1
      }
      // Eight together: where columns lie within each other, most of a large crossing is empty.
      while cell &+ 8 <= slots.count {
        var together = SIMD2<Double>.zero
        for place in 0..<8 { unsafe together += slots[unchecked: cell &+ place] }
        if together.y > 0 { for place in cell..<cell &+ 8 { addIfOccupied(place) } }
        cell &+= 8
      }
      for place in cell..<slots.count { addIfOccupied(place) }
    }
  }

  /// Adds totals of other rows.
  ///
  /// Cells before the other's first stay as they are: rows in the order of a margin come cell after
  /// cell. Where the rest are the other's, as in rows in no order, nothing is moved either.
  mutating func add(_ other: CellTotals) {
    guard let first = other.cells.first else { return }
    let start = first == cells.first ? 0 : cells.lastIndex { $0 < first }.map { $0 + 1 } ?? 0
    if cells.count - start == other.cells.count, cells[start...].elementsEqual(other.cells) {
      var counts = self.counts.mutableSpan
      for place in other.counts.indices { counts[start + place] += other.counts[place] }
      var sums = self.sums.mutableSpan
      for place in other.sums.indices { sums[start + place].add(other.sums[place]) }
    } else {
      let rest = removeRest(from: start)
      append(rest, other)
    }
  }

  private init(cells: [Int32], counts: [Double], sums: [Compensated]) {
    self.cells = cells
    self.counts = counts
    self.sums = sums
  }

  private mutating func removeRest(from start: Int) -> CellTotals {
    let rest = CellTotals(
      cells: Array(cells[start...]), counts: Array(counts[start...]), sums: Array(sums[start...]))
    cells.removeSubrange(start...)
    counts.removeSubrange(start...)
    sums.removeSubrange(start...)
    return rest
  }

  /// Appends the totals of both, in order.
  private mutating func append(_ first: CellTotals, _ second: CellTotals) {
    var next = 0
    for place in first.cells.indices {
      while next < second.cells.count, second.cells[next] < first.cells[place] {
        append(second, next)
        next += 1
      }
      append(first, place)
      if next < second.cells.count, second.cells[next] == first.cells[place] {
        counts[counts.count - 1] += second.counts[next]
        sums[sums.count - 1].add(second.sums[next])
        next += 1
      }
    }
    cells += second.cells[next...]
    counts += second.counts[next...]
    sums += second.sums[next...]
  }

  private mutating func append(_ other: CellTotals, _ place: Int) {
    cells.append(other.cells[place])
    counts.append(other.counts[place])
    sums.append(other.sums[place])
  }
}
