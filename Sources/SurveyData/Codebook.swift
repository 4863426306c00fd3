/// What the codes mean: labels, scales, nets, and which codes are no answer.
public struct Codebook: Sendable {
  public var variables: [String: Variable]
  public var multiResponseSets: [MultiResponseSet]

  public init(variables: [String: Variable] = [:], multiResponseSets: [MultiResponseSet] = []) {
    self.variables = variables
    self.multiResponseSets = multiResponseSets
  }

  /// The text of a category for people; the code itself where the codebook has no label.
  public func label(of code: String, in variable: String, language: Language) -> String {
    let label = variables[variable]?.categories.first { $0.code == code }?.label[language]
    return label.flatMap { $0.isEmpty ? nil : $0 } ?? code
  }

  /// The text of a variable for people; its name where the codebook has no label.
  public func label(of variable: String, language: Language) -> String {
    let label = variables[variable]?.label[language]
    return label.flatMap { $0.isEmpty ? nil : $0 } ?? variable
  }
}

/// One variable as the codebook describes it.
public struct Variable: Sendable {
  public enum Kind: String, Sendable, CaseIterable { case categorical, numeric, text }

  /// What may be done with the values, as SPSS and Stata users declare it.
  public enum Measurement: String, Sendable, CaseIterable { case nominal, ordinal, scale }

  public var name: String
  public var label: LocalizedText
  /// The wording of the question as it was asked.
  public var question: LocalizedText
  public var kind: Kind?
  /// `nil` where nobody has said.
  public var measurement: Measurement?
  /// Valid answers in the order of the scale, then the missing ones. Empty: as the data say.
  public var categories: [LabelledCategory]
  public var nets: [Net]
  /// How a net or a code reads in a sentence, after the population: "oplever i høj grad, at …".
  public var statements: [String: LocalizedText]
  /// By wave: how the question stood there, where it stood otherwise.
  public var waveWordings: [String: LocalizedText] = [:]

  public init(
    name: String, label: LocalizedText = LocalizedText(),
    question: LocalizedText = LocalizedText(), kind: Kind? = nil,
    categories: [LabelledCategory] = [], nets: [Net] = [],
    statements: [String: LocalizedText] = [:]
  ) {
    self.name = name
    self.label = label
    self.question = question
    self.kind = kind
    self.categories = categories
    self.nets = nets
    self.statements = statements
  }
}

extension Variable {
  /// The entry with what another one, of the data themselves, says and this one does not.
  func completed(by data: Variable) -> Variable {
    var result = self
    if label.isEmpty { result.label = data.label }
    if question.isEmpty { result.question = data.question }
    result.kind = kind ?? data.kind
    result.measurement = measurement ?? data.measurement
    for index in result.categories.indices where result.categories[index].label.isEmpty {
      let code = result.categories[index].code
      if let known = data.categories.first(where: { $0.code == code }) {
        result.categories[index].label = known.label
      }
    }
    let others = data.categories.filter { other in
      !categories.contains { $0.code == other.code }
    }
    let hasScale = categories.contains { $0.missing == nil }
    if !hasScale { result.categories = others.filter { $0.missing == nil } + result.categories }
    result.categories += others.filter { $0.missing != nil }
    return result
  }
}

/// A code with its text, and with its reason where it is no valid answer.
public struct LabelledCategory: Sendable, Hashable {
  public var code: String
  public var label: LocalizedText
  public var missing: MissingReason?

  public init(code: String, label: LocalizedText, missing: MissingReason? = nil) {
    self.code = code
    self.label = label
    self.missing = missing
  }
}

/// Categories counted together, as "in a high or very high degree".
public struct Net: Sendable, Hashable {
  public var name: String
  public var codes: [String]
  public var label: LocalizedText

  public init(name: String, codes: [String], label: LocalizedText = LocalizedText()) {
    self.name = name
    self.codes = codes
    self.label = label
  }
}

/// A question with several answers, or a ranking of answers.
public struct MultiResponseSet: Sendable, Hashable {
  /// How the columns hold the answers.
  public enum Coding: Sendable, Hashable {
    /// One column an answer, which says whether it was chosen.
    case dichotomies
    /// Each column holds the code of one of the answers chosen.
    case categories
    /// One column whose cells hold the codes of all answers, as `1,3,4`.
    case joined(separator: String)
    /// One column a place, the first for the answer ranked first.
    case ranked
  }

  public var name: String
  public var columns: [String]
  public var label: LocalizedText
  /// The wording of the question as it was asked.
  public var question = LocalizedText()
  /// The code that means "chosen"; of no meaning where the columns hold categories.
  public var selected: String
  public var coding = Coding.dichotomies
  /// Codes of joined or ranked answers with their texts, in order; codes not listed come after.
  public var codes: [LabelledCategory] = []
  /// Of a ranking: the places that count as "among the first".
  public var top = 3

  public init(
    name: String, columns: [String], label: LocalizedText = LocalizedText(), selected: String = "1"
  ) {
    self.name = name
    self.columns = columns
    self.label = label
    self.selected = selected
  }
}
