import SurveyData

/// What the codes of a column are written as: numbers, moments of time, or texts.
struct WrittenCoding {
  private(set) var storage = LabelledVariable.Storage.number
  private(set) var moment: Moment?
  private(set) var format = ""
  private(set) var notes: [String] = []
  private let target: LabelledTarget
  /// What missing codes that are no numbers are written as.
  private var substitutes: [SurveyData.Category: FileValue] = [:]

  init(_ values: Column.Values, _ described: Variable?, _ target: LabelledTarget) {
    self.target = target
    switch values {
    case .numeric(let column):
      substitute(column.usedMissing, besides: [])
      format = target.isStata ? "" : numberFormat(column)
    case .categorical(let column):
      let all = column.categories + labelledOnly(described, besides: column.categories)
      let valid = all.filter { $0.missing == nil }.map(\.code)
      if !column.areNumbersAmbiguous, valid.allSatisfy(isPlainNumber) {
        format = target.isStata ? "" : numberFormat(valid)
        substitute(all.filter { $0.missing != nil }, besides: valid)
      } else if let moment = moment(of: valid) {
        self.moment = moment
        format = target.isStata ? moment.stataFormat : moment.spssFormat
        substitute(all.filter { $0.missing != nil }, besides: [])
      } else {
        let missing = all.filter { $0.missing != nil }
        for category in missing where category.code.isEmpty && category.missing != .noAnswer {
          substitutes[category] = .text(category.missing!.rawValue)
        }
        let texts = valid + missing.map { text(of: $0) }
        storage = .text(width: max(1, texts.map(\.utf8.count).max() ?? 1))
      }
    }
  }

  /// What a category is written as; `nil` is system-missing.
  func value(of category: SurveyData.Category) -> FileValue? {
    if let substitute = substitutes[category] { return substitute }
    switch storage {
    case .text: return category.code.isEmpty ? nil : .text(category.code)
    case .number:
      if category.code.isEmpty { return nil }
      if let moment, let number = moment.number(category.code) { return .number(number) }
      return decimalNumber(category.code).map { .number($0) }
    }
  }

  func isWrittenAsItself(_ category: SurveyData.Category) -> Bool {
    substitutes[category] == nil
  }

  /// Categories that the codebook has and no row.
  func labelledOnly(
    _ described: Variable?, besides listed: [SurveyData.Category]
  ) -> [SurveyData.Category] {
    let codes = Set(listed.map(\.code))
    return (described?.categories ?? []).filter { !codes.contains($0.code) }
      .map { SurveyData.Category(code: $0.code, missing: $0.missing) }
  }

  private func text(of category: SurveyData.Category) -> String {
    if case .text(let text)? = value(of: category) { text } else { "" }
  }

  /// Stata's missing values are letters; SPSS' are numbers, which a text cannot be.
  private mutating func substitute(_ missing: [SurveyData.Category], besides valid: [String]) {
    if target.isStata {
      var free = Array(UInt8(ascii: "a")...UInt8(ascii: "z"))
      let lettered = missing.filter { letter(of: $0.code) != nil }
      for category in lettered {
        let letter = letter(of: category.code)!
        substitutes[category] = .tag(letter)
        free.removeAll { $0 == letter }
      }
      for category in missing where letter(of: category.code) == nil {
        if category.code.isEmpty, category.missing == .noAnswer { continue }
        guard !free.isEmpty else {
          notes.append("'\(category.code)' has no letter left in Stata and is written as '.'")
          continue
        }
        substitutes[category] = .tag(free.removeFirst())
        noteSubstitute(category)
      }
      return
    }
    var taken = Set((missing.map(\.code) + valid).compactMap { decimalNumber($0) })
    var next = -1.0
    for category in missing {
      if category.code.isEmpty, category.missing == .noAnswer { continue }
      if !category.code.isEmpty, decimalNumber(category.code) != nil { continue }
      while taken.contains(next) { next -= 1 }
      taken.insert(next)
      substitutes[category] = .number(next)
      noteSubstitute(category)
    }
  }

