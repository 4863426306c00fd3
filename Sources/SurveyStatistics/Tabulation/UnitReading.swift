import SurveyData

/// Columns of one byte read as levels.
struct UnitReading: Sendable {
  let columns: [CategoricalColumn]
  /// By joint code, the first column varying slowest; −1 where it has no level.
  let levels: [Int]
  let count: Int

  init(_ factors: [TabulationPlan.Factor], _ design: Design) {
    columns = factors.map { design.inOrder($0) }
    count = factors.reduce(1) { $0 * $1.levelCount }
    levels = factors.reduce([0]) { levels, factor in
      levels.flatMap { level in
        factor.levels.map { level < 0 || $0 < 0 ? -1 : level * factor.levelCount + Int($0) }
      }
    }
  }

  /// Whether every code has a level.
  var isComplete: Bool { levels.allSatisfy { $0 >= 0 } }

  /// The levels, and one more where some code has none.
  var width: Int { isComplete ? count : count + 1 }

  func isSame(as other: UnitReading) -> Bool {
    levels == other.levels && count == other.count && columns.count == other.columns.count
      && zip(columns, other.columns).allSatisfy { $0.bytes === $1.bytes }
  }
}

/// Columns of one byte read as places.
struct UnitPlaces: Sendable {
  let columns: [CategoricalColumn]
  /// By joint code, of which there are at most 65,536, the first column varying slowest.
  let places: [UInt16]

  init(_ columns: [CategoricalColumn], places: [Int]) {
    self.columns = columns
    self.places = places.map { UInt16($0) }
  }

  /// - Parameter cells: by joint code, below 4,096. Their places are bytes from the first.
  init(_ columns: [CategoricalColumn], cells: [Int]) {
    self.init(columns, places: cells.map { $0 * MemoryLayout<SIMD2<Double>>.stride })
  }

  /// Fills the places of rows, `stride` apart.
  func read(_ rows: Range<Int>, to places: UnsafeMutablePointer<UInt16>, stride: Int) {
    // The table covers the dictionaries, which cover every code.
    let table = self.places.span
    guard !columns.isEmpty else {
      for row in 0..<rows.count { unsafe places[row &* stride] = table[0] }
      return
    }
    unsafe withUnsafeTemporaryAllocation(of: UInt16.self, capacity: rows.count) { joint in
      for (index, column) in columns.enumerated() {
        let count = UInt16(truncatingIfNeeded: column.categories.count)
        column.bytes.withSpan(of: UInt8.self) { codes in
          let codes = codes.extracting(rows)
          if index == 0 {
            for row in codes.indices { unsafe joint[row] = UInt16(codes[unchecked: row]) }
          } else {
            for row in codes.indices {
              unsafe joint[row] = joint[row] &* count &+ UInt16(codes[unchecked: row])
            }
          }
        }
      }
      for row in 0..<rows.count {
        unsafe places[row &* stride] = table[unchecked: Int(joint[row])]
      }
    }
  }
}
