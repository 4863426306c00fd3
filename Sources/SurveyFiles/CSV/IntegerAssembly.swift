import SurveyData

/// A column whose cells are all whole numbers without a sign or a leading zero, as codes, ages and
/// the numbers of workplaces are; `nil` for every other column.
///
/// The same as `assembledCategories` gives, without a text for every spelling: with 60,000
/// workplaces that is most of the work.
func assembledIntegers(_ parts: ColumnParts) -> Column.Values? {
  guard !parts.lanes.contains(where: \.readsNumbers) else { return nil }
  // By lane and code; -1 for a missing answer.
  var values: [[Int]] = []
  var largest = -1
  var isAnyMissing = false
  for lane in parts.lanes {
    var table: [Int] = []
    table.reserveCapacity(lane.spellings.count)
    for spelling in lane.spellings {
      if spelling.count == 0 {
        isAnyMissing = true
        table.append(-1)
        continue
      }
      guard let value = unsafe wholeNumber(spelling.start, count: spelling.count) else {
        return nil
      }
      largest = max(largest, value)
      table.append(value)
    }
    values.append(table)
  }
  let different = DifferentIntegers(values, largest: largest)
  if parts.plan.role == .asFound, different.sorted.count > mostCategoriesOfNumbers {
    let tables = values.map { $0.map { $0 < 0 ? Double.nan : Double($0) } }
    return .numeric(numericColumn(parts, tables))
  }
  var categories = different.sorted.map { Category(code: String($0)) }
  if isAnyMissing { categories.append(Category(code: "", missing: .noAnswer)) }
  let missing = different.sorted.count
  let tables = values.map { $0.map { $0 < 0 ? missing : different.position(of: $0) } }
  return .categorical(categoricalColumn(parts, categories, tables))
}

/// Whole numbers, each once, and the place of each in their order.
private struct DifferentIntegers {
  let sorted: [Int]
  /// The place of each number from 0 on, where the numbers are dense enough for a list.
  private let places: [Int32]

  init(_ values: [[Int]], largest: Int) {
    let count = values.reduce(0) { $0 + $1.count }
    guard largest <= 16 * count + 1024 else {
      sorted = Set(values.joined()).filter { $0 >= 0 }.sorted()
      places = []
      return
    }
    var places = [Int32](repeating: -1, count: largest + 1)
    for table in values {
      for value in table where value >= 0 { places[value] = 0 }
    }
    var sorted: [Int] = []
    for value in places.indices where places[value] == 0 {
      places[value] = Int32(sorted.count)
      sorted.append(value)
    }
    self.places = places
    self.sorted = sorted
  }

  /// - Precondition: the value is one of the numbers.
  func position(of value: Int) -> Int {
    if !places.isEmpty { return Int(places[value]) }
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// The whole number that up to 15 digits are.
@unsafe private func wholeNumber(_ start: UnsafePointer<UInt8>, count: Int) -> Int? {
  guard count <= 15, unsafe count == 1 || start[0] != UInt8(ascii: "0") else { return nil }
  var value = 0
  for position in 0..<count {
    let digit = unsafe start[position] &- UInt8(ascii: "0")
    guard digit < 10 else { return nil }
    value = value * 10 + Int(digit)
  }
  return value
}
