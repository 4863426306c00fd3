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

  /// The levels of a net, and the name it goes by.
  func net(_ choice: NetChoice, in dataset: Dataset) throws -> (
    levels: [Int], name: String, label: LocalizedText
  ) {
    let codebook = dataset.codebook
    let nets = codebook.variables[self.name]?.nets ?? []
    let named = nets.first { $0.name == choice.text }
    let codes = named?.codes ?? choice.codes
    if named == nil, codes.count == 1, !nets.isEmpty,
      !answers.contains(where: { $0.code == codes[0] })
    {
      throw QuestionError.noSuchNet(
        choice.text, variable: self.name, nets: nets.map(\.name), file: dataset.source.path)
    }
    let levels = try codes.map { code in
      guard let level = answers.firstIndex(where: { $0.code == code }) else {
        throw QuestionError.noSuchCategory(
          code, variable: self.name, categories: answers.map(\.code), file: dataset.source.path)
      }
      return level
    }
    return (
      levels, named?.name ?? codes.joined(separator: ","), label(of: codes, net: named, codebook)
    )
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
