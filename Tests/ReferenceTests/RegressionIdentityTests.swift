import SurveyData
import SurveyFiles
import SurveyStatistics
import SurveyTables
import SurveyTestSupport
import Testing

@Suite("What every regression must hold")
struct RegressionIdentityTests {
  private static func survey(
    _ file: String = "api/apistrat.csv", scale: Double = 1, replicates: ReplicateDescription? = nil
  ) throws -> ResolvedSurvey {
    var dataset = try readCSV(at: Fixture.path("data/\(file)"), selecting: .all).dataset
    if scale != 1, case .numeric(let weights) = try dataset.column("pw").values {
      let scaled = weights.withValues { values in values.indices.map { scale * values[$0] } }
      let columns = dataset.columns.map { column in
        column.name == "pw"
          ? Column(name: "pw", values: .numeric(NumericColumn(scaled))) : column
      }
      dataset = Dataset(
        rowCount: dataset.rowCount, columns: columns, source: dataset.source)
    }
    return try ResolvedSurvey(
      dataset, design: DesignDescription(weight: "pw", strata: ["stype"], replicates: replicates))
  }

  @Test("a saturated model gives the domain means, and their errors")
  func saturated() throws {
    let survey = try Self.survey()
    let means = try survey.table(answering: Question(.mean, of: "api00", by: [["sch.wide"]]))
    let model = try survey.table(
      answering: ModelQuestion(outcome: "api00", terms: "sch.wide"))
    expectClose(
      model.model!.coefficients[0].estimate!, means.cells[0].estimate.value!, relative: 1e-10)
    expectClose(
      model.model!.coefficients[0].standardError!, means.cells[0].estimate.standardError!,
      relative: 1e-10)
    // An adjusted mean of the only variable is the domain's mean.
    for (adjusted, mean) in zip(model.cells, means.cells) {
      expectClose(adjusted.estimate.value!, mean.estimate.value!, relative: 1e-10)
      expectClose(
        adjusted.estimate.standardError!, mean.estimate.standardError!, relative: 1e-9)
    }
    let shares = try survey.table(
      answering: Question(.share(of: NetChoice("Yes")), of: "awards", by: [["stype"]]))
    let logistic = try survey.table(
      answering: ModelQuestion(outcome: "awards=Yes", terms: "stype"))
    for (adjusted, share) in zip(logistic.cells, shares.cells) {
      expectClose(adjusted.estimate.value!, share.estimate.value!, relative: 1e-10)
      expectClose(
        adjusted.estimate.standardError!, share.estimate.standardError!, relative: 1e-9)
    }
  }

  @Test("weights scaled by a constant change nothing", arguments: ModelFamily.allCases)
  func scaledWeights(family: ModelFamily) throws {
    let outcome =
      switch family {
      case .linear: "api00"
      case .logistic: "awards=Yes"
      case .poisson: "api.stu"
      case .ordinal: "stype"
      }
    let question = ModelQuestion(outcome: outcome, terms: "meals,ell", family: family)
    let plain = try Self.survey().table(answering: question).model!
    let scaled = try Self.survey(scale: 37.5).table(answering: question).model!
    for (a, b) in zip(plain.coefficients, scaled.coefficients) {
      expectClose(a.estimate!, b.estimate!, relative: 1e-9)
      expectClose(a.standardError!, b.standardError!, relative: 1e-9)
    }
  }

  @Test("a linear model's average effect is its coefficient")
  func averageEffect() throws {
    let model = try Self.survey().table(
      answering: ModelQuestion(outcome: "api00", terms: "meals,stype")
    ).model!
    for effect in model.effects {
      let coefficient = model.coefficients.first { $0.term == effect.term }!
      expectClose(effect.estimate!, coefficient.estimate!, relative: 1e-10)
      expectClose(effect.standardError!, coefficient.standardError!, relative: 1e-8)
    }
  }

  @Test("a jackknife's errors are close to the sandwich's")
  func jackknife() throws {
    let question = ModelQuestion(outcome: "awards=Yes", terms: "meals,stype")
    let sandwich = try Self.survey().table(answering: question)
    let jackknife = try Self.survey(
      replicates: ReplicateDescription(.design(count: 0, seed: 1), method: .jkn)
    ).table(answering: question)
    for (a, b) in zip(sandwich.model!.coefficients, jackknife.model!.coefficients) {
      expectClose(a.estimate!, b.estimate!, relative: 1e-10)
      expectClose(a.standardError!, b.standardError!, relative: 0.1)
    }
    for (a, b) in zip(sandwich.cells, jackknife.cells) {
      expectClose(a.estimate.standardError!, b.estimate.standardError!, relative: 0.1)
    }
  }

  @Test("a polynomial and its crossings span what they must")
  func polynomial() throws {
    let survey = try Self.survey()
    let straight = try survey.table(
      answering: ModelQuestion(outcome: "api00", terms: "meals")
    ).model!
    let curve = try survey.table(
      answering: ModelQuestion(outcome: "api00", terms: "poly(meals,1)")
    ).model!
    // Another scale of the same line: the test is the same.
    expectClose(straight.tests[0].statistic!, curve.tests[0].statistic!, relative: 1e-9)
    let crossed = try survey.table(
      answering: ModelQuestion(outcome: "api00", terms: "stype*sch.wide")
    ).model!
    #expect(crossed.coefficients.count == 6)
    #expect(crossed.tests.map(\.term) == ["stype", "sch.wide", "stype:sch.wide"])
    let reference = try survey.table(
      answering: ModelQuestion(
        outcome: "api00", terms: "stype", references: ["stype": "M"])
    ).model!
    #expect(reference.coefficients.map(\.term) == ["(intercept)", "stype=E", "stype=H"])
  }

