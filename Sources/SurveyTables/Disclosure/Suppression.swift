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
