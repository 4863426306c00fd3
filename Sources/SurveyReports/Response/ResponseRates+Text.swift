import SurveyData
import SurveyStatistics
import SurveyTables

extension ResponseRates {
  /// The rates as one JSON object, at full precision (schema `pejling/1`).
  public func json(language: Language) -> String {
    JSONValue.object([
      ("schema", .string("pejling/1")),
      ("command", .string("response")),
      ("input", source.jsonValue),
      (
        "rows",
        .object([("read", groups[0].suppression == nil ? .int(groups[0].invited) : .null)])
      ),
      ("eligibleShare", .number(eligibleShare)),
      ("eligibleShareGiven", .bool(isShareGiven)),
      ("weight", JSONValue(weight)),
      ("groups", .array(groups.map { value(of: $0, language) })),
      ("warnings", .array(warnings.map { .string($0) })),
    ]).text()
  }

  private func value(of group: Group, _ language: Language) -> JSONValue {
    let isShown = group.suppression == nil
    func rates(weighted: Bool) -> JSONValue {
      .object(
        OutcomeRate.allCases.map {
          ($0.rawValue, JSONValue(group.value($0, in: self, weighted: weighted)))
        })
    }
    return .object([
      ("column", group.column.isEmpty ? .null : .string(group.column)),
      ("category", group.column.isEmpty ? .null : .string(group.code)),
      ("label", .string(group.label[language])),
      ("invited", isShown ? .int(group.invited) : .null),
      (
        "dispositions",
        .object(
          Disposition.allCases.map {
            ($0.rawValue, isShown ? .int(Int(group.counts[$0])) : .null)
          })
      ),
      ("rates", rates(weighted: false)),
      ("weightedRates", weight == nil ? .null : rates(weighted: true)),
      ("suppressed", .bool(!isShown)),
    ])
  }

  /// The rates as CSV: a line a group.
  public func csv(language: Language) -> String { csvRows(language: language).text }

  /// The same lines as values, for a sheet of a workbook.
  func csvRows(language: Language) -> CSVText {
    var csv = CSVText(
      header: ["column", "category", "label", "invited"]
        + Disposition.allCases.map(\.rawValue) + OutcomeRate.allCases.map(\.rawValue)
        + (weight == nil ? [] : OutcomeRate.allCases.map { "\($0.rawValue)_weighted" }))
    for group in groups {
      let isShown = group.suppression == nil
      var line: [CSVText.Value] = [
        .text(group.column), .text(group.code), .text(group.label[language]),
        .int(isShown ? group.invited : nil),
      ]
      line += Disposition.allCases.map { .int(isShown ? Int(group.counts[$0]) : nil) }
      for isWeighted in weight == nil ? [false] : [false, true] {
        line += OutcomeRate.allCases.map {
          .number(group.value($0, in: self, weighted: isWeighted))
        }
      }
      csv.append(line)
    }
    return csv
  }
}
