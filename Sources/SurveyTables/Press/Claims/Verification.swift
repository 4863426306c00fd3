import SurveyData

/// What became of a claims file when its figures were computed again.
public struct Verification: Sendable {
  public var path: String
  public var sha256: String?
  public var claims: [VerifiedClaim]

  public func count(of verdict: Verdict) -> Int { claims.count { $0.verdict == verdict } }
}

/// What the data say to a claim.
public enum Verdict: String, Sendable, CaseIterable {
  /// The number is exactly the published one, or the data bear the phrase.
  case holds
  /// The number is the published one once it is rounded as the claim says.
  case holdsAsRounded = "holds as rounded"
  /// The estimate fits the words, and its uncertainty does not.
  case weaker = "weaker than worded"
  case wrong
  /// The figure is withheld, nobody answered, or it is somebody else's.
  case notRecomputed = "cannot be recomputed"
}

/// A claim with its verdict.
public struct VerifiedClaim: Sendable {
  public var claim: Claim
  public var verdict: Verdict
  /// What the data give; `nil` where it is withheld or not computed.
  public var recomputed: Recomputed?
  /// Why, in a sentence.
  public var reason: LocalizedText
  /// What else a careful reader would say of the sentence.
  public var remarks: [LocalizedText] = []

  init(
    _ claim: Claim, _ verdict: Verdict, _ recomputed: Recomputed? = nil, da: String, en: String
  ) {
    self.claim = claim
    self.verdict = verdict
    self.recomputed = recomputed
    reason = LocalizedText(da: da, en: en)
  }
}

/// A figure computed again, in the unit that it was published in.
public struct Recomputed: Sendable {
  public var value: Double
  public var interval: (low: Double, high: Double)?
  /// Respondents that it rests on, unweighted.
  public var base: Int?
  public var unit: Unit

  public enum Unit: String, Sendable {
    case percent, points, number, rank
  }

  func text(_ language: Language) -> String { text(value, language, withUnit: true) }

  private func text(_ value: Double, _ language: Language, withUnit: Bool) -> String {
    let format = NumberFormat(language: language)
    switch unit {
    case .percent where withUnit: return format.percent(value / 100)
    case .percent: return format.percentNumber(value / 100)
    case .points:
      let number = format.signed(format.number(value, decimals: 1), of: value)
      let words = language == .da ? " procentpoint" : " percentage points"
      return withUnit ? number + words : number
    case .number: return format.significant(value)
    case .rank: return format.count(Int(value))
    }
  }

  func intervalText(_ language: Language) -> String {
    guard let interval else { return "" }
    let low = text(interval.low, language, withUnit: false)
    let high = text(interval.high, language, withUnit: true)
    return language == .da
      ? " (95 % sikkerhed: \(low) til \(high))" : " (95% CI: \(low) to \(high))"
  }
}

extension PublishedNumber {
  /// As it was written, with the mark of the language.
  func shown(_ language: Language) -> String {
    language == .da ? text.replacing(".", with: ",") : text
  }
}

/// What is wrong with a claim once its survey is at hand.
public enum ClaimError: InputFault {
  /// A fault of the question that the claim asks, at the words that caused it.
  case question(String, place: SourcePlace)
  case unknownPhrase(String, place: SourcePlace)
  case phraseOfNumber(String, place: SourcePlace)
  case phraseOfDifference(String, place: SourcePlace)
  case noSuchGroup(String, by: String, groups: [String], place: SourcePlace)

  public var fault: Fault { .data }

  public var description: String {
    switch self {
    case .question(let message, let place): "\(place): \(message)"
    case .unknownPhrase(let text, let place):
      "\(place): '\(text)' is no phrase that can be held against data. Phrases are as 'flere end "
        + "halvdelen', 'hver femte', 'lidt over 40 procent', 'et flertal'; of changes 'steget', "
        + "'faldet betydeligt', 'uændret'; and their English kin."
    case .phraseOfNumber(let text, let place):
      "\(place): '\(text)' words a share, and this figure is a number. Give it the key 'number'."
    case .phraseOfDifference(let text, let place):
      "\(place): '\(text)' words no difference. Differences are worded 'steget', 'faldet', 'uændret', "
        + "'flere', 'lidt flere' and their like."
    case .noSuchGroup(let code, let column, let groups, let place):
      "\(place): nobody of '\(column)' is in group '\(code)'. Its groups: "
        + groups.joined(separator: ", ") + "."
    }
  }
}
