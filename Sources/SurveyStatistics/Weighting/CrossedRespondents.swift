import SurveyData
import Synchronization

/// The respondents of a group by cell of the crossing of its margins: how many, the sum of their
/// start weights, and the cell of each.
///
/// The cells are kept, in two bytes a row where they suffice, so that the pass that writes the
/// weights reads one number a row instead of a code a margin.
struct CrossedRespondents: Sendable {
  let cellCount: Int
  /// The cells that have respondents, in order.
  let occupiedCells: [Int32]
  /// Respondents by occupied cell.
  let counts: [Double]
  /// Σ of the start weights by occupied cell.
  let totals: [Double]
  /// By design position; `cellCount` for a row of no cell.
  private let cells: Bytes
  private let isNarrow: Bool

  /// - Parameter block: the crossing of the margins as groups.
  /// - Complexity: O(rows · columns + runs · cells).
  init(_ block: TabulationPlan.Block, design: Design, threads: Int?) {
    cellCount = block.cellCount
    isNarrow = cellCount <= Int(UInt16.max)
    let counted =
      isNarrow
      ? Self.counted(UInt16.self, block, design: design, threads: threads)
      : Self.counted(UInt32.self, block, design: design, threads: threads)
    cells = counted.cells
    occupiedCells = counted.totals.cells
    counts = counted.totals.counts
    totals = counted.totals.sums.map(\.value)
  }

  /// Rows that are read and then counted: their cells stay in the nearest cache.
  private static let rowsAtOnce = 8192

  /// Runs of rows have a table of all cells each, (Σw, rows); what is in them is taken together in
  /// order. Many cells want few, long runs.
  private static func counted<Cell: FixedWidthInteger & BitwiseCopyable & SendableMetatype>(
    _ type: Cell.Type, _ block: TabulationPlan.Block, design: Design, threads: Int?
  ) -> (cells: Bytes, totals: CellTotals) {
    let reader = CellReader(block, design: design, multiplies: Cell.bitWidth == 16)
    let stride = block.cellCount + 1
    // Where equal cells come in runs, an addition waits for the one before: tables in turn, as long
    // as they stay in the nearest cache.
    let copies = stride <= 512 ? Histogram.mostCopies : 1
    let runs = max(1, design.rowCount / max(16_384, 16 * stride))
    let totals = Mutex<[Int: CellTotals]>([:])
    let cells = Bytes(of: Cell.self, count: design.rowCount, inRuns: runs, threads: threads) {
      rows, part in
      var table = [SIMD2<Double>](repeating: .zero, count: copies * stride)
      design.weights.withSpan(of: Double.self) { weights in
        for start in Swift.stride(from: rows.lowerBound, to: rows.upperBound, by: rowsAtOnce) {
          let count = min(rowsAtOnce, rows.upperBound - start)
          unsafe part.withUnsafeMutableBufferPointer { part in
            let cells = unsafe part.baseAddress! + (start - rows.lowerBound)
            unsafe reader.read(from: start, count: count, to: cells)
          }
          let offset = start - rows.lowerBound
          let cells = part.span.extracting(offset..<offset + count)
          let weights = weights.extracting(start..<start + count)
          if copies > 1 {
            Histogram.addInTurn(cells, weights, stride: stride, to: &table)
          } else {
            Self.addApart(cells, weights, to: &table)
          }
        }
      }
      let ofRun = CellTotals(table, copies: copies)
      totals.withLock { $0[rows.lowerBound] = ofRun }
    }
    var inOrder = totals.withLock { $0 }.sorted { $0.key < $1.key }.map(\.value)
    var all = inOrder.removeFirst()
    for ofRun in inOrder { all.add(ofRun) }
    return (cells, all)
  }

  /// Rows from which four are added in turn stand so far apart.
  private static let distance = 64

  /// Adds (weight, 1) of each row to one table, from four places in turn: neighbours are often in the
  /// same cell, rows far from each other are not, so that no addition waits for the one before.
  private static func addApart<Cell: FixedWidthInteger & BitwiseCopyable>(
    _ cells: Span<Cell>, _ weights: Span<Double>, to table: inout [SIMD2<Double>]
  ) {
    precondition(weights.count == cells.count)
    var table = table.mutableSpan
    // `CellReader` promises cells up to the number of them, and the table has one slot more.
    @inline(__always)
    func add(_ row: Int, _ table: inout MutableSpan<SIMD2<Double>>) {
      unsafe table[unchecked: Int(truncatingIfNeeded: cells[unchecked: row])] +=
        SIMD2(weights[unchecked: row], 1)
    }
    var start = 0
    while start &+ 4 &* distance <= cells.count {
      for row in start..<start &+ distance {
        add(row, &table)
        add(row &+ distance, &table)
        add(row &+ 2 &* distance, &table)
        add(row &+ 3 &* distance, &table)
      }
      start &+= 4 &* distance
    }
    for row in start..<cells.count { add(row, &table) }
  }

  /// Σ of the start weights by occupied cell, times a factor.
  func totals(times factor: Double) -> [Double] {
    var products = totals
    var span = products.mutableSpan
    for cell in span.indices { span[cell] *= factor }
    return products
  }

  /// The respondents as (design position, cell), in design order.
  var places: [(position: Int32, cell: Int32)] {
    var places: [(position: Int32, cell: Int32)] = []
    places.reserveCapacity(Int(counts.reduce(0, +)))
    func read<Cell: FixedWidthInteger & BitwiseCopyable>(_ cells: Span<Cell>) {
      for position in cells.indices where Int(cells[position]) < cellCount {
        places.append((Int32(position), Int32(cells[position])))
      }
    }
    if isNarrow {
      cells.withSpan(of: UInt16.self) { read($0) }
    } else {
      cells.withSpan(of: UInt32.self) { read($0) }
    }
    return places
  }

  /// Each start weight times the factor of its cell, in design order.
  ///
  /// - Parameter factors: by cell, and one for rows of no cell.
  func weights(startingFrom starts: Bytes, times factors: [Double], threads: Int?) -> Bytes {
    precondition(factors.count == cellCount + 1)
    func multiplied<Cell: FixedWidthInteger & BitwiseCopyable & SendableMetatype>(
      _ type: Cell.Type
    ) -> Bytes {
      let rowCount = starts.count / MemoryLayout<Double>.stride
      return Bytes(
        of: Double.self, count: rowCount, inRuns: max(1, rowCount / 16_384), threads: threads
      ) { rows, part in
        starts.withSpan(of: Double.self) { starts in
          cells.withSpan(of: type) { cells in
            let (starts, cells) = (starts.extracting(rows), cells.extracting(rows))
            let factors = factors.span
            for row in starts.indices {
              unsafe part[unchecked: row] =
                starts[unchecked: row]
                * factors[unchecked: Int(truncatingIfNeeded: cells[unchecked: row])]
            }
          }
        }
      }
    }
    return isNarrow ? multiplied(UInt16.self) : multiplied(UInt32.self)
  }
}
