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

  /// Every dictionary index a level of its own, missing ones too: to count where the rows went.
  var everything: TabulationPlan.Factor {
    TabulationPlan.Factor(
      column: column, levels: column.categories.indices.map { Int32($0) },
      levelCount: column.categories.count)
  }

  /// The levels of a net, and the name it goes by.
  func net(_ choice: NetChoice, in dataset: Dataset) throws -> (
    levels: [Int], name: String, label: LocalizedText
  ) {
    let codes: [String]
    let name: String
    var label = LocalizedText()
    switch choice {
    case .codes(let given):
      codes = given
      name = given.joined(separator: ",")
      let labels = given.map { code in
        LocalizedText(
          da: dataset.codebook.label(of: code, in: self.name, language: .da),
          en: dataset.codebook.label(of: code, in: self.name, language: .en))
      }
      label = LocalizedText(
        da: labels.map { $0[.da] }.joined(separator: " + "),
        en: labels.map { $0[.en] }.joined(separator: " + "))
    case .named(let given):
      let nets = dataset.codebook.variables[self.name]?.nets ?? []
      guard let net = nets.first(where: { $0.name == given }) else {
        throw QuestionError.noSuchNet(
          given, variable: self.name, nets: nets.map(\.name), file: dataset.source.path)
      }
      codes = net.codes
      name = net.name
      label = net.label[.da].isEmpty ? LocalizedText(net.name) : net.label
    }
    let levels = try codes.map { code in
      guard let level = answers.firstIndex(where: { $0.code == code }) else {
        throw QuestionError.noSuchCategory(
          code, variable: self.name, categories: answers.map(\.code), file: dataset.source.path)
      }
      return level
    }
    return (levels, name, label)
  }
}
