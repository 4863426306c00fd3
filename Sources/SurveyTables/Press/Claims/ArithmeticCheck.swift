import SurveyData

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What numbers say by themselves, without data.
struct ArithmeticCheck {
  let claim: Claim
  let arithmetic: ClaimedArithmetic
  let others: [Claim]

  init(_ claim: Claim, _ arithmetic: ClaimedArithmetic, others: [Claim]) {
    self.claim = claim
    self.arithmetic = arithmetic
    self.others = others
  }

  var verified: VerifiedClaim {
    get throws {
      switch arithmetic {
      case .denominator(let base, let isWeighted):
        return denominator(base: base, isWeighted: isWeighted)
      case .sum(let parts, let whole): return sum(parts, whole)
      case .compound(let percent, let times):
        return compound(percent, times)
      case .slightlyMore(let other): return try slightlyMore(than: other)
      }
    }
  }

  private var number: PublishedNumber {
    guard case .number(let number)? = claim.published else {
      preconditionFailure("arithmetic is held against a number")
    }
    return number
  }

  private func compound(_ percent: Double, _ times: Int) -> VerifiedClaim {
    let growth = (pow(1 + percent / 100, Double(times)) - 1) * 100
    var verified = claim.verified(
      number, against: Recomputed(value: growth, base: nil, unit: .percent))
    func text(_ value: Double, _ language: Language) -> String {
      let format = NumberFormat(language: language)
      return format.shortest((value * 100).rounded() / 100) + (language == .da ? " %" : "%")
    }
    let isSame = verified.verdict != .wrong
    verified.reason = LocalizedText(
      da: "\(text(percent, .da)) \(times) gange i træk er \(text(growth, .da))"
        + (isSame ? "." : ", ikke \(number.shown(.da))."),
      en: "\(text(percent, .en)) \(times) times in a row is \(text(growth, .en))"
        + (isSame ? "." : ", not \(number.shown(.en))."))
    return verified
  }

  // MARK: Denominators

  private func denominator(base: Int?, isWeighted: Bool) -> VerifiedClaim {
    guard !isWeighted else {
      return VerifiedClaim(
        claim, .notRecomputed,
        da: "En vægtet andel har ingen nævner: den er ikke et antal ud af et antal.",
        en: "A weighted share has no denominator: it is no count out of a count.")
    }
    let unit = number.rounding ?? 1
    guard let base else {
      guard
        let found = (1...100_000).lazy.compactMap({ base in
          counts(of: base, unit: unit).first.map { (base, $0) }
        }).first
      else {
        return VerifiedClaim(
          claim, .wrong, da: "Intet antal op til 100.000 giver \(number.shown(.da)) %.",
          en: "No base up to 100,000 gives \(number.text)%.")
      }
      return VerifiedClaim(
        claim, .holdsAsRounded,
        da: "\(number.shown(.da)) % kræver mindst \(found.0) svar (\(found.1) af \(found.0)).",
        en: "\(number.text)% needs at least \(found.0) answers (\(found.1) of \(found.0)).")
    }
    let fitting = counts(of: base, unit: unit)
    guard let count = fitting.first else {
      let below = Int((number.value / 100 * Double(base)).rounded(.down))
      let near = [below, below + 1].filter { (0...base).contains($0) }
        .map { "\($0)/\(base) = \(percent(Double($0) / Double(base)))" }
        .joined(separator: ", ")
      return VerifiedClaim(
        claim, .wrong, da: "Intet helt antal af \(base) giver \(number.shown(.da)) %: \(near).",
        en: "No whole number of \(base) gives \(number.text)%: \(near).")
    }
    let exact = fitting.first { abs(Double($0) / Double(base) * 100 - number.value) < 1e-9 }
    let list = fitting.prefix(5).map(String.init).joined(separator: ", ")
    return VerifiedClaim(
      claim, exact == nil ? .holdsAsRounded : .holds,
      Recomputed(
        value: Double(exact ?? count) / Double(base) * 100, base: base, unit: .percent),
      da: "\(list) af \(base) giver \(number.shown(.da)) %.",
      en: "\(list) of \(base) gives \(number.text)%.")
  }

