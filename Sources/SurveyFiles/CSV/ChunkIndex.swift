/// Which cells of a row are looked for, and where their ends stand in the list of positions.
struct CellPlan: Sendable {
  /// The cells of a good row.
  let cellCount: Int
  /// The columns looked for, ascending.
  let columns: [Int]
  /// Whether every cell end is listed, or only those around the columns looked for.
  let listsEveryCell: Bool
  /// The position before a cell, and its end, counted from the row's first position.
  let cells: [(before: Int, end: Int)]

  init(cellCount: Int, columns: [Int]) {
    self.cellCount = cellCount
    self.columns = columns
    listsEveryCell = columns.count * 3 > cellCount
    cells =
      listsEveryCell
      ? columns.map { ($0, $0 + 1) } : columns.indices.map { (2 * $0, 2 * $0 + 1) }
  }

  /// For a row of which only some cells are listed: the cell ends to list, ascending; 0 is the
  /// row's start.
  var listedEnds: [Int] { columns.flatMap { [$0, $0 + 1] } }
}

/// A row that has another number of cells than the header.
struct BadRow: Sendable {
  /// Line breaks before it in the chunk.
  let line: Int
  let cellCount: Int
  let isBlank: Bool
  /// Good rows before it in the chunk.
  let rowsBefore: Int
}

/// What a chunk holds besides the cells.
struct ChunkAccount: Sendable {
  var rows = 0
  /// Line breaks in the chunk.
  var lines = 0
  /// Rows whose line is not the one after the previous row's, by line breaks before them.
  var lineBreakpoints: [(row: Int, line: Int)] = []
  var badRows: [BadRow] = []
  var badRowCount = 0
  var strayQuote: Int?
  var endsInsideQuotes = false
}

/// Cell ends of some rows, for the columns to read their cells from.
@safe struct RowBatch {
  /// Cell ends, counted from the chunk's start.
  let positions: UnsafePointer<Int32>
  /// For each row, its first position.
  let rows: UnsafePointer<Int32>
  let count: Int
}

/// Finds the cells of a chunk and hands them over in batches small enough to stay in cache.
@safe struct ChunkIndex: ~Copyable {
  private let positions: UnsafeMutablePointer<Int32>
  private let rows: UnsafeMutablePointer<Int32>
  private let capacity: Int
  private let plan: CellPlan
  private let delimiter: UInt8
  private let badRowLimit: Int

  private var account = ChunkAccount()
  /// Line breaks since the chunk's start.
  private var line = 0
  /// Line minus row, as far as the breakpoints say.
  private var lineAhead = 0
  private var quotedLines = 0

  init(_ plan: CellPlan, delimiter: UInt8, badRowLimit: Int) {
    self.plan = plan
    self.delimiter = delimiter
    self.badRowLimit = badRowLimit
    capacity = max(4096, 2 * plan.cellCount + 256)
    unsafe positions = .allocate(capacity: capacity)
    unsafe rows = .allocate(capacity: capacity)
  }

  deinit {
    unsafe positions.deallocate()
    unsafe rows.deallocate()
  }

  /// Goes through a chunk; `decode` gets every good row once, in order.
  mutating func read(_ chunk: TextChunk, decode: (borrowing RowBatch) -> Void) -> ChunkAccount {
    account = ChunkAccount()
    line = 0
    lineAhead = 0
    quotedLines = 0
    if plan.listsEveryCell {
      readEveryCell(chunk, decode)
    } else {
      readListedCells(chunk, decode)
    }
    account.lines = line
    return account
  }

  private mutating func readEveryCell(
    _ chunk: TextChunk, _ decode: (borrowing RowBatch) -> Void
  ) {
    var blocks = RowBlocks(chunk, delimiter: delimiter)
    let positions = unsafe self.positions
    let rows = unsafe self.rows
    let cellCount = plan.cellCount
    unsafe positions[0] = -1
    var listed = 1
    /// The position before the row's first cell.
    var rowFirst = 0
    var rowCount = 0
    /// Cells of the row that were dropped from the list: it has far too many.
    var dropped = 0
    var base = 0
    while base < chunk.count {
      let block = blocks.block(at: base)
      if blocks.strayQuote != nil { break }
      var ends = block.cellEnds
      var next = listed
      while ends != 0 {
        unsafe positions[next] = Int32(truncatingIfNeeded: base + ends.trailingZeroBitCount)
        ends &= ends &- 1
        next += 1
      }
      var rowEnds = block.rowEnds
      var quotedBreaks = block.quotedBreaks
      while rowEnds != 0 {
        let before = (rowEnds & (~rowEnds &+ 1)) &- 1
        rowEnds &= rowEnds &- 1
        let last = listed + (block.cellEnds & before).nonzeroBitCount
        if quotedBreaks != 0 {
          quotedLines += (quotedBreaks & before).nonzeroBitCount
          quotedBreaks &= ~before
        }
        let found = last - rowFirst + dropped
        if found == cellCount {
          unsafe rows[rowCount] = Int32(truncatingIfNeeded: rowFirst)
          endRow(goodRows: account.rows + rowCount)
          rowCount += 1
        } else {
          refuse(
            found,
            isBlank: unsafe found == 1 && isBlank(chunk, positions[rowFirst], positions[last]),
            goodRows: account.rows + rowCount)
        }
        dropped = 0
        rowFirst = last
      }
      if quotedBreaks != 0 { quotedLines += quotedBreaks.nonzeroBitCount }
      listed = next
      if listed + 64 >= capacity {
        unsafe decode(RowBatch(positions: positions, rows: rows, count: rowCount))
        account.rows += rowCount
        rowCount = 0
        // Keep the row that is not complete, unless it has become far too long.
        var kept = listed - rowFirst
        if kept > cellCount + 1 {
          dropped += kept - 1
          rowFirst = listed - 1
          kept = 1
        }
        for index in 0..<kept { unsafe positions[index] = positions[rowFirst + index] }
        rowFirst = 0
        listed = kept
      }
      base += 64
    }
    unsafe decode(RowBatch(positions: positions, rows: rows, count: rowCount))
    account.rows += rowCount
    account.strayQuote = blocks.strayQuote
    account.endsInsideQuotes = blocks.endsInsideQuotes
  }

