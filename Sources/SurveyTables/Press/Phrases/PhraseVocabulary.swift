import SurveyData

/// What stands before a landmark or a percentage: "lidt over", "flere end".
enum PhraseModifier: CaseIterable, Sendable {
  case moreThan, fewerThan, exactly, littleUnder, littleOver, about

  /// The first word is the one that is written; `godt` is read as `knap` by many younger Danes, so it
  /// is understood and never written.
  func words(_ language: Language) -> [String] {
    switch (self, language) {
    case (.exactly, _): [""]
    case (.about, .da): ["omkring", "cirka", "ca."]
    case (.about, .en): ["about", "around", "approximately"]
    case (.littleUnder, .da): ["lidt under", "knap", "næsten"]
    case (.littleUnder, .en): ["just under", "a little under", "nearly", "almost"]
    case (.littleOver, .da): ["lidt over", "lidt mere end", "lidt flere end", "godt"]
    case (.littleOver, .en): ["just over", "a little over", "a little more than"]
    case (.moreThan, .da): ["flere end", "mere end", "over"]
    case (.moreThan, .en): ["more than", "over"]
    case (.fewerThan, .da): ["færre end", "mindre end", "under"]
    case (.fewerThan, .en): ["fewer than", "less than", "under"]
    }
  }
}

/// A majority or a minority, in words.
struct MajorityWords: Sendable {
  let da: String
  let en: String
  let range: PhraseRange
  let condition: SharePhrase.Condition

  /// The strongest first, of majorities and of minorities.
  static let all: [MajorityWords] = [
    .init("næsten alle", "nearly all", from: 93),
    .init("langt de fleste", "the great majority", from: 80),
    .init("et stort flertal", "a large majority", from: 67),
    .init("et klart flertal", "a clear majority", from: 55),
    .init("et flertal", "a majority", from: 50, isIn: false),
    .init("næsten ingen", "hardly any", to: 5),
    .init("få", "few", to: 15),
    .init("et mindretal", "a minority", to: 50, isIn: false),
  ]

  private init(_ da: String, _ en: String, from low: Double, isIn: Bool = true) {
    self.da = da
    self.en = en
    range = PhraseRange(low: low, includesLow: isIn, high: 100)
    condition = .lowerLimitAbove(50)
  }

  private init(_ da: String, _ en: String, to high: Double, isIn: Bool = true) {
    self.da = da
    self.en = en
    range = PhraseRange(low: 0, high: high, includesHigh: isIn)
    condition = .upperLimitBelow(50)
  }

  func phrase(_ language: Language) -> SharePhrase {
    SharePhrase(text: language == .da ? da : en, range: range, condition: condition)
  }
}

extension SharePhrase {
  /// A phrase in Danish or English, as it stands in a sentence; `nil` where no phrase is meant.
  public init?(_ text: String) {
    let words = text.lowercased().split(separator: " ").joined(separator: " ")
    for language in Language.allCases {
      for majority in MajorityWords.all where majority.phrase(language).text == words {
        self = majority.phrase(language)
        return
      }
      // The longest word first: "lidt over" before "over".
      let modifiers = PhraseModifier.allCases.flatMap { modifier in
        modifier.words(language).map { (modifier, $0) }
      }
      for (modifier, word) in modifiers.sorted(by: { $0.1.count > $1.1.count }) {
        guard words.hasPrefix(word.isEmpty ? "" : word + " ") else { continue }
        let rest = words.dropFirst(word.isEmpty ? 0 : word.count + 1)
        if let landmark = Landmark.all.first(where: { $0.words(language).contains(String(rest)) }) {
          self = SharePhrase(words, modifier, landmark)
          return
        }
        // A bare percentage is a number, not a phrase.
        if modifier != .exactly, let percent = percentage(rest, language) {
          self = SharePhrase(words, modifier, percent: percent, plain: nil)
          return
        }
      }
    }
    return nil
  }

  init(_ text: String, _ modifier: PhraseModifier, _ landmark: Landmark) {
    self.init(text, modifier, percent: landmark.percent, plain: landmark)
  }

  private init(
    _ text: String, _ modifier: PhraseModifier, percent: Double, plain landmark: Landmark?
  ) {
    var range: PhraseRange
    var condition = Condition.none
    switch modifier {
    case .exactly:
      let accepted = landmark?.accepted ?? percent...percent
      range = PhraseRange(low: accepted.lowerBound, high: accepted.upperBound)
    case .about:
      if let landmark, landmark.isEvery {
        range = PhraseRange(
          low: landmark.accepted.lowerBound - 1, high: landmark.accepted.upperBound + 1)
      } else {
        range = PhraseRange(low: percent - 2.5, high: percent + 2.5)
      }
    case .littleUnder:
      range = PhraseRange(low: percent - 3, high: percent, includesHigh: false)
      range.nearer = .init(to: percent, than: Landmark.neighbours(of: percent).below)
    case .littleOver:
      range = PhraseRange(
        low: landmark?.littleOverFrom ?? percent, includesLow: landmark?.littleOverFrom != nil,
        high: percent + 3)
    case .moreThan:
      range = PhraseRange(low: percent, includesLow: false, high: 100)
      condition = .lowerLimitAbove(percent)
    case .fewerThan:
      range = PhraseRange(low: 0, high: percent, includesHigh: false)
      condition = .upperLimitBelow(percent)
    }
    self.init(text: text, range: range, condition: condition)
  }
}

/// "40 procent", "3,3 pct.", "40 percent", "40%": from 0 to 100.
private func percentage(_ text: Substring, _ language: Language) -> Double? {
  let units =
    language == .da ? [" procent", " pct.", " %", "%"] : [" percent", " per cent", " %", "%"]
  guard let unit = units.first(where: { text.hasSuffix($0) }) else { return nil }
  let digits = String(text.dropLast(unit.count))
  let number = language == .da ? digits.split(separator: ",") : digits.split(separator: ".")
  guard (1...2).contains(number.count),
    number.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
    let value = Double(number.joined(separator: ".")), (0...100).contains(value)
  else { return nil }
  return value
}
