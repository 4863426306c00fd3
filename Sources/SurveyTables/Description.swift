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
    columns = try concurrentMap(count: chosen.count, threads: nil) { index in
      Result { try DescribedColumn(chosen[index], in: dataset) }
    }.map { try $0.get() }
    weights = try weight.flatMap { try WeightSpread($0, in: dataset) }
  }
}

extension DescribedColumn {
  init(_ column: Column, in dataset: Dataset) throws {
    let label = dataset.codebook.variables[column.name]?.label ?? LocalizedText()
    switch column.values {
    case .categorical(let values) where !values.readsAsNumbers:
      self.init(column.name, label, values, dataset.codebook)
    case .categorical, .numeric:
      self.init(column.name, label, try dataset.numbers(column.name))
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

  private init(_ name: String, _ label: LocalizedText, _ column: NumericColumn) {
    var spread = NumberSpread()
    var missing: [MissingReason: Int] = [:]
    column.withValues { values in
      spread.add(values) { row in
        missing[column.missingReason(at: row) ?? .noAnswer, default: 0] += 1
      }
    }
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

/// Count, sum and limits of numbers, four at a time: one compensated sum after the other would wait for
/// each addition.
private struct NumberSpread {
  private(set) var count = 0
  private var sums = SIMD4<Double>()
  private var errors = SIMD4<Double>()
  private var low = SIMD4<Double>(repeating: .infinity)
  private var high = SIMD4<Double>(repeating: -.infinity)

  /// `missing` gets the rows that hold no number.
  mutating func add(_ values: Span<Double>, missing: (Int) -> Void) {
    var row = 0
    while row + 4 <= values.count {
      let four = SIMD4(values[row], values[row + 1], values[row + 2], values[row + 3])
      if all(four .== four) {
        low = pointwiseMin(low, four)
        high = pointwiseMax(high, four)
        add(four)
        count += 4
      } else {
        for row in row..<row + 4 { add(values[row], row, missing) }
      }
      row += 4
    }
    while row < values.count {
      add(values[row], row, missing)
      row += 1
    }
  }

  private mutating func add(_ value: Double, _ row: Int, _ missing: (Int) -> Void) {
    guard !value.isNaN else { return missing(row) }
    low[0] = min(low[0], value)
    high[0] = max(high[0], value)
    add(SIMD4(value, 0, 0, 0))
    count += 1
  }

  @inline(__always)
  private mutating func add(_ terms: SIMD4<Double>) {
    let totals = sums + terms
    let added = totals - sums
    errors += (sums - (totals - added)) + (terms - added)
    sums = totals
  }

  var sum: Double {
    var sum = Compensated()
    for lane in sums.indices { sum.add(sums[lane]) }
    for lane in errors.indices { sum.add(errors[lane]) }
    return sum.value
  }

  var minimum: Double { low.min() }
  var maximum: Double { high.max() }
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
