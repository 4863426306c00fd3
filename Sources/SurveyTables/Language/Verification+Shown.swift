import SurveyData

extension Verification {
  /// The verdicts as people read them.
  public func shown(in format: NumberFormat) -> ShownTable {
    let language = format.language
    let words = TableWords(language)
    var notes: [String] = []
    for claim in claims {
      for remark in claim.remarks { notes.append("\(claim.claim.id): \(remark[language])") }
    }
    return ShownTable(
      title: path,
      lead: [
        Verdict.allCases.map { "\($0.words[language]): \(count(of: $0))" }.joined(separator: ", ")
      ],
      columns: [
        .init(heading: words.choose("påstand", "claim"), isNumeric: false),
        .init(heading: words.choose("dom", "verdict"), isNumeric: false),
        .init(heading: words.choose("udgivet", "published"), isNumeric: false),
        .init(heading: words.choose("begrundelse", "reason"), isNumeric: false),
      ],
      rows: claims.map { claim in
        [
          claim.claim.id, claim.verdict.words[language], claim.publishedText(language),
          claim.reason[language],
        ]
      }, notes: notes)
  }
}

extension VerifiedClaim {
  /// What was published, as it was written; a dash where the claim gives nothing.
  public func publishedText(_ language: Language) -> String {
    switch claim.published {
    case .number(let number):
      language == .da ? number.text.replacing(".", with: ",") : number.text
    case .phrase(let text, _): text
    case nil: "\u{2013}"
    }
  }
}

extension Verdict {
  /// The verdict for people; formats that programs read have `rawValue`.
  public var words: LocalizedText {
    switch self {
    case .holds: LocalizedText(da: "holder", en: "holds")
    case .holdsAsRounded: LocalizedText(da: "holder afrundet", en: "holds as rounded")
    case .weaker: LocalizedText(da: "svagere end skrevet", en: "weaker than worded")
    case .wrong: LocalizedText(da: "forkert", en: "wrong")
    case .notRecomputed: LocalizedText(da: "kan ikke genberegnes", en: "cannot be recomputed")
    }
  }
}
