import SurveyData
import SurveyStatistics
import SurveyTables

extension Table {
  /// The table as one JSON object, at full precision (schema `pejling/1`).
  public func json(language: Language) -> String {
    JSONValue.object(
      [
        ("schema", .string("pejling/1")),
        ("command", .string(command)),
        ("input", source.jsonValue),
        ("rows", rows.jsonValue),
        ("design", design.jsonValue),
        ("estimates", .array(cells.map { $0.jsonValue(language: language) })),
        ("tests", .array([])),
        ("coefficients", .array([])),
        ("differences", .array([])),
        ("weighting", .null),
        ("warnings", .array(warnings.map { .string($0) })),
      ] + (explanation.map { [("explanation", $0.jsonValue)] } ?? [])
    ).text()
  }
}

extension Explanation {
  fileprivate var jsonValue: JSONValue {
    .object([
      ("lines", .array(lines.map { .string($0) })), ("r", .array(rCall.map { .string($0) })),
    ])
  }
}

extension DataSource {
  var jsonValue: JSONValue {
    .object([("path", .string(path)), ("sha256", JSONValue(sha256))])
  }
}

extension RowUse {
  var jsonValue: JSONValue {
    func shown(_ count: Int) -> JSONValue { isWithheld ? .null : .int(count) }
    return .object([
      ("read", .int(read)), ("used", shown(used)),
      (
        "excluded",
        .object([
          ("where", shown(outsideDomain)), ("missing", shown(missing)),
          ("weight", shown(withoutWeight)), ("drop", shown(dropped)),
        ])
      ),
    ])
  }
}

extension DesignSummary {
  var jsonValue: JSONValue {
    .object([
      ("weight", JSONValue(weight)), ("strata", .int(strata)), ("clusters", .int(clusters)),
      ("degreesOfFreedom", finite(degreesOfFreedom)), ("variance", .string(variance)),
    ])
  }
}

extension Cell {
  /// A withheld figure has null in place of everything that would disclose it.
  func jsonValue(language: Language) -> JSONValue {
    let shown = suppression == nil ? estimate : nil
    return .object(
      [
        ("statistic", .string(statistic)),
        ("variable", .string(variable)),
        ("category", JSONValue(category)),
        ("label", .string(label[language])),
        ("net", JSONValue(net)),
      ] + (denominator.map { [("denominator", .string($0))] } ?? []) + [
        ("group", .object(group.map { ($0.column, .string($0.code)) })),
        ("estimate", JSONValue(shown?.value)),
        ("standardError", JSONValue(shown?.standardError)),
        ("interval", shown?.interval?.jsonValue ?? .null),
        ("count", JSONValue(shown?.count)),
        ("base", JSONValue(shown?.base)),
        ("weightedBase", JSONValue(shown?.weightedBase)),
        ("designEffect", JSONValue(shown?.designEffect)),
        ("degreesOfFreedom", shown.map { finite($0.degreesOfFreedom) } ?? .null),
        ("suppressed", .bool(suppression != nil)),
      ])
  }
}

extension Interval {
  var jsonValue: JSONValue {
    .object([
      ("low", .number(low)), ("high", .number(high)), ("level", .number(level)),
      ("method", .string(method.rawValue)),
    ])
  }
}

/// Degrees of freedom are whole or infinite; JSON has no infinity, so that is a word.
private func finite(_ degreesOfFreedom: Double) -> JSONValue {
  degreesOfFreedom.isFinite ? .number(degreesOfFreedom) : .string("inf")
}
