import SurveyData
import SurveyFiles
import SurveyStatistics
import SurveyTables
import SurveyTestSupport
import Testing

/// R's weights for non-response, and what follows from them: `nonresponse.R`.
@Suite("Non-response equals R survey 4.1")
struct NonresponseReferenceTests {
  private static let register = try! readData(
    at: Fixture.path("nonresponse/register.csv"),
    selecting: .only([
      "member": .category, "region": .category, "sector": .category, "sex": .category,
      "age": .number, "base": .number, "status": .category, "answered": .category,
    ])
  ).dataset

  private static let answers = try! readData(
    at: Fixture.path("nonresponse/answers.csv"),
    selecting: .only([
      "member": .category, "region": .category, "sector": .category, "sex": .category,
      "base": .number, "satisfied": .number, "hours": .number,
    ])
  ).dataset

  private static func members(_ isWeighted: Bool) throws -> InvitedMembers {
    try InvitedMembers(
      ResponseDescription(
        register: "register.csv", id: "member", source: .dispositions("status", codes: [:]),
        weight: isWeighted ? "base" : nil),
      register: register, answers: answers)
  }

  /// The adjustment that a case of the script is of.
  private static func adjustment(_ name: String) throws -> NonresponseAdjustment {
    let parts = name.split(separator: "-").map(String.init)
    let members = try members(parts.contains("base"))
    func model(_ classes: Int?) -> NonresponseDescription.Method {
      .propensity(
        terms: "region,sector,sex,age", categorical: ["region", "sector", "sex"], classes: classes)
    }
    let description =
      switch (parts[0], parts[1]) {
      case ("classes", "region"): NonresponseDescription(.classes(["region"]))
      case ("classes", _):
        NonresponseDescription(
          .classes(["region", "sector"]), collapse: ["region:sector": ["4:3": "4:2"]])
      case ("quintiles", _): NonresponseDescription(model(5))
      default: NonresponseDescription(model(nil))
      }
    return try NonresponseAdjustment(description, members: members, answers: answers)
  }

  /// The answers with the weights of a case, and the design that knows how they were made.
  private static func survey(_ name: String) throws -> ResolvedSurvey {
    let adjustment = try adjustment(name)
    var dataset = answers.with([
      Column(name: "d", values: .numeric(adjustment.baseWeights)),
      Column(name: "adjusted", values: .numeric(adjustment.weights)),
    ])
    if let classes = adjustment.classColumn {
      dataset = dataset.with([Column(name: "class", values: .categorical(classes))])
    }
    var design = DesignDescription(weight: "fitted")
    var weighting = adjustment.postStratification(on: "class", base: "d")
    if name.hasSuffix("raked") {
      weighting = WeightingDescription(
        method: .exponential,
        targets: try register.marginTargets(
          [["sex"], ["region"]], within: nil, counting: adjustment.members.eligibleWeights),
        startWeight: "adjusted")
    }
    let fitted = try weighting.fitted(in: dataset)
    design.weighting = weighting
    return try ResolvedSurvey(
      dataset.with([Column(name: "fitted", values: .numeric(fitted.weights))]), design: design)
  }

  private static func weights(_ name: String) throws -> [Double] {
    if name.hasSuffix("raked") {
      return try survey(name).dataset.numbers("fitted").withValues { values in
        values.indices.map { values[$0] }
      }
    }
    return try adjustment(name).weights.withValues { values in values.indices.map { values[$0] } }
  }

  @Test(
    "each respondent's weight to 1e-8: classes, inverse propensities, quintiles, margins on top")
  func weights() throws {
    let ids = try Self.answers.categories("member")
    let rows = Dictionary(
      uniqueKeysWithValues: (0..<ids.rowCount).map { (ids.categories[ids.index(at: $0)].code, $0) })
    var made: [String: [Double]] = [:]
    var count = 0
    for line in try Fixture.table("reference/r-survey-4.1/nonresponse-weights.csv") {
      let name = line["case"]!
      if made[name] == nil { made[name] = try Self.weights(name) }
      expectClose(
        made[name]![rows[line["member"]!]!], line.number("weight")!, relative: 1e-8,
        "\(name), member \(line["member"]!)")
      count += 1
    }
    #expect(made.count == 12 && count == 12 * 686)
  }

  @Test("response models, R-indicators, quartiles, factors, and errors after weighting to 1e-8")
  func numbers() throws {
    var adjustments: [String: NonresponseAdjustment] = [:]
    var surveys: [String: ResolvedSurvey] = [:]
    var count = 0
    for line in try Fixture.table("reference/r-survey-4.1/nonresponse.csv")
    where line["quantity"] != "rate" {
      let (name, quantity, key) = (line["case"]!, line["quantity"]!, line["name"]!)
      let expected = line.number("value")!
      var actual: Double?
      if quantity == "e" {
        actual = try Self.members(name == "base").eligibleShare
      } else if name.hasPrefix("model") || name.hasPrefix("quintiles") {
        if adjustments[name] == nil { adjustments[name] = try Self.adjustment(name) }
        actual = Self.value(quantity, key, adjustments[name]!)
      } else {
        if surveys[name] == nil { surveys[name] = try Self.survey(name) }
        actual = try Self.value(quantity, key, surveys[name]!)
      }
      expectClose(
        try #require(actual, "\(name) \(quantity) \(key)"), expected, relative: 1e-8,
        "\(name) \(quantity) \(key)")
      count += 1
    }
    #expect(count == 118)
  }

