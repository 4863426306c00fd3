import SurveyData

/// The codebook as a manifest holds it.
struct StoredCodebook: Codable {
  var variables: [StoredVariable]
  var multiResponseSets: [StoredSet]

  init(_ codebook: Codebook, order names: [String]) {
    let position = Dictionary(
      names.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    variables = codebook.variables.values
      .sorted { (position[$0.name] ?? .max, $0.name) < (position[$1.name] ?? .max, $1.name) }
      .map(StoredVariable.init)
    multiResponseSets = codebook.multiResponseSets.map(StoredSet.init)
  }

  var codebook: Codebook {
    Codebook(
      variables: Dictionary(
        variables.map { ($0.name, $0.variable) }, uniquingKeysWith: { first, _ in first }),
      multiResponseSets: multiResponseSets.map(\.set))
  }
}

/// A text in the languages that it is there in; in one where both are the same.
struct StoredText: Codable {
  var text: String?
  var da: String?
  var en: String?

  init?(_ text: LocalizedText) {
    if text.da == nil, text.en == nil { return nil }
    if let same = text.da, same == text.en {
      self.text = same
    } else {
      da = text.da
      en = text.en
    }
  }

  var localized: LocalizedText { text.map { LocalizedText($0) } ?? LocalizedText(da: da, en: en) }
}

struct StoredVariable: Codable {
  var name: String
  var label: StoredText?
  var question: StoredText?
  var kind: String?
  var measurement: String?
  var categories: [StoredLabel]?
  var nets: [StoredNet]?
  var statements: [String: StoredText]?

  init(_ variable: Variable) {
    name = variable.name
    label = StoredText(variable.label)
    question = StoredText(variable.question)
    kind = variable.kind?.rawValue
    measurement = variable.measurement?.rawValue
    categories = variable.categories.isEmpty ? nil : variable.categories.map(StoredLabel.init)
    nets = variable.nets.isEmpty ? nil : variable.nets.map(StoredNet.init)
    statements =
      variable.statements.isEmpty ? nil : variable.statements.compactMapValues { StoredText($0) }
  }

  var variable: Variable {
    var variable = Variable(
      name: name, label: label?.localized ?? LocalizedText(),
      question: question?.localized ?? LocalizedText(),
      kind: kind.flatMap { Variable.Kind(rawValue: $0) },
      categories: (categories ?? []).map(\.category), nets: (nets ?? []).map(\.net),
      statements: (statements ?? [:]).mapValues(\.localized))
    variable.measurement = measurement.flatMap { Variable.Measurement(rawValue: $0) }
    return variable
  }
}

struct StoredLabel: Codable {
  var code: String
  var label: StoredText?
  var missing: MissingReason?

  init(_ category: LabelledCategory) {
    code = category.code
    label = StoredText(category.label)
    missing = category.missing
  }

  var category: LabelledCategory {
    LabelledCategory(code: code, label: label?.localized ?? LocalizedText(), missing: missing)
  }
}

struct StoredNet: Codable {
  var name: String
  var codes: [String]
  var label: StoredText?

  init(_ net: Net) {
    name = net.name
    codes = net.codes
    label = StoredText(net.label)
  }

  var net: Net { Net(name: name, codes: codes, label: label?.localized ?? LocalizedText()) }
}

struct StoredSet: Codable {
  var name: String
  var columns: [String]
  var label: StoredText?
  var question: StoredText?
  var selected: String
  var holdsCategories: Bool
  /// Of cells with several answers.
  var separator: String?
  /// Of a ranking, the places that count as among the first.
  var top: Int?
  var codes: [StoredLabel]?

  init(_ set: MultiResponseSet) {
    name = set.name
    columns = set.columns
    label = StoredText(set.label)
    question = StoredText(set.question)
    selected = set.selected
    holdsCategories = set.coding == .categories
    codes = set.codes.isEmpty ? nil : set.codes.map(StoredLabel.init)
    switch set.coding {
    case .joined(let text): separator = text
    case .ranked: top = set.top
    case .dichotomies, .categories: break
    }
  }

  var set: MultiResponseSet {
    var set = MultiResponseSet(
      name: name, columns: columns, label: label?.localized ?? LocalizedText(),
      selected: selected)
    set.question = question?.localized ?? LocalizedText()
    set.codes = codes?.map(\.category) ?? []
    if holdsCategories { set.coding = .categories }
    if let separator { set.coding = .joined(separator: separator) }
    if let top {
      set.coding = .ranked
      set.top = top
    }
    return set
  }
}
