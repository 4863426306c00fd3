import SurveyData

/// The case data of an SPSS file, decoded by columns on all processors.
struct SAVCases {
  let file: String
  let bytes: Bytes
  let dictionary: SAVDictionary
  let blocks: [CompressedBlock]
  /// The most cases that there can be room for in the file; its header may promise anything.
  let rowCapacity: Int
  let laneCount: Int
  private let table: [UInt64]

  init(
    _ bytes: Bytes, _ dictionary: SAVDictionary, file: String, lanes: Int
  ) throws(SAVError) {
    self.file = file
    self.bytes = bytes
    self.dictionary = dictionary
    laneCount = lanes
    let header = dictionary.header
    table = opcodeTable(
      bias: header.bias, systemMissing: dictionary.systemMissing, isBigEndian: header.isBigEndian)
    let dataBytes = bytes.count - dictionary.dataStart
    switch header.compression {
    case .none:
      blocks = []
      rowCapacity = dataBytes / dictionary.caseBytes
    case .bytecode:
      blocks = []
      rowCapacity = dataBytes / (dictionary.caseBytes / 8)
    case .zlib:
      var cursor = SAVCursor(bytes, file: file, record: .compressedHeader)
      cursor.isBigEndian = header.isBigEndian
      cursor.offset = dictionary.dataStart
      blocks = try cursor.compressedBlocks()
      rowCapacity = blocks.reduce(0) { $0 + $1.size } / (dictionary.caseBytes / 8)
    }
  }

  /// Decodes the first `rowLimit` cases, or all.
  func decode(_ plans: [CasePlan], rowLimit: Int = .max) throws(SAVError) -> DecodedCases {
    let lanes = (0..<laneCount).map { _ in CaseLane(plans) }
    let wanted = min(dictionary.header.caseCount ?? .max, rowLimit)
    let result: Result<Int, SAVError> = bytes.withSpan(of: UInt8.self) { span in
      unsafe span.withUnsafeBufferPointer { buffer in
        let start = buffer.baseAddress!
        do throws(SAVError) {
          switch dictionary.header.compression {
          case .none: return .success(try unsafe plainCases(start, wanted, lanes))
          case .bytecode: return .success(try unsafe bytecodeCases(start, wanted, lanes))
          case .zlib: return .success(try unsafe compressedCases(start, wanted, lanes))
          }
        } catch {
          return .failure(error)
        }
      }
    }
    let rowCount = try result.get()
    if let declared = dictionary.header.caseCount, rowCount < min(declared, rowLimit) {
      throw truncated(rowCount)
    }
    return DecodedCases(rowCount: rowCount, lanes: lanes)
  }

  private func truncated(_ complete: Int) -> SAVError {
    .truncatedCases(
      complete: complete, declared: dictionary.header.caseCount, file: file, offset: bytes.count)
  }

  /// Some cases for one lane: a megabyte.
  private var rowsOfChunk: Int { max(1, (1 << 20) / dictionary.caseBytes) }

  /// Cases that stay in the cache while the columns pass by.
  private var rowsOfBlock: Int { max(1, (1 << 17) / dictionary.caseBytes) }

  // MARK: Cases as they are

  @unsafe private func plainCases(
    _ start: UnsafePointer<UInt8>, _ wanted: Int, _ lanes: [CaseLane]
  ) throws(SAVError) -> Int {
    let caseBytes = dictionary.caseBytes
    let dataBytes = bytes.count - dictionary.dataStart
    if dictionary.header.caseCount == nil, dataBytes % caseBytes != 0 {
      throw truncated(dataBytes / caseBytes)
    }
    let rowCount = min(wanted, dataBytes / caseBytes)
    let rowsOfChunk = self.rowsOfChunk
    let rowsOfBlock = self.rowsOfBlock
    nonisolated(unsafe) let first = unsafe start + dictionary.dataStart
    share((rowCount + rowsOfChunk - 1) / rowsOfChunk, lanes) { chunk, lane in
      var row = chunk * rowsOfChunk
      let end = min(row + rowsOfChunk, rowCount)
      while row < end {
        let count = min(rowsOfBlock, end - row)
        unsafe lane.read(
          first + row * caseBytes, caseBytes: caseBytes, count: count, firstRow: row)
        row += count
      }
    }
    return rowCount
  }

  // MARK: Bytecode