  private static func value(
    _ quantity: String, _ key: String, _ adjustment: NonresponseAdjustment
  ) -> Double? {
    let propensity = adjustment.propensity!
    func spread(_ spread: ResponsePropensity.Spread) -> Double? {
      switch key {
      case "0": spread.minimum
      case "0.25": spread.quartiles[0]
      case "0.5": spread.quartiles[1]
      case "0.75": spread.quartiles[2]
      case "1": spread.maximum
      default: spread.mean
      }
    }
    switch quantity {
    case "factor": return adjustment.classes[Int(key)! - 1].factor
    case "rindicator": return propensity.rIndicator
    case "propensity0": return spread(propensity.nonrespondents)
    case "propensity1": return spread(propensity.respondents)
    default:
      // R writes region2 for region=2.
      let term = propensity.model.estimates(level: 0.95).first {
        $0.name.filter { $0 != "=" } == key || ($0.name == "(intercept)" && key == "(Intercept)")
      }
      return quantity == "coefficient" ? term?.estimate : term?.standardError
    }
  }

  private static func value(
    _ quantity: String, _ key: String, _ survey: ResolvedSurvey
  ) throws -> Double? {
    guard quantity.hasPrefix("total") else {
      let cell = try survey.table(answering: Question(.mean, of: key)).cells[0]
      return quantity == "mean" ? cell.estimate.value : cell.estimate.standardError
    }
    let satisfied = survey.dataset.with([
      Column(
        name: "top",
        values: .numeric(
          NumericColumn(
            try survey.dataset.numbers("satisfied").withValues { values in
              values.indices.map { values[$0] >= 4 ? 1 : 0 }
            })))
    ])
    let total = try ResolvedSurvey(satisfied, design: survey.design.description)
      .table(answering: Question(.total, of: "top")).cells[0]
    return quantity == "total" ? total.estimate.value : total.estimate.standardError
  }

  @Test("AAPOR's rates of all and by region, unweighted and base-weighted")
  func rates() throws {
    var count = 0
    for line in try Fixture.table("reference/r-survey-4.1/nonresponse.csv")
    where line["quantity"] == "rate" {
      let parts = line["case"]!.split(separator: "-")
      let isWeighted = parts[1] == "base"
      let rates = try ResponseRates(Self.members(isWeighted), by: [["region"]])
      let group = try #require(
        rates.groups.first { group in
          parts.count == 2
            ? group.column.isEmpty : group.column == "region" && "region\(group.code)" == parts[2]
        })
      let rate = try #require(OutcomeRate(rawValue: line["name"]!))
      expectClose(
        try #require(group.value(rate, in: rates, weighted: isWeighted)), line.number("value")!,
        relative: 1e-13, "\(line["case"]!) \(rate.rawValue)")
      count += 1
    }
    #expect(count == 160)
  }

  /// The README of ropensci/outcomerate 1.0.1 prints these for 12 people tried.
  @Test("the rates of outcomerate 1.0.1 (R), as its README prints them")
  func outcomerate() throws {
    let totals = DispositionTotals([
      .complete: 4, .partial: 2, .refusal: 1, .nonContact: 1, .other: 1, .unknownHousehold: 1,
      .unknownOther: 1, .notEligible: 1,
    ])
    let share = try #require(totals.eligibleShare)
    #expect(share == 0.9)
    let printed: [(OutcomeRate, Double)] = [
      (.rr1, 0.364), (.rr2, 0.545), (.rr3, 0.370), (.rr4, 0.556), (.rr5, 0.444), (.rr6, 0.667),
      (.coop1, 0.500), (.coop2, 0.750), (.coop3, 0.571), (.coop4, 0.857), (.ref1, 0.091),
      (.ref2, 0.093), (.ref3, 0.111), (.con1, 0.727), (.con2, 0.741), (.con3, 0.889),
    ]
    #expect(Set(printed.map(\.0)) == Set(OutcomeRate.allCases))
    for (rate, expected) in printed {
      let value = try #require(rate.value(totals, eligibleShare: share))
      #expect((value * 1000).rounded() / 1000 == expected, "\(rate.rawValue) \(value)")
    }
    // And its weighted ones, of eleven dispositions one by one.
    var weighted = DispositionTotals()
    let dispositions = ["I", "P", "I", "UO", "R", "I", "NC", "I", "O", "P", "UH"]
    for (index, code) in dispositions.enumerated() {
      weighted.add(try #require(Disposition(code: code)), index < 6 ? 1.3 : 2.5)
    }
    let response = try #require(OutcomeRate.rr2.value(weighted, eligibleShare: 1))
    let contact = try #require(OutcomeRate.con1.value(weighted, eligibleShare: 1))
    #expect((response * 100).rounded() == 50 && (contact * 100).rounded() == 69)
  }
}