  private mutating func readListedCells(
    _ chunk: TextChunk, _ decode: (borrowing RowBatch) -> Void
  ) {
    var blocks = RowBlocks(chunk, delimiter: delimiter)
    let positions = unsafe self.positions
    let rows = unsafe self.rows
    let cellCount = plan.cellCount
    let listedEnds = plan.listedEnds + [Int.max]
    let stride = listedEnds.count - 1
    let fromStart = listedEnds[0] == 0
    var listed = 0
    if fromStart {
      unsafe positions[0] = -1
      listed = 1
    }
    var rowFirst = 0
    var rowCount = 0
    var rowStart: Int32 = -1
    /// Cells of the row that ended so far, and the next cell end to list.
    var ended = 0
    var wanted = fromStart ? 1 : 0
    var wantedEnd = listedEnds[wanted]
    var base = 0
    while base < chunk.count {
      let block = blocks.block(at: base)
      if blocks.strayQuote != nil { break }
      var ends = block.cellEnds
      var rowEnds = block.rowEnds
      var quotedBreaks = block.quotedBreaks
      while true {
        let through = rowEnds == 0 ? UInt64.max : rowEnds ^ (rowEnds &- 1)
        var here = ends & through
        let count = here.nonzeroBitCount
        if wantedEnd <= ended + count {
          var reached = ended
          repeat {
            while reached + 1 < wantedEnd {
              here &= here &- 1
              reached += 1
            }
            unsafe positions[listed] = Int32(
              truncatingIfNeeded: base + here.trailingZeroBitCount)
            listed += 1
            wanted += 1
            wantedEnd = listedEnds[wanted]
          } while wantedEnd <= ended + count
        }
        ended += count
        guard rowEnds != 0 else { break }
        let before = through >> 1
        let end = Int32(truncatingIfNeeded: base + 63 - through.leadingZeroBitCount)
        if quotedBreaks != 0 {
          quotedLines += (quotedBreaks & before).nonzeroBitCount
          quotedBreaks &= ~before
        }
        if ended == cellCount {
          unsafe rows[rowCount] = Int32(truncatingIfNeeded: rowFirst)
          endRow(goodRows: account.rows + rowCount)
          rowCount += 1
          rowFirst += stride
        } else {
          refuse(
            ended, isBlank: ended == 1 && isBlank(chunk, rowStart, end),
            goodRows: account.rows + rowCount)
        }
        listed = rowFirst
        rowStart = end
        ended = 0
        wanted = 0
        if fromStart {
          unsafe positions[listed] = end
          listed += 1
          wanted = 1
        }
        wantedEnd = listedEnds[wanted]
        ends &= ~through
        rowEnds &= rowEnds &- 1
        if rowFirst + 2 * stride + 2 >= capacity || rowCount + 1 >= capacity {
          unsafe decode(RowBatch(positions: positions, rows: rows, count: rowCount))
          account.rows += rowCount
          rowCount = 0
          rowFirst = 0
          listed = 0
          if fromStart {
            unsafe positions[0] = end
            listed = 1
          }
        }
      }
      if quotedBreaks != 0 { quotedLines += quotedBreaks.nonzeroBitCount }
      base += 64
    }
    unsafe decode(RowBatch(positions: positions, rows: rows, count: rowCount))
    account.rows += rowCount
    account.strayQuote = blocks.strayQuote
    account.endsInsideQuotes = blocks.endsInsideQuotes
  }

  /// Counts the lines of a good row.
  @inline(__always)
  private mutating func endRow(goodRows row: Int) {
    if line - row != lineAhead {
      account.lineBreakpoints.append((row, line))
      lineAhead = line - row
    }
    line += 1 + quotedLines
    quotedLines = 0
  }

  private mutating func refuse(_ cellCount: Int, isBlank: Bool, goodRows: Int) {
    account.badRowCount += 1
    if account.badRows.count <= badRowLimit {
      account.badRows.append(
        BadRow(line: line, cellCount: cellCount, isBlank: isBlank, rowsBefore: goodRows))
    }
    line += 1 + quotedLines
    quotedLines = 0
  }

  private func isBlank(_ chunk: TextChunk, _ before: Int32, _ end: Int32) -> Bool {
    (Int(before) + 1..<Int(end)).allSatisfy {
      let byte = unsafe chunk.start[$0]
      return byte == space || byte == tab || byte == carriageReturn
    }
  }
}
