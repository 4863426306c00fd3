import SurveyStatistics

/// A wording of a change from one wave to another, or of a difference between two groups.
public enum ChangePhrase: String, Sendable, CaseIterable {
  case unchanged, noCertainChange
  case risen, fallen, risenMuch, fallenMuch
  case more, fewer, slightlyMore, slightlyFewer

  /// The words, in Danish and English; the first of each language is the one that is written.
  public var words: [String] {
    switch self {
    case .unchanged: ["uændret", "unchanged"]
    case .noCertainChange: ["ingen sikker ændring", "no certain change"]
    case .risen: ["steget", "risen", "increased", "grown"]
    case .fallen: ["faldet", "fallen", "decreased"]
    case .risenMuch: ["steget betydeligt", "betydeligt steget", "risen considerably"]
    case .fallenMuch: ["faldet betydeligt", "betydeligt faldet", "fallen considerably"]
    case .more: ["flere", "more"]
    case .fewer: ["færre", "fewer"]
    case .slightlyMore: ["lidt flere", "slightly more"]
    case .slightlyFewer: ["lidt færre", "slightly fewer"]
    }
  }

  public init?(_ text: String) {
    let words = text.lowercased().split(separator: " ").joined(separator: " ")
    guard let phrase = Self.allCases.first(where: { $0.words.contains(words) }) else { return nil }
    self = phrase
  }

  /// The most that "a little more" is, in percentage points or percent of the former value.
  static let slight = 6.0
  /// The least that a considerable change of a share is, in percentage points.
  static let considerablePoints = 5.0
  /// The least that a considerable change of a number is, in percent of the former value.
  static let considerablePercent = 10.0
  /// How far a change may be from 0 for "unchanged", its whole interval.
  static let unchangedWithin = 3.0

  /// How a change stands to the phrase.
  ///
  /// - Parameters:
  ///   - change: of a share in percentage points; of a number in percent of the former value.
  ///   - interval: in the same unit; `nil` where there is none.
  ///   - isShare: whether the change is of a share.
  public func fit(
    _ change: Double, interval: (low: Double, high: Double)?, isShare: Bool
  ) -> SharePhrase.Fit {
    let isCertain = interval.map { $0.low > 0 || $0.high < 0 } ?? false
    switch self {
    case .unchanged:
      guard let interval else { return .notBorne }
      if interval.low >= -Self.unchangedWithin, interval.high <= Self.unchangedWithin {
        return .holds
      }
      return isCertain ? .outside : .notBorne
    case .noCertainChange: return isCertain ? .outside : .holds
    case .risen, .more: return directed(change, isCertain, atLeast: 0)
    case .fallen, .fewer: return directed(-change, isCertain, atLeast: 0)
    case .risenMuch: return directed(change, isCertain, atLeast: considerable(isShare))
    case .fallenMuch: return directed(-change, isCertain, atLeast: considerable(isShare))
    case .slightlyMore:
      return change > Self.slight ? .outside : directed(change, isCertain, atLeast: 0)
    case .slightlyFewer:
      return -change > Self.slight ? .outside : directed(-change, isCertain, atLeast: 0)
    }
  }

  private func considerable(_ isShare: Bool) -> Double {
    isShare ? Self.considerablePoints : Self.considerablePercent
  }

  private func directed(
    _ size: Double, _ isCertain: Bool, atLeast least: Double
  ) -> SharePhrase.Fit {
    guard size > 0 else { return .outside }
    return isCertain && size >= least - 1e-9 ? .holds : .notBorne
  }
}
