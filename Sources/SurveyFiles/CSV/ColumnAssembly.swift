import CByteScan
import SurveyData
import Synchronization

/// One column's values in every chunk, and the lanes that read them.
struct ColumnParts: Sendable {
  let name: String
  let plan: ColumnPlan
  let lanes: [ColumnLane]
  let memory: ColumnMemory
  /// In the order of the file.
  let chunks: [(lane: Int, values: ChunkColumn)]
  let rowCount: Int
}

extension ColumnParts {
  /// Gives every chunk that has rows to `body`, with the first of its rows and the start of its values.
  ///
  /// No chunk's values begin before its first row's place, so that they may be moved there in order.
  fileprivate func forEachChunk(
    _ body: (_ row: Int, _ lane: Int, _ chunk: ChunkColumn, _ start: UnsafeMutableRawPointer) ->
      Void
  ) {
    var row = 0
    for (lane, chunk) in chunks where chunk.count > 0 {
      unsafe body(row, lane, chunk, memory.start(of: chunk))
      row += chunk.count
    }
  }
}

/// Columns that wait to be put together, each handed out once: what it has no more use for is given back as
/// soon as it is.
final class WaitingColumns: Sendable {
  private let parts: Mutex<[ColumnParts?]>

  init(_ parts: [ColumnParts]) { self.parts = Mutex(parts) }

  /// - Precondition: it was not taken before.
  func take(_ index: Int) -> ColumnParts {
    parts.withLock { parts in
      defer { parts[index] = nil }
      return parts[index]!
    }
  }
}

/// What becomes of a column once all its cells were seen.
enum ColumnOutcome: Sendable {
  case values(Column.Values, warning: String?)
  /// The column must be read once more, by another plan.
  case again(ColumnPlan)
  case fault(ColumnFault)
}

/// A cell that a column cannot have; the message needs its text and line.
struct ColumnFault: Sendable {
  enum Kind: Sendable {
    case notNumeric, ambiguous
    case mixed(earlier: CellPlace)
  }

  let column: Int
  let kind: Kind
  let cell: CellPlace
}

/// Puts a column together from its chunks.
func assembled(_ parts: ColumnParts, encoding: TextEncoding, file: String) -> ColumnOutcome {
  let plan = parts.plan
  if plan.role == .number { return assembledNumbers(parts) }
  if let integers = assembledIntegers(parts) { return .values(integers, warning: nil) }
  let spellings = parts.lanes.map { lane in readSpellings(lane, encoding: encoding) }
  if parts.lanes.contains(where: \.readsNumbers) {
    var evidence = NumberEvidence()
    for lane in parts.lanes where lane.readsNumbers { evidence.merge(lane.evidence) }
    for lane in spellings { lane.note(in: &evidence, plan.numbers) }
    let mark = plan.numbers.decimalMark ?? evidence.mark
    if evidence.text != nil || evidence.notCanonical != nil || evidence.isMixed
      || (mark == nil && evidence.either != nil)
    {
      var spelt = plan
      spelt.keepsSpellings = true
      return .again(spelt)
    }
    if plan.numbers.decimalMark == nil, mark == .comma, evidence.either != nil {
      var settled = plan
      settled.numbers.decimalMark = .comma
      return .again(settled)
    }
    let tables = spellings.map { $0.numbers(mark ?? .point, plan.numbers) }
    return .values(.numeric(numericColumn(parts, tables)), warning: nil)
  }
  return assembledCategories(parts, spellings, file: file)
}

private func assembledNumbers(_ parts: ColumnParts) -> ColumnOutcome {
  let plan = parts.plan
  var evidence = NumberEvidence()
  for lane in parts.lanes { evidence.merge(lane.evidence) }
  if plan.numbers.decimalMark == nil, let point = evidence.point, let comma = evidence.comma,
    evidence.text.map({ max(point, comma) < $0 }) ?? true
  {
    return .fault(
      ColumnFault(
        column: plan.column, kind: .mixed(earlier: min(point, comma)), cell: max(point, comma)))
  }
  if let text = evidence.text {
    return .fault(ColumnFault(column: plan.column, kind: .notNumeric, cell: text))
  }
  if plan.numbers.decimalMark == nil, let either = evidence.either {
    switch evidence.mark {
    case nil: return .fault(ColumnFault(column: plan.column, kind: .ambiguous, cell: either))
    case .comma:
      var settled = plan
      settled.numbers.decimalMark = .comma
      return .again(settled)
    case .point: break
    }
  }
  return .values(.numeric(numericColumn(parts, parts.lanes.map { _ in [] })), warning: nil)
}

