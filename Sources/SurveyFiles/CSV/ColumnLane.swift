import SurveyData

/// What the numbers of a column show on its decimal mark, and the first cells that show it.
struct NumberEvidence: Sendable {
  var point: CellPlace?
  var comma: CellPlace?
  /// A number under either mark, and not the same one.
  var either: CellPlace?
  /// Neither empty nor a number.
  var text: CellPlace?
  /// A spelling that would be lost, such as `0101`.
  var notCanonical: CellPlace?

  mutating func note(_ number: WrittenNumber, at place: CellPlace) {
    switch (number.fits(.point), number.fits(.comma)) {
    case (true, true): if !number.isNeutral, either == nil { either = place }
    case (true, false): if point == nil { point = place }
    default: if comma == nil { comma = place }
    }
    if !number.isCanonical, notCanonical == nil { notCanonical = place }
  }

  mutating func merge(_ other: NumberEvidence) {
    func earlier(_ a: CellPlace?, _ b: CellPlace?) -> CellPlace? {
      a.flatMap { a in b.map { min(a, $0) } ?? a } ?? b
    }
    point = earlier(point, other.point)
    comma = earlier(comma, other.comma)
    either = earlier(either, other.either)
    text = earlier(text, other.text)
    notCanonical = earlier(notCanonical, other.notCanonical)
  }

  /// The mark that the column shows; `nil` where nothing settles it. The earlier one where both are
  /// shown, which makes the other's first cell an error.
  var mark: DecimalMark? {
    switch (point, comma) {
    case (nil, nil): nil
    case (_, nil): .point
    case (nil, _): .comma
    case (let point?, let comma?): point < comma ? .point : .comma
    }
  }

  var isMixed: Bool { point != nil && comma != nil }
}

/// What is to be made of a column's cells.
struct ColumnPlan: Sendable {
  let column: Int
  var role: ColumnRole
  var numbers: NumberDialect
  /// Read once as numbers that turned out to be none: spellings only.
  var keepsSpellings = false
}

/// More different numbers than this are no categories.
let mostCategoriesOfNumbers = 250

/// Reads one column's cells in the chunks that one thread takes.
@safe final class ColumnLane: @unchecked Sendable {
  let plan: ColumnPlan
  private let encoding: TextEncoding
  // A lane is read by one thread at a time; checking exclusive access to its dictionary would cost
  // more than looking a cell up.
  @exclusivity(unchecked) private var dictionary = CellDictionary()
  /// Of cells read as numbers; the dictionary's spellings are looked at later.
  private(set) var evidence = NumberEvidence()
  /// Whether the lane reads numbers from here on.
  private(set) var readsNumbers: Bool
  /// The number of spellings at which the column is next asked whether it holds numbers.
  private var nextQuestion: Int
  private let memory: ColumnMemory
  private var output = ChunkColumn(kind: .codes8, firstRow: 0)
  /// Where the values of `output` begin, and how many have room.
  private var values: UnsafeMutableRawPointer
  private var capacity = 0
  private var chunk = 0

  init(_ plan: ColumnPlan, _ memory: ColumnMemory, encoding: TextEncoding) {
    self.plan = plan
    self.memory = memory
    self.encoding = encoding
    readsNumbers = false
    nextQuestion = .max
    unsafe values = memory.start(of: output)
    switch plan.role {
    case .number: readsNumbers = !plan.keepsSpellings
    case .asFound: if !plan.keepsSpellings { nextQuestion = mostCategoriesOfNumbers + 1 }
    case .category: break
    }
  }

  /// The different spellings, by the codes that the lane gave out.
  var spellings: [CellDictionary.Spelling] { unsafe dictionary.spellings }

  func begin(chunk: Int, rows: Range<Int>) {
    self.chunk = chunk
    capacity = rows.count
    output = ChunkColumn(
      kind: readsNumbers ? .numbers : unsafe dictionary.count > 256 ? .codes32 : .codes8,
      firstRow: rows.lowerBound)
    unsafe values = memory.start(of: output)
  }

