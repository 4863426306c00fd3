import SurveyData
import SurveyTables

extension Verification {
  /// The verdicts as one JSON object (schema `pejling/1`).
  public func json(language: Language) -> String {
    JSONValue.object([
      ("schema", .string("pejling/1")),
      ("command", .string("verify")),
      ("input", .object([("path", .string(path)), ("sha256", JSONValue(sha256))])),
      ("claims", .array(claims.map { $0.jsonValue(language) })),
      (
        "summary",
        .object(Verdict.allCases.map { ($0.rawValue, JSONValue.int(count(of: $0))) })
      ),
      ("warnings", .array([])),
    ]).text()
  }
}

extension VerifiedClaim {
  fileprivate func jsonValue(_ language: Language) -> JSONValue {
    .object([
      ("id", .string(claim.id)),
      ("line", JSONValue(claim.place.line)),
      ("sentence", .string(claim.sentence)),
      ("published", claim.published?.jsonValue ?? .null),
      ("verdict", .string(verdict.rawValue)),
      ("reason", .string(reason[language])),
      ("recomputed", recomputed?.jsonValue ?? .null),
      ("remarks", .array(remarks.map { .string($0[language]) })),
    ])
  }
}

extension Recomputed {
  /// In the unit of the publication: percent, percentage points, or the number itself.
  fileprivate var jsonValue: JSONValue {
    .object([
      ("value", .number(value)), ("unit", .string(unit.rawValue)),
      (
        "interval",
        interval.map { .object([("low", .number($0.low)), ("high", .number($0.high))]) } ?? .null
      ),
      ("base", JSONValue(base)),
    ])
  }
}

extension Claim.Published {
  fileprivate var jsonValue: JSONValue {
    switch self {
    case .number(let number):
      .object([("number", .number(number.value)), ("rounding", JSONValue(number.rounding))])
    case .phrase(let text, _): .object([("phrase", .string(text))])
    }
  }
}
