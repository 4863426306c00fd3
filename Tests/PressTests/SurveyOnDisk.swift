import SurveyData
import SurveyFiles
import SurveyTables

/// A survey file with its data, read as the command line reads them.
struct SurveyOnDisk {
  let survey: ResolvedSurvey

  /// - Parameters:
  ///   - wave: a wave of the file, `all`, or `nil` for the newest.
  ///   - disclosure: in place of the file's rules.
  init(_ file: SurveyFile, wave: String? = nil, disclosure: DisclosureRules? = nil) throws {
    var file = file
    if wave != "all" {
      let chosen = wave ?? file.dataFiles.last?.wave
      file.dataFiles.removeAll { $0.wave != chosen }
    }
    let parts = try file.dataFiles.map { part in
      var dialect = CSVDialect()
      dialect.delimiter = part.delimiter
      dialect.decimalMark = part.decimal.flatMap { DecimalMark(rawValue: String($0)) }
      return try readCSV(at: part.path, selecting: .all, dialect: dialect).dataset
    }
    survey = try ResolvedSurvey(
      file.dataset(from: parts), design: file.design, disclosure: disclosure ?? file.disclosure)
  }
}
