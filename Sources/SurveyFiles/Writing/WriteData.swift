import SurveyData

/// The formats that data are written in, by their suffixes.
public enum WritableFormat: String, Sendable, CaseIterable {
  case csv
  case sav, zsav, dta
  case store = "pejl"
  /// A first survey file, for a person to edit.
  case surveyFile = "yaml"

  /// As messages list them.
  public static let suffixes = allCases.map { "." + $0.rawValue }

  /// The format that a file's suffix stands for, in any case of letters.
  public init?(suffixOf path: String) {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: ".") else { return nil }
    self.init(rawValue: name[name.index(after: dot)...].lowercased())
  }
}

/// Writes a dataset in a format; the output is there whole or not at all.
///
/// - Parameters:
///   - order: of a column store, the order of its rows.
///   - language: of labels, in formats that have room for one.
///   - warnings: what was settled when the data were read; a column store repeats them.
/// - Returns: those warnings, and what the format could not hold.
public func writeData(
  _ dataset: Dataset, to path: String, as format: WritableFormat, order: StoreOrder? = nil,
  language: Language = .da, warnings: [String] = []
) throws -> [String] {
  switch format {
  case .csv: try writeCSV(dataset, to: path)
  case .sav, .zsav, .dta:
    let target: LabelledTarget = format == .sav ? .sav : format == .zsav ? .zsav : .dta
    return warnings + (try writeStatFile(dataset, to: path, as: target, language: language))
  case .surveyFile: try writeFirstSurveyFile(of: dataset, to: path)
  case .store: try writeColumnStore(dataset, to: path, order: order, warnings: warnings)
  }
  return warnings
}
