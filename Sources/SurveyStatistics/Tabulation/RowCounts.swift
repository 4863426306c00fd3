import CVectorKernels
import SurveyData

/// The rows in each cell of a block of which nothing else is asked.
///
/// A column of few codes is compared with each, many rows at once. Otherwise copies of the table take the
/// rows in turn, as in `Histogram`.
struct RowCounts: Sendable {
  private static let copies = 4

  /// The one column of few codes that the block has.
  private let column: TabulationPlan.Factor?
  private let domain: Bytes?
  /// Slots are codes, not cells, where that spares a look-up a row: the cell of each.
  private let cellsOfSlots: [UInt32]?
  private var buffer: RowBuffer

  init(_ block: TabulationPlan.Block, reader: CellReader, design: Design) {
    column = Self.comparesCodes(block, design) ? block.cells : nil
    domain = block.domain.map(design.inOrder)
    cellsOfSlots = reader.cellsOfCodes
    buffer = RowBuffer(sums: 0, readsCodes: cellsOfSlots != nil)
  }

  /// Whether the rows of a block are counted by comparing codes.
  static func comparesCodes(_ block: TabulationPlan.Block, _ design: Design) -> Bool {
    guard block.moments == .rowsAlone, block.groups.isEmpty, block.sums.isEmpty,
      let column = block.cells?.column, design.rowsOfZeroWeight == 0
    else { return false }
    return column.width == .one && column.categories.count <= Int(MOST_COUNTED_CODES)
  }

  /// Adds rows to the counts of their cells.
  mutating func add(
    _ rows: Range<Int>, to counts: inout [Int], reader: CellReader, design: Design
  ) {
    if let column {
      let ofCodes = rowsOfCodes(design.inOrder(column), rows)
      for (code, cell) in column.levels.enumerated() where cell >= 0 {
        counts[Int(cell)] += Int(ofCodes[code])
      }
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

  private func rowsOfCodes(_ column: CategoricalColumn, _ rows: Range<Int>) -> [Int64] {
    var counts = [Int64](repeating: 0, count: column.categories.count)
    let codeCount = Int64(counts.count)
    func count(_ inside: UnsafePointer<UInt8>?) {
      column.bytes.withSpan(of: UInt8.self) { codes in
        unsafe codes.extracting(rows).withUnsafeBufferPointer { codes in
          guard let codes = codes.baseAddress else { return }
          unsafe countCodes(codes, inside, Int64(rows.count), codeCount, &counts)
        }
      }
    }
    guard let domain else {
      unsafe count(nil)
      return counts
    }
    domain.withSpan(of: UInt8.self) { mask in
      unsafe mask.extracting(rows).withUnsafeBufferPointer { unsafe count($0.baseAddress) }
    }
    return counts
  }
}
