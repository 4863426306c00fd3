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
  private var slots: [SIMD2<Double>]
  private var touched: TouchedCells
  private var buffer: RowBuffer

  init(_ shape: BlockShape, sums: Int) {
    self.shape = shape
    counts = Array(repeating: 0, count: shape.cellCount)
    sumsOfSquares = Array(repeating: Compensated(), count: shape.componentCount)
    crossProducts = Array(repeating: Compensated(), count: sums < 2 ? 0 : shape.cellCount + 1)
    slots = Array(repeating: .zero, count: (shape.cellCount + 1) * shape.componentsPerCell)
    touched = TouchedCells(cellCount: shape.cellCount)
    buffer = RowBuffer(sums: sums)
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
        UnitTotals.add(
          local, of: buffer, weights: weights.extracting(buffer.rows),
          parts: shape.componentsPerCell, to: &slots)
        addCrossProducts(local, weights: weights.extracting(buffer.rows))
      }
      start = end
    }
    touched.collect()
  }

  private static func add(
    _ rows: Range<Int>, of buffer: borrowing RowBuffer, weights: Span<Double>, parts: Int,
    to slots: inout [SIMD2<Double>]
  ) {
    let cells = buffer.cells.span
    var slots = slots.mutableSpan
    if parts == 1 {
      for row in rows { slots[Int(cells[row])] += SIMD2(weights[row], 1) }
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

  private mutating func addCrossProducts(_ rows: Range<Int>, weights: Span<Double>) {
    guard !crossProducts.isEmpty else { return }
    for row in rows {
      let product = buffer.numbers[row] * buffer.numbers[CellReader.capacity + row]
      crossProducts[Int(buffer.cells[row])].add(weights[row] * product)
    }
  }

  /// Adds the unit to the moments of its siblings, and empties the slots.
  mutating func add(to moments: inout Moments) {
    moments.add(cells: touched.cells.span, totals: slots.span)
    let parts = shape.componentsPerCell
    for cell in touched.cells.lazy.map({ Int($0) }) {
      counts[cell] += Int(slots[cell * parts].y)
      slots[cell * parts] = .zero
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
    var start = rows.lowerBound
    let parts = shape.componentsPerCell
    let outside = UInt32(shape.cellCount)
    while start < rows.upperBound {
      buffer.fill(from: start, reader: reader, design: design)
      let end = min(rows.upperBound, buffer.rows.upperBound)
      let local = start - buffer.rows.lowerBound..<end - buffer.rows.lowerBound
      design.weights.withSpan(of: Double.self) { weights in
        let weights = weights.extracting(buffer.rows)
        moments.addRows(local, of: buffer, weights: weights)
        addCrossProducts(local, weights: weights)
        for row in local where buffer.cells[row] != outside {
          let cell = Int(buffer.cells[row])
          counts[cell] += 1
          for part in 1..<max(parts, 1) {
            let x = buffer.numbers[(part - 1) * CellReader.capacity + row]
            sumsOfSquares[cell * parts + part].add(weights[row] * x * x)
          }
        }
      }
      start = end
    }
  }
}
