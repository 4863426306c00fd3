import SurveyData
import SurveyStatistics
import SurveyTables
import SurveyTestSupport
import Testing

/// Proportional odds in R survey 4.1, the delta method by complex steps: `adjusted-shares.R`.
@Suite("Adjusted shares and effects of ordinal models equal R survey 4.1's delta method")
struct AdjustedShareReferenceTests {
  @Test("shares, effects, errors, intervals and degrees of freedom to 1e-8")
  func lines() throws {
    var tables: [String: Table] = [:]
    var count = 0
    for reference in try ReferenceCase.all(in: "adjusted-shares.csv") {
      let key = reference.designKey + reference.name.replacing("/share", with: "/effect")
      let table = try tables[key] ?? reference.survey().table(answering: reference.question)
      tables[key] = table
      try reference.compare(with: table)
      count += 1
    }
    #expect(count == 152)
  }

  @Test("shares of all answers add up to 1, effects to 0, and a lone factor's shares average out")
  func sums() throws {
    let reference = try #require(try ReferenceCase.all(in: "adjusted-shares.csv").first)
    let table = try reference.survey().table(answering: reference.question)
    let groups = Set(table.cells.map { $0.group[0].code })
    #expect(groups == ["No", "Yes"])
    for group in groups {
      let shares = table.cells.filter { $0.group[0].code == group }.map { $0.estimate.value! }
      expectClose(shares.reduce(0, +), 1, relative: 1e-12)
    }
    let effects = table.model!.effects
    for term in Set(effects.map(\.term)) {
      let sum = effects.filter { $0.term == term }.reduce(0) { $0 + $1.estimate! }
      expectClose(sum, 0, absolute: 1e-12)
    }
    // A category's effect is the difference of its shares from the reference's.
    for effect in effects where effect.term == "awards=Yes" {
      let shares = ["No", "Yes"].map { code in
        table.cells.first { $0.group[0].code == code && $0.category == effect.answer?.code }!
          .estimate.value!
      }
      expectClose(effect.estimate!, shares[1] - shares[0], absolute: 1e-12)
    }
  }

  @Test("of two answers the shares and effects are the logistic model's")
  func twoAnswers() throws {
    let reference = try #require(try ReferenceCase.all(in: "adjusted-shares.csv").first)
    let survey = try reference.survey()
    let ordinal = try survey.table(
      answering: ModelQuestion(outcome: "awards", terms: "meals,stype", family: .ordinal))
    let logistic = try survey.table(
      answering: ModelQuestion(outcome: "awards=Yes", terms: "meals,stype"))
    let shares = ordinal.cells.filter { $0.category == "Yes" }
    #expect(shares.count == logistic.cells.count && shares.count == 3)
    for (a, b) in zip(shares, logistic.cells) {
      expectClose(a.estimate.value!, b.estimate.value!, relative: 1e-9)
      expectClose(a.estimate.standardError!, b.estimate.standardError!, relative: 1e-8)
    }
    let effects = ordinal.model!.effects.filter { $0.answer?.code == "Yes" }
    for (a, b) in zip(effects, logistic.model!.effects) {
      expectClose(a.estimate!, b.estimate!, relative: 1e-8)
      expectClose(a.standardError!, b.standardError!, relative: 1e-8)
    }
  }

  @Test("an answer that few gave takes effects, shares and thresholds with it")
  func disclosure() throws {
    let reference = try #require(try ReferenceCase.all(in: "adjusted-shares.csv").first)
    let question = ModelQuestion(outcome: "stype", terms: "meals,awards", family: .ordinal)
    let plain = try reference.survey()
    func table(minimumCount: Int) throws -> Table {
      try ResolvedSurvey(
        plain.dataset, design: plain.design.description,
        disclosure: DisclosureRules(minimumBase: 10, minimumCount: minimumCount)
      ).table(answering: question)
    }
    // 50 of the 200 schools are high schools.
    let hidden = try table(minimumCount: 51)
    #expect(hidden.cells.allSatisfy { $0.suppression != nil })
    #expect(hidden.model!.effects.allSatisfy { $0.isWithheld })
    #expect(hidden.model!.coefficients.filter(\.isWithheld).map(\.term) == ["E|H", "H|M"])
    #expect(hidden.warnings.contains { $0.hasPrefix("Thresholds, effects and adjusted shares") })
    // 16 of the high schools have an award, more of the others.
    let term = try table(minimumCount: 17)
    #expect(term.cells.allSatisfy { $0.suppression != nil })
    #expect(
      term.model!.effects.allSatisfy { $0.isWithheld == ($0.term == "awards=Yes") })
    #expect(term.model!.coefficients.allSatisfy { !$0.isWithheld })
  }
}

extension ReferenceCase {
  fileprivate var question: ModelQuestion {
    get throws {
      ModelQuestion(
        outcome: row["item"]!, terms: row["terms"]!,
        categorical: row["categorical"]!.split(separator: ",").map(String.init), family: .ordinal,
        where: try row["where"]!.isEmpty ? nil : Expression(row["where"]!))
    }
  }

  fileprivate func compare(with table: Table) throws {
    let (variable, code, answer) = (row["variable"]!, row["code"]!, row["answer"]!)
    let place = "\(name) \(variable)=\(code) \(answer)"
    func check(_ column: String, _ ours: Double?) throws {
      let theirs = try #require(row.number(column), Comment(rawValue: place))
      expectClose(
        try #require(ours, Comment(rawValue: place)), theirs, relative: 1e-8, absolute: 1e-12,
        "\(place), \(column)")
    }
    if row["statistic"] == "share" {
      let cell = table.cells.first {
        $0.group[0].column == variable && $0.group[0].code == code && $0.category == answer
      }
      #expect(cell?.statistic == "adjustedShare", Comment(rawValue: place))
      try check("estimate", cell?.estimate.value)
      try check("se", cell?.estimate.standardError)
      try check("low", cell?.estimate.interval?.low)
      try check("high", cell?.estimate.interval?.high)
      try check("df", cell?.estimate.degreesOfFreedom)
    } else {
      let term = code.isEmpty ? variable : "\(variable)=\(code)"
      let effect = table.model?.effects.first { $0.term == term && $0.answer?.code == answer }
      try check("estimate", effect?.estimate)
      try check("se", effect?.standardError)
      try check("low", effect?.interval?.low)
      try check("high", effect?.interval?.high)
      try check("df", effect?.df)
    }
  }
}
