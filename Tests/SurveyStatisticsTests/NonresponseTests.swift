import SurveyData
import SurveyStatistics
import SurveyTestSupport
import Testing

/// What must hold of weights for non-response whatever the register.
@Suite("Non-response")
struct NonresponseTests {
  private struct Survey {
    var register: Dataset
    var answers: Dataset
  }

  /// Members drawn from a seed; who answers hangs on region and age. Some are not eligible, of some it
  /// is not known.
  private static func survey(seed: UInt64, members: Int = 900) -> Survey {
    var generator = SeededGenerator(seed: seed)
    func codes(_ name: String, _ codes: [String], _ indices: [Int]) -> Column {
      Column(
        name: name,
        values: .categorical(
          CategoricalColumn(categories: codes.map { Category(code: $0) }, indices: indices)))
    }
    let regions = (0..<members).map { _ in generator.integer(in: 0...3) }
    let sectors = (0..<members).map { _ in generator.integer(in: 0...1) }
    let ages = (0..<members).map { _ in Double(generator.integer(in: 25...66)) }
    let base = (0..<members).map { _ in 1 + generator.uniform() }
    let status = (0..<members).map { row -> Int in
      let draw = generator.uniform()
      if draw < 0.04 { return 3 }
      if draw < 0.08 { return 4 }
      let chance = 0.25 + 0.1 * Double(regions[row]) + 0.005 * (ages[row] - 45)
      return generator.uniform() < chance ? (draw < 0.15 ? 1 : 0) : 2
    }
    let ids = (0..<members).map { "m\($0)" }
    let register = Dataset(
      rowCount: members,
      columns: [
        codes("id", ids, Array(0..<members)), codes("region", ["1", "2", "3", "4"], regions),
        codes("sector", ["k", "p"], sectors),
        Column(name: "age", values: .numeric(NumericColumn(ages))),
        Column(name: "base", values: .numeric(NumericColumn(base))),
        codes("status", ["I", "P", "NC", "UO", "NE"], status),
      ])
    // The answers stand in another order.
    let rows = (0..<members).filter { status[$0] < 2 }.reversed()
    let answers = Dataset(
      rowCount: rows.count,
      columns: [
        codes("id", ids, Array(rows)),
        codes("region", ["1", "2", "3", "4"], rows.map { regions[$0] }),
        codes("sector", ["k", "p"], rows.map { sectors[$0] }),
        Column(name: "base", values: .numeric(NumericColumn(rows.map { base[$0] }))),
      ])
    return Survey(register: register, answers: answers)
  }

  private func members(
    _ survey: Survey, weight: String? = "base", id: String? = "id", share: Double? = nil
  ) throws -> InvitedMembers {
    try InvitedMembers(
      ResponseDescription(
        register: "register", id: id, source: .dispositions("status", codes: [:]), weight: weight,
        eligibleShare: share),
      register: survey.register, answers: survey.answers)
  }

  private func weights(_ adjustment: NonresponseAdjustment) -> [Double] {
    adjustment.weights.withValues { values in values.indices.map { values[$0] } }
  }

  @Test(
    "weights of respondents add up to the eligible members, class by class",
    arguments: [1, 2, 3] as [UInt64])
  func classTotals(seed: UInt64) throws {
    let survey = Self.survey(seed: seed)
    let members = try members(survey)
    let adjustment = try NonresponseAdjustment(
      NonresponseDescription(.classes(["region", "sector"]), smallestClass: 1), members: members,
      answers: survey.answers)
    var expected: [String: Double] = [:]
    let region = try survey.register.categories("region")
    let sector = try survey.register.categories("sector")
    for row in 0..<survey.register.rowCount {
      let name =
        region.categories[region.index(at: row)].code + ":"
        + sector.categories[sector.index(at: row)].code
      expected[name, default: 0] += members.eligibleWeight(row)
    }
    var sums: [String: Double] = [:]
    let classes = try #require(adjustment.classColumn)
    for (row, weight) in weights(adjustment).enumerated() {
      sums[classes.categories[classes.index(at: row)].code, default: 0] += weight
    }
    #expect(sums.count == 8 && Set(sums.keys) == Set(expected.keys))
    for (name, sum) in sums { expectClose(sum, expected[name]!, relative: 1e-12, name) }
  }

