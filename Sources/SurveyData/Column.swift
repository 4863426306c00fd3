/// One variable's answers, a value a respondent.
public struct Column: Sendable {
  public enum Values: Sendable {
    case categorical(CategoricalColumn)
    case numeric(NumericColumn)
  }

  public let name: String
  public let values: Values

  public init(name: String, values: Values) {
    self.name = name
    self.values = values
  }

  public var rowCount: Int {
    switch values {
    case .categorical(let column): column.rowCount
    case .numeric(let column): column.rowCount
    }
  }
}

/// One value that a categorical column can take: a code as it stands in the data.
public struct Category: Sendable, Hashable {
  /// The code as written in the data (`0101` keeps its zero).
  public var code: String
  /// Why this code is no valid answer; `nil` for a valid answer.
  public var missing: MissingReason?

  public init(code: String, missing: MissingReason? = nil) {
    self.code = code
    self.missing = missing
  }

  /// The code as a number, where it is one.
  public var number: Double? { decimalNumber(code) }
}

/// Answers that are small integers: a dictionary of categories and one index a respondent.
///
/// Valid categories come first, in the order of the scale (or of their codes), then the missing
/// ones. Every stored index is below `categories.count`: checked once when the column is made.
public struct CategoricalColumn: Sendable {
  /// The bytes of a stored index.
  public enum Width: Int, Sendable {
    case one = 1
    case two = 2
    case four = 4

    /// The narrowest width for a dictionary of that many categories.
    package static func narrowest(for categories: Int) -> Width {
      categories <= 256 ? .one : categories <= 65_536 ? .two : .four
    }
  }

  public let categories: [Category]
  /// The codes are numbers, but `1.234` among them is either a thousand or a decimal: they are texts,
  /// and what asks for numbers is told so.
  package var areNumbersAmbiguous = false
  /// The number of rows per dictionary index, where who checked the codes has counted them.
  package let countedFrequencies: [Int]?
  package let width: Width
  package let bytes: Bytes

  public var rowCount: Int { bytes.count / width.rawValue }

  /// - Precondition: every index in `bytes` is below `categories.count`.
  package init(
    categories: [Category], width: Width, bytes: Bytes, countedFrequencies: [Int]? = nil
  ) {
    self.categories = categories
    self.width = width
    self.bytes = bytes
    self.countedFrequencies = countedFrequencies
  }

  /// A column from one dictionary index a row.
  public init(categories: [Category], indices: [Int]) {
    precondition(
      indices.allSatisfy { categories.indices.contains($0) }, "an index outside the dictionary")
    let width = Width.narrowest(for: categories.count)
    let bytes =
      switch width {
      case .one: Bytes(indices.map { UInt8($0) })
      case .two: Bytes(indices.map { UInt16($0) })
      case .four: Bytes(indices.map { UInt32($0) })
      }
    self.init(categories: categories, width: width, bytes: bytes)
  }

  /// The dictionary index of one row.
  package func index(at row: Int) -> Int {
    switch width {
    case .one: bytes.withSpan(of: UInt8.self) { Int($0[row]) }
    case .two: bytes.withSpan(of: UInt16.self) { Int($0[row]) }
    case .four: bytes.withSpan(of: UInt32.self) { Int($0[row]) }
    }
  }

  /// Gives every row's index to `body`, in order. For set-up, not for hot loops.
  package func forEachIndex(_ body: (_ row: Int, _ index: Int) -> Void) {
    func visit<Code: FixedWidthInteger & BitwiseCopyable>(_ type: Code.Type) {
      bytes.withSpan(of: Code.self) { codes in
        for row in codes.indices { body(row, Int(codes[row])) }
      }
    }
    switch width {
    case .one: visit(UInt8.self)
    case .two: visit(UInt16.self)
    case .four: visit(UInt32.self)
    }
  }

  /// Whether categories are so few that comparing many codes at once with each beats a table of counts.
  package var countsByComparison: Bool {
    Self.countsByComparison(width, categories: categories.count)
  }

