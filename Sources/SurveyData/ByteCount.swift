extension Span<UInt8> {
  /// How many of the bytes are `byte`, of those alone that are not 0 in `inside`, where it is given.
  ///
  /// - Precondition: `inside` has as many bytes.
  /// - Complexity: O(count), 64 bytes at a time.
  func count(of byte: UInt8, inside: Span<UInt8>?) -> Int {
    let wanted = SIMD16<UInt8>(repeating: byte)
    let raw = unsafe bytes
    guard let inside else {
      return count(
        blocks: { raw.block(at: $0) .== wanted }, rest: { self[$0] == byte })
    }
    precondition(inside.count == count)
    let mask = unsafe inside.bytes
    return count(
      blocks: { (raw.block(at: $0) .== wanted) .& (mask.block(at: $0) .!= SIMD16()) },
      rest: { self[$0] == byte && inside[$0] != 0 })
  }

  /// - Parameters:
  ///   - blocks: which of the sixteen bytes at a place count.
  ///   - rest: whether one byte does.
  @inline(__always)
  private func count(
    blocks: (Int) -> SIMDMask<SIMD16<Int8>>, rest: (Int) -> Bool
  ) -> Int {
    typealias Counts = SIMD16<UInt8>
    @inline(__always) func found(_ position: Int) -> Counts {
      unsafe unsafeBitCast(blocks(position), to: Counts.self)
    }
    var total = 0
    var position = 0
    while position + 64 <= count {
      // A byte counts up to 255 blocks.
      let end = Swift.min(position + 255 * 64, count - 63)
      var counts = (Counts(), Counts(), Counts(), Counts())
      while position < end {
        counts.0 &-= found(position)
        counts.1 &-= found(position + 16)
        counts.2 &-= found(position + 32)
        counts.3 &-= found(position + 48)
        position += 64
      }
      for counts in [counts.0, counts.1, counts.2, counts.3] {
        for lane in counts.indices { total += Int(counts[lane]) }
      }
    }
    while position < count {
      if rest(position) { total += 1 }
      position += 1
    }
    return total
  }
}

extension RawSpan {
  @inline(__always)
  fileprivate func block(at position: Int) -> SIMD16<UInt8> {
    unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: SIMD16<UInt8>.self)
  }
}
