import SurveyData
import SurveyStatistics
import SurveyTables

extension WeightingReport {
  /// The report as one JSON object, at full precision (schema `pejling/1`).
  public func json(language: Language) -> String {
    JSONValue.object([
      ("schema", .string("pejling/1")),
      ("command", .string("weight")),
      ("input", source.jsonValue),
      ("rows", rows.jsonValue),
      ("design", design.jsonValue),
      ("estimates", .array([])), ("tests", .array([])), ("coefficients", .array([])),
      ("differences", .array([])),
      ("weighting", weightingValue(language)),
      ("warnings", .array(warnings.map { .string($0) })),
    ]).text()
  }

  private func weightingValue(_ language: Language) -> JSONValue {
    let margins = zip(fitted.groups, labels).flatMap { group, labels in
      zip(group.margins, labels).map { category, label -> JSONValue in
        .object([
          ("group", JSONValue(group.code)), ("variable", .string(category.variable)),
          ("category", category.isUnknown ? .null : .string(category.code)),
          ("label", .string(label[language])), ("target", .number(category.target)),
          ("before", .number(category.before)), ("after", .number(category.after)),
          (
            "respondents",
            category.respondents < disclosure.minimumBase ? .null : .int(category.respondents)
          ),
        ])
      }
    }
    let totals = fitted.groups.flatMap { group in
      group.totals.map { total -> JSONValue in
        .object([
          ("group", JSONValue(group.code)), ("variable", .string(total.variable)),
          ("target", .number(total.target)), ("before", .number(total.before)),
          ("after", .number(total.after)),
        ])
      }
    }
    let trimming = fitted.groups.compactMap { group in
      group.trimming.map { trimming -> JSONValue in
        .object([
          ("group", JSONValue(group.code)), ("low", .number(trimming.low)),
          ("high", .number(trimming.high)), ("respondents", .int(trimming.respondents)),
          ("rounds", .int(trimming.rounds)), ("complete", .bool(trimming.isComplete)),
        ])
      }
    }
    return .object([
      (
        "method",
        .string(
          hasMargins || nonresponse?.description.hasClasses ?? false
            ? fitted.description.method.rawValue : "inversePropensity")
      ),
      ("converged", .bool(fitted.isConverged)), ("iterations", .int(fitted.iterations)),
      ("largestError", JSONValue(fitted.groups.map(\.error).max())),
      ("column", .string(name)), ("startWeight", JSONValue(fitted.description.startWeight)),
      ("respondents", .int(rows.used)), ("population", .number(spread.total)),
      ("kishDesignEffect", .number(spread.kishDesignEffect)),
      ("kishDesignEffectBefore", .number(startSpread.kishDesignEffect)),
      ("effectiveSize", .number(spread.effectiveSize)),
      ("minimum", .number(spread.minimum)), ("maximum", .number(spread.maximum)),
      ("mean", .number(spread.mean)),
      ("margins", .array(margins)), ("totals", .array(totals)), ("trimming", .array(trimming)),
      ("nonresponse", nonresponse?.jsonValue(few: disclosure.minimumBase) ?? .null),
      (
        "histogram",
        .array(
          histogram.map {
            .object([
              ("low", .number($0.low)), ("high", .number($0.high)),
              (
                "respondents",
                $0.respondents > 0 && $0.respondents < disclosure.minimumBase
                  ? .null : .int($0.respondents)
              ),
            ])
          })
      ),
      (
        "extremes",
        .array(
          extremes.map {
            .object([
              ("row", JSONValue($0.place?.row)), ("weight", .number($0.weight)),
              ("ratio", .number($0.ratio)),
            ])
          })
      ),
      (
        "changes",
        .array(
          changes.map {
            .object([
              ("variable", .string($0.variable)), ("label", .string($0.label[language])),
              ("statistic", .string($0.isShare ? "share" : "mean")),
              ("before", JSONValue($0.before)), ("after", JSONValue($0.after)),
              ("standardError", JSONValue($0.standardError)),
            ])
          })
      ),
    ])
  }

  /// The margins as CSV, a line a category; of inverse propensities alone, their model.
  public func csv(language: Language) -> String {
    if !hasMargins, let nonresponse, nonresponse.classes.isEmpty, let own = nonresponse.propensity {
      return own.csv
    }
    var csv = CSVText(header: [
      "group", "variable", "category", "label", "respondents", "target", "before", "after",
    ])
    for (group, labels) in zip(fitted.groups, labels) {
      for (category, label) in zip(group.margins, labels) {
        csv.append([
          .text(group.code ?? ""), .text(category.variable), .text(category.code),
          .text(label[language]),
          .int(category.respondents < disclosure.minimumBase ? nil : category.respondents),
          .number(category.target), .number(category.before), .number(category.after),
        ])
      }
    }
    return csv.text
  }
}