  package static func countsByComparison(_ width: Width, categories: Int) -> Bool {
    width == .one && categories <= 24
  }

  /// The number of rows per dictionary index.
  package func frequencies() -> [Int] {
    if let countedFrequencies { return countedFrequencies }
    if countsByComparison { return frequencies(of: 0..<rowCount) }
    var counts = [Int](repeating: 0, count: categories.count)
    forEachIndex { _, index in counts[index] += 1 }
    return counts
  }

  /// The number of rows per dictionary index among some of the rows.
  ///
  /// - Parameter inside: a byte a row of the column, 0 where it is left out.
  /// - Precondition: `countsByComparison`.
  package func frequencies(of rows: Range<Int>, inside: Bytes? = nil) -> [Int] {
    precondition(countsByComparison)
    return bytes.codeCounts(of: rows, below: categories.count, inside: inside)
  }

  /// The same answers with another dictionary; `map` gives each old index its new one.
  package func recoded(to categories: [Category], map: [Int]) -> CategoricalColumn {
    let width = Width.narrowest(for: categories.count)
    func fill<Code: FixedWidthInteger & BitwiseCopyable>(_ type: Code.Type) -> Bytes {
      let table = map.map { Code($0) }
      return Bytes(of: Code.self, count: rowCount) { span in
        forEachIndex { row, index in span[row] = table[index] }
      }
    }
    let bytes =
      switch width {
      case .one: fill(UInt8.self)
      case .two: fill(UInt16.self)
      case .four: fill(UInt32.self)
      }
    var column = CategoricalColumn(categories: categories, width: width, bytes: bytes)
    column.areNumbersAmbiguous = areNumbersAmbiguous
    return column
  }

  /// The first category in the dictionary that is either a thousand or a decimal, where such are.
  package var ambiguousNumber: Category? {
    guard areNumbersAmbiguous else { return nil }
    return categories.first { category in
      category.missing == nil
        && category.code.utf8.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") }
    }
  }
}

/// Numbers, one a respondent; a missing one is NaN in `values`, with its reason beside it.
public struct NumericColumn: Sendable {
  package let bytes: Bytes
  /// One byte a row: 0 for a valid number, else 1 + an index in `missing`.
  /// `nil` where every NaN means `noAnswer`.
  package let reasons: Bytes?
  /// What the missing numbers were written as, and why they are no answer; a code is empty where
  /// none was written. At most 255.
  package let missing: [Category]

  /// Every reason, under no code: the `missing` of a column whose flags are `MissingReason.flag`.
  package static let plainReasons = MissingReason.allCases.map { Category(code: "", missing: $0) }

  public var rowCount: Int { bytes.count / MemoryLayout<Double>.stride }

  package init(
    bytes: Bytes, reasons: Bytes? = nil, missing: [Category] = NumericColumn.plainReasons
  ) {
    self.bytes = bytes
    self.reasons = reasons
    self.missing = missing
  }

  public init(_ values: [Double?]) {
    self.init(bytes: Bytes(values.map { $0 ?? .nan }))
  }

  package func withValues<Result, Failure: Error>(
    _ body: (Span<Double>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try bytes.withSpan(of: Double.self, body)
  }

  /// Why the number of a row is missing; `nil` where it is not.
  package func missingReason(at row: Int) -> MissingReason? {
    missingCategory(at: row)?.missing
  }

  /// The same with the code that stands in the data.
  package func missingCategory(at row: Int) -> Category? {
    if let reasons {
      let code = reasons.withSpan(of: UInt8.self) { Int($0[row]) }
      return code == 0 ? nil : missing[code - 1]
    }
    return withValues { $0[row].isNaN } ? Category(code: "", missing: .noAnswer) : nil
  }
}

/// The number that a text is, written with a decimal point; `nil` for anything else, `nan` and
/// hexadecimal included.
package func decimalNumber(_ text: String) -> Double? {
  guard !text.isEmpty,
    text.utf8.allSatisfy({ byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
        UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
        true
      default: false
      }
    }),
    let number = Double(text), number.isFinite
  else { return nil }
  return number
}
