import CReadStat
import SurveyData

/// Reads a Stata, SAS or portable SPSS file: the columns selected, every row, with the file's hash.
///
/// Labels, user-missing values and missing values with a letter (`.a`) become what they are in an
/// SPSS file: see `readSAV`.
public func readStatFile(
  at path: String, as format: ReadStatFormat, selecting: ColumnSelection
) throws(ReadStatError) -> DataReading {
  let bytes: Bytes
  do throws(CSVError) {
    bytes = try openedFile(path)
  } catch {
    switch error {
    case .unreadable(let file, let reason): throw .unreadable(file: file, reason: reason)
    default: throw .missing(file: path)
    }
  }
  let hash = BackgroundHash(of: bytes)
  // A caller that ends the process after an error would take libcrypto from under the hash.
  defer {
    hash.wait()
    withExtendedLifetime(bytes) {}
  }
  let collector = ReadStatCollector(selecting, format)
  let status = parse(path, format, collector)
  guard status == READSTAT_OK else {
    let reason = unsafe readstat_error_message(status).map { unsafe String(cString: $0) }
    throw .refused(file: path, format: format, reason: reason ?? "it is damaged")
  }
  let variables = collector.labelledVariables
  guard collector.rowCount > 0 else { throw .noCases(file: path, variables: variables.count) }
  var codebook = Codebook()
  var raw: [RawColumn] = []
  for (index, variable) in variables.enumerated() {
    codebook.variables[variable.name] = variable.codebookEntry
    guard let role = collector.roles[index] else { continue }
    guard let column = rawColumn(variable, role, collector.values[index], collector.rowCount)
    else { throw .noMemory(file: path) }
    raw.append(column)
  }
  let waiting = raw
  let outcomes: [Result<Column.Values, NotNumeric>] = concurrentMap(
    count: waiting.count, threads: nil
  ) { index in
    assembled(waiting[index], TextDecoder(.utf8))
  }
  var columns: [Column] = []
  for (column, outcome) in zip(raw, outcomes) {
    switch outcome {
    case .success(let values): columns.append(Column(name: column.variable.name, values: values))
    case .failure(let error):
      throw .notNumeric(column: column.variable.name, value: error.value, file: path)
    }
  }
  let source = DataSource(
    path: path, sha256: hash.value, columnNames: variables.map(\.name))
  return DataReading(
    dataset: Dataset(
      rowCount: collector.rowCount, columns: columns, codebook: codebook, source: source),
    warnings: [])
}

/// Runs ReadStat's parser; the collector is alive for all of its calls.
private func parse(
  _ path: String, _ format: ReadStatFormat, _ collector: ReadStatCollector
) -> readstat_error_t {
  guard let parser = unsafe readstat_parser_init() else { return READSTAT_ERROR_MALLOC }
  defer { unsafe readstat_parser_free(parser) }
  unsafe readstat_set_variable_handler(parser) { _, variable, labels, context in
    guard let variable = unsafe variable, let context = unsafe context else { return 1 }
    let isWanted = unsafe collectorBehind(context).add(variable, labelSet: labels)
    return Int32(isWanted ? READSTAT_HANDLER_OK : READSTAT_HANDLER_SKIP_VARIABLE)
  }
  unsafe readstat_set_value_label_handler(parser) { set, value, label, context in
    guard let set = unsafe set, let context = unsafe context else { return 1 }
    unsafe collectorBehind(context).add(value, label: label, set: String(cString: set))
    return 0
  }
  unsafe readstat_set_value_handler(parser) { row, variable, value, context in
    guard let context = unsafe context else { return 1 }
    let index = Int(unsafe readstat_variable_get_index(variable))
    unsafe collectorBehind(context).add(value, row: Int(row), variable: index)
    return 0
  }
  let context = unsafe Unmanaged.passUnretained(collector).toOpaque()
  return withExtendedLifetime(collector) {
    switch format {
    case .por: unsafe readstat_parse_por(parser, path, context)
    case .dta: unsafe readstat_parse_dta(parser, path, context)
    case .sas7bdat: unsafe readstat_parse_sas7bdat(parser, path, context)
    case .xpt: unsafe readstat_parse_xport(parser, path, context)
    case .sav: unsafe readstat_parse_sav(parser, path, context)
    }
  }
}

@unsafe private func collectorBehind(_ context: UnsafeMutableRawPointer) -> ReadStatCollector {
  unsafe Unmanaged<ReadStatCollector>.fromOpaque(context).takeUnretainedValue()
}

/// The values as if they had been decoded by one lane; `nil` where there is no memory.
private func rawColumn(
  _ variable: LabelledVariable, _ role: ColumnRole, _ values: ReadStatCollector.Values,
  _ rowCount: Int
) -> RawColumn? {
  var store = RawColumn.Store.codes32
  var lane = RawColumn.LaneValues.strings(values.strings.strings)
  var codes = values.codes
  if variable.storage == .number {
    var dictionary = WordDictionary()
    codes = values.words.map { dictionary.count > 256 ? 0 : dictionary.code($0) }
    store = dictionary.count > 256 ? .words : .codes32
    lane = .words(dictionary.words)
  }
  guard codes.count == rowCount,
    let rows = ScratchRows(rows: rowCount, width: store == .words ? 8 : 4)
  else { return nil }
  if store == .words {
    let output = unsafe rows.pointer(to: UInt64.self)
    for row in 0..<rowCount { unsafe output[row] = values.words[row] }
  } else {
    let output = unsafe rows.pointer(to: UInt32.self)
    for row in 0..<rowCount { unsafe output[row] = codes[row] }
  }
  return RawColumn(
    variable: variable, role: role, store: store, rows: rows, rowCount: rowCount,
    runs: [(0, rowCount, 0)], lanes: [lane], systemMissing: .nan)
}