/// The column as numbers; `tables` gives the number of each code that a lane gave out.
func numericColumn(_ parts: ColumnParts, _ tables: [[Double]]) -> NumericColumn {
  let memory = parts.memory[.numbers]
  let output = unsafe memory.start.assumingMemoryBound(to: Double.self)
  unsafe parts.forEachChunk { row, lane, chunk, start in
    let target = unsafe output + row
    switch chunk.kind {
    case .numbers:
      let values = unsafe start.assumingMemoryBound(to: Double.self)
      if unsafe values != target { unsafe target.update(from: values, count: chunk.count) }
    case .codes8:
      let codes = unsafe start.assumingMemoryBound(to: UInt8.self)
      for row in 0..<chunk.count { unsafe target[row] = tables[lane][Int(codes[row])] }
    case .codes32:
      let codes = unsafe start.assumingMemoryBound(to: UInt32.self)
      for row in 0..<chunk.count { unsafe target[row] = tables[lane][Int(codes[row])] }
    }
  }
  return NumericColumn(
    bytes: Bytes(memory, count: parts.rowCount * MemoryLayout<Double>.stride))
}

/// The column as dictionary indices; `tables` gives the index of each code that a lane gave out.
func categoricalColumn(
  _ parts: ColumnParts, _ categories: [Category], _ tables: [[Int]]
) -> CategoricalColumn {
  func fill<Index: FixedWidthInteger & BitwiseCopyable>(
    _ type: Index.Type, _ memory: BlankMemory
  ) -> Bytes {
    let output = unsafe memory.start.assumingMemoryBound(to: Index.self)
    let tables = tables.map { table in
      // Padded, so that a byte is always a valid index and needs no check of its own.
      table.map { Index($0) } + Array(repeating: 0, count: max(0, 256 - table.count))
    }
    unsafe parts.forEachChunk { row, lane, chunk, start in
      let target = unsafe output + row
      unsafe tables[lane].withUnsafeBufferPointer { table in
        switch chunk.kind {
        case .codes8:
          let codes = unsafe start.assumingMemoryBound(to: UInt8.self)
          unsafe recode(
            codes, to: target, chunk.count, table, used: parts.lanes[lane].spellings.count)
        case .codes32:
          let codes = unsafe start.assumingMemoryBound(to: UInt32.self)
          for row in 0..<chunk.count { unsafe target[row] = table[Int(codes[row])] }
        case .numbers: preconditionFailure("numbers have no codes")
        }
      }
    }
    return Bytes(memory, count: parts.rowCount * MemoryLayout<Index>.stride)
  }
  let width = CategoricalColumn.Width.narrowest(for: categories.count)
  let bytes =
    switch width {
    case .one: fill(UInt8.self, parts.memory[.codes8])
    case .two: fill(UInt16.self, BlankMemory(byteCount: parts.rowCount * 2))
    case .four: fill(UInt32.self, parts.memory[.codes32])
    }
  return CategoricalColumn(categories: categories, width: width, bytes: bytes)
}

/// Gives each code its entry in a table of 256; `target` may be where the codes are.
@unsafe private func recode<Index: FixedWidthInteger & BitwiseCopyable>(
  _ codes: UnsafePointer<UInt8>, to target: UnsafeMutablePointer<Index>, _ count: Int,
  _ table: UnsafeBufferPointer<Index>, used: Int
) {
  if Index.self == UInt8.self {
    unsafe UnsafeMutableRawPointer(target).withMemoryRebound(to: UInt8.self, capacity: count) {
      target in
      unsafe UnsafeRawPointer(table.baseAddress!).withMemoryRebound(to: UInt8.self, capacity: 256) {
        unsafe mapBytes(codes, target, count, $0, used, vectorLevel)
      }
    }
  } else {
    for row in 0..<count { unsafe target[row] = table[Int(codes[row])] }
  }
}
