import SurveyTables

extension ModelSummary {
  /// What a model has beside its coefficients and tests, which stand in the members of that name.
  var jsonValue: JSONValue {
    .object([
      ("family", .string(family)), ("outcome", .string(outcome)),
      ("respondents", .int(respondents)), ("converged", .bool(true)),
      ("iterations", .int(iterations)), ("leftOut", .array(leftOut.map { .string($0) })),
      ("marginalEffects", .array(effects.map(\.jsonValue))),
    ])
  }
}

extension ModelSummary.Coefficient {
  /// A withheld coefficient has null in place of every figure.
  var jsonValue: JSONValue {
    .object(
      [("term", .string(term))]
        + (answer.map { [("category", .string($0.code))] } ?? []) + [
          ("estimate", JSONValue(estimate)),
          ("standardError", JSONValue(standardError)), ("statistic", JSONValue(statistic)),
          ("df", finite(df)), ("pValue", JSONValue(pValue)),
          ("interval", interval?.jsonValue ?? .null), ("suppressed", .bool(isWithheld)),
        ])
  }
}

extension ModelSummary.TermTest {
  var jsonValue: JSONValue {
    .object([
      ("name", .string("wald")), ("term", .string(term)), ("statistic", JSONValue(statistic)),
      ("df1", .number(df1)), ("df2", finite(df2)), ("pValue", JSONValue(pValue)),
    ])
  }
}
