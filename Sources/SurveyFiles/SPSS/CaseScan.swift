/// Cases in bytecode that one lane decodes.
struct CaseChunk: Sendable {
  let place: OpcodePlace
  let firstRow: Int
  let count: Int
}

/// Finds where cases begin in bytecode, which nothing but reading it from its start can tell.
struct CaseScan {
  /// Where the next case begins.
  var place: OpcodePlace
  /// The cases passed over so far.
  private(set) var row = 0
  /// How the last bytes ended.
  private(set) var state = OpcodePlace.Progress.exhausted

  init(place: OpcodePlace) { self.place = place }

  /// The complete cases in the bytes up to `limit`, and no more than `wanted` in all.
  @unsafe mutating func chunks(
    _ bytes: UnsafePointer<UInt8>, limit: Int, wanted: Int, values: Int, rowsOfChunk: Int
  ) -> [CaseChunk] {
    var chunks: [CaseChunk] = []
    state = .done
    while row < wanted, state == .done {
      let first = place
      var count = min(rowsOfChunk, wanted - row)
      var next = place
      state = unsafe next.advance(count * values, in: bytes, limit: limit)
      if state == .done {
        place = next
      } else {
        // Somewhere among them the bytes end: find the last complete case.
        count = 0
        while true {
          next = place
          state = unsafe next.advance(values, in: bytes, limit: limit)
          guard state == .done else { break }
          place = next
          count += 1
        }
      }
      if count > 0 { chunks.append(CaseChunk(place: first, firstRow: row, count: count)) }
      row += count
    }
    return chunks
  }
}
