import SurveyData

/// The totals of the sampling unit at hand, a slot a cell, filled row by row.
struct UnitTotals: Sendable {
  /// Rows of positive weight by cell, over all units.
  private(set) var counts: [Int]
  /// Σw·x² by component, over all units; 0 for a cell's weight.
  private(set) var sumsOfSquares: [Compensated]

  /// Σw·x·x′ of the first two sums by cell, over all units; empty with fewer sums.
  private(set) var crossProducts: [Compensated]

  private let shape: BlockShape
  /// By component of each cell: (Σw, rows), then (Σw·x, Σw·x²); one cell more for rows outside.
  /// `UnitKernel` has its own use for them.
  private var slots: [SIMD2<Double>]
  /// By touched cell, for `UnitKernel`.
  private var totals: [SIMD2<Double>]
  private var touched: TouchedCells
  private var buffer: RowBuffer
  private var elements: ElementSums?

  init(_ shape: BlockShape, sums: Int) {
    self.shape = shape
    counts = Array(repeating: 0, count: shape.cellCount)
    sumsOfSquares = Array(repeating: Compensated(), count: shape.componentCount)
    crossProducts = Array(repeating: Compensated(), count: sums < 2 ? 0 : shape.cellCount + 1)
    let slotsPerCell = max(
      shape.componentsPerCell, unsafe 1 << UnitKernel.copyShift(cellCount: shape.cellCount))
    slots = Array(repeating: .zero, count: (shape.cellCount + 1) * slotsPerCell)
    totals = Array(
      repeating: .zero, count: shape.componentsPerCell == 1 ? shape.cellCount + 1 : 0)
    touched = TouchedCells(cellCount: shape.cellCount)
    buffer = RowBuffer(sums: sums)
  }

  /// Adds units that are runs of rows, each to the moments of its siblings.
  ///
  /// - Parameter starts: the first row of each unit, and of the one after the last.
  mutating func addUnits(
    _ units: Range<Int>, starts: Span<Int32>, to moments: inout Moments, reader: CellReader,
    design: Design
  ) {
    // The kernel does not remember which groups a unit touches.
    guard shape.componentsPerCell == 1, !shape.keepsGroupSets else {
      for unit in units {
        read(Int(starts[unit])..<Int(starts[unit + 1]), reader: reader, design: design)
        add(to: &moments)
      }
      return
    }
    let isOneWord = touched.isOneWord
    unsafe Self.withKernel(shape, &slots, &totals, &counts, &touched, &moments) { kernel in
      design.weights.withSpan(of: Double.self) { weights in
        unsafe weights.withUnsafeBufferPointer { weights in
          unsafe Self.addUnits(
            units, starts: starts, weights: weights.baseAddress!, isOneWord: isOneWord,
            kernel: kernel, buffer: &buffer, reader: reader, design: design)
        }
      }
    }
  }

  private static func addUnits(
    _ units: Range<Int>, starts: Span<Int32>, weights: UnsafePointer<Double>, isOneWord: Bool,
    kernel: UnitKernel, buffer: inout RowBuffer, reader: CellReader, design: Design
  ) {
    var unit = units.lowerBound
    var row = Int(starts[unit])
    let end = Int(starts[units.upperBound])
    var marks: UInt64 = 0
    while row < end {
      buffer.fill(from: row, reader: reader, design: design)
      let chunk = buffer.rows.clamped(to: 0..<end)
      unsafe buffer.cells.withUnsafeBufferPointer { cells in
        let cells = cells.baseAddress!
        while row < chunk.upperBound {
          let unitEnd = Int(starts[unit &+ 1])
          let count = min(unitEnd, chunk.upperBound) &- row
          let local = unsafe cells + (row &- chunk.lowerBound)
          if isOneWord {
            marks |= unsafe kernel.addInOneWord(local, weights + row, count: count)
          } else {
            unsafe kernel.add(local, weights + row, count: count)
          }
          row &+= count
          guard row == unitEnd else { break }
          if isOneWord { unsafe kernel.fold(marks: marks) } else { unsafe kernel.fold() }
          marks = 0
          unit &+= 1
        }
      }
    }
  }

  /// Lends all that the innermost loop writes to.
  private static func withKernel(
    _ shape: BlockShape, _ slots: inout [SIMD2<Double>], _ totals: inout [SIMD2<Double>],
    _ counts: inout [Int], _ touched: inout TouchedCells, _ moments: inout Moments,
    _ body: (UnitKernel) -> Void
  ) {
    unsafe slots.withUnsafeMutableBufferPointer { slots in
      unsafe totals.withUnsafeMutableBufferPointer { totals in
        unsafe counts.withUnsafeMutableBufferPointer { counts in
          unsafe touched.withPointers { words, summary, list, summaryCount in
            unsafe moments.withPointers { moments in
              unsafe body(
                UnitKernel(
                  shape: shape, slots: slots.baseAddress!,
                  copyShift: UnitKernel.copyShift(cellCount: shape.cellCount),
                  counts: counts.baseAddress!, moments: moments, words: words, summary: summary,
                  summaryCount: summaryCount, list: list, totals: totals.baseAddress!))
            }
          }
        }
      }
    }
  }

