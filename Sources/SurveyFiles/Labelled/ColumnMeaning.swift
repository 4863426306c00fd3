import SurveyData

/// A text in a column that was to be numbers.
struct NotNumeric: Error {
  let value: String
}

/// Makes answers of a column as it was decoded: categories with their missing ones apart, or
/// numbers with their reasons.
func assembled(
  _ raw: RawColumn, _ decoder: TextDecoder
) -> Result<Column.Values, NotNumeric> {
  let meaning = ColumnMeaning(raw.variable, systemMissing: raw.systemMissing)
  if raw.store == .words, meaning.isDecidedNumeric(raw.role) {
    return .success(.numeric(numericColumn(raw, meaning)))
  }
  let lanes: [[FileValue?]]
  if raw.store == .words {
    lanes = [meaning.values(.words(codedInPlace(raw)), decoder)]
  } else {
    lanes = raw.lanes.map { meaning.values($0, decoder) }
  }
  var found: Set<FileValue> = []
  var isAnyMissing = false
  for value in lanes.joined() {
    if let value { found.insert(value) } else { isAnyMissing = true }
  }
  if meaning.isNumeric(raw.role, found) {
    let codes = MissingCodes(found, meaning)
    var tables: [[(number: Double, flag: UInt8)]] = []
    for lane in lanes {
      var table: [(number: Double, flag: UInt8)] = []
      for value in lane {
        switch meaning.number(value, codes) {
        case .success(let number): table.append(number)
        case .failure(let error): return .failure(error)
        }
      }
      tables.append(table)
    }
    return .success(.numeric(numericColumn(raw, tables, missing: codes.list)))
  }
  let categories = meaning.categories(found, isAnyMissing: isAnyMissing)
  var position: [String: Int] = [:]
  for (index, category) in categories.enumerated() { position[category.code] = index }
  let tables = lanes.map { lane in
    lane.map { value in position[value.map(meaning.code) ?? ""]! }
  }
  return .success(.categorical(categoricalColumn(raw, categories, tables)))
}

/// The codes of a column of numbers that are no answer, each with its reason.
struct MissingCodes {
  /// First every reason under no code, so that `MissingReason.flag` is a flag here too.
  private(set) var list = NumericColumn.plainReasons
  private var flags: [FileValue: UInt8] = [:]

  /// The codes that there is room for: a flag is a byte.
  static let most = 255 - NumericColumn.plainReasons.count

  init(_ values: some Sequence<FileValue>, _ variable: LabelledVariable) {
    self.init(values, variable.moment) { variable.reason($0) }
  }

  init(_ values: some Sequence<FileValue>, _ meaning: ColumnMeaning) {
    self.init(values, meaning.variable.moment) { meaning.reason($0) }
  }

  private init(
    _ values: some Sequence<FileValue>, _ moment: Moment?, _ reason: (FileValue) -> MissingReason?
  ) {
    for value in values.sorted(by: precedes) where flags.count < Self.most {
      guard flags[value] == nil, let reason = reason(value) else { continue }
      let code = value.code(moment)
      guard !code.isEmpty else { continue }
      list.append(Category(code: code, missing: reason))
      flags[value] = UInt8(list.count)
    }
  }

  func flag(of value: FileValue, _ reason: MissingReason?) -> UInt8 {
    flags[value] ?? MissingReason.flag(of: reason)
  }
}

/// What the values of a variable mean.
struct ColumnMeaning {
  let variable: LabelledVariable
  private let systemMissing: Double
  private let labels: [FileValue: String]
  /// What a column of words may hold that is no answer.
  let declared: MissingCodes
  private let discrete: [(number: Double, flag: UInt8)]

  init(_ variable: LabelledVariable, systemMissing: Double) {
    self.variable = variable
    self.systemMissing = systemMissing
    labels = Dictionary(
      variable.labels.map { ($0.value, $0.text) }, uniquingKeysWith: { first, _ in first })
    let letters = [UInt8(ascii: "_")] + Array(UInt8(ascii: "a")...UInt8(ascii: "z"))
    let declared = MissingCodes(
      variable.missing.values + letters.map { .tag($0) }, variable)
    self.declared = declared
    discrete = variable.missing.values.compactMap { value in
      guard case .number(let number) = value else { return nil }
      return (number, declared.flag(of: value, variable.reason(value)))
    }
  }