  @Test("what cannot be fitted is said by name")
  func faults() throws {
    let survey = try Self.survey()
    func message(_ question: ModelQuestion) -> String {
      do {
        _ = try survey.table(answering: question)
        return ""
      } catch { return "\(error)" }
    }
    let leftOut = try survey.table(
      answering: ModelQuestion(outcome: "enroll", terms: "api99,growth,api00"))
    #expect(leftOut.model!.leftOut == ["api00"])
    #expect(leftOut.warnings.contains { $0.hasPrefix("'api00' is left out") })
    let separated = ModelQuestion(outcome: "awards=Yes", terms: "both")
    #expect(message(separated).contains("'both=Yes' separates the outcome awards=Yes"))
    #expect(
      message(ModelQuestion(outcome: "api00", terms: "log(growth)")).contains(
        "needs numbers above 0"))
    #expect(message(ModelQuestion(outcome: "api00", terms: "exp(meals)")).contains("no transform"))
    #expect(message(ModelQuestion(outcome: "api00", terms: "meals,")).contains("cannot be read"))
    #expect(
      message(ModelQuestion(outcome: "api00", terms: "meals", family: .logistic))
        .contains("0 and 1"))
  }

  /// Rows enough for several runs: a time, two factors, an answer as codes and as numbers.
  private static func many() throws -> (dataset: Dataset, design: Design) {
    var random = SeededGenerator(seed: 9)
    let count = 80_000
    func codes(_ name: String, _ range: ClosedRange<Int>) -> Column {
      let categories = range.map { SurveyData.Category(code: "\($0)") }
      let indices = (0..<count).map { _ in Int.random(in: 0..<categories.count, using: &random) }
      return Column(
        name: name,
        values: .categorical(CategoricalColumn(categories: categories, indices: indices)))
    }
    let answer = codes("answer", 1...5)
    let numbers = try Dataset(rowCount: count, columns: [answer]).numbers("answer")
    let weights = (0..<count).map { _ in Double.random(in: 0.2...3, using: &random) }
    let noise = numbers.withValues { numbers in
      (0..<count).map { numbers[$0] + Double.random(in: 0...1, using: &random) }
    }
    let dataset = Dataset(
      rowCount: count,
      columns: [
        answer, codes("year", 2014...2019), codes("sex", 1...2), codes("area", 1...3),
        Column(name: "number", values: .numeric(numbers)),
        Column(name: "noise", values: .numeric(NumericColumn(noise))),
        Column(name: "weight", values: .numeric(NumericColumn(weights))),
        Column(
          name: "place", values: .numeric(NumericColumn((0..<count).map { Double($0 / 13) }))),
      ])
    return (
      dataset,
      try ResolvedSurvey(
        dataset, design: DesignDescription(weight: "weight", clusters: ["place"])
      ).design
    )
  }

  @Test(
    "the same bits on any number of threads",
    arguments: [
      ("answer", ModelFamily.linear), ("noise", .linear), ("answer=5", .logistic),
      ("answer", .poisson), ("answer", .ordinal),
    ])
  func threads(outcome: String, family: ModelFamily) throws {
    let (dataset, design) = try Self.many()
    let survey = try ResolvedSurvey(dataset, design: design.description)
    let question = ModelQuestion(
      outcome: outcome, terms: "year,sex,area", categorical: ["sex", "area"], family: family)
    let description = try ModelDescription(question, survey: survey)
    func numbers(_ threads: Int) throws -> [UInt64] {
      let model = try RegressionModel(description, in: dataset, design: design, threads: threads)
      let adjusted = model.adjustedMeans(level: 0.95, threads: threads)
      return (model.estimates(level: 0.95) + (adjusted.means + adjusted.effects).map(\.estimate))
        .flatMap { [$0.estimate!.bitPattern, $0.standardError!.bitPattern] }
    }
    let one = try numbers(1)
    for threads in [2, 3] { #expect(try numbers(threads) == one) }
  }

  @Test("an answer counted by code and the same as a number a row agree to 1e-11")
  func codesAndNumbers() throws {
    let (dataset, design) = try Self.many()
    func estimates(_ outcome: String, cells: Bool?) throws -> [ModelEstimate] {
      let survey = try ResolvedSurvey(dataset, design: design.description)
      let question = ModelQuestion(
        outcome: outcome, terms: "year,sex,area", categorical: ["sex", "area"], family: .linear)
      let model = try RegressionModel(
        try ModelDescription(question, survey: survey), in: dataset, design: design,
        usesCells: cells)
      return model.estimates(level: 0.95)
    }
    let byCode = try estimates("answer", cells: nil)
    for others in [
      try estimates("number", cells: nil), try estimates("answer", cells: false),
      try estimates("number", cells: false),
    ] {
      for (a, b) in zip(byCode, others) {
        expectClose(a.estimate!, b.estimate!, relative: 1e-11, absolute: 1e-11)
        expectClose(a.standardError!, b.standardError!, relative: 1e-10)
      }
    }
  }
}
