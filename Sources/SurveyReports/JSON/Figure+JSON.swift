import SurveyData
import SurveyTables

extension Figure {
  /// The figure as one JSON object (schema `pejling/1`): the share's estimate as every command
  /// gives it, the distribution, and the words.
  public func json(in format: NumberFormat) -> String {
    let words = PressWords(self, in: format)
    return JSONValue.object([
      ("schema", .string("pejling/1")),
      ("command", .string("figure")),
      ("input", table.source.jsonValue),
      ("rows", table.rows.jsonValue),
      ("design", table.design.jsonValue),
      ("estimates", .array([share.jsonValue(language: format.language)])),
      ("distribution", .array(distribution.map { $0.jsonValue(language: format.language) })),
      (
        "press",
        .object([
          ("language", .string(format.language.rawValue)),
          ("sentence", .string(words.sentence)),
          ("phrases", .array(words.phrases.map { .string($0) })),
          ("uncertainty", .string(words.uncertainty)),
          ("base", .string(words.base)),
          ("facts", .array(words.facts.map { .string($0) })),
          ("provenance", .string(words.provenance)),
        ])
      ),
      (
        "survey",
        survey.map {
          .object([
            ("path", .string($0.path)), ("sha256", JSONValue($0.sha256)),
            ("title", .string($0.title[format.language])),
          ])
        } ?? .null
      ),
      ("version", .string(version)),
      ("tests", .array([])),
      ("coefficients", .array([])),
      ("differences", .array([])),
      ("weighting", .null),
      ("warnings", .array(table.warnings.map { .string($0) })),
    ]).text()
  }
}