  @Test("weighting classes are post-stratification to the members of each class")
  func postStratification() throws {
    let survey = Self.survey(seed: 4)
    let adjustment = try NonresponseAdjustment(
      NonresponseDescription(.classes(["region"]), smallestClass: 1), members: members(survey),
      answers: survey.answers)
    let dataset = survey.answers.with([
      Column(name: "class", values: .categorical(try #require(adjustment.classColumn))),
      Column(name: "d", values: .numeric(adjustment.baseWeights)),
    ])
    let fitted = try adjustment.postStratification(on: "class", base: "d").fitted(in: dataset)
    expectClose(
      fitted.weights.withValues { values in values.indices.map { values[$0] } },
      weights(adjustment), relative: 1e-12)
  }

  @Test("a model with the classes alone gives each member the response rate of their class")
  func saturatedModel() throws {
    let survey = Self.survey(seed: 5)
    let members = try members(survey)
    let byClass = try NonresponseAdjustment(
      NonresponseDescription(.classes(["region"]), smallestClass: 1), members: members,
      answers: survey.answers)
    let byModel = try NonresponseAdjustment(
      NonresponseDescription(
        .propensity(terms: "region", categorical: ["region"], classes: nil)),
      members: members, answers: survey.answers)
    expectClose(weights(byModel), weights(byClass), relative: 1e-9)
    // Four propensities, so that ten classes are no more than four, and the same again.
    let quantiles = try NonresponseAdjustment(
      NonresponseDescription(
        .propensity(terms: "region", categorical: ["region"], classes: 10), smallestClass: 1),
      members: members, answers: survey.answers)
    #expect(quantiles.classes.count == 4)
    expectClose(weights(quantiles), weights(byClass), relative: 1e-9)
  }

  @Test("where all are as likely to answer, factors are equal and the R-indicator is 1")
  func constantPropensity() throws {
    // Two of every three, in each of two regions of equal make-up.
    let ids = (0..<60).map { "m\($0)" }
    func column(_ name: String, _ codes: [String], _ indices: [Int]) -> Column {
      Column(
        name: name,
        values: .categorical(
          CategoricalColumn(categories: codes.map { Category(code: $0) }, indices: indices)))
    }
    let register = Dataset(
      rowCount: 60,
      columns: [
        column("id", ids, Array(0..<60)),
        column("region", ["a", "b"], (0..<60).map { $0 / 30 }),
      ])
    let rows = (0..<60).filter { $0 % 3 > 0 }
    let answers = Dataset(rowCount: 40, columns: [column("id", ids, rows)])
    let members = try InvitedMembers(
      ResponseDescription(register: "register", id: "id"), register: register, answers: answers)
    let adjustment = try NonresponseAdjustment(
      NonresponseDescription(.propensity(terms: "region", categorical: [], classes: nil)),
      members: members, answers: answers)
    expectClose(weights(adjustment), [Double](repeating: 1.5, count: 40), relative: 1e-12)
    expectClose(try #require(adjustment.propensity).rIndicator, 1, absolute: 1e-12)
  }

  @Test("scaling base weights scales the weights; their unit does not matter to the propensities")
  func scaling() throws {
    let survey = Self.survey(seed: 6)
    let tenfold = { (dataset: Dataset) throws in
      let base = try dataset.numbers("base").withValues { values in
        values.indices.map { values[$0] * 10 }
      }
      return dataset.with([Column(name: "base", values: .numeric(NumericColumn(base)))])
    }
    let scaled = Survey(
      register: try tenfold(survey.register), answers: try tenfold(survey.answers))
    for method in [
      NonresponseDescription.Method.classes(["region", "sector"]),
      .propensity(terms: "region,age", categorical: ["region"], classes: nil),
      .propensity(terms: "region,age", categorical: ["region"], classes: 5),
    ] {
      let description = NonresponseDescription(method, smallestClass: 1)
      let own = try NonresponseAdjustment(
        description, members: members(survey), answers: survey.answers)
      let other = try NonresponseAdjustment(
        description, members: members(scaled), answers: scaled.answers)
      expectClose(weights(other), weights(own).map { $0 * 10 }, relative: 1e-9)
    }
  }

  @Test("answers matched by class alone get what answers matched by id get")
  func anonymous() throws {
    let survey = Self.survey(seed: 7)
    let description = NonresponseDescription(.classes(["region", "sector"]), smallestClass: 1)
    let byID = try NonresponseAdjustment(
      description, members: members(survey), answers: survey.answers)
    let byClass = try NonresponseAdjustment(
      description, members: members(survey, id: nil), answers: survey.answers)
    expectClose(weights(byClass), weights(byID), relative: 1e-15)
  }

  @Test("e is between the eligible alone and everybody: so are the rates and the weights")
  func eligibleShare() throws {
    let survey = Self.survey(seed: 8)
    var totals: [Double] = []
    for share in [0, 0.5, 1] as [Double] {
      let members = try members(survey, share: share)
      totals.append(members.eligibleWeights.reduce(0, +))
      let counts = members.totals()
      func rate(_ rate: OutcomeRate) throws -> Double {
        try #require(rate.value(counts, eligibleShare: share))
      }
      if share == 0 { #expect(try rate(.rr3) == rate(.rr5)) }
      if share == 1 { #expect(try rate(.rr4) == rate(.rr2)) }
    }
    expectClose(totals[1], (totals[0] + totals[2]) / 2, relative: 1e-12)
  }

  @Test(
    "words and codes of dispositions",
    arguments: [
      ("I", Disposition.complete), ("complete", .complete), ("1.1", .complete), ("1.2", .partial),
      ("2.11", .refusal), ("2.2", .nonContact), ("2.36", .other), ("3.16", .unknownHousehold),
      ("3.2", .unknownOther), ("4.7", .notEligible), ("Screened out", .notEligible),
      ("break-off", .refusal), ("bounced", .unknownOther), ("invited", .nonContact),
    ])
  func words(code: String, disposition: Disposition) {
    #expect(Disposition(code: code) == disposition)
  }

  @Test("what is no disposition is none", arguments: ["", "5.1", "2", "2.x", "done", "1.", "11.1"])
  func noWords(code: String) { #expect(Disposition(code: code) == nil) }
}
