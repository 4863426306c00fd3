import SurveyData

/// Why a figure is withheld.
public enum Suppression: Sendable, Hashable {
  /// Fewer respondents than the rules ask for.
  case base(minimum: Int)
  /// Fewer in the category, or in all others, than the rules ask for.
  case count(minimum: Int)
  /// Withheld so that another withheld figure cannot be worked out from it.
  case complementary
}

extension DisclosureRules {
  /// Whether there is anything to protect.
  package var areActive: Bool { minimumBase > 0 || minimumCount > 0 }

  /// Why a figure of that base and count must be withheld by itself; `nil` where it may be shown.
  ///
  /// - Parameter count: respondents in the category of a share; `nil` for a mean or a total.
  package func suppression(base: Int, count: Int?) -> Suppression? {
    if base < minimumBase { return .base(minimum: minimumBase) }
    guard let count, base > 0 else { return nil }
    if count < minimumCount || base - count < minimumCount { return .count(minimum: minimumCount) }
    return nil
  }

  /// Which parts of a whole are withheld.
  ///
  /// The parts add up to a known whole, so one withheld part could be worked out: it takes the next
  /// smallest with it, and more until those withheld together hold `minimumCount` respondents.
  ///
  /// - Parameter base: the respondents of the distribution, which may be more than the parts hold
  ///   (a net and its complement are parts of the same base).
  package func suppressions(ofParts counts: [Int], base: Int) -> [Suppression?] {
    var result = counts.map { suppression(base: base, count: $0) }
    guard counts.count > 1, result.contains(where: { $0 != nil }) else { return result }
    func isSafe() -> Bool {
      let withheld = counts.indices.filter { result[$0] != nil }
      return withheld.count > 1 && withheld.reduce(0) { $0 + counts[$1] } >= minimumCount
    }
    let order = counts.indices.sorted { (counts[$0], $0) < (counts[$1], $1) }
    for index in order where result[index] == nil && !isSafe() {
      result[index] = .complementary
    }
    return result
  }
}