  @unsafe private func bytecodeCases(
    _ start: UnsafePointer<UInt8>, _ wanted: Int, _ lanes: [CaseLane]
  ) throws(SAVError) -> Int {
    var scan = CaseScan(place: OpcodePlace(start: dictionary.dataStart))
    let chunks = unsafe scan.chunks(
      start, limit: bytes.count, wanted: wanted, values: dictionary.caseBytes / 8,
      rowsOfChunk: rowsOfChunk)
    if scan.state == .incomplete { throw truncated(scan.row) }
    unsafe decode(chunks, of: start, lanes)
    return scan.row
  }

  /// Unpacks a few blocks at a time, and decodes the cases that are complete with them.
  @unsafe private func compressedCases(
    _ start: UnsafePointer<UInt8>, _ wanted: Int, _ lanes: [CaseLane]
  ) throws(SAVError) -> Int {
    nonisolated(unsafe) let source = unsafe start
    var scan = CaseScan(place: OpcodePlace(start: 0))
    var window: [UInt8] = []
    var next = 0
    while next < blocks.count, scan.row < wanted, scan.state != .end {
      // What the last window has left of a case that is not complete.
      let used = scan.place.index < 8 ? scan.place.control : scan.place.data
      window.removeFirst(min(used, window.count))
      scan.place.control -= used
      scan.place.data -= used
      let part = blocks[next..<min(next + 2 * laneCount, blocks.count)]
      let carried = window.count
      window += [UInt8](repeating: 0, count: part.reduce(0) { $0 + $1.size })
      var starts: [Int] = []
      var position = carried
      for block in part {
        starts.append(position)
        position += block.size
      }
      let places = starts
      let isUnpacked = unsafe window.withUnsafeMutableBufferPointer { window in
        nonisolated(unsafe) let target = window.baseAddress
        return concurrentMap(count: part.count, threads: nil) { index in
          guard let target = unsafe target else { return false }
          return unsafe unpack(
            part[part.startIndex + index], of: source, into: target + places[index])
        }
      }
      if let bad = isUnpacked.firstIndex(of: false) {
        throw .corruptBlock(number: next + bad + 1, file: file, offset: blocks[next + bad].offset)
      }
      next += part.count
      unsafe window.withUnsafeBufferPointer { window in
        guard let first = window.baseAddress else { return }
        let chunks = unsafe scan.chunks(
          first, limit: window.count, wanted: wanted, values: dictionary.caseBytes / 8,
          rowsOfChunk: rowsOfChunk)
        unsafe decode(chunks, of: first, lanes)
      }
    }
    if scan.state == .incomplete { throw truncated(scan.row) }
    return scan.row
  }

  @unsafe private func decode(
    _ chunks: [CaseChunk], of bytes: UnsafePointer<UInt8>, _ lanes: [CaseLane]
  ) {
    nonisolated(unsafe) let source = unsafe bytes
    let caseBytes = dictionary.caseBytes
    let rowsOfBlock = self.rowsOfBlock
    let table = self.table
    share(chunks.count, lanes) { number, lane in
      let chunk = chunks[number]
      var place = chunk.place
      let block = UnsafeMutablePointer<UInt64>.allocate(
        capacity: min(rowsOfBlock, chunk.count) * caseBytes / 8)
      defer { unsafe block.deallocate() }
      var row = 0
      unsafe table.withUnsafeBufferPointer { table in
        while row < chunk.count {
          let count = min(rowsOfBlock, chunk.count - row)
          unsafe place.expand(
            count * caseBytes / 8, from: source, by: table.baseAddress!, into: block)
          unsafe lane.read(
            UnsafeRawPointer(block).assumingMemoryBound(to: UInt8.self), caseBytes: caseBytes,
            count: count, firstRow: chunk.firstRow + row)
          row += count
        }
      }
    }
  }

  /// Gives each chunk to the lane that is free first.
  private func share(
    _ count: Int, _ lanes: [CaseLane], _ body: @Sendable (Int, CaseLane) -> Void
  ) {
    guard count > 0 else { return }
    let queue = ChunkQueue(count)
    _ = concurrentMap(count: min(lanes.count, count), threads: nil) { number in
      while let chunk = queue.next() { body(chunk, lanes[number]) }
      return true
    }
  }
}

/// What decoding gave, beside the memory of the plans.
struct DecodedCases {
  let rowCount: Int
  let lanes: [CaseLane]

  /// Which lane read which rows.
  var runs: [(firstRow: Int, count: Int, lane: Int)] {
    lanes.enumerated()
      .flatMap { number, lane in lane.runs.map { ($0.firstRow, $0.count, number) } }
      .sorted { $0.0 < $1.0 }
  }

  func hasOverflowed(_ column: Int) -> Bool { lanes.contains { $0.hasOverflowed(column) } }
}
