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
