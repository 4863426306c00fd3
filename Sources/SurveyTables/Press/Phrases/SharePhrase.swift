import SurveyData
import SurveyStatistics

/// A wording of a share: the estimates that it fits, and what the interval must bear for it.
///
/// `knap`, `lidt over`, `hver femte`, `flere end halvdelen`, `et flertal`, and their English kin.
/// Percentages are from 0 to 100.
public struct SharePhrase: Sendable, Hashable {
  /// As it is written in a sentence.
  public let text: String
  /// The estimates that it fits.
  public let range: PhraseRange
  /// What is said beyond the estimate.
  public let condition: Condition

  /// A bound that the confidence interval must lie beyond.
  public enum Condition: Sendable, Hashable {
    case none
    case lowerLimitAbove(Double)
    case upperLimitBelow(Double)
  }

  /// How a share stands to a phrase.
  public enum Fit: Sendable, Hashable {
    case holds
    /// The estimate is in the range, and the interval does not bear what the phrase says.
    case notBorne
    case outside
  }

  /// - Parameters:
  ///   - share: from 0 to 1.
  ///   - interval: `nil` where there is none; with no sampling error the share stands for it.
  public func fit(_ share: Double, interval: (low: Double, high: Double)?) -> Fit {
    guard range.contains(share * 100) else { return .outside }
    switch condition {
    case .none: return .holds
    case .lowerLimitAbove(let bound):
      return (interval?.low ?? -1) * 100 > bound ? .holds : .notBorne
    case .upperLimitBelow(let bound):
      return (interval?.high ?? 2) * 100 < bound ? .holds : .notBorne
    }
  }
}

/// A range of percentages, each end in or out.
public struct PhraseRange: Sendable, Hashable {
  public var low: Double
  public var includesLow = true
  public var high: Double
  public var includesHigh = true
  /// Estimates must be nearer to the first than to the second.
  var nearer: Nearer?

  struct Nearer: Sendable, Hashable {
    var to: Double
    var than: Double
  }

  /// A hair's breadth for numbers that are a bound in decimal and not in binary.
  private static let slack = 1e-9

  public func contains(_ percent: Double) -> Bool {
    let isAbove = includesLow ? percent >= low - Self.slack : percent > low + Self.slack
    let isBelow = includesHigh ? percent <= high + Self.slack : percent < high - Self.slack
    guard isAbove, isBelow else { return false }
    guard let nearer else { return true }
    return abs(percent - nearer.to) < abs(percent - nearer.than)
  }
}
