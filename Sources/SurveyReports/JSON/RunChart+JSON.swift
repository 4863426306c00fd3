import SurveyTables

extension RunChart {
  /// The series as one JSON object (schema `pejling/1`).
  public func json() -> String {
    JSONValue.object([
      ("schema", .string("pejling/1")), ("command", .string("runchart")),
      ("input", source.jsonValue), ("variable", .string(variable)),
      (
        "series",
        .array(
          points.map { point in
            .object([
              ("period", .string(point.period)), ("value", JSONValue(point.value)),
              ("suppressed", .bool(point.isWithheld)),
            ])
          })
      ),
      ("median", .number(median)),
      ("band", band.map { .array([.number($0.lowerBound), .number($0.upperBound)]) } ?? .null),
      (
        "rules",
        .object([
          ("useful", .int(usefulCount)), ("longestRun", .int(longestRun)),
          ("longestRunLimit", longestRunLimit == .max ? .null : .int(longestRunLimit)),
          ("crossings", .int(crossings)), ("crossingsLimit", .int(crossingsLimit)),
          ("shifted", .bool(isShifted)),
        ])
      ),
      ("warnings", .array(warnings.map { .string($0) })),
    ]).text()
  }

  /// A line a month.
  public func csv() -> String {
    var csv = CSVText(header: ["period", "variable", "value", "median", "suppressed"])
    for point in points {
      csv.append([
        .text(point.period), .text(variable), .number(point.value), .number(median),
        .text(point.isWithheld ? "true" : "false"),
      ])
    }
    return csv.text
  }
}
