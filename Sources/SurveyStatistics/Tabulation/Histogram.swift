import SurveyData

/// Totals of a block without moments: no units, so the rows of a whole run go into one table.
///
/// Copies of the table take the rows in turn: where equal codes come in runs, a single one would wait
/// for each addition before it begins the next.
struct Histogram: Sendable {
  static let mostCopies = 4

  private let shape: BlockShape
  private let copies: Int
  /// Slots are codes, not cells, where that spares a look-up a row: the cell of each.
  private let cellsOfSlots: [UInt32]
  /// Slots of a copy: cells or codes, and one for rows outside.
  private let stride: Int
  /// By copy and slot, as in `UnitTotals`.
  private var slots: [SIMD2<Double>]
  private var buffer: RowBuffer

  init(_ shape: BlockShape, sums: Int, reader: CellReader) {
    self.shape = shape
    let cellsOfCodes = reader.cellsOfCodes
    cellsOfSlots = cellsOfCodes ?? Array(0..<UInt32(shape.cellCount))
    stride = cellsOfSlots.count + 1
    // More copies than a small table's do not stay in the first-level cache.
    copies = stride <= 256 && shape.componentsPerCell == 1 ? Self.mostCopies : 1
    slots = Array(repeating: .zero, count: copies * stride * shape.componentsPerCell)
    buffer = RowBuffer(sums: sums, readsCodes: cellsOfCodes != nil)
  }

  /// Adds the totals of rows to what is finished.
  mutating func add(
    _ rows: Range<Int>, to folded: inout FoldedTotals, reader: CellReader, design: Design
  ) {
    // Plain sums stay short, so that they keep their digits; sparse tables are emptied less often.
    let longest = max(4 * CellReader.capacity, 4 * slots.count)
    var pending = 0
    var start = rows.lowerBound
    while start < rows.upperBound {
      buffer.fill(from: start, reader: reader, design: design)
      let end = min(rows.upperBound, buffer.rows.upperBound)
      let local = start - buffer.rows.lowerBound..<end - buffer.rows.lowerBound
      design.weights.withSpan(of: Double.self) { weights in
        let weights = weights.extracting(buffer.rows)
        if copies > 1 {
          Self.addInTurn(
            local, of: buffer, weights: weights, stride: stride, to: &slots)
        } else {
          addWeighted(
            local, of: buffer, weights: weights, parts: shape.componentsPerCell, to: &slots)
        }
      }
      pending += local.count
      if pending >= longest {
        empty(into: &folded)
        pending = 0
      }
      start = end
    }
    empty(into: &folded)
  }

  private static func addInTurn(
    _ rows: Range<Int>, of buffer: borrowing RowBuffer, weights: Span<Double>, stride: Int,
    to slots: inout [SIMD2<Double>]
  ) {
    addInTurn(
      buffer.cells.span.extracting(rows), weights.extracting(rows), stride: stride, to: &slots)
  }

  /// Adds (weight, 1) of each row to four tables in turn, `stride` slots apart.
  ///
  /// - Precondition: cells are below `stride`.
  static func addInTurn<Cell: FixedWidthInteger & BitwiseCopyable>(
    _ cells: Span<Cell>, _ weights: Span<Double>, stride: Int, to slots: inout [SIMD2<Double>]
  ) {
    precondition(weights.count == cells.count && slots.count == mostCopies * stride)
    var slots = slots.mutableSpan
    @inline(__always)
    func add(_ row: Int, copy: Int, _ slots: inout MutableSpan<SIMD2<Double>>) {
      let cell = unsafe Int(truncatingIfNeeded: cells[unchecked: row])
      unsafe slots[unchecked: copy &* stride &+ cell] += SIMD2(weights[unchecked: row], 1)
    }
    var row = 0
    while row &+ 4 <= cells.count {
      add(row, copy: 0, &slots)
      add(row &+ 1, copy: 1, &slots)
      add(row &+ 2, copy: 2, &slots)
      add(row &+ 3, copy: 3, &slots)
      row &+= 4
    }
    while row < cells.count {
      add(row, copy: 0, &slots)
      row &+= 1
    }
  }

  private mutating func empty(into folded: inout FoldedTotals) {
    let parts = shape.componentsPerCell
    for (slot, cell) in cellsOfSlots.enumerated() {
      for part in 0..<parts {
        var total = SIMD2<Double>.zero
        for copy in 0..<copies {
          let index = (copy * stride + slot) * parts + part
          total += slots[index]
          slots[index] = .zero
        }
        if cell < shape.cellCount { folded.add(total, component: Int(cell) * parts + part) }
      }
    }
  }
}
