import SurveyData
import SurveyTables

extension Description {
  /// The description as CSV: a line a column.
  public func csv(language: Language) -> String { csvRows(language: language).text }

  /// The same lines as values, for a sheet of a workbook.
  func csvRows(language: Language) -> CSVText {
    var csv = CSVText(header: [
      "column", "label", "valid", "missing", "categories", "minimum", "mean", "maximum",
    ])
    for column in columns {
      var categories: Int?
      var numbers: (Double?, Double?, Double?) = (nil, nil, nil)
      switch column.content {
      case .categories(let list): categories = list.count
      case .text(let distinct): categories = distinct
      case .numbers(let minimum, let mean, let maximum): numbers = (minimum, mean, maximum)
      case .nothing: break
      }
      csv.append([
        .text(column.name), .text(column.label[language]), .int(column.valid),
        .int(
          column.missing.contains { $0.count == nil }
            ? nil : column.missing.reduce(0) { $0 + $1.count! }), .int(categories),
        .number(numbers.0), .number(numbers.1), .number(numbers.2),
      ])
    }
    return csv
  }
}
