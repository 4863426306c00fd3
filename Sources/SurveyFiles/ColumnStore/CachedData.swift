#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif
import SurveyData

/// Reads a data file by way of a column store beside it, `answers.csv.pejl` for `answers.csv`.
///
/// The store is made on first use, of all columns, and made anew when the file has changed: when its
/// size or time have, and then its hash. What is read is the same as without it, messages included.
/// A store that cannot be written is a warning: the data are read all the same.
public func readCachedData(
  at path: String, selecting: ColumnSelection, dialect: CSVDialect = CSVDialect()
) throws -> DataReading {
  guard DataFormat(suffixOf: path) != .store, let stamp = FileStamp(path) else {
    return try readData(at: path, selecting: selecting, dialect: dialect)
  }
  let store = path + ".pejl"
  if let kept = keptReading(store, path, stamp, dialect, selecting) { return kept }
  let reading = try readData(at: path, selecting: .all, dialect: dialect)
  var warnings = reading.warnings
  // A command that asks for a name that two columns have must be told so: by the file's reader.
  guard !reading.hasRepeatedNames else {
    return try readData(at: path, selecting: selecting, dialect: dialect)
  }
  let dataset = reading.dataset
  do {
    let source = StoreManifest.Source(
      path: path, sha256: dataset.source.sha256, size: stamp.size, modified: stamp.modified,
      reading: dialect.key, lines: dataset.source.lineBreakpoints.map { [$0.row, $0.line] },
      refused: dataset.source.refusedRows,
      columnNames: dataset.source.columnNames)
    try writeColumnStore(dataset, to: store, order: nil, source: source, warnings: warnings)
  } catch let fault as any InputFault {
    warnings.append("The data are read without a cache. \(fault)")
  }
  guard case .only(let roles) = selecting else {
    return DataReading(dataset: dataset, warnings: warnings)
  }
  let selected = Dataset(
    rowCount: dataset.rowCount, columns: dataset.columns.filter { roles[$0.name] != nil },
    codebook: dataset.codebook, source: dataset.source)
  return DataReading(dataset: selected, warnings: warnings)
}

/// What the store holds, where it is of the file as it is now.
private func keptReading(
  _ store: String, _ path: String, _ stamp: FileStamp, _ dialect: CSVDialect,
  _ selecting: ColumnSelection
) -> DataReading? {
  guard let manifest = try? StoreManifest(at: store), manifest.source.reading == dialect.key,
    let hash = manifest.source.sha256
  else { return nil }
  if manifest.source.size != stamp.size || manifest.source.modified != stamp.modified {
    guard manifest.source.size == stamp.size, Bytes(mapping: path)?.sha256 == hash else {
      return nil
    }
  }
  // A damaged store is made anew like an old one.
  guard var dataset = try? ColumnStore(store, manifest).dataset(selecting) else { return nil }
  var source = DataSource(path: path, sha256: hash, columnNames: manifest.source.columnNames)
  for breakpoint in manifest.source.lines ?? [] where breakpoint.count == 2 {
    source.lineBreakpoints.append((row: breakpoint[0], line: breakpoint[1]))
  }
  source.refusedRows = manifest.source.refused ?? 0
  dataset.source = source
  return DataReading(dataset: dataset, warnings: manifest.warnings)
}

/// What shows, without reading it, that a file has not changed.
private struct FileStamp {
  let size: Int
  /// Nanoseconds.
  let modified: Int

  init?(_ path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    size = Int(status.st_size)
    modified = Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec)
  }
}

extension CSVDialect {
  /// How a file is read, so that a store of it can be told from one that was read otherwise.
  fileprivate var key: String {
    let parts = [
      delimiter.map { "delimiter \($0)" }, decimalMark.map { "decimal \($0.rawValue)" },
      encoding.map { "encoding \($0.rawValue)" },
      maximumBadRows > 0 ? "bad rows \(maximumBadRows)" : nil, sheet.map { "sheet \($0)" },
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }
}
