import SurveyData
import SurveyTables

extension Table {
  func differencesCSV(language: Language) -> CSVText {
    var csv = CSVText(header: [
      "variable", "category", "label", "net", "by", "from", "to", "estimate", "standardError",
      "low",
      "high", "level", "statistic", "df", "pValue", "adjustedPValue", "adjustment", "suppressed",
    ])
    for difference in differences {
      let shown = difference.suppression == nil ? difference.contrast : nil
      func codes(_ side: Difference.Side) -> String {
        side.codes.map(\.code).joined(separator: ":")
      }
      csv.append([
        .text(difference.variable), .text(difference.category ?? ""),
        .text(difference.label[language]), .text(difference.net ?? ""),
        .text(difference.to.codes.map(\.column).joined(separator: ":")),
        .text(codes(difference.from)), .text(codes(difference.to)), .number(shown?.estimate),
        .number(shown?.standardError), .number(shown?.interval?.low),
        .number(shown?.interval?.high), .number(level), .number(shown?.statistic),
        .number(shown?.degreesOfFreedom), .number(shown?.pValue),
        .number(shown == nil ? nil : difference.adjustedPValue), .text(adjustment.rawValue),
        .text(difference.suppression == nil ? "false" : "true"),
      ])
    }
    return csv
  }
}
