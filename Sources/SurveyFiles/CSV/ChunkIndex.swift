import CByteScan

/// A row that has another number of cells than the header.
struct BadRow: Sendable {
  /// Line breaks before it in the chunk.
  let line: Int
  let cellCount: Int
  let isBlank: Bool
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
///
/// The end of a row's last cell is the position before the next row's first one.
@safe struct RowBatch {
  /// The position before the first row, and the ends of all its cells and of those of the rows after it,
  /// counted from the chunk's start.
  let positions: UnsafePointer<Int32>
  /// The cells of a row.
  let cellCount: Int
  /// Rows.
  let count: Int
}

/// Finds the cells of a chunk and hands them over in batches small enough to stay in cache.
@safe struct ChunkIndex: ~Copyable {
  private let positions: UnsafeMutablePointer<Int32>
  private let rowEnds: UnsafeMutablePointer<Int32>
  /// Where the list is full: 64 more positions have room.
  private let capacity: Int
  /// The cells of a good row.
  private let cellCount: Int
  private let delimiter: UInt8
  private let badRowLimit: Int

  private var account = ChunkAccount()
  /// Good rows that were found and not handed over yet; the place in the list before the first of them,
  /// and before the row at hand.
  private var rowCount = 0
  private var batchFirst = 0
  private var rowFirst = 0
  /// Cells of the row that were dropped from the list: it has far too many.
  private var dropped = 0
  /// Line breaks since the chunk's start.
  private var line = 0
  /// Line minus row, as far as the breakpoints say.
  private var lineAhead = 0
  private var quotedLines = 0

  init(cellCount: Int, delimiter: UInt8, badRowLimit: Int) {
    self.cellCount = cellCount
    self.delimiter = delimiter
    self.badRowLimit = badRowLimit
    capacity = max(8192, 2 * cellCount + 256)
    unsafe positions = .allocate(capacity: capacity + 128)
    unsafe rowEnds = .allocate(capacity: capacity + 128)
  }

  deinit {
    unsafe positions.deallocate()
    unsafe rowEnds.deallocate()
  }

  /// Goes through a chunk; `decode` gets every good row once, in order.
  mutating func read(_ chunk: TextChunk, decode: (borrowing RowBatch) -> Void) -> ChunkAccount {
    account = ChunkAccount()
    rowCount = 0
    batchFirst = 0
    rowFirst = 0
    dropped = 0
    line = 0
    lineAhead = 0
    quotedLines = 0
    var blocks = RowBlocks(chunk, delimiter: delimiter)
    unsafe positions[0] = -1
    var list = unsafe CellEnds(
      ends: positions, rowEnds: rowEnds, endCount: 1, rowCount: 0, capacity: Int32(capacity))
    let level = vectorLevel
    var base = 0
    while base < chunk.count {
      var next = base
      if blocks.mayPassOver {
        unsafe list.rowCount = 0
        next = unsafe listCellEnds(chunk.start, base, chunk.count, delimiter, &list, level)
        if next > base { blocks.passOver(to: next) }
        for row in 0..<Int(unsafe list.rowCount) {
          unsafe takeRow(Int(rowEnds[row]), chunk, decode)
        }
      }
      if next == base {
        let block = blocks.block(at: base)
        if blocks.strayQuote != nil { break }
        takeBlock(block, at: base, Int(unsafe list.endCount), chunk, decode)
        unsafe list.endCount += Int32(block.cellEnds.nonzeroBitCount)
        next = base + 64
      }
      if unsafe list.endCount > list.capacity {
        unsafe list.endCount = Int32(makeRoom(Int(list.endCount), decode))
      }
      base = next
    }
    handOver(decode)
    account.strayQuote = blocks.strayQuote
    account.endsInsideQuotes = blocks.endsInsideQuotes
    account.lines = line
    return account
  }

  /// Lists the cell ends of a block that may hold quotation marks, after `listed` others.
  private mutating func takeBlock(
    _ block: RowBlock, at base: Int, _ listed: Int, _ chunk: TextChunk,
    _ decode: (borrowing RowBatch) -> Void
  ) {
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
      quotedLines += (quotedBreaks & before).nonzeroBitCount
      quotedBreaks &= ~before
      takeRow(listed + (block.cellEnds & before).nonzeroBitCount, chunk, decode)
    }
    quotedLines += quotedBreaks.nonzeroBitCount
  }

  /// Takes the row that ends at a place in the list: into the batch, or among the bad ones.
  @inline(__always)
  private mutating func takeRow(
    _ last: Int, _ chunk: TextChunk, _ decode: (borrowing RowBatch) -> Void
  ) {
    let found = last - rowFirst + dropped
    if found == cellCount {
      endRow(account.rows + rowCount)
      rowCount += 1
      rowFirst = last
    } else {
      // A batch is of rows that follow each other in the list.
      handOver(decode)
      refuse(
        found, isBlank: unsafe found == 1 && isBlank(chunk, positions[rowFirst], positions[last]))
      dropped = 0
      rowFirst = last
      batchFirst = last
    }
  }

  private mutating func handOver(_ decode: (borrowing RowBatch) -> Void) {
    if rowCount > 0 {
      unsafe decode(
        RowBatch(positions: positions + batchFirst, cellCount: cellCount, count: rowCount))
    }
    account.rows += rowCount
    rowCount = 0
    batchFirst = rowFirst
  }

  /// Empties the list but for the row that is not complete, unless that has become far too long; gives
  /// the positions kept.
  private mutating func makeRoom(
    _ listed: Int, _ decode: (borrowing RowBatch) -> Void
  ) -> Int {
    handOver(decode)
    var kept = listed - rowFirst
    if kept > cellCount + 1 {
      dropped += kept - 1
      rowFirst = listed - 1
      kept = 1
    }
    for index in 0..<kept { unsafe positions[index] = positions[rowFirst + index] }
    rowFirst = 0
    batchFirst = 0
    return kept
  }

  /// Counts the lines of a good row.
  @inline(__always)
  private mutating func endRow(_ row: Int) {
    if line - row != lineAhead {
      account.lineBreakpoints.append((row, line))
      lineAhead = line - row
    }
    line += 1 + quotedLines
    quotedLines = 0
  }

  private mutating func refuse(_ cellCount: Int, isBlank: Bool) {
    account.badRowCount += 1
    if account.badRows.count <= badRowLimit {
      account.badRows.append(
        BadRow(line: line, cellCount: cellCount, isBlank: isBlank))
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
