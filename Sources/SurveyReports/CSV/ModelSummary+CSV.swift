import SurveyTables

extension ModelSummary {
  /// The regression as long CSV: a line a coefficient, an average marginal effect, a test.
  func csv(level: Double) -> CSVText {
    var csv = CSVText(header: [
      "kind", "term", "estimate", "standardError", "low", "high", "level", "statistic", "df1", "df",
      "pValue", "suppressed",
    ])
    for (kind, list) in [("coefficient", coefficients), ("marginalEffect", effects)] {
      for entry in list {
        csv.append([
          .text(kind), .text(entry.term), .number(entry.estimate), .number(entry.standardError),
          .number(entry.interval?.low), .number(entry.interval?.high), .number(level),
          .number(entry.statistic), .int(nil), degrees(entry.df), .number(entry.pValue),
          .text(entry.isWithheld ? "true" : "false"),
        ])
      }
    }
    for test in tests {
      csv.append([
        .text("wald"), .text(test.term), .number(nil), .number(nil), .number(nil), .number(nil),
        .number(nil), .number(test.statistic), .number(test.df1), degrees(test.df2),
        .number(test.pValue), .text("false"),
      ])
    }
    return csv
  }

  private func degrees(_ df: Double) -> CSVText.Value {
    df == .infinity ? .text("inf") : .number(df)
  }
}
