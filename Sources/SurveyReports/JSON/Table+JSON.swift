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
        ("tests", .array(tests.map(\.jsonValue) + (model?.tests.map(\.jsonValue) ?? []))),
        ("coefficients", .array(model?.coefficients.map(\.jsonValue) ?? [])),
        ("differences", .array(differences.map { $0.jsonValue(adjustment) })),
        ("weighting", .null),
        ("warnings", .array(warnings.map { .string($0) })),
      ] + (model.map { [("model", $0.jsonValue)] } ?? [])
        + (trend.map { [("trend", $0.jsonValue(language: language))] } ?? [])
        + (explanation.map { [("explanation", $0.jsonValue)] } ?? [])
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
    let files = parts.map { part in
      JSONValue.object([
        ("path", .string(part.source.path)), ("sha256", JSONValue(part.source.sha256)),
      ])
    }
    return .object(
      [("path", .string(path)), ("sha256", JSONValue(sha256))]
        + (files.isEmpty ? [] : [("files", .array(files))]))
  }
}

extension RowUse {
  var jsonValue: JSONValue {
    func shown(_ count: Int) -> JSONValue { isWithheld ? .null : .int(count) }
    return .object([
      ("read", .int(read)), ("used", shown(used)),
      (
        "excluded",
        .object(
          [
            ("where", shown(outsideDomain)), ("missing", shown(missing)),
            ("weight", shown(withoutWeight)), ("drop", shown(dropped)),
          ] + (unreadable > 0 ? [("unreadable", .int(unreadable))] : []))
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
    var members: [(String, JSONValue)] = [
      ("statistic", .string(statistic)),
      ("variable", .string(variable)),
      ("category", JSONValue(category)),
      ("label", .string(label[language])),
      ("net", JSONValue(net)),
    ]
    if let denominator { members.append(("denominator", .string(denominator))) }
    if let probability { members.append(("probability", .number(probability))) }
    members += [
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
    ]
    return .object(members)
  }
}

extension TestResult {
  var jsonValue: JSONValue {
    .object([
      ("name", .string(name)), ("statistic", JSONValue(test.statistic)),
      ("df1", JSONValue(test.df1)), ("df2", test.df2.map(finite) ?? .null),
      ("pValue", JSONValue(test.pValue)), ("variable", .string(variable)),
      ("by", .array(by.map { .string($0) })),
    ])
  }
}

extension Difference {
  /// A withheld difference has null in place of every figure.
  ///
  /// - Parameter isRounded: in a published book, whose figures must not be had from their differences:
  ///   the p-values stand alone.
  func jsonValue(_ adjustment: Adjustment, isRounded: Bool = false) -> JSONValue {
    let shown = suppression == nil ? contrast : nil
    let full = isRounded ? nil : shown
    let kind: [(String, JSONValue)] = statistic.map { [("of", .string($0))] } ?? []
    let bounds: [(String, JSONValue)] =
      full == nil
      ? []
      : errorBounds.map {
        [("standardErrorBounds", .array([.number($0.lowerBound), .number($0.upperBound)]))]
      } ?? []
    return .object(
      [
        ("variable", .string(variable)),
        ("category", JSONValue(category)),
        ("net", JSONValue(net)),
      ] + kind + [
        ("from", from.jsonValue),
        ("to", to.jsonValue),
        ("estimate", JSONValue(full?.estimate)),
        ("standardError", JSONValue(full?.standardError)),
        ("statistic", JSONValue(full?.statistic)),
        ("df", shown.map { finite($0.degreesOfFreedom) } ?? .null),
        ("pValue", JSONValue(shown?.pValue)),
        ("adjustedPValue", JSONValue(shown == nil ? nil : adjustedPValue)),
        ("adjustment", .string(adjustment.rawValue)),
        ("interval", full?.interval?.jsonValue ?? .null),
        ("suppressed", .bool(suppression != nil)),
      ] + bounds)
  }
}

extension Difference.Side {
  var jsonValue: JSONValue { .object(codes.map { ($0.column, .string($0.code)) }) }
}

extension Interval {
  var jsonValue: JSONValue {
    .object([
      ("low", .number(low)), ("high", .number(high)), ("level", .number(level)),
      ("method", .string(methodName)),
    ])
  }
}

/// Degrees of freedom are whole or infinite; JSON has no infinity, so that is a word.
func finite(_ degreesOfFreedom: Double) -> JSONValue {
  degreesOfFreedom.isFinite ? .number(degreesOfFreedom) : .string("inf")
}
