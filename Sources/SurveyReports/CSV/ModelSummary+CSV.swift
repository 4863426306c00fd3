import SurveyTables

extension ModelSummary {
  /// The regression as long CSV: a line a coefficient, an average marginal effect, an adjusted mean
  /// or share, a test.
  ///
  /// - Parameter cells: the adjusted means.
  func csv(level: Double, adjusted cells: [Cell]) -> CSVText {
    var csv = CSVText(header: [
      "kind", "term", "estimate", "standardError", "low", "high", "level", "statistic", "df1", "df",
      "pValue", "suppressed", "category",
    ])
    for (kind, list) in [("coefficient", coefficients), ("marginalEffect", effects)] {
      for entry in list {
        csv.append([
          .text(kind), .text(entry.term), .number(entry.estimate), .number(entry.standardError),
          .number(entry.interval?.low), .number(entry.interval?.high), .number(level),
          .number(entry.statistic), .int(nil), degrees(entry.df), .number(entry.pValue),
          .text(entry.isWithheld ? "true" : "false"), .text(entry.answer?.code ?? ""),
        ])
      }
    }
    for cell in cells {
      let shown = cell.suppression == nil ? cell.estimate : nil
      csv.append([
        .text(cell.statistic),
        .text(cell.group.map { "\($0.column)=\($0.code)" }.joined(separator: ":")),
        .number(shown?.value), .number(shown?.standardError), .number(shown?.interval?.low),
        .number(shown?.interval?.high), .number(level), .number(nil), .int(nil),
        shown.map { degrees($0.degreesOfFreedom) } ?? .number(nil), .number(nil),
        .text(shown == nil ? "true" : "false"), .text(cell.category ?? ""),
      ])
    }
    for test in tests {
      csv.append([
        .text("wald"), .text(test.term), .number(nil), .number(nil), .number(nil), .number(nil),
        .number(nil), .number(test.statistic), .number(test.df1), degrees(test.df2),
        .number(test.pValue), .text("false"), .text(""),
      ])
    }
    return csv
  }

  private func degrees(_ df: Double) -> CSVText.Value {
    df == .infinity ? .text("inf") : .number(df)
  }
}
