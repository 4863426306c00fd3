import CByteScan

/// Where cells and rows end in 64 bytes, one bit a byte.
struct RowBlock {
  /// Delimiters and row ends outside quotation marks.
  var cellEnds: UInt64
  /// Row ends: line feeds, and carriage returns that no line feed follows.
  var rowEnds: UInt64
  /// Line breaks inside quotation marks.
  var quotedBreaks: UInt64
}

/// Steps through a chunk 64 bytes at a time and knows what is inside quotation marks.
@safe struct RowBlocks {
  private let start: UnsafePointer<UInt8>
  private let count: Int
  private let delimiter: UInt8
  /// All ones inside quotation marks.
  private var inside: UInt64 = 0
  /// 1 where the byte before the block ends a cell or is a quotation mark, so that a quotation mark
  /// may follow.
  private var mayOpen: UInt64 = 1
  /// 1 where the byte before the block closes a quotation.
  private var hasClosed: UInt64 = 0
  /// A quotation mark that neither begins nor ends its cell.
  private(set) var strayQuote: Int?

  var endsInsideQuotes: Bool { inside != 0 }

  /// Whether the block at `base` begins outside quotation marks and right after none, so that blocks
  /// without them may be passed over.
  var mayPassOver: Bool { inside | hasClosed == 0 }

  /// Goes on at `base`, after blocks without quotation marks.
  mutating func passOver(to base: Int) { mayOpen = unsafe endsCell(start[base - 1]) ? 1 : 0 }

  init(_ chunk: TextChunk, delimiter: UInt8) {
    unsafe start = chunk.start
    count = chunk.count
    self.delimiter = delimiter
  }

  /// The block at `base`; blocks are asked for in order.
  @inline(__always)
  mutating func block(at base: Int) -> RowBlock {
    var masks = unsafe rowMasks(start + base, delimiter)
    if count - base < 64 {
      let valid = (UInt64(1) &<< UInt64(count - base)) &- 1
      masks.delimiters &= valid
      masks.quotes &= valid
      masks.lineFeeds &= valid
      masks.carriageReturns &= valid
    }
    var breaks = masks.lineFeeds
    if masks.carriageReturns != 0 {
      var lone = masks.carriageReturns & ~(masks.lineFeeds >> 1)
      if lone >> 63 != 0, base + 64 < count, unsafe start[base + 64] == lineFeed {
        lone &= ~(1 << 63)
      }
      breaks |= lone
    }
    var block = RowBlock(
      cellEnds: masks.delimiters | breaks, rowEnds: breaks, quotedBreaks: 0)
    if masks.quotes | inside | hasClosed != 0 {
      quote(&block, masks, base)
    } else {
      mayOpen = block.cellEnds >> 63
    }
    return block
  }

  /// Takes out what is inside quotation marks, and checks where the marks stand.
  private mutating func quote(_ block: inout RowBlock, _ masks: RowMasks, _ base: Int) {
    // Bit i: an odd number of quotation marks up to byte i. Opening marks are inside, closing not.
    var within = masks.quotes
    within ^= within << 1
    within ^= within << 2
    within ^= within << 4
    within ^= within << 8
    within ^= within << 16
    within ^= within << 32
    within ^= inside
    block.quotedBreaks = block.rowEnds & within
    block.cellEnds &= ~within
    block.rowEnds &= ~within
    let beforeOpen = block.cellEnds | masks.quotes
    let opening = masks.quotes & within
    let closing = masks.quotes & ~within
    let wrongOpening = opening & ~(beforeOpen << 1 | mayOpen)
    let wrongClosing =
      (closing << 1 | hasClosed) & ~(beforeOpen | masks.carriageReturns)
      & (count - base < 64 ? (UInt64(1) &<< UInt64(count - base)) &- 1 : .max)
    if wrongOpening | wrongClosing != 0, strayQuote == nil {
      findStrayQuote(wrongOpening, wrongClosing, base)
    }
    mayOpen = beforeOpen >> 63
    hasClosed = closing >> 63
    inside = UInt64(bitPattern: Int64(bitPattern: within) >> 63)
  }

  /// Blanks may stand between a quotation mark and the end of its cell; other text may not.
  private mutating func findStrayQuote(_ openings: UInt64, _ closings: UInt64, _ base: Int) {
    var bits = openings | closings
    while bits != 0 {
      let bit = bits & (~bits &+ 1)
      bits &= bits &- 1
      let position = base + bit.trailingZeroBitCount
      if openings & bit != 0 {
        var before = position - 1
        while before >= 0, isBlank(unsafe start[before]) { before -= 1 }
        if before >= 0, unsafe !endsCell(start[before]) {
          strayQuote = position
          return
        }
      } else {
        var after = position
        while after < count, isBlank(unsafe start[after]) { after += 1 }
        if after < count, unsafe !endsCell(start[after]) {
          strayQuote = position - 1
          return
        }
      }
    }
  }

  private func isBlank(_ byte: UInt8) -> Bool {
    byte == space || (byte == tab && delimiter != tab)
  }

  private func endsCell(_ byte: UInt8) -> Bool {
    byte == delimiter || byte == lineFeed || byte == carriageReturn
  }
}
