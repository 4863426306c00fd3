/// A code that is a valid answer in one part of a stacked column and missing in another.
struct MixedMeaning: Error {
  let code: String
}

extension Column.Values {
  /// The rows of several columns under each other, with one dictionary. A part without the column
  /// (`nil`) was not asked.
  ///
  /// Numbers and categories together become numbers where every valid code is one, else categories.
  /// Categories keep the order that the parts share where they were coded by one scale (`isScale`);
  /// else they ascend, by number where all are numbers.
  ///
  /// - Precondition: a part that is there has as many rows as `rowCounts` says.
  static func stacked(
    _ parts: [Column.Values?], rowCounts: [Int], isScale: Bool
  ) throws(MixedMeaning) -> Column.Values {
    if parts.count == 1, let only = parts[0] { return only }
    let categorical = parts.compactMap { part in
      if case .categorical(let column)? = part { column } else { nil }
    }
    let numericCount = parts.count { part in
      if case .numeric? = part { true } else { false }
    }
    let areNumbers = categorical.allSatisfy { column in
      column.categories.allSatisfy { $0.missing != nil || $0.number != nil }
    }
    if numericCount > 0, areNumbers {
      return .numeric(stackedNumbers(parts.map { $0?.asNumbers }, rowCounts))
    }
    return .categorical(
      try stackedCategories(
        parts.map { $0?.asCategories }, rowCounts, isScale: isScale && numericCount == 0))
  }

  private var asNumbers: NumericColumn? {
    switch self {
    case .numeric(let column): column
    case .categorical(let column): column.asNumbers { $0.number }
    }
  }

  var asCategories: CategoricalColumn {
    switch self {
    case .numeric(let column): column.asCategories()
    case .categorical(let column): column
    }
  }

  /// Each row's missing reason: 0 for an answer, else 1 + its index in `MissingReason.allCases`.
  var reasonFlags: [UInt8] {
    switch self {
    case .categorical(let column):
      let flags = column.categories.map { MissingReason.flag(of: $0.missing) }
      var result = [UInt8](repeating: 0, count: column.rowCount)
      column.forEachIndex { row, index in result[row] = flags[index] }
      return result
    case .numeric(let column):
      return (0..<column.rowCount).map { MissingReason.flag(of: column.missingReason(at: $0)) }
    }
  }
}

extension MissingReason {
  /// 0 for no reason, else 1 + the index in `allCases`.
  package static func flag(of reason: MissingReason?) -> UInt8 {
    reason.map { UInt8(allCases.firstIndex(of: $0)! + 1) } ?? 0
  }

  package init(flag: UInt8) { self = Self.allCases[Int(flag) - 1] }
}

extension CategoricalColumn {
  /// The answers as numbers, missing ones with their reasons; `nil` where `number` gives none for
  /// a valid category.
  func asNumbers(_ number: (Category) -> Double?) -> NumericColumn? {
    var table: [Double] = []
    var flags: [UInt8] = []
    var missing: [Category] = []
    for category in categories {
      guard category.missing == nil else {
        table.append(.nan)
        // Flags have room for 255 codes; further ones go by the last reason like theirs.
        if missing.count < 255 {
          missing.append(category)
          flags.append(UInt8(missing.count))
        } else {
          let like = missing.lastIndex { $0.missing == category.missing } ?? 254
          flags.append(UInt8(like + 1))
        }
        continue
      }
      guard let value = number(category) else { return nil }
      table.append(value)
      flags.append(0)
    }
    return NumericColumn(
      bytes: Bytes(of: Double.self, count: rowCount) { span in
        forEachIndex { row, index in span[row] = table[index] }
      },
      reasons: Bytes(of: UInt8.self, count: rowCount) { span in
        forEachIndex { row, index in span[row] = flags[index] }
      },
      missing: missing)
  }
}

