import SurveyData

extension Bytes {
  /// Values filled run by run on several threads.
  ///
  /// - Parameters:
  ///   - count: of values, cut into at most 64 runs.
  ///   - fill: writes the values of a range to a span that begins with its first.
  convenience init<Element: BitwiseCopyable>(
    of type: Element.Type, count: Int, threads: Int?,
    _ fill: @Sendable (Range<Int>, inout MutableSpan<Element>) -> Void
  ) {
    self.init(of: type, count: count) { span in
      let runCount = max(1, min(64, count / 16_384))
      guard runCount > 1 else { return fill(0..<count, &span) }
      unsafe span.withUnsafeMutableBufferPointer { buffer in
        // Each run is written by one thread, and all have ended before this returns.
        nonisolated(unsafe) let values = buffer.baseAddress!
        _ = concurrentMap(count: runCount, threads: threads) { run in
          let range = count * run / runCount..<count * (run + 1) / runCount
          var part = unsafe MutableSpan(
            _unsafeStart: values + range.lowerBound, count: range.count)
          fill(range, &part)
          return true
        }
      }
    }
  }
}