  /// What was read since `begin`.
  func end() -> ChunkColumn { output }

  /// Reads the column's cell of every row of a batch, in a chunk that begins at `start`.
  func read(_ batch: borrowing RowBatch, _ start: UnsafePointer<UInt8>) {
    let rows = batch.count
    precondition(output.count + rows <= capacity)
    var row = 0
    while row < rows {
      switch output.kind {
      case .codes8: row = unsafe readCodes(batch, start, from: row, as: UInt8.self)
      case .codes32: row = unsafe readCodes(batch, start, from: row, as: UInt32.self)
      case .numbers: row = unsafe readNumbers(batch, start, from: row)
      }
    }
    output.count += rows
  }

  /// Stops early where the codes outgrow their width, or where the column holds numbers after all.
  private func readCodes<Code: FixedWidthInteger & BitwiseCopyable>(
    _ batch: borrowing RowBatch, _ start: UnsafePointer<UInt8>, from first: Int, as type: Code.Type
  ) -> Int {
    let codes = unsafe values.assumingMemoryBound(to: Code.self) + output.count
    let rowsBefore = output.count
    let rows = batch.count
    let stride = batch.cellCount
    let positions = unsafe batch.positions + plan.column
    let cells = unsafe CellRun(text: start, positions: positions, stride: stride)
    let chunk = self.chunk
    let widest = min(UInt64(Code.max), UInt64(UInt32.max - 1))
    var row = first
    var known = unsafe dictionary.count
    if known > 2048 {
      for row in first..<rows {
        let from = unsafe Int(positions[row &* stride]) &+ 1
        unsafe dictionary.fetch(start + from, Int(positions[row &* stride &+ 1]) &- from)
      }
    }
    while row < rows {
      row = unsafe readByteCells(cells, row..<rows, by: dictionary.byteCodes, into: codes)
      while row < rows {
        let from = unsafe Int(positions[row &* stride]) &+ 1
        let count = unsafe Int(positions[row &* stride &+ 1]) &- from
        let code = unsafe dictionary.code(
          start + from, count, at: CellPlace(chunk: chunk, row: rowsBefore + row))
        if Int(code) >= known {
          known += 1
          if UInt64(code) > widest {
            widen(rows: rowsBefore + row)
            return row
          }
          if known >= nextQuestion, turnsIntoNumbers(rows: rowsBefore + row) { return row }
        }
        unsafe codes[row] = Code(truncatingIfNeeded: code)
        row &+= 1
        // The next ones are likely to be short as well.
        if count <= 1 { break }
      }
    }
    return row
  }

  private func widen(rows: Int) {
    let old = unsafe values.assumingMemoryBound(to: UInt8.self)
    let new = unsafe changeKind(.codes32).assumingMemoryBound(to: UInt32.self)
    for row in 0..<rows { unsafe new[row] = UInt32(old[row]) }
  }

  /// Goes over to values of another kind, for which it gives the memory.
  private func changeKind(_ kind: ChunkColumn.Kind) -> UnsafeMutableRawPointer {
    output.kind = kind
    unsafe values = memory.start(of: output)
    return unsafe values
  }