  /// Adds the rows of one unit to its slots.
  mutating func read(_ rows: Range<Int>, reader: CellReader, design: Design) {
    var start = rows.lowerBound
    while start < rows.upperBound {
      buffer.fill(from: start, reader: reader, design: design)
      let end = min(rows.upperBound, buffer.rows.upperBound)
      let local = start - buffer.rows.lowerBound..<end - buffer.rows.lowerBound
      touched.mark(local, of: buffer)
      design.weights.withSpan(of: Double.self) { weights in
        addWeighted(
          local, of: buffer, weights: weights.extracting(buffer.rows),
          parts: shape.componentsPerCell, to: &slots)
        addCrossProducts(local, weights: weights.extracting(buffer.rows))
      }
      start = end
    }
    touched.collect()
  }

  private mutating func addCrossProducts(_ rows: Range<Int>, weights: Span<Double>) {
    guard !crossProducts.isEmpty else { return }
    for row in rows {
      let product = buffer.numbers[row] * buffer.numbers[CellReader.capacity + row]
      crossProducts[Int(buffer.cells[row])].add(weights[row] * product)
    }
  }

  /// Adds the unit to the moments of its siblings, and empties the slots.
  mutating func add(to moments: inout Moments) {
    moments.add(cells: touched.list.span.extracting(first: touched.count), totals: slots.span)
    Self.empty(
      touched, parts: shape.componentsPerCell, slots: &slots, counts: &counts,
      sumsOfSquares: &sumsOfSquares)
  }

  private static func empty(
    _ touched: borrowing TouchedCells, parts: Int, slots: inout [SIMD2<Double>],
    counts: inout [Int],
    sumsOfSquares: inout [Compensated]
  ) {
    let cells = touched.list.span
    var slots = slots.mutableSpan
    var counts = counts.mutableSpan
    for position in 0..<touched.count {
      let cell = Int(cells[position])
      unsafe counts[unchecked: cell] &+= Int(slots[unchecked: cell &* parts].y)
      unsafe slots[unchecked: cell &* parts] = .zero
      guard parts > 1 else { continue }
      for component in cell * parts + 1..<(cell + 1) * parts {
        sumsOfSquares[component].add(slots[component].y)
        slots[component] = .zero
      }
    }
  }

  /// Takes the sums of the units within a unit as its totals.
  mutating func take(_ moments: Moments) {
    for group in moments.touchedGroups.lazy.map({ Int($0) }) {
      for cell in group * shape.levelCount..<(group + 1) * shape.levelCount {
        touched.mark(cell)
        for part in 0..<shape.componentsPerCell {
          let component = cell * shape.componentsPerCell + part
          slots[component] = SIMD2(moments.total(component).value, 0)
        }
      }
    }
    touched.collect()
  }

  /// Adds rows that are sampling units of their own, straight to the moments.
  mutating func addRows(
    _ rows: Range<Int>, to moments: inout Moments, reader: CellReader, design: Design
  ) {
    // Sums by cell pay where there are more rows than cells.
    let sumsFirst = shape.componentsPerCell == 1 && rows.count > 8 * shape.cellCount
    if sumsFirst, elements == nil { elements = ElementSums(cellCount: shape.cellCount) }
    var start = rows.lowerBound
    while start < rows.upperBound {
      buffer.fill(from: start, reader: reader, design: design)
      let end = min(rows.upperBound, buffer.rows.upperBound)
      let local = start - buffer.rows.lowerBound..<end - buffer.rows.lowerBound
      design.weights.withSpan(of: Double.self) { weights in
        let weights = weights.extracting(buffer.rows)
        addCrossProducts(local, weights: weights)
        if sumsFirst {
          elements?.add(local, of: buffer, weights: weights)
        } else {
          moments.addRows(local, of: buffer, weights: weights)
          count(local, weights: weights)
        }
      }
      start = end
    }
    guard sumsFirst else { return }
    elements?.empty(into: &moments, counts: &counts)
  }

  private mutating func count(_ rows: Range<Int>, weights: Span<Double>) {
    let parts = shape.componentsPerCell
    let outside = UInt32(shape.cellCount)
    for row in rows where buffer.cells[row] != outside {
      let cell = Int(buffer.cells[row])
      counts[cell] += 1
      for part in 1..<max(parts, 1) {
        let x = buffer.numbers[(part - 1) * CellReader.capacity + row]
        sumsOfSquares[cell * parts + part].add(weights[row] * x * x)
      }
    }
  }
}

/// Adds rows to slots: (w, 1), then (w·x, w·x²) for each sum.
@inline(__always)
func addWeighted(
  _ rows: Range<Int>, of buffer: borrowing RowBuffer, weights: Span<Double>, parts: Int,
  to slots: inout [SIMD2<Double>]
) {
  let cells = buffer.cells.span
  var slots = slots.mutableSpan
  if parts == 1 {
    // `CellReader` promises cells up to `cellCount`, and there are that many slots and one.
    for row in rows {
      unsafe slots[unchecked: Int(cells[unchecked: row])] += SIMD2(weights[unchecked: row], 1)
    }
    return
  }
  let numbers = buffer.numbers.span
  for row in rows {
    let slot = Int(cells[row]) * parts
    let weight = weights[row]
    slots[slot] += SIMD2(weight, 1)
    for part in 1..<parts {
      let x = numbers[(part - 1) * CellReader.capacity + row]
      slots[slot + part] += SIMD2(weight * x, weight * x * x)
    }
  }
}
