import SurveyData
import SurveyStatistics

/// What is in the data: the answer to `describe`.
public struct Description: Sendable {
  public var source: DataSource
  public var rowCount: Int
  public var columns: [DescribedColumn]
  /// The spread of the weights, where a weight column is named.
  public var weights: WeightSpread?
  public var warnings: [String]
}

/// One column of a description.
public struct DescribedColumn: Sendable {
  public enum Content: Sendable {
    /// Valid categories with their respondents; `nil` for a count that is withheld.
    case categories([(code: String, label: LocalizedText, count: Int?)])
    /// Text that differs from respondent to respondent is counted, never shown.
    case text(distinct: Int)
    /// `nil` for a limit that is withheld.
    case numbers(minimum: Double?, mean: Double, maximum: Double?)
    case nothing
  }

  public var name: String
  public var label: LocalizedText
  /// Respondents with a valid answer; `nil` where that is withheld.
  public var valid: Int?
  /// Respondents without one, by reason; `nil` for a count that is withheld.
  public var missing: [(reason: MissingReason, count: Int?)]
  public var content: Content
}

/// How unequal the weights are.
public struct WeightSpread: Sendable {
  public var column: String
  public var minimum: Double
  public var maximum: Double
  public var mean: Double
  public var total: Double
  /// 1 + CV²: the factor by which unequal weights alone raise a variance (Kish 1965).
  public var kishDesignEffect: Double
  /// Respondents divided by Kish's design effect.
  public var effectiveSize: Double
}

extension Description {
  /// - Parameter names: the columns to describe, in that order; empty for all.
  public init(
    of dataset: Dataset, columns names: [String] = [], weight: String? = nil
  ) throws {
    source = dataset.source
    rowCount = dataset.rowCount
    warnings = []
    let chosen =
      try names.isEmpty ? dataset.columns : names.map { name in try dataset.column(name) }
    columns = concurrentMap(count: chosen.count, threads: nil) { index in
      DescribedColumn(chosen[index], in: dataset)
    }
    weights = try weight.flatMap { try WeightSpread($0, in: dataset) }
  }
}

extension DescribedColumn {
  init(_ column: Column, in dataset: Dataset) {
    let label = dataset.codebook.variables[column.name]?.label ?? LocalizedText()
    switch column.values {
    case .categorical(let values) where !values.readsAsNumbers:
      self.init(column.name, label, values, dataset.codebook)
    case .categorical(let values): self.init(column.name, label, numbersOf: values)
    case .numeric(let values): self.init(column.name, label, values)
    }
  }

  private init(
    _ name: String, _ label: LocalizedText, _ column: CategoricalColumn, _ codebook: Codebook
  ) {
    let counts = column.frequencies()
    var valid = 0
    var missing: [MissingReason: Int] = [:]
    var categories: [(code: String, label: LocalizedText, count: Int?)] = []
    for (category, count) in zip(column.categories, counts) {
      if let reason = category.missing {
        missing[reason, default: 0] += count
      } else {
        valid += count
        let text = LocalizedText(
          da: codebook.label(of: category.code, in: name, language: .da),
          en: codebook.label(of: category.code, in: name, language: .en))
        categories.append((category.code, text, count))
      }
    }
    self.name = name
    self.label = label
    self.valid = valid
    self.missing = MissingReason.allCases.compactMap { reason in
      missing[reason].flatMap { $0 > 0 ? (reason: reason, count: $0) : nil }
    }
    content =
      categories.isEmpty
      ? .nothing : column.isLong ? .text(distinct: categories.count) : .categories(categories)
  }

  /// Each category is a number.
  private init(_ name: String, _ label: LocalizedText, numbersOf column: CategoricalColumn) {
    var spread = NumberSpread()
    var missing: [MissingReason: Int] = [:]
    for (category, count) in zip(column.categories, column.frequencies()) where count > 0 {
      if let reason = category.missing {
        missing[reason, default: 0] += count
      } else if let number = category.number {
        spread.add(number, times: count)
      }
    }
    self.init(name, label, spread, missing)
  }

