import SurveyData
import SurveyTables

extension TrendSummary {
  /// What a trend has beside its estimates, differences, coefficients and tests.
  func jsonValue(language: Language) -> JSONValue {
    .object([
      ("time", .string(time)), ("repeatedUnits", JSONValue(repeatedUnits)),
      ("adjustedFor", JSONValue(adjustedFor)),
      ("perUnit", perUnit?.jsonValue ?? .null),
      ("change", change?.jsonValue ?? .null), ("departure", departure?.jsonValue ?? .null),
      (
        "waves",
        .array(
          points.map { point in
            .object([
              ("code", .string(point.code)), ("time", .number(point.time)),
              ("otherWording", JSONValue(point.otherWording.map { $0[language] })),
            ])
          })
      ),
      (
        "line",
        .array(
          line.map { point in
            .object([
              ("time", .number(point.time)), ("estimate", .number(point.value)),
              ("low", JSONValue(point.low)), ("high", JSONValue(point.high)),
            ])
          })
      ),
    ])
  }
}
