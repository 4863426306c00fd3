import SurveyData
import SurveyTables
import Testing

/// The phrases of the press, on both edges of their ranges and of their conditions.
@Suite("Phrases fit on both edges of their range, and no further")
struct PhraseTests {
  struct Range: Sendable, CustomTestStringConvertible {
    var phrase: String
    /// In percent.
    var low: Double
    var includesLow: Bool
    var high: Double
    var includesHigh: Bool
    var testDescription: String { phrase }

    /// `9...11`: both ends in; `(37...40)`: an end in round brackets is out.
    init(_ phrase: String, _ text: String) {
      self.phrase = phrase
      includesLow = !text.hasPrefix("(")
      includesHigh = !text.hasSuffix(")")
      let numbers = text.split { !$0.isNumber && $0 != "." }.flatMap { part in
        part.split(separator: "...").map { Double($0)! }
      }
      (low, high) = (numbers[0], numbers[1])
    }
  }

  /// An interval that every condition is met by.
  private func certain(_ share: Double) -> (Double, Double) { (share, share) }

  @Test(
    "Danish and English",
    arguments: [
      Range("hver tiende", "9 11"), Range("hver ottende", "12 13"),
      Range("hver sjette", "15.5 17.9"), Range("hver femte", "18.5 21.5"),
      Range("hver fjerde", "23 27"), Range("hver tredje", "31.5 35"),
      Range("to ud af fem", "38.5 41.5"), Range("halvdelen", "48.5 51.5"),
      Range("tre ud af fem", "58.5 61.5"), Range("to ud af tre", "65 68.5"),
      Range("tre ud af fire", "73.5 76.5"), Range("fire ud af fem", "78.5 81.5"),
      Range("ni ud af ti", "88.5 91.5"),
      Range("cirka hver tiende", "8 12"), Range("omkring hver femte", "17.5 22.5"),
      Range("ca. hver tredje", "30.5 36"), Range("cirka halvdelen", "47.5 52.5"),
      Range("omkring 40 procent", "37.5 42.5"), Range("ca. 3,3 pct.", "0.8 5.8"),
      Range("lidt over 40 procent", "(40 43"), Range("godt 40 procent", "(40 43"),
      Range("lidt over halvdelen", "50.5 53"), Range("lidt over hver femte", "(20 23"),
      Range("lidt under halvdelen", "47 50)"), Range("knap halvdelen", "47 50)"),
      Range("næsten 90 procent", "87 90)"),
      Range("lidt under to ud af tre", "63.66666666666667 66.66666666666667)"),
      Range("flere end halvdelen", "(50 100"), Range("mere end 40 procent", "(40 100"),
      Range("over fire ud af fem", "(80 100"), Range("færre end halvdelen", "0 50)"),
      Range("under 10 procent", "0 10)"),
      Range("et flertal", "(50 100"), Range("et klart flertal", "55 100"),
      Range("et stort flertal", "67 100"), Range("langt de fleste", "80 100"),
      Range("næsten alle", "93 100"), Range("et mindretal", "0 50)"), Range("få", "0 15"),
      Range("næsten ingen", "0 5"),
      Range("one in five", "18.5 21.5"), Range("about half", "47.5 52.5"),
      Range("just over 40 percent", "(40 43"), Range("just under half", "47 50)"),
      Range("more than four in five", "(80 100"), Range("fewer than half", "0 50)"),
      Range("a clear majority", "55 100"), Range("hardly any", "0 5"),
    ])
  func range(_ range: Range) throws {
    let phrase = try #require(SharePhrase(range.phrase))
    let step = 0.001
    for (edge, isIn, out) in [
      (range.low, range.includesLow, -step), (range.high, range.includesHigh, step),
    ] {
      // 0 and 100 percent have nothing beyond them.
      let share = edge / 100
      #expect((phrase.fit(share, interval: certain(share)) == .holds) == isIn)
      let inside = (edge - out) / 100
      #expect(phrase.fit(inside, interval: certain(inside)) == .holds)
      let beyond = edge + out
      guard beyond > 0, beyond < 100 else { continue }
      #expect(phrase.fit(beyond / 100, interval: certain(beyond / 100)) == .outside)
    }
  }

  @Test("a little under is nearer to its landmark than to the next: knap hver femte is above 18.33")
  func nearer() throws {
    let phrase = try #require(SharePhrase("knap hver femte"))
    #expect(phrase.fit(0.1834, interval: nil) == .holds)
    #expect(phrase.fit(0.1833, interval: nil) == .outside)
    #expect(phrase.fit(0.2, interval: nil) == .outside)
  }

