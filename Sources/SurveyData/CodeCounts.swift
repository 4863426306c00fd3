import CVectorKernels

extension Bytes {
  /// How many of some rows have each of the first codes, a byte a row; others are not counted.
  ///
  /// - Parameters:
  ///   - codeCount: at most 256.
  ///   - inside: a byte a row of all, 0 where it is left out.
  /// - Complexity: O(rows · codes), 64 rows at a time.
  package func codeCounts(
    of rows: Range<Int>, below codeCount: Int, inside: Bytes? = nil
  ) -> [Int] {
    precondition(codeCount <= 256)
    var counts = [Int64](repeating: 0, count: codeCount)
    func count(_ inside: UnsafePointer<UInt8>?) {
      withSpan(of: UInt8.self) { codes in
        unsafe codes.extracting(rows).withUnsafeBufferPointer { codes in
          guard let codes = codes.baseAddress else { return }
          unsafe countCodes(codes, inside, Int64(rows.count), Int64(codeCount), &counts)
        }
      }
    }
    if let inside {
      inside.withSpan(of: UInt8.self) { inside in
        unsafe inside.extracting(rows).withUnsafeBufferPointer { unsafe count($0.baseAddress) }
      }
    } else {
      count(nil)
    }
    return counts.map { Int($0) }
  }
}