  private mutating func noteSubstitute(_ category: SurveyData.Category) {
    guard let value = substitutes[category] else { return }
    let code = category.code.isEmpty ? "an empty cell" : "'\(category.code)'"
    notes.append(
      "\(code) (\(category.missing!.text.en!)) is written as the missing value '\(value.code(nil))'"
    )
  }

  private func letter(of code: String) -> UInt8? {
    let bytes = Array(code.utf8)
    guard bytes.count == 2, bytes[0] == UInt8(ascii: "."),
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(bytes[1])
    else { return nil }
    return bytes[1]
  }

  private func moment(of codes: [String]) -> Moment? {
    guard !codes.isEmpty else { return nil }
    let kinds: [Moment] =
      target.isStata
      ? [.stataDay, .stataInstant] : [.spss(.day), .spss(.instant), .spss(.time)]
    return kinds.first { moment in codes.allSatisfy { moment.number($0) != nil } }
  }
}

/// Whether the code is the shortest way to write its number, so that it reads back as it is.
private func isPlainNumber(_ code: String) -> Bool {
  decimalNumber(code).map { shortestText($0) == code } ?? false
}

private func numberFormat(_ codes: [String]) -> String {
  let decimals = codes.map { code in
    code.contains("e") ? 16 : code.split(separator: ".").dropFirst().first?.utf8.count ?? 0
  }
  let width = codes.map(\.utf8.count).max() ?? 1
  return spssFormat(width: width, decimals: decimals.max() ?? 0)
}

private func numberFormat(_ column: NumericColumn) -> String {
  column.withValues { values in
    var largest = 0.0
    var isWhole = true
    for row in values.indices where !values[row].isNaN {
      largest = max(largest, abs(values[row]))
      if values[row] != values[row].rounded() { isWhole = false }
    }
    let digits = largest < 1e15 ? String(Int(largest)).utf8.count + 1 : 20
    return spssFormat(width: digits + (isWhole ? 0 : 3), decimals: isWhole ? 0 : 2)
  }
}

private func spssFormat(width: Int, decimals: Int) -> String {
  let decimals = min(decimals, 16)
  return "F\(min(40, max(8, width, decimals + 2))).\(decimals)"
}

extension Moment {
  static let stataDay = Moment(kind: .day, epoch: -3653, perSecond: 1 / 86_400)
  static let stataInstant = Moment(kind: .instant, epoch: -3653, perSecond: 1000)

  var spssFormat: String {
    switch kind {
    case .day: "SDATE10"
    case .instant: "DATETIME20"
    case .time: "TIME8"
    }
  }

  var stataFormat: String { kind == .day ? "%td" : "%tc" }

  /// The number that `text` gives back as this text.
  func number(_ code: String) -> Double? {
    let parts = code.split(separator: "T", omittingEmptySubsequences: false)
    var seconds = 0.0
    switch kind {
    case .day:
      guard parts.count == 1, let day = days(parts[0]) else { return nil }
      seconds = Double(day - epoch) * 86_400
    case .instant:
      guard parts.count == 2, let day = days(parts[0]), let clock = clock(parts[1]) else {
        return nil
      }
      seconds = Double(day - epoch) * 86_400 + clock
    case .time:
      guard parts.count == 1, let clock = clock(parts[0]) else { return nil }
      seconds = clock
    }
    let number = kind == .day ? (seconds * perSecond).rounded() : seconds * perSecond
    return text(number) == code ? number : nil
  }

  /// Days from 1970-01-01 (Hinnant's `days_from_civil`).
  private func days(_ text: Substring) -> Int? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, let year = Int(parts[0]), let month = Int(parts[1]),
      let day = Int(parts[2]), (1...9999).contains(year), (1...12).contains(month),
      (1...31).contains(day)
    else { return nil }
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private func clock(_ text: Substring) -> Double? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, let hours = Int(parts[0]), let minutes = Int(parts[1]),
      let seconds = Double(parts[2]), hours >= 0, hours < 1_000_000, (0..<60).contains(minutes),
      seconds >= 0, seconds < 60
    else { return nil }
    return Double(hours * 3600 + minutes * 60) + seconds
  }
}
