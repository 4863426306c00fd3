import SurveyData

/// Turns the answers of a run of rows into cell indices of a block, a small buffer at a time.
///
/// A row that is in no cell (another domain, a missing answer, a weight of 0) gets the index
/// `cellCount`, a slot that is filled and never read: no branch a row.
struct CellReader: Sendable {
  /// Rows per buffer: codes, weights and cells of that many rows stay in the first-level cache.
  static let capacity = 2048

  private let lookups: [CellLookup]
  private let sums: [TabulationPlan.Sum]
  private let domain: Bytes?
  /// Weights, where some are 0.
  private let weights: Bytes?
  private let outside: UInt32
  /// Whether a code can take a row out of all cells.
  private let leavesOutCodes: Bool

  /// - Parameter multiplies: columns whose codes are their levels give their cells by a product
  ///   instead of a look-up: faster into cells of two bytes, which vectors multiply.
  init(_ block: TabulationPlan.Block, design: Design, multiplies: Bool = false) {
    outside = UInt32(block.cellCount)
    // A single offset of this size takes any sum past the last cell.
    let beyond = UInt32(1) << 24
    precondition(block.cellCount < Int(beyond), "a table of more than 16 million cells")
    var stride = UInt32(block.cellCount)
    var factors: [(column: CategoricalColumn, offsets: [UInt32])] = []
    for factor in block.groups + (block.cells.map { [$0] } ?? []) {
      stride /= UInt32(max(factor.levelCount, 1))
      let offsets = factor.levels.map { $0 < 0 ? beyond : UInt32($0) * stride }
      factors.append((design.inOrder(factor), offsets))
    }
    lookups = CellLookup.lookups(factors, outside: outside, multiplies: multiplies)
    leavesOutCodes = factors.contains { $0.offsets.contains(beyond) }
    sums = block.sums.map { sum in
      var sum = sum
      sum.column = design.inOrder(sum.column)
      return sum
    }
    domain = block.domain.map(design.inOrder)
    weights = design.rowsOfZeroWeight > 0 ? design.weights : nil
  }

  /// Fills the cells of the design positions from `start`.
  func read(from start: Int, count: Int, into buffer: inout [UInt32]) {
    precondition(count <= buffer.count)
    unsafe buffer.withUnsafeMutableBufferPointer { buffer in
      unsafe read(from: start, count: count, to: buffer.baseAddress!)
    }
  }

  /// Fills the cells of the design positions from `start`.
  ///
  /// - Precondition: `cells` has room for `count`, and `Cell` for the number of cells; where columns
  ///   leave codes out, for twice of it.
  func read<Cell: FixedWidthInteger & BitwiseCopyable>(
    from start: Int, count: Int, to cells: UnsafeMutablePointer<Cell>
  ) {
    let outside = Cell(self.outside)
    if lookups.isEmpty { unsafe cells.update(repeating: 0, count: count) }
    for (index, lookup) in lookups.enumerated() {
      unsafe lookup.read(from: start, count: count, adding: index > 0, to: cells)
    }
    if leavesOutCodes && lookups.count > 1 {
      for row in 0..<count { unsafe cells[row] = min(cells[row], outside) }
    }
    unsafe leaveOut(from: start, count: count, as: outside, in: cells)
  }

  /// The cell of each code, where one look-up gives it and the codes are few: rows can then be
  /// counted by code, and codes put into cells afterwards.
  var cellsOfCodes: [UInt32]? {
    lookups.count == 1 && lookups[0].offsets.count <= 4096 ? lookups[0].offsets : nil
  }

  /// Fills the codes of the design positions from `start`; rows that are left out get the code after
  /// the last.
  ///
  /// - Precondition: `cellsOfCodes` is not `nil`.
  func readCodes(from start: Int, count: Int, into buffer: inout [UInt32]) {
    precondition(count <= buffer.count)
    unsafe buffer.withUnsafeMutableBufferPointer { buffer in
      let codes = buffer.baseAddress!
      unsafe lookups[0].readCodes(from: start, count: count, to: codes)
      unsafe leaveOut(
        from: start, count: count, as: UInt32(lookups[0].offsets.count), in: codes)
    }
  }

  /// Overwrites rows outside the domain, with a missing number, or with a weight of 0.
  private func leaveOut<Cell: FixedWidthInteger & BitwiseCopyable>(
    from start: Int, count: Int, as outside: Cell, in cells: UnsafeMutablePointer<Cell>
  ) {
    if let domain {
      domain.withSpan(of: UInt8.self) { mask in
        for row in 0..<count where mask[start + row] == 0 { unsafe cells[row] = outside }
      }
    }
    for sum in sums where !sum.keepsMissing {
      sum.column.withValues { values in
        for row in 0..<count where values[start + row].isNaN { unsafe cells[row] = outside }
      }
    }
    if let weights {
      weights.withSpan(of: Double.self) { weights in
        for row in 0..<count where weights[start + row] == 0 { unsafe cells[row] = outside }
      }
    }
  }

  /// The numbers of the design positions from `start`, from their origin; missing ones read as 0.
  func readNumbers(
    _ index: Int, from start: Int, count: Int, into buffer: inout [Double], at offset: Int
  ) {
    var span = buffer.mutableSpan
    let origin = sums[index].origin
    sums[index].column.withValues { values in
      for row in 0..<count {
        let value = values[start + row]
        span[offset + row] = value.isNaN ? 0 : value - origin
      }
    }
  }
}
