import SurveyData

/// The different words of a column; the column's rows now hold their codes.
func codedInPlace(_ raw: RawColumn) -> [UInt64] {
  var dictionary = WordDictionary(slots: 4096)
  let rows = unsafe raw.rows.pointer(to: UInt64.self)
  for row in 0..<raw.rowCount { unsafe rows[row] = UInt64(dictionary.code(rows[row])) }
  return dictionary.words
}

/// The column as dictionary indices; `tables` gives the index of each code that a lane gave out.
func categoricalColumn(
  _ raw: RawColumn, _ categories: [Category], _ tables: [[Int]]
) -> CategoricalColumn {
  func fill<Index: FixedWidthInteger & BitwiseCopyable>(_ type: Index.Type) -> Bytes {
    // Padded, so that a byte is always a valid index and needs no check of its own.
    let tables = tables.map { table in
      table.map { Index($0) } + Array(repeating: 0, count: max(0, 256 - table.count))
    }
    return Bytes(of: Index.self, count: raw.rowCount) { span in
      unsafe span.withUnsafeMutableBufferPointer { output in
        guard let output = output.baseAddress else { return }
        unsafe forEachCode(raw, tables) { row, index in unsafe output[row] = index }
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

/// The column as numbers; `tables` gives the number of each code that a lane gave out.
func numericColumn(
  _ raw: RawColumn, _ tables: [[(number: Double, flag: UInt8)]], missing: [Category]
) -> NumericColumn {
  let padding = [(number: Double, flag: UInt8)](repeating: (0, 0), count: 256)
  let tables = tables.map { $0 + padding.dropFirst(min($0.count, 256)) }
  let numbers = Bytes(of: Double.self, count: raw.rowCount) { span in
    unsafe span.withUnsafeMutableBufferPointer { output in
      guard let output = output.baseAddress else { return }
      unsafe forEachCode(raw, tables) { row, value in unsafe output[row] = value.number }
    }
  }
  guard tables.joined().contains(where: { $0.flag != 0 && $0.flag != plainMissing }) else {
    return NumericColumn(bytes: numbers)
  }
  let reasons = Bytes(of: UInt8.self, count: raw.rowCount) { span in
    unsafe span.withUnsafeMutableBufferPointer { output in
      guard let output = output.baseAddress else { return }
      unsafe forEachCode(raw, tables) { row, value in unsafe output[row] = value.flag }
    }
  }
  return NumericColumn(bytes: numbers, reasons: reasons, missing: missing)
}

/// The words of the rows as numbers.
func numericColumn(_ raw: RawColumn, _ meaning: ColumnMeaning) -> NumericColumn {
  let words = unsafe raw.rows.pointer(to: UInt64.self)
  var hasReasons = false
  let numbers = Bytes(of: Double.self, count: raw.rowCount) { span in
    for row in 0..<raw.rowCount {
      let (number, flag) = unsafe meaning.number(ofWord: words[row])
      span[row] = number
      if flag != 0, flag != plainMissing { hasReasons = true }
    }
  }
  guard hasReasons else { return NumericColumn(bytes: numbers) }
  let reasons = Bytes(of: UInt8.self, count: raw.rowCount) { span in
    for row in 0..<raw.rowCount {
      span[row] = unsafe meaning.number(ofWord: words[row]).flag
    }
  }
  return NumericColumn(bytes: numbers, reasons: reasons, missing: meaning.declared.list)
}

/// The flag of the reason that a missing number has where no reasons are kept.
private let plainMissing = MissingReason.flag(of: .noAnswer)

/// Gives every row what its code stands for, by the table of the lane that gave it.
@inline(__always)
@unsafe private func forEachCode<Value>(
  _ raw: RawColumn, _ tables: [[Value]], _ body: (Int, Value) -> Void
) {
  switch raw.store {
  case .codes8:
    let codes = unsafe raw.rows.pointer(to: UInt8.self)
    for run in raw.runs {
      unsafe tables[run.lane].withUnsafeBufferPointer { table in
        for row in run.firstRow..<run.firstRow + run.count {
          unsafe body(row, table[Int(codes[row])])
        }
      }
    }
  case .codes32:
    let codes = unsafe raw.rows.pointer(to: UInt32.self)
    for run in raw.runs {
      let table = tables[run.lane]
      for row in run.firstRow..<run.firstRow + run.count {
        unsafe body(row, table[Int(codes[row])])
      }
    }
  case .words:
    let codes = unsafe raw.rows.pointer(to: UInt64.self)
    let table = tables[0]
    for row in 0..<raw.rowCount { unsafe body(row, table[Int(codes[row])]) }
  }
}
