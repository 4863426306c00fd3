import SurveyData

/// The formats with labels that data are written in.
enum LabelledTarget: Sendable {
  case sav, zsav, dta

  var isStata: Bool { self == .dta }
  var title: String { isStata ? "Stata" : "SPSS" }
}

/// A column as a file with labels will hold it.
struct WrittenColumn {
  var variable: LabelledVariable
  /// What each row's index (of categories) or flag (of numbers) is written as; `nil` is
  /// system-missing. A flag of 0 is the number itself.
  var table: [FileValue?]
  let values: Column.Values
  /// What the format could not hold, to go on after the column's name.
  var notes: [String] = []

  init(
    _ column: Column, described: Variable?, name: String, target: LabelledTarget,
    language: Language
  ) {
    values = column.values
    table = []
    variable = LabelledVariable(name: name, storage: .number)
    variable.label = described?.label[language] ?? ""
    if variable.label.isEmpty, name != column.name { variable.label = column.name }
    variable.measurement = described?.measurement
    let coding = WrittenCoding(column.values, described, target)
    let labels = Dictionary(
      (described?.categories ?? []).map { ($0.code, $0.label[language]) },
      uniquingKeysWith: { first, _ in first })
    let listed =
      switch column.values {
      case .categorical(let values): values.categories
      case .numeric(let values): values.usedMissing
      }
    let all = listed + coding.labelledOnly(described, besides: listed)
    for category in all {
      let value = coding.value(of: category)
      guard let value else { continue }
      var text = labels[category.code] ?? ""
      // The reason lives on in the label.
      if text.isEmpty, let reason = category.missing, !coding.isWrittenAsItself(category) {
        text = reason.text[language]
      }
      if text.isEmpty, let reason = category.missing, reason != .unspecified {
        text = reason.text[language]
      }
      if !text.isEmpty { variable.labels.append((value, text)) }
      if category.missing != nil { variable.missing.values.append(value) }
    }
    variable.storage = coding.storage
    variable.moment = coding.moment
    variable.format = coding.format
    switch column.values {
    case .categorical(let values): table = values.categories.map { coding.value(of: $0) }
    case .numeric(let values): table = [nil] + values.missing.map { coding.value(of: $0) }
    }
    notes = coding.notes
    fitMissing(to: target)
    fitLabels(to: target)
  }

  /// SPSS has room for three missing values, or for a range and one; Stata has letters alone.
  private mutating func fitMissing(to target: LabelledTarget) {
    let missing = variable.missing.values
    if target.isStata {
      let texts = missing.filter { if case .text = $0 { true } else { false } }
      if !texts.isEmpty { note("as answers, since Stata has no missing texts", texts) }
      return
    }
    guard missing.count > 3 || missing.contains(where: isLongText) else { return }
    let numbers = missing.compactMap { value -> Double? in
      if case .number(let number) = value { number } else { nil }
    }.sorted()
    guard numbers.count == missing.count else {
      let kept = missing.filter { !isLongText($0) }.prefix(3)
      variable.missing.values = Array(kept)
      note(
        "as answers, since SPSS has room for three missing texts of eight bytes",
        missing.filter { !kept.contains($0) })
      return
    }
    // A range takes what lies between its ends, so that no answer may; one more stands by itself.
    for (low, high, alone) in [
      (0, numbers.count - 1, Int?.none), (1, numbers.count - 1, 0),
      (0, numbers.count - 2, numbers.count - 1),
    ] where !holdsAnswer(between: numbers[low], and: numbers[high]) {
      variable.missing.ranges = [numbers[low]...numbers[high]]
      variable.missing.values = alone.map { [.number(numbers[$0])] } ?? []
      return
    }
    variable.missing.values = Array(missing.prefix(3))
    note(
      "as answers, since SPSS has room for three missing values or a range", Array(missing[3...]))
  }

  private func isLongText(_ value: FileValue) -> Bool {
    if case .text(let text) = value { text.utf8.count > 8 } else { false }
  }

  private func holdsAnswer(between low: Double, and high: Double) -> Bool {
    let answers = variable.labels.map(\.value).filter { !variable.missing.values.contains($0) }
    if answers.contains(where: { value in
      if case .number(let number) = value { number >= low && number <= high } else { false }
    }) {
      return true
    }
    switch values {
    case .numeric(let column):
      return column.withValues { numbers in
        for row in numbers.indices where numbers[row] >= low && numbers[row] <= high { return true }
        return false
      }
    case .categorical(let column):
      return zip(column.categories, table).contains { category, value in
        guard category.missing == nil, case .number(let number)? = value else { return false }
        return number >= low && number <= high
      }
    }
  }

  private mutating func fitLabels(to target: LabelledTarget) {
    guard target.isStata else { return }
    let unlabelled = variable.labels.filter { label in
      switch label.value {
      case .number(let number): Int32(exactly: number) == nil
      case .text: true
      case .tag: false
      }
    }
    guard !unlabelled.isEmpty else { return }
    variable.labels.removeAll { label in unlabelled.contains { $0.value == label.value } }
    note("without their labels, since Stata labels whole numbers alone", unlabelled.map(\.value))
  }

  private mutating func note(_ what: String, _ values: [FileValue]) {
    let codes = values.prefix(5).map { "'\($0.code(variable.moment))'" }.joined(separator: ", ")
    notes.append("\(codes)\(values.count > 5 ? " and others" : "") are written \(what)")
  }
}

extension NumericColumn {
  /// The missing codes that some row has.
  var usedMissing: [SurveyData.Category] {
    guard let reasons else { return [] }
    var isUsed = [Bool](repeating: false, count: 256)
    reasons.withSpan(of: UInt8.self) { flags in
      for row in flags.indices { isUsed[Int(flags[row])] = true }
    }
    return missing.indices.filter { isUsed[$0 + 1] }.map { missing[$0] }
  }
}