private func stackedNumbers(_ parts: [NumericColumn?], _ rowCounts: [Int]) -> NumericColumn {
  let total = rowCounts.reduce(0, +)
  var missing = NumericColumn.plainReasons
  let notAsked = MissingReason.flag(of: .notAsked)
  // The flag of each part's flags. There is room for 255 codes; further ones go by their reasons.
  let tables: [[UInt8]] = parts.map { part in
    var flags: [UInt8] = [0]
    for category in part?.missing ?? [] {
      if let known = missing.firstIndex(of: category) {
        flags.append(UInt8(known + 1))
      } else if missing.count < 255 {
        missing.append(category)
        flags.append(UInt8(missing.count))
      } else {
        flags.append(MissingReason.flag(of: category.missing))
      }
    }
    return flags
  }
  let reasons = Bytes(of: UInt8.self, count: total) { span in
    var start = 0
    for (index, count) in rowCounts.enumerated() {
      if let part = parts[index], let flags = part.reasons {
        flags.withSpan(of: UInt8.self) { flags in
          for row in 0..<count { span[start + row] = tables[index][Int(flags[row])] }
        }
      } else {
        for row in 0..<count {
          span[start + row] =
            parts[index].map { MissingReason.flag(of: $0.missingReason(at: row)) } ?? notAsked
        }
      }
      start += count
    }
  }
  let numbers = Bytes(of: Double.self, count: total) { span in
    var start = 0
    for (part, count) in zip(parts, rowCounts) {
      if let part {
        part.withValues { values in
          for row in 0..<count { span[start + row] = values[row] }
        }
      } else {
        for row in 0..<count { span[start + row] = .nan }
      }
      start += count
    }
  }
  return NumericColumn(bytes: numbers, reasons: reasons, missing: missing)
}

private func stackedCategories(
  _ parts: [CategoricalColumn?], _ rowCounts: [Int], isScale: Bool
) throws(MixedMeaning) -> CategoricalColumn {
  var all: [Category] = []
  for category in parts.flatMap({ $0?.categories ?? [] }) where !all.contains(category) {
    all.append(category)
  }
  var valid = all.filter { $0.missing == nil }
  if !isScale {
    let areNumbers = valid.allSatisfy { $0.number != nil }
    valid.sort { precedes($0, $1, asNumbers: areNumbers) }
  }
  var missing = all.filter { $0.missing != nil }
  if let mixed = valid.first(where: { code in missing.contains { $0.code == code.code } }) {
    throw MixedMeaning(code: mixed.code)
  }
  let notAsked = Category(code: MissingReason.notAsked.rawValue, missing: .notAsked)
  if parts.contains(where: { $0 == nil }), !missing.contains(notAsked) { missing.append(notAsked) }
  var categories = valid
  var position: [Category: Int] = [:]
  for (index, category) in valid.enumerated() { position[category] = index }
  for key in missing {
    var category = key
    // One code with two reasons, as an empty cell may have: the later one goes by its reason.
    if let reason = key.missing, categories.contains(where: { $0.code == key.code }) {
      category.code = reason.rawValue
    }
    if let known = categories.firstIndex(of: category) {
      position[key] = known
    } else if categories.contains(where: { $0.code == category.code }) {
      throw MixedMeaning(code: category.code)
    } else {
      position[key] = categories.count
      categories.append(category)
    }
  }
  let tables = parts.map { $0?.categories.map { position[$0]! } }
  func fill<Code: FixedWidthInteger & BitwiseCopyable>(_ type: Code.Type) -> Bytes {
    Bytes(of: Code.self, count: rowCounts.reduce(0, +)) { span in
      var start = 0
      for (index, count) in rowCounts.enumerated() {
        if let part = parts[index], let table = tables[index]?.map({ Code($0) }) {
          part.forEachIndex { row, code in span[start + row] = table[code] }
        } else {
          for row in 0..<count { span[start + row] = Code(position[notAsked]!) }
        }
        start += count
      }
    }
  }
  let width = CategoricalColumn.Width.narrowest(for: categories.count)
  let bytes =
    switch width {
    case .one: fill(UInt8.self)
    case .two: fill(UInt16.self)
    case .four: fill(UInt32.self)
    }
  return CategoricalColumn(categories: categories, width: width, bytes: bytes)
}

/// By number where all codes are numbers, else by text, as the readers order codes.
private func precedes(_ a: Category, _ b: Category, asNumbers: Bool) -> Bool {
  if asNumbers, let x = a.number, let y = b.number, x != y { return x < y }
  return a.code.utf8.lexicographicallyPrecedes(b.code.utf8)
}
