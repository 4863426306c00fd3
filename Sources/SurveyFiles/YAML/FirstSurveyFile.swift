import SurveyData

/// Writes a first survey file of a dataset, for a person to edit: variables with their types and
/// labels, scales that the labels make plain, missing codes with their reasons, multiple-response
/// sets, and a column that may be the weight.
public func writeFirstSurveyFile(of dataset: Dataset, to path: String) throws(UnwritableFile) {
  let text = FirstSurveyFile(dataset, at: path).text
  let writer = try FileWriter(path)
  try writer.append(text)
  try writer.finish()
}

/// A survey file in the making.
struct FirstSurveyFile {
  struct Entry {
    var name: String
    var source: String?
    var label: LocalizedText
    var question: LocalizedText
    var type: String?
    var categories: [LabelledCategory] = []
    var missing: [LabelledCategory] = []
    var scale: Int?
  }

  struct Scale {
    var name: String
    var categories: [LabelledCategory]
    var missing: [LabelledCategory]
    var nets: [(name: String, codes: [String])]
    var isRecognised: Bool
    var uses = 0
  }

  let dataset: Dataset
  let path: String
  private(set) var entries: [Entry] = []
  private(set) var scales: [Scale] = []
  private(set) var sets: [MultiResponseSet] = []
  private(set) var weights: [String] = []

  init(_ dataset: Dataset, at path: String) {
    self.dataset = dataset
    self.path = path
    let originals = dataset.columns.map(\.name)
    let names = shortNames(originals)
    let nameOf = Dictionary(zip(originals, names), uniquingKeysWith: { first, _ in first })
    for (column, name) in zip(dataset.columns, names) { add(column, name) }
    sets = dataset.codebook.multiResponseSets.filter { $0.coding == .dichotomies }.map { set in
      var set = set
      set.columns = set.columns.map { nameOf[$0] ?? $0 }
      return set
    }
    sets += ticked.filter { found in
      !sets.contains { !Set($0.columns).isDisjoint(with: found.columns) }
    }
    // A list of answers that one variable alone has stands with it.
    for index in scales.indices where !scales[index].isRecognised && scales[index].uses < 2 {
      for entry in entries.indices where entries[entry].scale == index {
        entries[entry].scale = nil
      }
    }
  }

  // MARK: What the data say

  private mutating func add(_ column: Column, _ name: String) {
    let described = dataset.codebook.variables[column.name]
    var entry = Entry(
      name: name, source: name == column.name ? nil : column.name,
      label: described?.label ?? LocalizedText(), question: described?.question ?? LocalizedText())
    if entry.label.isEmpty, name != column.name { entry.label = LocalizedText(column.name) }
    switch column.values {
    case .numeric(let values):
      entry.type = "numeric"
      entry.missing = values.usedMissing.filter { !$0.code.isEmpty }.map { category in
        LabelledCategory(
          code: category.code, label: label(of: category.code, described), missing: category.missing
        )
      }
      if isWeight(column.name, values) { weights.append(name) }
    case .categorical(let values):
      let numbers = values.categories.filter { $0.missing == nil }.compactMap(\.number)
      let validCount = values.categories.count { $0.missing == nil }
      let isLabelled = !(described?.categories ?? []).isEmpty
      let isProse = values.categories.contains { $0.code.count > 80 }
      if !isLabelled, isProse {
        entry.type = "text"
      } else if !isLabelled, validCount > 60 || validCount * 2 > max(dataset.rowCount, 20) {
        entry.type = numbers.count == validCount && !values.areNumbersAmbiguous ? "numeric" : "text"
      } else {
        addCategories(values, described, to: &entry)
      }
      if numbers.count == validCount, !isLabelled, weightWords(column.name),
        let number = values.asNumbers, isWeight(column.name, number)
      {
        weights.append(name)
        entry.type = "numeric"
        entry.categories = []
        entry.scale = nil
      }
    }
    entries.append(entry)
  }

