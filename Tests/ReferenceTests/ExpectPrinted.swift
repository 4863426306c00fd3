import SurveyTestSupport
import Testing

/// Within half a unit of the last digit printed.
///
/// - Parameter slack: of that half, for the rounding of a number that stands on it.
func expectPrinted(
  _ actual: Double?, _ printed: String, slack: Double = 1e-9,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let actual = try #require(actual, sourceLocation: sourceLocation)
  let decimals = printed.split(separator: ".").dropFirst().first?.count ?? 0
  let half = (0..<decimals).reduce(0.5) { half, _ in half / 10 }
  expectClose(
    actual, Double(printed)!, relative: 0, absolute: half * (1 + slack),
    sourceLocation: sourceLocation)
}
