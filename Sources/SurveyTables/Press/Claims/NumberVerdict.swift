import SurveyData

extension Claim {
  /// The verdict on a number: the same, the same once rounded, or another.
  func verified(_ number: PublishedNumber, against recomputed: Recomputed) -> VerifiedClaim {
    let value = recomputed.value
    let (da, en) = recomputed.sentences
    let published = number.value
    if abs(value - published) <= 1e-9 * max(1, abs(value)) {
      return VerifiedClaim(self, .holds, recomputed, da: da + ".", en: en + ".")
    }
    let unit = number.rounding ?? 1
    if rounds(value, to: published, unit: unit) {
      let (danish, english) = (shown(unit, .da), shown(unit, .en))
      return VerifiedClaim(
        self, .holdsAsRounded, recomputed,
        da: "\(da); afrundet til \(danish): \(number.shown(.da)).",
        en: "\(en); rounded to \(english): \(number.shown(.en)).")
    }
    return VerifiedClaim(
      self, .wrong, recomputed, da: "\(da), ikke \(number.shown(.da)).",
      en: "\(en), not \(number.shown(.en)).")
  }

  private func shown(_ unit: Double, _ language: Language) -> String {
    NumberFormat(language: language).shortest(unit)
  }

  /// The verdict on a phrase.
  func verified(
    _ phrase: String, _ fit: SharePhrase.Fit, against recomputed: Recomputed,
    needs: LocalizedText
  ) -> VerifiedClaim {
    let (da, en) = recomputed.sentences
    switch fit {
    case .holds: return VerifiedClaim(self, .holds, recomputed, da: da + ".", en: en + ".")
    case .notBorne:
      return VerifiedClaim(
        self, .weaker, recomputed, da: "\(da). »\(phrase)« kræver \(needs[.da]).",
        en: "\(en). \"\(phrase)\" needs \(needs[.en]).")
    case .outside:
      return VerifiedClaim(
        self, .wrong, recomputed, da: "\(da), som ikke er »\(phrase)«.",
        en: "\(en), which is not \"\(phrase)\".")
    }
  }

  /// The verdict where a figure is withheld or does not exist.
  func notRecomputed(_ cell: Cell?) -> VerifiedClaim {
    cell?.suppression == nil
      ? VerifiedClaim(
        self, .notRecomputed, da: "Ingen i data har svaret.", en: "Nobody in the data answered.")
      : VerifiedClaim(
        self, .notRecomputed, da: "Tallet er tilbageholdt for at beskytte svarpersoner.",
        en: "The figure is withheld to protect respondents.")
  }
}

extension Recomputed {
  /// What the data give, without a full stop, for a reason to go on from.
  fileprivate var sentences: (da: String, en: String) {
    (
      "Data giver \(text(.da))\(intervalText(.da))",
      "The data give \(text(.en))\(intervalText(.en))"
    )
  }
}
