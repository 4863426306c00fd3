import SurveyData
import Synchronization

/// The numbers of a column in design order as ranked codes: whoever has the smaller code has the
/// smaller number.
///
/// A number that comes up often has a code of its own; others share the code of the span between two
/// such. Ages or hours have a code a value, incomes about a thousand spans of like size.
final class RankedColumn: Sendable {
  /// The numbers of one code.
  struct Code: Sendable {
    var low: Double
    var high: Double
    /// Where their positions stand in `positions`.
    var range: Range<Int>
  }

  /// By design position; missing ones have any.
  let codeOfPosition: Bytes
  /// Ascending, none empty.
  let codes: [Code]
  /// The design positions that have a number, by code, ascending within each.
  let positions: Bytes

  /// Numbers looked at to find the frequent ones and to make spans of like size.
  private static let sampleSize = 8192
  private static let mostSplitters = 512

  /// - Parameter values: in design order.
  /// - Complexity: O(rows · log splitters).
  init(_ values: NumericColumn, threads: Int?) {
    let splitters = Splitters(values, sampleSize: Self.sampleSize, most: Self.mostSplitters)
    let parts = Bytes(of: UInt16.self, count: values.rowCount, threads: threads) { range, parts in
      values.withValues { values in
        for index in range {
          parts[index - range.lowerBound] = splitters.part(of: values[index])
        }
      }
    }
    let codeOfPart: [UInt16]
    (codes, codeOfPart) = Self.codes(of: parts, partCount: splitters.partCount, values: values)
    let codes = self.codes
    codeOfPosition = Bytes(of: UInt16.self, count: values.rowCount, threads: threads) {
      range, code in
      parts.withSpan(of: UInt16.self) { parts in
        for index in range { code[index - range.lowerBound] = codeOfPart[Int(parts[index])] }
      }
    }
    positions = Self.positions(by: codeOfPosition, codes: codes, values: values)
  }

  /// The parts that have numbers, and the code of each part.
  private static func codes(
    of parts: Bytes, partCount: Int, values: NumericColumn
  ) -> ([Code], [UInt16]) {
    var lows = [Double](repeating: .nan, count: partCount)
    var highs = lows
    var sizes = [Int](repeating: 0, count: partCount)
    values.withValues { values in
      parts.withSpan(of: UInt16.self) { parts in
        for index in values.indices where !values[index].isNaN {
          let part = Int(parts[index])
          let value = values[index]
          sizes[part] += 1
          if !(lows[part] <= value) { lows[part] = value }
          if !(highs[part] >= value) { highs[part] = value }
        }
      }
    }
    var codes: [Code] = []
    var codeOfPart = [UInt16](repeating: 0, count: partCount)
    var start = 0
    for part in 0..<partCount where sizes[part] > 0 {
      codeOfPart[part] = UInt16(codes.count)
      codes.append(
        Code(low: lows[part], high: highs[part], range: start..<start + sizes[part]))
      start += sizes[part]
    }
    return (codes, codeOfPart)
  }

  private static func positions(
    by codeOfPosition: Bytes, codes: [Code], values: NumericColumn
  ) -> Bytes {
    var nextPlaces = codes.map(\.range.lowerBound)
    return Bytes(of: Int32.self, count: codes.last?.range.upperBound ?? 0) { positions in
      var next = nextPlaces.mutableSpan
      values.withValues { values in
        codeOfPosition.withSpan(of: UInt16.self) { code in
          for index in values.indices where !values[index].isNaN {
            let code = Int(code[index])
            positions[next[code]] = Int32(truncatingIfNeeded: index)
            next[code] += 1
          }
        }
      }
    }
  }
}

/// Values of a column, ascending: a number is one of them or between two.
private struct Splitters: Sendable {
  /// Filled up with infinities to a power of two, of which one at least is not a splitter.
  private var values: [Double]
  private let count: Int

  /// One for each splitter and one for each span between them.
  var partCount: Int { 2 * count + 1 }

  init(_ column: NumericColumn, sampleSize: Int, most: Int) {
    let size = min(sampleSize, column.rowCount)
    let sample = column.withValues { values in
      (0..<size).map { values[$0 * values.count / size] }.filter { !$0.isNaN }
    }.sorted()
    var distinct = Self.distinct(sample)
    if distinct.count > most {
      distinct = Self.distinct((0..<most).map { sample[(2 * $0 + 1) * sample.count / (2 * most)] })
    }
    count = distinct.count
    var capacity = 1
    while capacity <= count { capacity *= 2 }
    values = distinct + Array(repeating: .infinity, count: capacity - count)
  }

  private static func distinct(_ sorted: [Double]) -> [Double] {
    sorted.indices.filter { $0 == 0 || sorted[$0] != sorted[$0 - 1] }.map { sorted[$0] }
  }

  /// The parts ascend with the numbers; splitters have the odd ones.
  @inline(__always)
  func part(of value: Double) -> UInt16 {
    let splitters = values.span
    var below = 0
    var step = splitters.count / 2
    while step > 0 {
      below += splitters[below + step - 1] < value ? step : 0
      step /= 2
    }
    let isSplitter = below < count && splitters[below] == value
    return UInt16(truncatingIfNeeded: 2 * below + (isSplitter ? 1 : 0))
  }
}

/// Columns as ranked codes, each made on its first use and kept as long as the column that it was
/// made of.
final class RankedColumns: Sendable {
  private struct Entry {
    weak var source: Bytes?
    let ranked: RankedColumn
  }

  private let entries = Mutex<[ObjectIdentifier: Entry]>([:])

  fileprivate func ranked(
    _ source: Bytes, _ make: () -> RankedColumn
  ) -> RankedColumn {
    let known = entries.withLock { entries -> RankedColumn? in
      guard let entry = entries[ObjectIdentifier(source)], entry.source === source else {
        return nil
      }
      return entry.ranked
    }
    if let known { return known }
    let ranked = make()
    entries.withLock { entries in
      entries = entries.filter { $0.value.source != nil }
      entries[ObjectIdentifier(source)] = Entry(source: source, ranked: ranked)
    }
    return ranked
  }
}

extension Design {
  /// A column's numbers as ranked codes in design order.
  func ranked(_ column: NumericColumn, threads: Int?) -> RankedColumn {
    rankedColumns.ranked(column.bytes) { RankedColumn(inOrder(column), threads: threads) }
  }
}