  /// Asks whether the spellings so far are more different numbers than make categories; if they are,
  /// this chunk's values so far become numbers, and so does what follows.
  private func turnsIntoNumbers(rows: Int) -> Bool {
    var numbers: [Double] = []
    var different: Set<Double> = []
    numbers.reserveCapacity(spellings.count)
    for spelling in spellings {
      let (content, hasDoubledQuotes) = unsafe cellContent(
        spelling.start, 0..<spelling.count, encoding: encoding)
      if content.isEmpty {
        numbers.append(.nan)
        continue
      }
      guard !hasDoubledQuotes,
        let number = unsafe WrittenNumber(
          spelling.start + content.lowerBound, count: content.count, dialect: plan.numbers),
        number.isCanonical
      else {
        nextQuestion = .max
        return false
      }
      evidence.note(number, at: spelling.first)
      let value = unsafe exactValue(
        number, number.fits(.point) ? .point : .comma, spelling.start + content.lowerBound,
        count: content.count)
      numbers.append(value)
      different.insert(value)
    }
    guard different.count > mostCategoriesOfNumbers else {
      nextQuestion = spellings.count + mostCategoriesOfNumbers
      return false
    }
    let hasWideCodes = output.kind == .codes32
    let old = unsafe values
    let new = unsafe changeKind(.numbers).assumingMemoryBound(to: Double.self)
    if hasWideCodes {
      let codes = unsafe old.assumingMemoryBound(to: UInt32.self)
      for row in 0..<rows { unsafe new[row] = numbers[Int(codes[row])] }
    } else {
      let codes = unsafe old.assumingMemoryBound(to: UInt8.self)
      for row in 0..<rows { unsafe new[row] = numbers[Int(codes[row])] }
    }
    readsNumbers = true
    return true
  }

  private func readNumbers(
    _ batch: borrowing RowBatch, _ start: UnsafePointer<UInt8>, from first: Int
  ) -> Int {
    let numbers = unsafe values.assumingMemoryBound(to: Double.self) + output.count
    let rows = batch.count
    let stride = batch.cellCount
    let positions = unsafe batch.positions + plan.column
    let cells = unsafe CellRun(text: start, positions: positions, stride: stride)
    // A plain number with a mark settles the mark; only the first one is noted.
    var known = KnownMarks(point: evidence.point != nil, comma: evidence.comma != nil)
    let mayHave = KnownMarks(
      point: plan.numbers.decimalMark != .comma, comma: plan.numbers.decimalMark != .point)
    let powers = unsafe plainPowersOfTen
    var row = first
    while row < rows {
      row = unsafe readShortNumbers(cells, row..<rows, known, powers, into: numbers)
      while row < rows {
        let from = unsafe Int(positions[row &* stride]) &+ 1
        let count = unsafe Int(positions[row &* stride &+ 1]) &- from
        let number = unsafe PlainNumber(start + from, count: count)
        if let number, number.mark == 0 {
          unsafe numbers[row] = number.value
        } else if let number, number.mark == UInt8(ascii: "."), mayHave.point {
          unsafe numbers[row] = number.value
          if evidence.point == nil { evidence.point = place(row) }
          known.point = true
        } else if let number, number.mark == UInt8(ascii: ","), mayHave.comma {
          unsafe numbers[row] = number.value
          if evidence.comma == nil { evidence.comma = place(row) }
          known.comma = true
        } else {
          unsafe numbers[row] = otherNumber(start, from..<from + count, row)
        }
        row &+= 1
        // The next ones are likely to be short as well.
        if count <= 8 { break }
      }
    }
    return rows
  }

  private func place(_ row: Int) -> CellPlace { CellPlace(chunk: chunk, row: output.count + row) }

  /// A cell that is not a plain number: empty, quoted, grouped, with an exponent, or text.
  private func otherNumber(_ start: UnsafePointer<UInt8>, _ range: Range<Int>, _ row: Int) -> Double
  {
    let (content, hasDoubledQuotes) = unsafe cellContent(start, range, encoding: encoding)
    if content.isEmpty { return .nan }
    let first = unsafe start + content.lowerBound
    guard !hasDoubledQuotes,
      let number = unsafe WrittenNumber(first, count: content.count, dialect: plan.numbers)
    else {
      if evidence.text == nil { evidence.text = place(row) }
      return .nan
    }
    evidence.note(number, at: place(row))
    let value = unsafe exactValue(
      number, number.fits(.point) ? .point : .comma, first, count: content.count)
    if !value.isFinite, evidence.text == nil { evidence.text = place(row) }
    return value
  }
}
