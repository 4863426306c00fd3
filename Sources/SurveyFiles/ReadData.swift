import SurveyData

/// A file of answers as a dataset.
public struct DataReading: Sendable {
  public let dataset: Dataset
  /// Sentences on what was settled on the file's behalf.
  public let warnings: [String]
  /// Whether the file gives several columns the same name, so that all but one are renamed.
  var hasRepeatedNames = false

  package init(dataset: Dataset, warnings: [String]) {
    self.dataset = dataset
    self.warnings = warnings
  }
}

/// The formats of data files, by their suffixes.
public enum DataFormat: Sendable, Hashable {
  case text
  case sav
  case workbook
  /// A column store: a folder.
  case store
  case other(ReadStatFormat)

  /// The suffixes that `init(suffixOf:)` knows, as messages list them.
  public static let suffixes =
    [".csv", ".tsv", ".txt", ".xlsx", ".sav", ".zsav"]
    + ReadStatFormat.own.map { "." + $0.rawValue } + [
      ".pejl"
    ]

  /// The format that a file's suffix stands for, in any case of letters.
  public init?(suffixOf path: String) {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: ".") else { return nil }
    let suffix = name[name.index(after: dot)...].lowercased()
    switch suffix {
    case "csv", "tsv", "txt": self = .text
    case "sav", "zsav": self = .sav
    case "pejl": self = .store
    case "xlsx", "xlsm": self = .workbook
    default:
      guard let format = ReadStatFormat.own.first(where: { $0.rawValue == suffix }) else {
        return nil
      }
      self = .other(format)
    }
  }
}

/// A file whose suffix says nothing.
public struct UnknownDataFormat: InputFault {
  public let file: String

  public var fault: Fault { .usage }

  public var description: String {
    "\(file): the suffix names no format of data. Pejling reads "
      + DataFormat.suffixes.dropLast().joined(separator: ", ")
      + " and \(DataFormat.suffixes.last!)."
  }
}

/// Reads a data file of any format: the columns selected, every row, with labels, missing reasons
/// and the file's hash where it is wanted. The dialect is for delimited text, and its sheet for workbooks.
///
/// - Parameter hashes: `false` where nobody asks for the hash: files of text and `.sav` files are then
///   read without it.
/// - Throws: an `InputFault` of the format.
public func readData(
  at path: String, selecting: ColumnSelection, dialect: CSVDialect = CSVDialect(),
  hashes: Bool = true
) throws -> DataReading {
  switch DataFormat(suffixOf: path) {
  case .text:
    let reading = try readCSV(
      at: path, selecting: selecting, dialect: dialect, hashes: hashes)
    var result = DataReading(dataset: reading.dataset, warnings: reading.warnings)
    result.hasRepeatedNames = reading.hasRepeatedNames
    return result
  case .sav:
    let reading = try readSAV(at: path, selecting: selecting, hashes: hashes)
    return DataReading(dataset: reading.dataset, warnings: reading.warnings)
  case .other(let format):
    return try readStatFile(at: path, as: format, selecting: selecting)
  case .workbook: return try readXLSX(at: path, selecting: selecting, dialect: dialect)
  case .store: return try readColumnStore(at: path, selecting: selecting)
  case nil:
    // A file that is not there, or a folder, is a fault of another kind.
    _ = try openedFile(path)
    throw UnknownDataFormat(file: path)
  }
}

/// The names of a data file's columns; of most formats without reading its rows.
public func columnNames(of path: String, dialect: CSVDialect = CSVDialect()) throws -> [String] {
  if DataFormat(suffixOf: path) == .text { return try columnNamesOfCSV(at: path, dialect: dialect) }
  let reading = try readData(at: path, selecting: .only([:]), dialect: dialect)
  return reading.dataset.source.columnNames ?? []
}
