/// Why a respondent has no valid answer. Reasons stay apart until a base is chosen.
public enum MissingReason: String, Sendable, CaseIterable, Codable {
  /// Filtered past the question.
  case notAsked
  /// Asked, and nothing answered (an empty cell is this, unless the survey file says otherwise).
  case noAnswer
  case dontKnow
  case refused
  case notApplicable
  /// Left the questionnaire before this question.
  case breakOff
  /// Declared missing without a reason, as by `--missing q7=9`.
  case unspecified

  /// The word in messages and tables.
  public var text: LocalizedText {
    switch self {
    case .notAsked: LocalizedText(da: "ikke spurgt", en: "not asked")
    case .noAnswer: LocalizedText(da: "ubesvaret", en: "no answer")
    case .dontKnow: LocalizedText(da: "ved ikke", en: "don't know")
    case .refused: LocalizedText(da: "ønsker ikke at svare", en: "refused")
    case .notApplicable: LocalizedText(da: "ikke relevant", en: "not applicable")
    case .breakOff: LocalizedText(da: "frafald undervejs", en: "break-off")
    case .unspecified: LocalizedText(da: "mangler", en: "missing")
    }
  }
}

extension MissingReason {
  /// The reason that a label tells, as "Ved ikke" does; `nil` where it is none of the usual words.
  package init?(label: String) {
    let words = label.lowercased().replacing("’", with: "'")
    guard
      let reason = Self.allCases.first(where: { reason in
        reason.text.da?.lowercased() == words || reason.text.en?.lowercased() == words
          || reason.otherWords.contains(words)
      })
    else { return nil }
    self = reason
  }

  private var otherWords: [String] {
    switch self {
    case .notAsked: ["ikke stillet"]
    case .noAnswer: ["ikke besvaret", "intet svar", "uoplyst", "not answered", "no response"]
    case .dontKnow: ["ved det ikke", "do not know"]
    case .refused: ["vil ikke svare", "prefer not to say", "prefer not to answer"]
    case .notApplicable: ["not relevant", "not applicable"]
    case .breakOff: ["afbrudt", "break off"]
    case .unspecified: []
    }
  }
}