  @Test(
    "what a phrase says of the population, the interval must bear",
    arguments: [
      ("flere end halvdelen", 0.57, 50.0, true), ("et flertal", 0.57, 50, true),
      ("et klart flertal", 0.57, 50, true), ("et stort flertal", 0.7, 50, true),
      ("langt de fleste", 0.85, 50, true), ("næsten alle", 0.95, 50, true),
      ("flere end fire ud af fem", 0.845, 80, true), ("mere end 40 procent", 0.45, 40, true),
      ("more than half", 0.57, 50, true), ("færre end halvdelen", 0.44, 50, false),
      ("et mindretal", 0.44, 50, false), ("få", 0.1, 50, false),
      ("næsten ingen", 0.04, 50, false), ("under 10 procent", 0.08, 10, false),
    ])
  func condition(text: String, share: Double, bound: Double, isLower: Bool) throws {
    let phrase = try #require(SharePhrase(text))
    func fit(_ limit: Double) -> SharePhrase.Fit {
      phrase.fit(share, interval: isLower ? (limit / 100, 1) : (0, limit / 100))
    }
    let step = isLower ? 0.01 : -0.01
    #expect(fit(bound + step) == .holds)
    #expect(fit(bound) == .notBorne)
    #expect(fit(bound - step) == .notBorne)
    // Without an interval nothing is borne.
    #expect(phrase.fit(share, interval: nil) == .notBorne)
  }

  @Test(
    "changes of a share, in points",
    arguments: [
      // phrase, change, low, high, what comes of it
      ("uændret", 0.5, -3.0, 3.0, SharePhrase.Fit.holds), ("uændret", 0.5, -3.01, 3, .notBorne),
      ("uændret", 0.5, -2, 3.01, .notBorne), ("uændret", 2, 0.5, 3.5, .outside),
      ("ingen sikker ændring", 2, 0, 4, .holds), ("ingen sikker ændring", 2, 0.01, 4, .outside),
      ("steget", 2, 0.01, 4, .holds), ("steget", 2, 0, 4, .notBorne),
      ("steget", -2, -4, -1, .outside), ("steget", 0, 0, 0, .outside),
      ("faldet", -2, -4, -0.01, .holds), ("faldet", -2, -4, 0, .notBorne),
      ("steget betydeligt", 5, 0.01, 10, .holds), ("steget betydeligt", 4.99, 1, 9, .notBorne),
      ("faldet betydeligt", -5, -10, -0.01, .holds), ("faldet betydeligt", -5, -10, 0, .notBorne),
      ("flere", 8, 1, 15, .holds), ("færre", -8, -15, -1, .holds),
      ("lidt flere", 6, 1, 11, .holds), ("lidt flere", 6.01, 1, 11, .outside),
      ("lidt flere", 4, -1, 9, .notBorne), ("lidt færre", -6, -11, -1, .holds),
      ("lidt færre", -6.01, -11, -1, .outside), ("increased", 2, 0.01, 4, .holds),
    ])
  func change(text: String, change: Double, low: Double, high: Double, fit: SharePhrase.Fit) throws
  {
    let phrase = try #require(ChangePhrase(text))
    #expect(phrase.fit(change, interval: (low, high), isShare: true) == fit)
  }

  @Test("a number has changed considerably from 10 percent on")
  func considerableNumber() throws {
    let phrase = try #require(ChangePhrase("faldet betydeligt"))
    #expect(phrase.fit(-10, interval: (-15, -5), isShare: false) == .holds)
    #expect(phrase.fit(-9.99, interval: (-15, -5), isShare: false) == .notBorne)
  }

  @Test(
    "no phrase: numbers, judgements, other words",
    arguments: [
      "44 procent", "mange", "kun", "blot", "hele", "en del", "hver tyvende", "lidt over", "",
    ])
  func unknown(text: String) { #expect(SharePhrase(text) == nil) }

  @Test(
    "the strongest wording that the data bear, and the next one down",
    arguments: [
      (0.845, 0.8117, 0.8734, "flere end fire ud af fem", "langt de fleste"),
      (0.2, 0.1641, 0.2415, "hver femte", "omkring hver femte"),
      (0.52, 0.478, 0.5617, "lidt over halvdelen", "omkring halvdelen"),
      (0.53, 0.501, 0.558, "flere end halvdelen", "lidt over halvdelen"),
      (0.033, 0.021, 0.052, "næsten ingen", "få"),
      (0.57, 0.528, 0.611, "lidt under tre ud af fem", "et klart flertal"),
      (0.57, 0.49, 0.65, "lidt under tre ud af fem", ""),
    ])
  func offered(share: Double, low: Double, high: Double, first: String, second: String) {
    let phrases = SharePhrase.offered(for: share, interval: (low, high), language: .da).map(\.text)
    #expect(phrases.first == first)
    #expect((phrases.dropFirst().first ?? "") == second)
  }

  @Test("whatever is offered holds, in both languages, and can be read back")
  func offeredHolds() throws {
    for step in 0...200 {
      let share = Double(step) / 200
      let interval = (max(0, share - 0.03), min(1, share + 0.03))
      for language in Language.allCases {
        for phrase in SharePhrase.offered(for: share, interval: interval, language: language) {
          #expect(try #require(SharePhrase(phrase.text)) == phrase)
          #expect(phrase.fit(share, interval: interval) == .holds)
        }
      }
    }
  }

  @Test("words that no number bears are found, and answers are not taken for them")
  func looseWords() {
    let found = LooseWords.found(in: "Blot 3 procent, og mange flere; flere end før, hele tiden.")
    #expect(found.judging == ["blot"])
    #expect(found.uncounted == ["mange", "flere"])
  }
}
