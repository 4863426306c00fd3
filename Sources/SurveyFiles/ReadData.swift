import SurveyData

/// A file of answers as a dataset.
public struct DataReading: Sendable {
  public let dataset: Dataset
  /// Sentences on what was settled on the file's behalf.
  public let warnings: [String]
}

/// The formats of data files, by their suffixes.
public enum DataFormat: Sendable, Hashable {
  case text
  case sav
  case other(ReadStatFormat)

  /// The suffixes that `init(suffixOf:)` knows, as messages list them.
  public static let suffixes =
    [".csv", ".tsv", ".txt", ".sav", ".zsav"] + ReadStatFormat.own.map { "." + $0.rawValue }

  /// The format that a file's suffix stands for, in any case of letters.
  public init?(suffixOf path: String) {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: ".") else { return nil }
    let suffix = name[name.index(after: dot)...].lowercased()
    switch suffix {
    case "csv", "tsv", "txt": self = .text
    case "sav", "zsav": self = .sav
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
/// and the file's hash. The dialect is for delimited text alone.
///
/// - Throws: an `InputFault` of the format.
public func readData(
  at path: String, selecting: ColumnSelection, dialect: CSVDialect = CSVDialect()
) throws -> DataReading {
  switch DataFormat(suffixOf: path) {
  case .text:
    let reading = try readCSV(at: path, selecting: selecting, dialect: dialect)
    return DataReading(dataset: reading.dataset, warnings: reading.warnings)
  case .sav:
    let reading = try readSAV(at: path, selecting: selecting)
    return DataReading(dataset: reading.dataset, warnings: reading.warnings)
  case .other(let format):
    return try readStatFile(at: path, as: format, selecting: selecting)
  case nil:
    // A file that is not there, or a folder, is a fault of another kind.
    _ = try openedFile(path)
    throw UnknownDataFormat(file: path)
  }
}
