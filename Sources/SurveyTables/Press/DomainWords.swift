import SurveyData

extension ResolvedSurvey {
  /// A condition in the words of the codebook: `region == 1` as "Region: Hovedstaden".
  ///
  /// What is more than equalities joined by `and` is given as it was written.
  func words(of condition: Expression) -> LocalizedText {
    guard let parts = condition.equalities else { return LocalizedText(condition.text) }
    func text(_ language: Language) -> String {
      parts.map { column, codes in
        let values = codes.map { code in
          dataset.codebook.label(of: code, in: column, language: language)
        }
        let or = language == .da ? " eller " : " or "
        return dataset.codebook.label(of: column, language: language) + ": "
          + values.joined(separator: or)
      }.joined(separator: ", ")
    }
    return LocalizedText(da: text(.da), en: text(.en))
  }
}
