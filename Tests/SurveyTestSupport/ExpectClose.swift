import Testing

/// Records an issue unless `actual` is within `relative` · |expected| or within `absolute` of
/// `expected`.
///
/// NaN is close to NaN alone, an infinity to itself alone, and what differs in sign is close only
/// under `absolute`. The default is the project's tolerance for plain algebra; a looser one wants
/// its reason beside it.
package func expectClose(
  _ actual: Double, _ expected: Double, relative: Double = 1e-12, absolute: Double = 0,
  _ comment: @autoclosure () -> String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard !isClose(actual, expected, relative: relative, absolute: absolute) else { return }
  Issue.record(
    """
    \(prefix(comment()))\(actual) is not close to \(expected): relative \
    difference \(relativeDifference(actual, expected)), allowed \(relative) relative, \
    \(absolute) absolute
    """,
    sourceLocation: sourceLocation)
}

/// Element by element; a different number of elements is an issue of its own.
package func expectClose(
  _ actual: [Double], _ expected: [Double], relative: Double = 1e-12, absolute: Double = 0,
  _ comment: @autoclosure () -> String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual.count == expected.count else {
    Issue.record(
      "\(prefix(comment()))\(actual.count) values, expected \(expected.count)",
      sourceLocation: sourceLocation)
    return
  }
  for index in actual.indices {
    expectClose(
      actual[index], expected[index], relative: relative, absolute: absolute,
      "\(prefix(comment()))value \(index)", sourceLocation: sourceLocation)
  }
}

private func prefix(_ comment: String) -> String { comment.isEmpty ? "" : comment + ": " }

/// The rule of `expectClose`, as an answer.
package func isClose(
  _ actual: Double, _ expected: Double, relative: Double, absolute: Double
) -> Bool {
  if actual.isNaN || expected.isNaN { return actual.isNaN && expected.isNaN }
  if actual.isInfinite || expected.isInfinite { return actual == expected }
  let difference = abs(actual - expected)
  if difference <= absolute { return true }
  return actual.sign == expected.sign && difference <= relative * abs(expected)
}

/// |actual − expected| / |expected|: 0 where they are equal, ∞ where only `expected` is 0.
package func relativeDifference(_ actual: Double, _ expected: Double) -> Double {
  actual == expected ? 0 : abs(actual - expected) / abs(expected)
}