  private var isText: Bool { variable.storage != .number }

  /// The values behind a lane's codes; `nil` for a system-missing one.
  func values(_ lane: RawColumn.LaneValues, _ decoder: TextDecoder) -> [FileValue?] {
    switch lane {
    case .strings(let strings): return strings.map { .text(decoder.text($0)) }
    case .words(let words):
      if case .text(let width) = variable.storage {
        return words.map { word in
          let bytes = (0..<8).map { UInt8(truncatingIfNeeded: word.littleEndian >> ($0 * 8)) }
          return .text(decoder.text(bytes.prefix(width)))
        }
      }
      return words.map { word in
        let number = Double(bitPattern: word)
        if number.isNaN { return tag(ofWord: word).map { .tag($0) } }
        return number == systemMissing ? nil : .number(number)
      }
    }
  }

  func code(_ value: FileValue) -> String { value.code(variable.moment) }

  /// Why a value is no answer; a blank text is none.
  func reason(_ value: FileValue) -> MissingReason? {
    if variable.missing.contains(value) {
      return labels[value].flatMap { MissingReason(label: $0) }
        ?? (value == .text("") ? .noAnswer : .unspecified)
    }
    return value == .text("") ? .noAnswer : nil
  }

  // MARK: Categories or numbers

  /// Whether a column with too many different words is numbers, whatever these are.
  func isDecidedNumeric(_ role: ColumnRole) -> Bool {
    if isText { return false }
    switch role {
    case .number: return true
    case .category: return false
    case .asFound:
      return variable.moment == nil && labels.count <= mostCategoriesOfNumbers
        && variable.missing.ranges.isEmpty
    }
  }

  /// Whether the values found make a column of numbers.
  func isNumeric(_ role: ColumnRole, _ found: Set<FileValue>) -> Bool {
    switch role {
    case .number: return true
    case .category: return false
    case .asFound:
      if isText || variable.moment != nil { return false }
      let valid = found.filter { reason($0) == nil }
      return valid.count > mostCategoriesOfNumbers && valid.contains { labels[$0] == nil }
        && found.count - valid.count <= MissingCodes.most
    }
  }

  func number(
    _ value: FileValue?, _ codes: MissingCodes
  ) -> Result<(number: Double, flag: UInt8), NotNumeric> {
    guard let value else { return .success((.nan, MissingReason.flag(of: .noAnswer))) }
    if let reason = reason(value) { return .success((.nan, codes.flag(of: value, reason))) }
    switch value {
    case .number(let number): return .success((number, 0))
    case .text(let text):
      return decimalNumber(text).map { .success(($0, 0)) } ?? .failure(NotNumeric(value: text))
    case .tag: return .success((.nan, codes.flag(of: value, .unspecified)))
    }
  }

  /// The number of a word and the flag of its code in `declared`, where it is missing.
  @inline(__always)
  func number(ofWord word: UInt64) -> (number: Double, flag: UInt8) {
    let number = Double(bitPattern: word)
    if number.isNaN {
      guard let letter = tag(ofWord: word) else {
        return (.nan, MissingReason.flag(of: .noAnswer))
      }
      let value = FileValue.tag(letter)
      return (.nan, declared.flag(of: value, reason(value)))
    }
    if number == systemMissing { return (.nan, MissingReason.flag(of: .noAnswer)) }
    for missing in discrete where missing.number == number { return (.nan, missing.flag) }
    for range in variable.missing.ranges where range.contains(number) {
      return (.nan, MissingReason.flag(of: reason(.number(number))))
    }
    return (number, 0)
  }

  // MARK: Categories

  /// The labelled values and those found: valid ones in their order, then the missing ones.
  func categories(_ found: Set<FileValue>, isAnyMissing: Bool) -> [Category] {
    let all = found.union(labels.keys).union(variable.missing.values)
    var valid: [Category] = []
    var missing: [Category] = []
    var seen: Set<String> = []
    for value in all.sorted(by: precedes) {
      let code = code(value)
      guard seen.insert(code).inserted else { continue }
      if let reason = reason(value) {
        missing.append(Category(code: code, missing: reason))
      } else {
        valid.append(Category(code: code))
      }
    }
    if isAnyMissing, !seen.contains("") { missing.append(Category(code: "", missing: .noAnswer)) }
    return valid + missing
  }
}
