/// Σw, Σw² and rows by cell where every row is a sampling unit: what its moments come to.
///
/// Each lane takes every fourth row and carries its own rounding errors, so that no addition waits
/// for the one before, and equal weights still have the variance 0.
struct ElementSums: Sendable {
  private static let lanes = 4

  /// (Σw, Σw²) with its rounding errors.
  private struct Sum: BitwiseCopyable {
    var sum = SIMD2<Double>.zero
    var error = SIMD2<Double>.zero

    @inline(__always)
    mutating func add(_ weight: Double) {
      // `Compensated.add`, two at a time.
      let term = SIMD2(weight, weight * weight)
      let total = sum + term
      let added = total - sum
      error += (sum - (total - added)) + (term - added)
      sum = total
    }
  }

  private let cellCount: Int
  private var sums: [Sum]
  private var rows: [Int32]

  init(cellCount: Int) {
    self.cellCount = cellCount
    sums = Array(repeating: Sum(), count: Self.lanes * (cellCount + 1))
    rows = Array(repeating: 0, count: Self.lanes * (cellCount + 1))
  }

  mutating func add(
    _ range: Range<Int>, of buffer: borrowing RowBuffer, weights: Span<Double>
  ) {
    let cells = buffer.cells.span
    let stride = cellCount &+ 1
    var sums = self.sums.mutableSpan
    for row in range {
      // `CellReader` promises cells up to `cellCount`.
      let slot = unsafe (row & 3) &* stride &+ Int(cells[unchecked: row])
      unsafe sums[unchecked: slot].add(weights[unchecked: row])
    }
    var rows = self.rows.mutableSpan
    for row in range {
      let slot = unsafe (row & 3) &* stride &+ Int(cells[unchecked: row])
      unsafe rows[unchecked: slot] &+= 1
    }
  }

  /// Adds each cell's sums to the moments of the siblings, its rows to `counts`, and forgets them.
  mutating func empty(into moments: inout Moments, counts: inout [Int]) {
    for cell in 0..<cellCount {
      var count = 0
      var sum = Compensated()
      var squares = Compensated()
      for lane in 0..<Self.lanes {
        let slot = lane * (cellCount + 1) + cell
        guard rows[slot] > 0 else { continue }
        count += Int(rows[slot])
        sum.add(Compensated(sum: sums[slot].sum.x, error: sums[slot].error.x))
        squares.add(Compensated(sum: sums[slot].sum.y, error: sums[slot].error.y))
        rows[slot] = 0
        sums[slot] = Sum()
      }
      guard count > 0 else { continue }
      counts[cell] += count
      moments.addElements(cell: cell, rows: count, sum: sum, squares: squares)
    }
  }
}
