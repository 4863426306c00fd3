import CReadStat
import SurveyData

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A dataset that a format with labels cannot hold.
public struct UnwritableData: InputFault {
  public let path: String
  public let reason: String

  public var fault: Fault { .output }
  public var description: String { "\(path): cannot be written: \(reason)." }
}

/// Writes a dataset as an SPSS (`.sav`, `.zsav`) or Stata (`.dta`) file by ReadStat: codes, labels,
/// missing values, measurement levels, days and times, in the order of the rows.
///
/// Codes that are numbers are written as numbers, others as texts; a missing code keeps its number,
/// in Stata it is a letter. The reason for missing lives on in the label.
///
/// - Returns: sentences on what the format could not hold as it is.
func writeStatFile(
  _ whole: Dataset, to path: String, as target: LabelledTarget, language: Language
) throws -> [String] {
  let (dataset, separated) =
    target.isStata ? (whole, []) : whole.withSeparatedAnswers(file: path)
  let originals = dataset.columns.map(\.name)
  let names = legalNames(originals, for: target)
  let columns = zip(dataset.columns, names).map { column, name in
    WrittenColumn(
      column, described: dataset.codebook.variables[column.name], name: name, target: target,
      language: language)
  }
  for (column, name) in zip(columns, originals) {
    let most = target.isStata ? 2045 : 32_767
    if case .text(let width) = column.variable.storage, width > most {
      throw UnwritableData(
        path: path,
        reason: "column '\(name)' has a text of \(width) bytes, and \(target.title) has room for "
          + "\(most). Write .pejl or .csv")
    }
  }
  var warnings = separated
  let renamed = zip(originals, names).filter { $0 != $1 }
  if !renamed.isEmpty {
    let shown = renamed.prefix(5).map { "'\($0)' is \($1)" }.joined(separator: ", ")
    warnings.append(
      "\(path): \(target.title) does not allow all names: \(shown)"
        + (renamed.count > 5 ? ", and so on." : "."))
  }
  warnings += groupedNotes(zip(columns, originals).map { ($0.notes, $1) }).map { "\(path): \($0)." }
  let cutColumns = zip(columns, originals).filter { column, _ in
    column.variable.labels.contains { $0.1.utf8.count > target.labelRoom }
  }.map { "'\($0.1)'" }
  if !cutColumns.isEmpty {
    warnings.append(
      "\(path): \(target.title) has room for \(target.labelRoom) bytes of a code's label; longer ones of "
        + cutColumns.prefix(4).joined(separator: ", ")
        + (cutColumns.count > 4 ? " and others" : "") + " are cut.")
  }
  let nameOf = Dictionary(zip(originals, names), uniquingKeysWith: { first, _ in first })
  var sets = dataset.codebook.multiResponseSets
  if target.isStata, !sets.isEmpty {
    warnings.append("\(path): Stata has no multiple-response sets; their columns are written.")
    sets = []
  }
  for index in sets.indices {
    sets[index].columns = sets[index].columns.compactMap { nameOf[$0] }
    sets[index].name = legalNames([sets[index].name], for: target)[0]
  }
  try StatFileWriter(path, target, sets).write(dataset.rowCount, columns)
  return warnings
}

extension LabelledTarget {
  /// The bytes of a code's label. ReadStat would cut at 120 within a character.
  fileprivate var labelRoom: Int { isStata ? 32_000 : 120 }
}

/// Each note once, with the columns that it is on.
private func groupedNotes(_ notes: [(notes: [String], column: String)]) -> [String] {
  var order: [String] = []
  var columns: [String: [String]] = [:]
  for (notes, column) in notes {
    for note in notes {
      if columns[note] == nil { order.append(note) }
      columns[note, default: []].append("'\(column)'")
    }
  }
  return order.map { note in
    let names = columns[note]!
    let shown = names.prefix(4).joined(separator: ", ")
    return (names.count == 1 ? "column " : "columns ") + shown
      + (names.count > 4 ? " and \(names.count - 4) more" : "") + ": \(note)"
  }
}

