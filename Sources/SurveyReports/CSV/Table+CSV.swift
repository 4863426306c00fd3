import SurveyData
import SurveyTables

extension Table {
  /// The table as long CSV: a line a figure, at full precision. A withheld figure's cells are empty.
  ///
  /// A comparison is its differences, a line each.
  public func csv(language: Language) -> String { csvRows(language: language).text }

  /// The same lines as values, for a sheet of a workbook.
  func csvRows(language: Language) -> CSVText {
    if command == "compare" { return differencesCSV(language: language) }
    if command == "model", let model { return model.csv(level: level, adjusted: cells) }
    var groupColumns: [String] = []
    for value in cells.flatMap(\.group) where !groupColumns.contains(value.column) {
      groupColumns.append(value.column)
    }
    let hasProbabilities = cells.contains { $0.probability != nil }
    var csv = CSVText(
      header: ["statistic", "variable", "category", "label", "net"]
        + (hasProbabilities ? ["probability"] : []) + groupColumns + [
          "estimate", "standardError", "low", "high", "level", "method", "count", "base",
          "weightedBase", "designEffect", "degreesOfFreedom", "suppressed",
        ])
    for cell in cells {
      let shown = cell.suppression == nil ? cell.estimate : nil
      var values: [CSVText.Value] = [
        .text(cell.statistic), .text(cell.variable), .text(cell.category ?? ""),
        .text(cell.label[language]), .text(cell.net ?? ""),
      ]
      if hasProbabilities { values.append(.number(cell.probability)) }
      values += groupColumns.map { column in
        .text(cell.group.first { $0.column == column }?.code ?? "")
      }
      values += [
        .number(shown?.value), .number(shown?.standardError), .number(shown?.interval?.low),
        .number(shown?.interval?.high), .number(shown?.interval?.level),
        .text(shown?.interval?.methodName ?? ""), .int(shown?.count), .int(shown?.base),
        .number(shown?.weightedBase), .number(shown?.designEffect),
        shown?.degreesOfFreedom == .infinity ? .text("inf") : .number(shown?.degreesOfFreedom),
        .text(cell.suppression == nil ? "false" : "true"),
      ]
      csv.append(values)
    }
    return csv
  }
}
