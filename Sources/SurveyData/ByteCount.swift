extension Span<UInt8> {
  /// How many of the bytes are `byte`.
  ///
  /// - Complexity: O(count), 64 bytes at a time.
  func count(of byte: UInt8) -> Int {
    typealias Block = SIMD16<UInt8>
    let wanted = Block(repeating: byte)
    let raw = unsafe bytes
    var total = 0
    var position = 0
    while position + 64 <= raw.byteCount {
      // A byte counts up to 255 blocks.
      let end = Swift.min(position + 255 * 64, raw.byteCount - 63)
      var counts = (Block(), Block(), Block(), Block())
      while position < end {
        counts.0 &-= raw.equal(wanted, at: position)
        counts.1 &-= raw.equal(wanted, at: position + 16)
        counts.2 &-= raw.equal(wanted, at: position + 32)
        counts.3 &-= raw.equal(wanted, at: position + 48)
        position += 64
      }
      for counts in [counts.0, counts.1, counts.2, counts.3] {
        for lane in counts.indices { total += Int(counts[lane]) }
      }
    }
    while position < raw.byteCount {
      if self[position] == byte { total += 1 }
      position += 1
    }
    return total
  }
}

extension RawSpan {
  /// 255 for each of 16 bytes that is the one wanted.
  @inline(__always)
  fileprivate func equal(_ wanted: SIMD16<UInt8>, at position: Int) -> SIMD16<UInt8> {
    let bytes = unsafe unsafeLoadUnaligned(
      fromUncheckedByteOffset: position, as: SIMD16<UInt8>.self)
    return unsafe unsafeBitCast(bytes .== wanted, to: SIMD16<UInt8>.self)
  }
}
