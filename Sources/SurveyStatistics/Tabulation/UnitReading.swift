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

/// Columns of one byte read as places in memory.
struct UnitPlaces: Sendable {
  let columns: [CategoricalColumn]
  /// By joint code, the first column varying slowest: bytes from the first cell.
  let bytes: [UInt16]

  /// - Parameter cells: by joint code, of which there are at most 65,536; below 4,096.
  init(_ columns: [CategoricalColumn], cells: [Int]) {
    self.columns = columns
    bytes = cells.map { UInt16($0 * MemoryLayout<SIMD2<Double>>.stride) }
  }

  /// Fills the places of rows, `stride` apart.
  func read(_ rows: Range<Int>, to places: UnsafeMutablePointer<UInt16>, stride: Int) {
    for row in 0..<rows.count { unsafe places[row &* stride] = 0 }
    for column in columns {
      let count = UInt16(truncatingIfNeeded: column.categories.count)
      column.bytes.withSpan(of: UInt8.self) { codes in
        let codes = codes.extracting(rows)
        for row in codes.indices {
          unsafe places[row &* stride] =
            places[row &* stride] &* count &+ UInt16(codes[unchecked: row])
        }
      }
    }
    let table = bytes.span
    // The table covers the dictionaries, which cover every code.
    for row in 0..<rows.count {
      unsafe places[row &* stride] = table[unchecked: Int(places[row &* stride])]
    }
  }
}