/// One file in the making. The object is alive as long as ReadStat calls back.
@safe private final class StatFileWriter {
  private let path: String
  private let target: LabelledTarget
  private let file: FileWriter
  private var sets: WrittenResponseSets
  private var isInDictionary: Bool
  private var failure: (any Error)?
  /// Texts that ReadStat keeps by their place.
  private var texts: [UnsafeMutablePointer<CChar>] = unsafe []

  init(
    _ path: String, _ target: LabelledTarget, _ sets: [MultiResponseSet]
  ) throws(UnwritableFile) {
    self.path = path
    self.target = target
    self.sets = WrittenResponseSets(sets)
    isInDictionary = !sets.isEmpty
    file = try FileWriter(path)
  }

  deinit {
    unsafe texts.forEach { unsafe free($0) }
  }

  @unsafe private func kept(_ text: String) -> UnsafePointer<CChar>? {
    guard let copy = unsafe strdup(text) else { return nil }
    unsafe texts.append(copy)
    return unsafe UnsafePointer(copy)
  }

  fileprivate func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
    do {
      if isInDictionary {
        if let whole = try unsafe sets.take(bytes) {
          isInDictionary = false
          try file.append(whole)
        }
      } else {
        try unsafe file.append(bytes)
      }
      return true
    } catch {
      failure = error
      return false
    }
  }

  func write(_ rowCount: Int, _ columns: [WrittenColumn]) throws {
    guard let writer = unsafe readstat_writer_init() else {
      throw unwritable(READSTAT_ERROR_MALLOC)
    }
    defer { unsafe readstat_writer_free(writer) }
    unsafe readstat_set_data_writer(writer) { bytes, count, context in
      guard let bytes = unsafe bytes, let context = unsafe context else { return -1 }
      let behind = unsafe Unmanaged<StatFileWriter>.fromOpaque(context).takeUnretainedValue()
      let isTaken = unsafe behind.take(UnsafeRawBufferPointer(start: bytes, count: count))
      return isTaken ? count : -1
    }
    switch target {
    case .sav: unsafe readstat_writer_set_compression(writer, READSTAT_COMPRESS_ROWS)
    case .zsav: unsafe readstat_writer_set_compression(writer, READSTAT_COMPRESS_BINARY)
    case .dta: break
    }
    var written: [UnsafeMutablePointer<readstat_variable_t>] = unsafe []
    for (index, column) in columns.enumerated() {
      unsafe written.append(try unsafe add(column, index, to: writer))
    }
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    let begun =
      target.isStata
      ? unsafe readstat_begin_writing_dta(writer, context, rowCount)
      : unsafe readstat_begin_writing_sav(writer, context, rowCount)
    try check(begun)
    let cells = columns.map(WrittenCells.init)
    for row in 0..<rowCount {
      try check(unsafe readstat_begin_row(writer))
      for index in cells.indices {
        try check(unsafe cells[index].insert(row, into: writer, written[index]))
      }
      try check(unsafe readstat_end_row(writer))
    }
    try check(unsafe readstat_end_writing(writer))
    if target == .zsav { try sets.moveBlocks(of: file) }
    try withExtendedLifetime(self) { try file.finish() }
  }

  @unsafe private func add(
    _ column: WrittenColumn, _ index: Int, to writer: UnsafeMutablePointer<readstat_writer_t>
  ) throws -> UnsafeMutablePointer<readstat_variable_t> {
    let variable = column.variable
    var width = 0
    var type = READSTAT_TYPE_DOUBLE
    if case .text(let bytes) = variable.storage {
      width = bytes
      type = READSTAT_TYPE_STRING
    }
    guard let added = unsafe readstat_add_variable(writer, variable.name, type, width) else {
      throw unwritable(READSTAT_ERROR_MALLOC)
    }
    // SPSS has room for 256 bytes of label, Stata for 80 characters.
    unsafe readstat_variable_set_label(added, cut(variable.label, target.isStata ? 320 : 252))
    if !variable.format.isEmpty { unsafe readstat_variable_set_format(added, variable.format) }
    let measure =
      switch variable.measurement {
      case .nominal: READSTAT_MEASURE_NOMINAL
      case .ordinal: READSTAT_MEASURE_ORDINAL
      case .scale: READSTAT_MEASURE_SCALE
      case nil: READSTAT_MEASURE_UNKNOWN
      }
    unsafe readstat_variable_set_measure(added, measure)
    if !variable.labels.isEmpty {
      guard let set = unsafe readstat_add_label_set(writer, type, "labels\(index)") else {
        throw unwritable(READSTAT_ERROR_MALLOC)
      }
      for (value, text) in variable.labels {
        let text = cut(text, target.labelRoom)
        switch value {
        case .number(let number):
          if target.isStata, let number = Int32(exactly: number) {
            unsafe readstat_label_int32_value(set, number, text)
          } else {
            unsafe readstat_label_double_value(set, number, text)
          }
        case .text(let code): unsafe readstat_label_string_value(set, code, text)
        case .tag(let letter):
          unsafe readstat_label_tagged_value(set, CChar(letter), text)
        }
      }
      unsafe readstat_variable_set_label_set(added, set)
    }
    guard !target.isStata else { return unsafe added }
    for range in variable.missing.ranges {
      try check(
        unsafe readstat_variable_add_missing_double_range(
          added, range.lowerBound, range.upperBound))
    }
    for value in variable.missing.values {
      switch value {
      case .number(let number):
        try check(unsafe readstat_variable_add_missing_double_value(added, number))
      case .text(let text):
        try check(unsafe readstat_variable_add_missing_string_value(added, kept(text)))
      case .tag: break
      }
    }
    return unsafe added
  }

  private func check(_ status: readstat_error_t) throws {
    guard status != READSTAT_OK else { return }
    if let failure { throw failure }
    throw unwritable(status)
  }

  private func unwritable(_ status: readstat_error_t) -> UnwritableData {
    let reason = unsafe readstat_error_message(status).map { unsafe String(cString: $0) }
    return UnwritableData(
      path: path, reason: "ReadStat says: \(reason ?? "error \(status.rawValue)")")
  }
}

