import SurveyData

/// The rows in each cell of a block of which nothing else is asked.
///
/// A column of few codes is compared with each, many rows at once. Otherwise copies of the table take the
/// rows in turn, as in `Histogram`.
struct RowCounts: Sendable {
  private static let copies = 4

  /// The one column of few codes that the block has, and the cell of each or −1.
  private let compared: (column: CategoricalColumn, cells: [Int32])?
  private let domain: Bytes?
  /// Slots are codes, not cells, where that spares a look-up a row: the cell of each.
  private let cellsOfSlots: [UInt32]?
  private var buffer: RowBuffer

  init(_ block: TabulationPlan.Block, reader: CellReader, design: Design) {
    compared =
      Self.comparesCodes(block, design)
      ? block.cells.map { (design.inOrder($0), $0.levels) } : nil
    domain = block.domain.map(design.inOrder)
    cellsOfSlots = reader.cellsOfCodes
    buffer = RowBuffer(sums: 0, readsCodes: cellsOfSlots != nil)
  }

  /// The counts of a block's cells, if the rows of its column have been counted before.
  static func counted(_ block: TabulationPlan.Block, _ design: Design) -> [Int]? {
    guard comparesCodes(block, design), block.domain == nil, let cells = block.cells,
      let ofCodes = design.inOrder(cells).countedFrequencies
    else { return nil }
    var counts = [Int](repeating: 0, count: BlockShape(block).cellCount)
    add(ofCodes, at: cells.levels, to: &counts)
    return counts
  }

  private static func add(_ ofCodes: [Int], at cells: [Int32], to counts: inout [Int]) {
    for (cell, count) in zip(cells, ofCodes) where cell >= 0 { counts[Int(cell)] += count }
  }

  /// Whether the rows of a block are counted by comparing codes.
  static func comparesCodes(_ block: TabulationPlan.Block, _ design: Design) -> Bool {
    block.moments == .rowsAlone && block.groups.isEmpty && block.sums.isEmpty
      && block.cells?.column.countsByComparison == true && design.rowsOfZeroWeight == 0
  }

  /// Adds rows to the counts of their cells.
  mutating func add(
    _ rows: Range<Int>, to counts: inout [Int], reader: CellReader, design: Design
  ) {
    if let compared {
      let ofCodes = compared.column.frequencies(of: rows, inside: domain)
      Self.add(ofCodes, at: compared.cells, to: &counts)
      return
    }
    // Behind the last slot stands one for rows outside.
    let stride = (cellsOfSlots?.count ?? counts.count) + 1
    var slots = [Int32](repeating: 0, count: Self.copies * stride)
    var start = rows.lowerBound
    while start < rows.upperBound {
      buffer.fill(from: start, reader: reader, design: design)
      let end = min(rows.upperBound, buffer.rows.upperBound)
      let cells = buffer.cells.span
      var turns = slots.mutableSpan
      for row in start - buffer.rows.lowerBound..<end - buffer.rows.lowerBound {
        // `CellReader` promises cells up to that of the rows outside.
        unsafe turns[unchecked: (row & 3) &* stride &+ Int(cells[unchecked: row])] &+= 1
      }
      start = end
    }
    for slot in 0..<stride - 1 {
      let cell = cellsOfSlots.map { Int($0[slot]) } ?? slot
      guard cell < counts.count else { continue }
      for copy in 0..<Self.copies { counts[cell] += Int(slots[copy * stride + slot]) }
    }
  }
}
