import SurveyData
import SurveyStatistics
import SurveyTables

extension NonresponseAdjustment {
  /// The adjustment at full precision.
  ///
  /// - Parameter minimum: the respondents below which a class shows none of its figures.
  func jsonValue(few minimum: Int) -> JSONValue {
    var method = "classes"
    var columns: [String] = []
    var terms: String?
    switch description.method {
    case .classes(let names): columns = names
    case .propensity(let text, _, let count):
      method = count == nil ? "inversePropensity" : "propensityClasses"
      terms = text
    }
    let totals = members.totals()
    return .object([
      ("method", .string(method)), ("columns", .array(columns.map { .string($0) })),
      ("terms", JSONValue(terms)), ("register", members.register.source.jsonValue),
      ("invited", .int(Int(totals.invited))), ("respondents", .int(respondents)),
      ("eligibleShare", .number(members.eligibleShare)),
      ("baseWeight", JSONValue(members.description.weight)),
      (
        "classes",
        .array(
          classes.map { one in
            let isFew = one.respondents < minimum
            return .object([
              ("class", .string(one.name)), ("invited", .int(one.invited)),
              ("respondents", isFew ? .null : .int(one.respondents)),
              ("eligible", .number(one.eligible)),
              ("responding", isFew ? .null : .number(one.responding)),
              ("factor", isFew ? .null : .number(one.factor)),
              ("lowestPropensity", JSONValue(one.propensities?.lowerBound)),
              ("highestPropensity", JSONValue(one.propensities?.upperBound)),
            ])
          })
      ),
      ("propensity", propensity?.jsonValue ?? .null),
    ])
  }
}

extension ResponsePropensity {
  /// The model: a line a coefficient.
  var csv: String {
    var csv = CSVText(
      header: ["term", "estimate", "standardError", "statistic", "df", "pValue"])
    for term in model.estimates(level: 0.95) {
      csv.append([
        .text(term.name), .number(term.estimate), .number(term.standardError),
        .number(term.statistic), .number(term.degreesOfFreedom), .number(term.pValue),
      ])
    }
    return csv.text
  }

  fileprivate var jsonValue: JSONValue {
    .object([
      ("rIndicator", .number(rIndicator)), ("mean", .number(mean)),
      ("standardDeviation", .number(standardDeviation)),
      ("iterations", .int(model.iterations)),
      (
        "coefficients",
        .array(
          model.estimates(level: 0.95).map { term in
            .object([
              ("term", .string(term.name)), ("estimate", JSONValue(term.estimate)),
              ("standardError", JSONValue(term.standardError)),
              ("statistic", JSONValue(term.statistic)), ("df", .number(term.degreesOfFreedom)),
              ("pValue", JSONValue(term.pValue)),
            ])
          })
      ),
      ("respondents", respondents.jsonValue), ("nonrespondents", nonrespondents.jsonValue),
    ])
  }
}

extension ResponsePropensity.Spread {
  fileprivate var jsonValue: JSONValue {
    .object([
      ("members", .int(members)), ("mean", .number(mean)), ("minimum", .number(minimum)),
      ("quartiles", .array(quartiles.map { .number($0) })), ("maximum", .number(maximum)),
    ])
  }
}
