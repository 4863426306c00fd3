import SurveyData
import SurveyStatistics

/// A categorical column as a question uses it: which of its categories are answers.
struct Item {
  let name: String
  let column: CategoricalColumn
  /// The categories that are answers, in order: the levels of `factor`.
  let answers: [SurveyData.Category]
  let factor: TabulationPlan.Factor

  init(_ name: String, in dataset: Dataset, keepingMissing kept: Set<MissingReason> = []) throws {
    self.name = name
    column = try dataset.categories(name)
    var levels: [Int32] = []
    var answers: [SurveyData.Category] = []
    for category in column.categories {
      let isAnswer = category.missing.map { kept.contains($0) && $0 != .notAsked } ?? true
      levels.append(isAnswer ? Int32(answers.count) : -1)
      if isAnswer { answers.append(category) }
    }
    self.answers = answers
    factor = TabulationPlan.Factor(column: column, levels: levels, levelCount: answers.count)
  }

  /// A net that is asked for, held against the categories.
  ///
  /// A code that no row has adds nothing and is named in `absent`; a net of such codes alone is an
  /// error, since it is more likely misspelt than chosen by nobody.
  func net(_ choice: NetChoice, in dataset: Dataset) throws(QuestionError) -> ResolvedNet {
    let codebook = dataset.codebook
    let nets = codebook.variables[self.name]?.nets ?? []
    let named = nets.first { $0.name == choice.text }
    let codes = named?.codes ?? choice.codes
    let levels = codes.compactMap { code in answers.firstIndex { $0.code == code } }
    guard !levels.isEmpty else {
      if codes.count == 1, !nets.isEmpty {
        throw .noSuchNet(
          choice.text, variable: name, nets: nets.map(\.name), file: dataset.source.path)
      }
      throw .noSuchCategory(
        codes.first ?? choice.text, variable: name, categories: answers.map(\.code),
        file: dataset.source.path)
    }
    return ResolvedNet(
      levels: levels, name: named?.name ?? codes.joined(separator: ","),
      label: label(of: codes, net: named, codebook),
      absent: codes.filter { code in !answers.contains { $0.code == code } })
  }

  /// A net's own text, or the texts of its categories.
  private func label(of codes: [String], net: Net?, _ codebook: Codebook) -> LocalizedText {
    if let net, net.label != LocalizedText() { return net.label }
    func text(_ language: Language) -> String {
      codes.map { codebook.label(of: $0, in: name, language: language) }.joined(separator: " + ")
    }
    return LocalizedText(da: text(.da), en: text(.en))
  }
}

/// A net as levels of an item.
struct ResolvedNet {
  let levels: [Int]
  let name: String
  let label: LocalizedText
  /// Codes of the net that no row has.
  let absent: [String]
}