/// A text of no more bytes than there is room for, cut between characters.
private func cut(_ text: String, _ bytes: Int) -> String {
  guard text.utf8.count > bytes else { return text }
  var text = text
  while text.utf8.count > bytes - 3 { text.removeLast() }
  return text + "…"
}

/// The cells of a column, in the form in which ReadStat takes them.
private struct WrittenCells {
  private enum Cell {
    case missing
    case number(Double)
    case text(ContiguousArray<CChar>)
    case tag(CChar)
  }

  private let values: Column.Values
  private let isText: Bool
  private let table: [Cell]

  init(_ column: WrittenColumn) {
    values = column.values
    isText = column.variable.storage != .number
    table = column.table.map { value in
      switch value {
      case nil: .missing
      case .number(let number): .number(number)
      case .text(let text): .text(ContiguousArray(text.utf8CString))
      case .tag(let letter): .tag(CChar(letter))
      }
    }
  }

  @unsafe func insert(
    _ row: Int, into writer: UnsafeMutablePointer<readstat_writer_t>,
    _ variable: UnsafeMutablePointer<readstat_variable_t>
  ) -> readstat_error_t {
    var index = 0
    switch values {
    case .categorical(let column): index = column.index(at: row)
    case .numeric(let column):
      let number = column.withValues { $0[row] }
      if !number.isNaN { return unsafe readstat_insert_double_value(writer, variable, number) }
      index = column.reasons.map { $0.withSpan(of: UInt8.self) { Int($0[row]) } } ?? 0
    }
    switch table[index] {
    case .missing:
      return isText
        ? unsafe readstat_insert_string_value(writer, variable, "")
        : unsafe readstat_insert_missing_value(writer, variable)
    case .number(let number): return unsafe readstat_insert_double_value(writer, variable, number)
    case .text(let text):
      return unsafe text.withUnsafeBufferPointer {
        unsafe readstat_insert_string_value(writer, variable, $0.baseAddress)
      }
    case .tag(let letter):
      return unsafe readstat_insert_tagged_missing_value(writer, variable, letter)
    }
  }
}
