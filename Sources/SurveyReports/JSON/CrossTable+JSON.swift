import SurveyData
import SurveyStatistics
import SurveyTables

extension CrossTable {
  /// The table as one JSON object, at full precision (schema `pejling/1`).
  public func json(language: Language) -> String {
    JSONValue.object(
      [
        ("schema", .string("pejling/1")), ("command", .string("crosstab")),
        ("input", source.jsonValue), ("rows", use.jsonValue), ("design", design.jsonValue),
      ] + members(language: language, decimals: nil) + [
        ("coefficients", .array([])), ("weighting", .null),
        ("warnings", .array(warnings.map { .string($0[.en]) })),
      ]
    ).text()
  }

  /// Estimates, tests and differences.
  ///
  /// - Parameter decimals: of percentages in a published book; `nil` gives full precision.
  func members(language: Language, decimals: Int?) -> [(String, JSONValue)] {
    var estimates: [JSONValue] = []
    for (row, cells) in zip(rows, cells) {
      for (column, cell) in zip(columns, cells) {
        for (index, estimate) in cell.estimates.enumerated() {
          estimates.append(
            json(
              row, column, cell, estimate, statistic: row.statistic(percents[index]), language,
              decimals))
        }
      }
    }
    return [
      ("estimates", .array(estimates)), ("tests", .array(tests.map(\.jsonValue))),
      (
        "differences",
        .array(
          differences.map {
            $0.jsonValue(letters?.adjustment ?? .none, isRounded: decimals != nil)
          })
      ),
    ]
  }

  private func json(
    _ row: Row, _ column: Column, _ cell: Cell, _ estimate: Estimate, statistic: String,
    _ language: Language, _ decimals: Int?
  ) -> JSONValue {
    let isWithheld = cell.suppression != nil
    let shown = isWithheld ? nil : estimate
    let isShare = row.isShare || row.kind == .answerShare
    let format = NumberFormat(language: language)
    // A published share has the digits that are printed, its error one more.
    func rounded(_ value: Double?, _ more: Int = 0) -> Double? {
      guard let decimals else { return value }
      return value.map {
        format.rounded($0, decimals: isShare ? decimals + 2 + more : 2 + more)
      }
    }
    let interval = shown?.interval.map { interval in
      Interval(interval, low: rounded(interval.low)!, high: rounded(interval.high)!).jsonValue
    }
    return .object([
      ("statistic", .string(statistic)), ("variable", .string(variable)),
      ("category", JSONValue(row.code)), ("label", .string(row.label[language])),
      ("net", JSONValue(row.net)),
      ("row", .object([(variable, JSONValue(row.code ?? row.net))])),
      (
        "column",
        column.isTotal ? .null : .object(column.values.map { ($0.column, .string($0.code)) })
      ),
      ("estimate", JSONValue(rounded(shown?.value))),
      ("standardError", JSONValue(rounded(shown?.standardError, 1))),
      ("interval", interval ?? .null),
      ("count", JSONValue(shown?.count)), ("base", JSONValue(shown?.base)),
      (
        "weightedBase",
        JSONValue(
          shown.map {
            decimals == nil ? $0.weightedBase : format.rounded($0.weightedBase, decimals: 0)
          })
      ),
      (
        "designEffect",
        JSONValue(
          shown?.designEffect.map { decimals == nil ? $0 : format.rounded($0, decimals: 2) })
      ),
      ("degreesOfFreedom", shown.map { finite($0.degreesOfFreedom) } ?? .null),
      ("letters", .array(cell.marks.map { .string($0.text) })),
      ("suppressed", .bool(isWithheld)),
    ])
  }
}

extension Interval {
  fileprivate init(_ interval: Interval, low: Double, high: Double) {
    self = interval
    self.low = low
    self.high = high
  }
}
