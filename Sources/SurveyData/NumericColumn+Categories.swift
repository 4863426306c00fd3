extension NumericColumn {
  /// The numbers as categories in their order, then the missing ones by their codes; a code that
  /// was not written, or that is a number's too, is named after its reason.
  func asCategories() -> CategoricalColumn {
    withValues { values in
      let flags = rowFlags
      let numbers = DistinctNumbers(values)
      var categories = numbers.sorted.map { Category(code: shortestText($0)) }
      var taken = Set(categories.map(\.code))
      var positionOfFlag = [Int](repeating: 0, count: 256)
      var isUsed = [Bool](repeating: false, count: 256)
      for row in values.indices where values[row].isNaN { isUsed[flags(row)] = true }
      for flag in isUsed.indices where isUsed[flag] {
        var category =
          flag > 0 && flag <= missing.count
          ? missing[flag - 1] : Category(code: "", missing: .noAnswer)
        let needsName = category.code.isEmpty && category.missing != .noAnswer
        if needsName || taken.contains(category.code) && !categories.contains(category) {
          category.code = category.missing!.rawValue
        }
        positionOfFlag[flag] = categories.firstIndex(of: category) ?? categories.count
        if taken.insert(category.code).inserted { categories.append(category) }
      }
      func fill<Code: FixedWidthInteger & BitwiseCopyable>(_ type: Code.Type) -> Bytes {
        Bytes(of: Code.self, count: rowCount) { span in
          for row in values.indices {
            let value = values[row]
            span[row] = Code(value.isNaN ? positionOfFlag[flags(row)] : numbers.position(of: value))
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
  }

  /// The flag of a missing number's row; 0 where no reason is kept.
  private var rowFlags: (Int) -> Int {
    guard let reasons else { return { _ in 0 } }
    return { row in reasons.withSpan(of: UInt8.self) { Int($0[row]) } }
  }
}

/// The different numbers of a column, and the place of each among them.
private struct DistinctNumbers {
  let sorted: [Double]
  /// Whole numbers close together, as ids are: their places, counted from the lowest.
  private var places: [Int32] = []
  private var lowest = 0
  private var placeOfNumber: [Double: Int] = [:]

  init(_ values: Span<Double>) {
    var low = Double.infinity
    var high = -Double.infinity
    var areWhole = true
    for row in values.indices where !values[row].isNaN {
      let value = values[row]
      low = min(low, value)
      high = max(high, value)
      if value != value.rounded() { areWhole = false }
    }
    if areWhole, low <= high, abs(low) < 1e15, high - low < Double(4 * values.count + 65_536) {
      lowest = Int(low)
      places = [Int32](repeating: 0, count: Int(high - low) + 1)
      for row in values.indices where !values[row].isNaN { places[Int(values[row]) - lowest] = 1 }
      var found: [Double] = []
      for index in places.indices where places[index] == 1 {
        places[index] = Int32(found.count)
        found.append(Double(lowest + index))
      }
      sorted = found
      return
    }
    var seen: Set<Double> = []
    for row in values.indices where !values[row].isNaN { seen.insert(values[row]) }
    sorted = seen.sorted()
    placeOfNumber.reserveCapacity(sorted.count)
    for (place, number) in sorted.enumerated() { placeOfNumber[number] = place }
  }

  func position(of number: Double) -> Int {
    places.isEmpty ? placeOfNumber[number]! : Int(places[Int(number) - lowest])
  }
}
