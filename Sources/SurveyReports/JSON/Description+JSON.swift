import SurveyData
import SurveyTables

extension Description {
  /// The description as one JSON object (schema `pejling/1`).
  public func json(language: Language) -> String {
    JSONValue.object([
      ("schema", .string("pejling/1")),
      ("command", .string("describe")),
      ("input", source.jsonValue),
      ("rows", rows),
      ("columns", .array(columns.map { $0.jsonValue(language) })),
      ("weights", weights?.jsonValue ?? .null),
      ("warnings", .array(warnings.map { .string($0) })),
    ]).text()
  }

  private var rows: JSONValue {
    let refused = source.refusedRowsInAll
    return .object(
      [("read", .int(rowCount + refused))]
        + (refused > 0 ? [("excluded", .object([("unreadable", .int(refused))]))] : []))
  }
}

extension DescribedColumn {
  fileprivate func jsonValue(_ language: Language) -> JSONValue {
    var members: [(String, JSONValue)] = [
      ("name", .string(name)),
      ("label", .string(label[language])),
    ]
    var kind = "empty"
    var content: [(String, JSONValue)] = []
    switch self.content {
    case .categories(let categories):
      kind = "categories"
      content = [
        (
          "categories",
          .array(
            categories.map { category in
              .object([
                ("code", .string(category.code)), ("label", .string(category.label[language])),
                ("count", JSONValue(category.count)),
              ])
            })
        )
      ]
    case .text(let distinct):
      kind = "text"
      content = [("distinct", .int(distinct))]
    case .numbers(let minimum, let mean, let maximum):
      kind = "numbers"
      content = [
        ("minimum", JSONValue(minimum)), ("mean", .number(mean)),
        ("maximum", JSONValue(maximum)),
      ]
    case .nothing: break
    }
    members += [
      ("type", .string(kind)), ("valid", JSONValue(valid)),
      ("missing", .object(missing.map { ($0.reason.rawValue, JSONValue($0.count)) })),
    ]
    return .object(members + content)
  }
}

extension WeightSpread {
  fileprivate var jsonValue: JSONValue {
    .object([
      ("column", .string(column)), ("minimum", .number(minimum)), ("maximum", .number(maximum)),
      ("mean", .number(mean)), ("total", .number(total)),
      ("kishDesignEffect", .number(kishDesignEffect)), ("effectiveSize", .number(effectiveSize)),
    ])
  }
}