  /// The counts out of a base that give the published percentage.
  private func counts(of base: Int, unit: Double) -> [Int] {
    let low = Int(((number.value - unit) / 100 * Double(base)).rounded(.down))
    let high = Int(((number.value + unit) / 100 * Double(base)).rounded(.up))
    guard low <= high else { return [] }
    return (max(0, low)...max(0, min(base, high))).filter {
      rounds(Double($0) / Double(base) * 100, to: number.value, unit: unit)
    }
  }

  private func percent(_ share: Double) -> String {
    NumberFormat(language: .en, decimals: 2).percent(share)
  }

  // MARK: Sums

  private func sum(_ parts: [Double], _ whole: Double) -> VerifiedClaim {
    let sum = parts.reduce(0, +)
    let recomputed = Recomputed(value: sum, base: nil, unit: .number)
    let (danish, english) = (NumberFormat(language: .da), NumberFormat(language: .en))
    let da = "Delene giver \(danish.shortest(sum)) af \(danish.shortest(whole))"
    let en = "The parts give \(english.shortest(sum)) of \(english.shortest(whole))"
    if abs(sum - whole) < 1e-9 {
      return VerifiedClaim(claim, .holds, recomputed, da: da + ".", en: en + ".")
    }
    // Each part may be half a unit off.
    let unit = parts.map(lastUnit).max() ?? 1
    if abs(sum - whole) <= unit / 2 * Double(parts.count) + 1e-9 {
      return VerifiedClaim(
        claim, .holdsAsRounded, recomputed, da: da + ", som afrunding kan forklare.",
        en: en + ", which rounding can explain.")
    }
    return VerifiedClaim(
      claim, .wrong, recomputed, da: da + ": der mangler noget, eller noget er talt to gange.",
      en: en + ": something is left out, or counted twice.")
  }

  /// The unit of a number's last decimal.
  private func lastUnit(_ number: Double) -> Double {
    let decimals = (0...6).first {
      abs((number * pow(10, Double($0))).rounded() - number * pow(10, Double($0))) < 1e-6
    }
    return pow(10, -Double(decimals ?? 6))
  }

  // MARK: Neighbours

  /// "Lidt flere (56 procent)" must be above its neighbour, and not by much.
  private func slightlyMore(than other: ClaimedText) throws -> VerifiedClaim {
    guard let neighbour = others.first(where: { $0.id == other.text }),
      let range = try neighbour.publishedRange
    else {
      return VerifiedClaim(
        claim, .notRecomputed, da: "'\(other.text)' har hverken tal eller udtryk at stå over.",
        en: "'\(other.text)' has neither a number nor a phrase to be above.")
    }
    let span = { (language: Language) in
      let format = NumberFormat(language: language)
      let (low, high) = (format.shortest(range.low), format.shortest(range.high))
      return low == high ? low : "\(low)-\(high)"
    }
    let isAbove = number.value > range.high
    let isSlight = number.value - range.high <= ChangePhrase.slight
    let da = "\(number.shown(.da)) står over for »\(other.text)«: \(span(.da))"
    let en = "\(number.text) stands against '\(other.text)': \(span(.en))"
    return VerifiedClaim(
      claim, isAbove && isSlight ? .holds : .wrong,
      da: da + (isAbove ? isSlight ? "." : ": mere end lidt flere." : ": ikke flere."),
      en: en + (isAbove ? isSlight ? "." : ": more than a little." : ": not more."))
  }
}

extension Claim {
  /// The percentages that a claim's words stand for.
  fileprivate var publishedRange: (low: Double, high: Double)? {
    get throws {
      switch published {
      case .number(let number): return (number.value, number.value)
      case .phrase(let text, let place):
        guard let phrase = SharePhrase(text) else {
          throw ClaimError.unknownPhrase(text, place: place)
        }
        return (phrase.range.low, phrase.range.high)
      case nil: return nil
      }
    }
  }
}
