import SurveyData

/// A value as a file with labels holds it, before it is a code.
enum FileValue: Hashable, Sendable {
  case number(Double)
  case text(String)
  /// A missing value with a letter, as Stata's and SAS' `.a`.
  case tag(UInt8)

  /// The value as a code of a category.
  func code(_ moment: Moment?) -> String {
    switch self {
    case .number(let number): moment?.text(number) ?? shortestText(number == 0 ? 0 : number)
    case .text(let text): text
    case .tag(let letter): "." + String(Unicode.Scalar(letter))
    }
  }
}

/// A variable as the dictionary of an SPSS, Stata or SAS file describes it.
struct LabelledVariable: Sendable {
  enum Storage: Sendable, Hashable {
    case number
    /// Of that many bytes.
    case text(width: Int)
  }

  var name: String
  var label = ""
  var storage: Storage
  /// As the program writes it: `F8.2`, `%tdD_m_Y`.
  var format = ""
  /// What a number of it says of time; `nil` for every other number.
  var moment: Moment?
  var measurement: Variable.Measurement?
  /// In the order of the file.
  var labels: [(value: FileValue, text: String)] = []
  var missing = MissingRule()

  /// Why a value is no valid answer: the reason that its label tells, where it tells one.
  func reason(_ value: FileValue) -> MissingReason? {
    guard missing.contains(value) else { return nil }
    let label = labels.first { $0.value == value }?.text
    return label.flatMap { MissingReason(label: $0) } ?? .unspecified
  }

  /// The codebook's entry: valid labels by their code, then the missing ones; declared missing
  /// values that have no label included.
  var codebookEntry: Variable {
    var seen: Set<String> = []
    var categories: [(value: FileValue, category: LabelledCategory)] = []
    let unlabelled = missing.values.map { (value: $0, text: "") }
    for (value, text) in labels + unlabelled {
      let code = value.code(moment)
      guard seen.insert(code).inserted else { continue }
      let reason = code.isEmpty ? reason(value) ?? .noAnswer : reason(value)
      categories.append(
        (value, LabelledCategory(code: code, label: LocalizedText(text), missing: reason)))
    }
    let valid = categories.filter { $0.category.missing == nil }
    let missing = categories.filter { $0.category.missing != nil }
    var entry = Variable(
      name: name, label: label.isEmpty ? LocalizedText() : LocalizedText(label),
      categories: (valid.sorted { precedes($0.value, $1.value) }
        + missing.sorted { precedes($0.value, $1.value) }).map(\.category))
    entry.measurement = measurement
    return entry
  }
}

/// Which values of a variable are no answer.
struct MissingRule: Sendable, Hashable {
  var values: [FileValue] = []
  /// Both ends belong to it; an open end is an infinity.
  var ranges: [ClosedRange<Double>] = []

  func contains(_ value: FileValue) -> Bool {
    switch value {
    case .tag: true
    case .text: values.contains(value)
    case .number(let number):
      values.contains(value) || ranges.contains { $0.contains(number) }
    }
  }
}

/// Numbers before texts before tags; each by its size.
func precedes(_ a: FileValue, _ b: FileValue) -> Bool {
  switch (a, b) {
  case (.number(let a), .number(let b)): a < b
  case (.text(let a), .text(let b)): a.utf8.lexicographicallyPrecedes(b.utf8)
  case (.tag(let a), .tag(let b)): a < b
  case (.number, _), (.text, .tag): true
  default: false
  }
}
