import SurveyData

/// Turns the answers of a run of rows into cell indices of a block, a small buffer at a time.
///
/// A row that is in no cell (another domain, a missing answer, a weight of 0) gets the index
/// `cellCount`, a slot that is filled and never read: no branch a row.
struct CellReader {
  /// Rows per buffer: codes, weights and cells of that many rows stay in the first-level cache.
  static let capacity = 2048

  private let factors: [Table]
  private let sums: [TabulationPlan.Sum]
  private let domain: Domain?
  private let design: Design
  private let outside: UInt32

  /// A factor's cell offset per dictionary index.
  private struct Table {
    let column: CategoricalColumn
    let offsets: [UInt32]
  }

  init(_ block: TabulationPlan.Block, design: Design) {
    outside = UInt32(block.cellCount)
    // A single offset of this size takes any sum past the last cell.
    let beyond = UInt32(1) << 24
    precondition(block.cellCount < Int(beyond), "a table of more than 16 million cells")
    var stride = UInt32(block.cellCount)
    var factors: [Table] = []
    for factor in block.groups + (block.cells.map { [$0] } ?? []) {
      stride /= UInt32(max(factor.levelCount, 1))
      let offsets = factor.levels.map { $0 < 0 ? beyond : UInt32($0) * stride }
      factors.append(Table(column: factor.column, offsets: offsets))
    }
    self.factors = factors
    sums = block.sums
    domain = block.domain
    self.design = design
  }

  /// Fills the cells of the design positions from `start`.
  func read(from start: Int, count: Int, into buffer: inout [UInt32]) {
    var cells = buffer.mutableSpan
    for row in 0..<count { cells[row] = 0 }
    for factor in factors { add(factor, from: start, count: count, to: &cells) }
    if let domain {
      domain.mask.withSpan(of: UInt8.self) { mask in
        forEachRow(from: start, count: count) { position, row in
          if mask[row] == 0 { cells[position] = outside }
        }
      }
    }
    for sum in sums where !sum.keepsMissing {
      sum.column.withValues { values in
        forEachRow(from: start, count: count) { position, row in
          if values[row].isNaN { cells[position] = outside }
        }
      }
    }
    if design.rowsOfZeroWeight > 0 {
      design.weights.withSpan(of: Double.self) { weights in
        for position in 0..<count where weights[start + position] == 0 {
          cells[position] = outside
        }
      }
    }
    for row in 0..<count { cells[row] = min(cells[row], outside) }
  }

  /// The numbers of the design positions from `start`, from their origin; missing ones read as 0.
  func readNumbers(
    _ index: Int, from start: Int, count: Int, into buffer: inout [Double], at offset: Int
  ) {
    var span = buffer.mutableSpan
    let origin = sums[index].origin
    sums[index].column.withValues { values in
      forEachRow(from: start, count: count) { position, row in
        let value = values[row]
        span[offset + position] = value.isNaN ? 0 : value - origin
      }
    }
  }

  private func add(
    _ factor: Table, from start: Int, count: Int, to cells: inout MutableSpan<UInt32>
  ) {
    func visit<Code: FixedWidthInteger & BitwiseCopyable>(
      _ type: Code.Type, _ cells: inout MutableSpan<UInt32>
    ) {
      let offsets = factor.offsets.span
      factor.column.bytes.withSpan(of: Code.self) { codes in
        forEachRow(from: start, count: count) { position, row in
          // The dictionary covers every stored index: an invariant of the column.
          cells[position] &+= offsets[Int(codes[row])]
        }
      }
    }
    switch factor.column.width {
    case .one: visit(UInt8.self, &cells)
    case .two: visit(UInt16.self, &cells)
    case .four: visit(UInt32.self, &cells)
    }
  }

  @inline(__always)
  private func forEachRow(
    from start: Int, count: Int, _ body: (_ position: Int, _ row: Int) -> Void
  ) {
    if let order = design.order {
      let order = order.span
      for position in 0..<count { body(position, Int(order[start + position])) }
    } else {
      for position in 0..<count { body(position, start + position) }
    }
  }
}
