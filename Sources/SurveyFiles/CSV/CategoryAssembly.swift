import SurveyData

/// What the spellings of one lane read as.
struct LaneSpellings {
  /// By the code that the lane gave out; empty for a missing answer.
  let texts: [String]
  let places: [CellPlace]

  func note(in evidence: inout NumberEvidence, _ dialect: NumberDialect) {
    for (text, place) in zip(texts, places) where !text.isEmpty {
      if let number = writtenNumber(text, dialect) {
        evidence.note(number, at: place)
      } else if evidence.text.map({ place < $0 }) ?? true {
        evidence.text = place
      }
    }
  }

  func numbers(_ mark: DecimalMark, _ dialect: NumberDialect) -> [Double] {
    texts.map { numberValue($0, mark, dialect) ?? .nan }
  }
}

func readSpellings(_ lane: ColumnLane, encoding: TextEncoding) -> LaneSpellings {
  let spellings = lane.spellings
  return LaneSpellings(
    texts: spellings.map {
      unsafe cellText($0.start, 0..<$0.count, encoding: encoding)
    },
    places: spellings.map(\.first))
}

/// A text as a number under one decimal mark.
private func numberValue(_ text: String, _ mark: DecimalMark, _ dialect: NumberDialect) -> Double? {
  guard let number = writtenNumber(text, dialect), number.fits(mark) else { return nil }
  if number.isShort(mark) { return number.value(mark) }
  return Double(plainNumberText(text, mark)).flatMap { $0.isFinite ? $0 : nil }
}

/// A column of categories, or of numbers where there are too many different ones for categories.
///
/// Codes ascend by number where all are numbers, else by text; a missing answer is last. Where
/// decimals have a comma the code has a point, so that `Category.number` is the number.
func assembledCategories(
  _ parts: ColumnParts, _ lanes: [LaneSpellings], file: String
) -> ColumnOutcome {
  let dialect = parts.plan.numbers
  var positions: [String: Int] = [:]
  var texts: [String] = []
  var isAnyMissing = false
  var evidence = NumberEvidence()
  // The position of each lane's codes in `texts`; nil for a missing answer.
  let found: [[Int?]] = lanes.map { lane in
    lane.note(in: &evidence, dialect)
    return lane.texts.map { text in
      if text.isEmpty {
        isAnyMissing = true
        return nil
      }
      if let known = positions[text] { return known }
      positions[text] = texts.count
      texts.append(text)
      return texts.count - 1
    }
  }

  let mark = dialect.decimalMark ?? evidence.mark
  let areNumbers = evidence.text == nil && !evidence.isMixed && !texts.isEmpty
  let isAmbiguous = areNumbers && mark == nil && evidence.either != nil
  var warning: String?
  if isAmbiguous, parts.plan.role == .asFound {
    let example = texts.first { writtenNumber($0, dialect).map { !$0.isNeutral } ?? false } ?? ""
    warning =
      "\(file): column '\(parts.name)' is kept as text: '\(example)' is either a thousand or a "
      + "decimal. Say which mark decimals have: --decimal , or --decimal ."
  }
  if areNumbers, !isAmbiguous, parts.plan.role == .asFound, evidence.notCanonical == nil {
    let values = texts.map { numberValue($0, mark ?? .point, dialect) }
    if Set(values).count > mostCategoriesOfNumbers, !values.contains(nil) {
      let tables = found.map { $0.map { $0.map { values[$0]! } ?? .nan } }
      return .values(.numeric(numericColumn(parts, tables)), warning: nil)
    }
  }

  let codes: [String]
  if areNumbers, !isAmbiguous, let mark {
    codes = texts.map { plainNumberText($0, mark) }
  } else {
    codes = texts
  }
  let (order, sorted) = sortedCodes(codes)
  var categories = sorted.map { Category(code: $0) }
  if isAnyMissing { categories.append(Category(code: "", missing: .noAnswer)) }
  let tables = found.map { $0.map { $0.map { order[$0] } ?? sorted.count } }
  var column = categoricalColumn(parts, categories, tables)
  column.areNumbersAmbiguous = isAmbiguous
  return .values(.categorical(column), warning: warning)
}

/// Codes in their order, each once, and the place of each of `codes` among them.
private func sortedCodes(_ codes: [String]) -> (places: [Int], sorted: [String]) {
  let numbers = codes.map(codeNumber)
  var order = Array(codes.indices)
  if numbers.contains(where: { $0 == nil }) {
    order.sort { precedes(codes[$0], codes[$1]) }
  } else {
    order.sort {
      let (a, b) = (numbers[$0]!, numbers[$1]!)
      return a != b ? a < b : precedes(codes[$0], codes[$1])
    }
  }
  var places = [Int](repeating: 0, count: codes.count)
  var sorted: [String] = []
  sorted.reserveCapacity(codes.count)
  for position in order {
    if sorted.last != codes[position] { sorted.append(codes[position]) }
    places[position] = sorted.count - 1
  }
  return (places, sorted)
}

/// What `Category.number` gives, by a short cut for the usual spellings.
private func codeNumber(_ code: String) -> Double? {
  var code = code
  let plain = code.withUTF8 { bytes in
    unsafe bytes.baseAddress.flatMap { unsafe PlainNumber($0, count: bytes.count) }
  }
  if let plain, plain.mark != UInt8(ascii: ",") { return plain.value }
  return decimalNumber(code)
}

/// By Unicode scalars, which is the order of UTF-8 bytes and needs no locale.
private func precedes(_ a: String, _ b: String) -> Bool {
  a.utf8.lexicographicallyPrecedes(b.utf8)
}