  private mutating func addCategories(
    _ values: CategoricalColumn, _ described: Variable?, to entry: inout Entry
  ) {
    var valid: [LabelledCategory] = []
    for category in values.categories where !category.code.isEmpty {
      let text = label(of: category.code, described)
      let told = text.isEmpty ? category.code : text[.da]
      // "Ved ikke" is no answer, whether or not the data's own program was told so.
      if let reason = category.missing ?? MissingReason(label: told) {
        entry.missing.append(LabelledCategory(code: category.code, label: text, missing: reason))
      } else {
        valid.append(LabelledCategory(code: category.code, label: text))
      }
    }
    let isPlain = valid.allSatisfy { $0.label.isEmpty && decimalNumber($0.code) != nil }
    // Bare numbers with nothing to say of them are left to the data.
    guard !valid.isEmpty, !isPlain else { return }
    let recognised = RecognisedScale.recognising(
      valid.map { $0.label.isEmpty ? $0.code : $0.label[.da] })
    var nets: [(name: String, codes: [String])] = []
    if let (scale, steps) = recognised {
      let order = valid.indices.sorted { steps[$0] < steps[$1] }
      nets = scale.nets.map { net in
        (net.name, order.filter { net.steps.contains(steps[$0]) }.map { valid[$0].code })
      }.filter { !$0.codes.isEmpty }
      // Codes that are numbers keep their own order, which is the scale's in one direction.
      if !valid.allSatisfy({ decimalNumber($0.code) != nil }) { valid = order.map { valid[$0] } }
    }
    entry.categories = valid
    if let known = scales.firstIndex(where: {
      $0.categories == valid && $0.missing == entry.missing
    }) {
      entry.scale = known
    } else {
      let wanted = recognised?.scale.name ?? "scale"
      var name = recognised == nil ? "scale1" : wanted
      var number = recognised == nil ? 1 : 1
      while scales.contains(where: { $0.name == name }) {
        number += 1
        name = recognised == nil ? "scale\(number)" : "\(wanted)_\(number)"
      }
      scales.append(
        Scale(
          name: name, categories: valid, missing: entry.missing, nets: nets,
          isRecognised: recognised != nil))
      entry.scale = scales.count - 1
    }
    scales[entry.scale!].uses += 1
  }

  private func label(of code: String, _ described: Variable?) -> LocalizedText {
    described?.categories.first { $0.code == code }?.label ?? LocalizedText()
  }

  private func weightWords(_ name: String) -> Bool {
    let words = name.lowercased()
    return ["weight", "vægt", "vaegt", "wgt"].contains { words.contains($0) }
      || ["w", "pw", "wt"].contains(words)
  }

  /// A column that is called so and holds nothing below 0, and not one number alone.
  private func isWeight(_ name: String, _ column: NumericColumn) -> Bool {
    guard weightWords(name) else { return false }
    return column.withValues { values in
      var low = Double.infinity
      var high = -Double.infinity
      for row in values.indices where !values[row].isNaN {
        low = min(low, values[row])
        high = max(high, values[row])
      }
      return low >= 0 && high > low
    }
  }

  /// Columns beside each other of one question whose cells are ticks: one code and empty cells, or
  /// 0 and 1.
  private var ticked: [MultiResponseSet] {
    var sets: [MultiResponseSet] = []
    var stem = ""
    var members: [String] = []
    var selected = ""
    func finish() {
      guard members.count >= 3 else { return }
      let name = members[0].prefix { $0.isLetter }
      let free = "set_\(name.isEmpty ? "\(sets.count + 1)" : String(name))"
      let taken = entries.contains { $0.name == free } || sets.contains { $0.name == free }
      sets.append(
        MultiResponseSet(
          name: taken ? "\(free)_\(sets.count + 1)" : free, columns: members, selected: selected))
    }
    for (column, entry) in zip(dataset.columns, entries) {
      guard let tick = tick(column), let root = root(of: column.name) else {
        finish()
        members = []
        stem = ""
        continue
      }
      if root != stem || tick != selected {
        finish()
        members = []
        stem = root
        selected = tick
      }
      members.append(entry.name)
    }
    finish()
    return sets
  }

  private func tick(_ column: Column) -> String? {
    guard case .categorical(let values) = column.values else { return nil }
    let codes = values.categories.filter { $0.missing == nil }.map(\.code)
    if codes == ["0", "1"] { return "1" }
    guard codes.count == 1, values.categories.count > 1,
      decimalNumber(codes[0]) != nil || codes[0].count <= 4
    else { return nil }
    return codes[0]
  }

  /// What the columns of one question share: all before the last number or the last colon.
  private func root(of name: String) -> String? {
    if let colon = name.lastIndex(of: ":") { return String(name[..<colon]) }
    let stem = String(name.reversed().drop { $0 == "]" }.drop { $0.isNumber }.reversed())
    return stem == name || stem.isEmpty ? nil : stem
  }
}

/// Names that are easy to type: a header of words and marks becomes its first words.
private func shortNames(_ names: [String]) -> [String] {
  var taken = Set(names)
  return names.map { name in
    let isShort =
      name.count <= 40
      && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
    if isShort { return name }
    let words = name.lowercased().split { !$0.isLetter && !$0.isNumber }
    var short = ""
    for word in words where short.isEmpty || short.count + word.count < 32 {
      short += (short.isEmpty ? "" : "_") + word
    }
    short = String(short.prefix(40))
    if short.isEmpty || short.first!.isNumber { short = "v_" + short }
    var candidate = short
    var number = 2
    while !taken.insert(candidate).inserted {
      candidate = "\(short)_\(number)"
      number += 1
    }
    return candidate
  }
}

extension CategoricalColumn {
  /// The codes as numbers, where all valid ones are.
  fileprivate var asNumbers: NumericColumn? {
    guard categories.allSatisfy({ $0.missing != nil || $0.number != nil }) else { return nil }
    let table = categories.map { $0.missing == nil ? $0.number! : .nan }
    return NumericColumn(
      bytes: Bytes(of: Double.self, count: rowCount) { span in
        forEachIndex { row, index in span[row] = table[index] }
      })
  }
}
