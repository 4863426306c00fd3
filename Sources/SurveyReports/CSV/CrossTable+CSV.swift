import SurveyData
import SurveyStatistics
import SurveyTables

extension CrossTable {
  /// The table as long CSV: a line a figure, at full precision. A withheld figure's cells are empty.
  public func csv(language: Language) -> String {
    csvRows(language: language).text
  }

  /// The same lines as values, for a sheet of a workbook.
  func csvRows(language: Language) -> CSVText {
    var csv = CSVText(header: Self.csvHeader)
    append(to: &csv, language: language, decimals: nil, before: [])
    return csv
  }

  static let csvHeader = [
    "statistic", "variable", "category", "label", "net", "banner", "column", "columnLabel",
    "estimate", "standardError", "low", "high", "level", "method", "count", "base", "weightedBase",
    "designEffect", "degreesOfFreedom", "letters", "suppressed",
  ]

  /// - Parameter decimals: of percentages in a published book; `nil` gives full precision.
  func append(
    to csv: inout CSVText, language: Language, decimals: Int?, before: [CSVText.Value]
  ) {
    let format = NumberFormat(language: language)
    for (row, cells) in zip(rows, cells) {
      let isShare = row.isShare || row.kind == .answerShare
      func rounded(_ value: Double?, _ more: Int = 0) -> Double? {
        guard let decimals else { return value }
        return value.map {
          format.rounded($0, decimals: isShare ? decimals + 2 + more : 2 + more)
        }
      }
      for (column, cell) in zip(columns, cells) {
        for (index, estimate) in cell.estimates.enumerated() {
          let shown = cell.suppression == nil ? estimate : nil
          let weight = shown.map {
            decimals == nil ? $0.weightedBase : format.rounded($0.weightedBase, decimals: 0)
          }
          let effect = shown?.designEffect.map {
            decimals == nil ? $0 : format.rounded($0, decimals: 2)
          }
          csv.append(
            before + [
              .text(row.statistic(percents[index])), .text(variable), .text(row.code ?? ""),
              .text(row.label[language]), .text(row.net ?? ""),
              .text(column.values.map(\.column).joined(separator: ":")),
              .text(column.values.map(\.code).joined(separator: ":")),
              .text(column.values.map { $0.label[language] }.joined(separator: " \u{00D7} ")),
              .number(rounded(shown?.value)), .number(rounded(shown?.standardError, 1)),
              .number(rounded(shown?.interval?.low)), .number(rounded(shown?.interval?.high)),
              .number(shown?.interval?.level), .text(shown?.interval?.methodName ?? ""),
              .int(shown?.count), .int(shown?.base), .number(weight), .number(effect),
              shown?.degreesOfFreedom == .infinity
                ? .text("inf") : .number(shown?.degreesOfFreedom),
              .text(cell.marks.map(\.text).joined(separator: " ")),
              .text(cell.suppression == nil ? "false" : "true"),
            ])
        }
      }
    }
  }
}