  private init(_ name: String, _ label: LocalizedText, _ column: NumericColumn) {
    var spread = NumberSpread()
    var missing: [MissingReason: Int] = [:]
    column.withValues { values in
      spread.add(values) { row in
        missing[column.missingReason(at: row) ?? .noAnswer, default: 0] += 1
      }
    }
    self.init(name, label, spread, missing)
  }

  private init(
    _ name: String, _ label: LocalizedText, _ spread: NumberSpread, _ missing: [MissingReason: Int]
  ) {
    let valid = spread.count
    self.name = name
    self.label = label
    self.valid = valid
    self.missing = MissingReason.allCases.compactMap { reason in
      missing[reason].map { (reason: reason, count: $0) }
    }
    content =
      valid == 0
      ? .nothing
      : .numbers(
        minimum: spread.minimum, mean: spread.sum / Double(valid), maximum: spread.maximum)
  }
}

/// Count, sum and limits of numbers, in four parts by turns: in one compensated sum each addition would
/// wait for the one before.
private struct NumberSpread {
  private struct Part {
    var count = 0
    var sum = Compensated()
    var low = Double.infinity
    var high = -Double.infinity

    @inline(__always)
    mutating func add(_ value: Double) {
      count += 1
      sum.add(value)
      low = value < low ? value : low
      high = value > high ? value : high
    }
  }

  private var parts = (Part(), Part(), Part(), Part())

  /// `missing` gets the rows that hold no number.
  mutating func add(_ values: Span<Double>, missing: (Int) -> Void) {
    var row = 0
    while row + 4 <= values.count {
      let (a, b, c, d) = (values[row], values[row + 1], values[row + 2], values[row + 3])
      if a.isNaN { missing(row) } else { parts.0.add(a) }
      if b.isNaN { missing(row + 1) } else { parts.1.add(b) }
      if c.isNaN { missing(row + 2) } else { parts.2.add(c) }
      if d.isNaN { missing(row + 3) } else { parts.3.add(d) }
      row += 4
    }
    while row < values.count {
      if values[row].isNaN { missing(row) } else { parts.0.add(values[row]) }
      row += 1
    }
  }

  mutating func add(_ value: Double, times: Int) {
    parts.0.count += times - 1
    parts.0.sum.add(value * Double(times - 1))
    parts.0.add(value)
  }

  private var all: [Part] { [parts.0, parts.1, parts.2, parts.3] }
  var count: Int { all.reduce(0) { $0 + $1.count } }
  var minimum: Double { all.reduce(.infinity) { min($0, $1.low) } }
  var maximum: Double { all.reduce(-.infinity) { max($0, $1.high) } }
  var sum: Double {
    var sum = Compensated()
    for part in all { sum.add(part.sum) }
    return sum.value
  }
}

extension CategoricalColumn {
  /// More categories than a list can show, or nearly as many as respondents: text, ids, numbers.
  fileprivate var isLong: Bool {
    let valid = categories.count { $0.missing == nil }
    return valid > 60 || valid * 2 > max(rowCount, 20)
  }

  /// Whether the categories are better shown as a range of numbers. A leading zero makes a code.
  fileprivate var readsAsNumbers: Bool {
    isLong && !areNumbersAmbiguous
      && categories.allSatisfy { category in
        category.missing != nil
          || category.number != nil && !category.hasLeadingZero
      }
  }
}

extension SurveyData.Category {
  /// `0101`, but not `0.5`.
  fileprivate var hasLeadingZero: Bool {
    let digits = code.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
    return digits.first == UInt8(ascii: "0")
      && digits.dropFirst().first.map { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        ?? false
  }
}

extension WeightSpread {
  init?(_ column: String, in dataset: Dataset) throws {
    var count = 0
    var sum = Compensated()
    var squares = Compensated()
    var low = Double.infinity
    var high = -Double.infinity
    try dataset.numbers(column).withValues { values in
      for row in values.indices where values[row] > 0 {
        count += 1
        sum.add(values[row])
        squares.add(values[row] * values[row])
        low = min(low, values[row])
        high = max(high, values[row])
      }
    }
    guard count > 0 else { return nil }
    let n = Double(count)
    let effect = n * squares.value / (sum.value * sum.value)
    self.init(
      column: column, minimum: low, maximum: high, mean: sum.value / n, total: sum.value,
      kishDesignEffect: effect, effectiveSize: n / effect)
  }
}
