import SurveyData

/// Reads a sheet of an Excel workbook: the columns selected, every row, with the file's hash. The
/// first row with anything in it is the header.
///
/// The sheet is the one that `dialect.sheet` names, by its name or number, else the first. Empty
/// rows between others are refused as empty lines are in a text file (`maximumBadRows`).
///
/// - Throws: an `XLSXError`, or a `CSVError` of what stands in the rows; its lines are rows.
public func readXLSX(
  at path: String, selecting: ColumnSelection, dialect: CSVDialect = CSVDialect()
) throws -> DataReading {
  let bytes: Bytes
  do throws(CSVError) {
    bytes = try openedFile(path)
  } catch {
    switch error {
    case .unreadable(let file, let reason):
      throw XLSXError.unreadable(file: file, reason: reason)
    default: throw XLSXError.missing(file: path)
    }
  }
  let hash = BackgroundHash(of: bytes)
  // A caller that ends the process after an error would take libcrypto from under the hash.
  defer {
    hash.wait()
    withExtendedLifetime(bytes) {}
  }
  let archive = try ZipArchive(path, size: bytes.count)
  let workbook = try Workbook(archive)
  let (sheet, warning) = try chosenSheet(dialect.sheet, of: workbook, path)
  let reader = SheetText(workbook, mostBytes: max(64 << 20, bytes.count * 100))
  try archive.read(sheet.part, by: reader)
  guard !reader.isOversized else { throw XLSXError.oversized(file: path) }
  guard !reader.text.isEmpty else { throw XLSXError.emptySheet(sheet.name, file: path) }
  var plain = CSVDialect()
  plain.delimiter = ","
  plain.decimalMark = .point
  plain.encoding = .utf8
  plain.maximumBadRows = dialect.maximumBadRows
  let text = Bytes(reader.text)
  let reading = try CSVReader(text, path, selecting, plain, nil, nil).read(sha256: hash)
  withExtendedLifetime(text) {}
  var dataset = reading.dataset
  if reader.hasLineBreaks { dataset = dataset.withLineBreaks }
  for index in dataset.source.lineBreakpoints.indices {
    dataset.source.lineBreakpoints[index].line += reader.rowsAboveHeader
  }
  var result = DataReading(
    dataset: dataset, warnings: [warning].compactMap { $0 } + reading.warnings)
  result.hasRepeatedNames = reading.hasRepeatedNames
  return result
}

private func chosenSheet(
  _ wanted: String?, of workbook: Workbook, _ file: String
) throws(XLSXError) -> (sheet: (name: String, part: String), warning: String?) {
  let names = workbook.sheets.map(\.name)
  guard let wanted else {
    let others = names.dropFirst().map { "'\($0)'" }.joined(separator: ", ")
    return (
      workbook.sheets[0],
      others.isEmpty
        ? nil
        : "\(file): the sheet '\(names[0])' is read; --sheet chooses another of \(others)."
    )
  }
  if let sheet = workbook.sheets.first(where: { $0.name == wanted }) { return (sheet, nil) }
  if let number = Int(wanted), workbook.sheets.indices.contains(number - 1) {
    return (workbook.sheets[number - 1], nil)
  }
  throw .noSheet(wanted, names: names, file: file)
}

extension Dataset {
  /// The line breaks put back into the codes.
  fileprivate var withLineBreaks: Dataset {
    func restored(_ text: String) -> String {
      text.replacing(String(SheetText.lineBreak), with: "\n")
    }
    let changed = columns.map { column in
      guard case .categorical(let values) = column.values,
        values.categories.contains(where: {
          $0.code.unicodeScalars.contains(SheetText.lineBreak)
        })
      else { return column }
      let categories = values.categories.map {
        SurveyData.Category(code: restored($0.code), missing: $0.missing)
      }
      return Column(
        name: column.name,
        values: .categorical(
          CategoricalColumn(categories: categories, width: values.width, bytes: values.bytes)))
    }
    return Dataset(rowCount: rowCount, columns: changed, codebook: codebook, source: source)
  }
}
