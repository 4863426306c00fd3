/// A variable to decode, and the memory that its values go to.
struct CasePlan: Sendable {
  let entry: SAVDictionary.Entry
  let role: ColumnRole
  var store: RawColumn.Store
  let rows: ScratchRows
  let isSwapped: Bool

  /// Strings of more than eight bytes have codes of their own; all else begins with a byte a row,
  /// and a column with too many different values is decoded as words.
  init?(_ entry: SAVDictionary.Entry, _ role: ColumnRole, wide: Bool, rows: Int, isSwapped: Bool) {
    store = entry.width > 8 ? .codes32 : wide ? .words : .codes8
    let width =
      switch store {
      case .codes8: 1
      case .codes32: 4
      case .words: 8
      }
    guard let memory = ScratchRows(rows: rows, width: width) else { return nil }
    self.rows = memory
    self.entry = entry
    self.role = role
    self.isSwapped = isSwapped && entry.isNumber
  }
}

/// One of the threads that decode cases: it keeps one dictionary a column.
final class CaseLane: @unchecked Sendable {
  private let columns: [LaneColumn]
  /// The rows it decoded.
  private(set) var runs: [(firstRow: Int, count: Int)] = []

  init(_ plans: [CasePlan]) { columns = plans.map(LaneColumn.init) }

  /// Reads cases that stand one behind the other.
  @unsafe func read(
    _ cases: UnsafePointer<UInt8>, caseBytes: Int, count: Int, firstRow: Int
  ) {
    for column in columns {
      unsafe column.read(cases, caseBytes: caseBytes, count: count, firstRow: firstRow)
    }
    if let last = runs.last, last.firstRow + last.count == firstRow {
      runs[runs.count - 1].count += count
    } else {
      runs.append((firstRow, count))
    }
  }

  func values(_ column: Int) -> RawColumn.LaneValues { columns[column].values }

  func hasOverflowed(_ column: Int) -> Bool { columns[column].hasOverflowed }
}

/// One column as one lane reads it.
private final class LaneColumn {
  private let plan: CasePlan
  private var words = WordDictionary()
  private var strings = BytesDictionary()
  private var gathered: [UInt8]
  private(set) var hasOverflowed = false

  init(_ plan: CasePlan) {
    self.plan = plan
    gathered = [UInt8](repeating: 0, count: plan.entry.width)
  }

  var values: RawColumn.LaneValues {
    plan.store == .codes32 ? .strings(strings.strings) : .words(words.words)
  }

  @unsafe func read(
    _ cases: UnsafePointer<UInt8>, caseBytes: Int, count: Int, firstRow: Int
  ) {
    let first = unsafe cases + plan.entry.offset
    switch plan.store {
    case .codes8:
      guard !hasOverflowed else { return }
      unsafe words.write(
        UnsafeRawPointer(first), stride: caseBytes, count: count, isSwapped: plan.isSwapped,
        to: plan.rows.pointer(to: UInt8.self) + firstRow)
      hasOverflowed = words.count > 256
    case .words:
      let output = unsafe plan.rows.pointer(to: UInt64.self) + firstRow
      var place = unsafe UnsafeRawPointer(first)
      let isSwapped = plan.isSwapped
      for row in 0..<count {
        let word = unsafe place.loadUnaligned(as: UInt64.self)
        unsafe output[row] = isSwapped ? word.byteSwapped : word
        unsafe place += caseBytes
      }
    case .codes32:
      let output = unsafe plan.rows.pointer(to: UInt32.self) + firstRow
      for row in 0..<count { unsafe output[row] = code(first + row * caseBytes) }
    }
  }

  @unsafe private func code(_ start: UnsafePointer<UInt8>) -> UInt32 {
    let width = plan.entry.width
    if width <= 255 { return unsafe strings.code(start, trimmedCount(start, width)) }
    // A very long string stands in segments of 256 bytes, of which 255 are used.
    return unsafe gathered.withUnsafeMutableBufferPointer { bytes in
      let target = bytes.baseAddress!
      var position = 0
      var segment = unsafe start
      while position < width {
        let used = min(255, width - position)
        unsafe (target + position).update(from: segment, count: used)
        position += used
        unsafe segment += 256
      }
      return unsafe strings.code(target, trimmedCount(target, width))
    }
  }
}

/// The bytes without the blanks at their end.
@unsafe private func trimmedCount(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int {
  var count = count
  while count > 0, unsafe start[count - 1] == space { count -= 1 }
  return count
}
