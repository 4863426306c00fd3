import SurveyData
import SurveyFiles
import SurveyStatistics
import SurveyTables
import SurveyTestSupport
import Testing

/// Numbers that others have published, at the digits they printed: the golden numbers of the
/// project's statistics, by their numbers there.
@Suite("Golden numbers hold at printed precision")
struct GoldenTests {
  private func survey(_ file: String, _ design: DesignDescription) throws -> ResolvedSurvey {
    let reading = try readCSV(at: Fixture.path("data/golden/\(file)"), selecting: .all)
    return try ResolvedSurvey(reading.dataset, design: design)
  }

  private func estimate(
    _ statistic: Statistic, of item: String, where domain: String? = nil,
    deff: DesignEffectKind? = nil, in survey: ResolvedSurvey
  ) throws -> Estimate {
    let table = try survey.table(
      answering: Question(
        statistic, of: item, where: try domain.map { try Expression($0) },
        inference: Inference(designEffect: deff)))
    return try #require(table.cells.first).estimate
  }

  @Test("1: means of two strata without and with a finite population (R survey, fpc.Rout.save)")
  func finitePopulation() throws {
    var design = DesignDescription(
      weight: "weight", strata: ["stratum"], clusters: ["psu"], isNested: true)
    let infinite = try survey("fpc.csv", design)
    design.finitePopulation = ["Nh"]
    let finite = try survey("fpc.csv", design)

    let mean = try estimate(.mean, of: "x", in: infinite)
    try expectPrinted(mean.value, "5.4481")
    try expectPrinted(mean.standardError, "0.7413")
    try expectPrinted(estimate(.mean, of: "x", in: finite).standardError, "0.6160")

    let above = try estimate(.mean, of: "x", where: "x > 4", in: infinite)
    try expectPrinted(above.value, "6.1950")
    try expectPrinted(above.standardError, "0.7555")
    let below = try estimate(.mean, of: "x", where: "x <= 4", in: infinite)
    try expectPrinted(below.value, "3.314286")
    try expectPrinted(below.standardError, "0.3117042")
  }

  @Test(
    "2: the variance of a total with a lonely PSU (R survey 4.1, lonely.psu.R)",
    arguments: [
      (LonelyPSU.remove, 126_625), (.certainty, 126_625), (.adjust, 562_225),
      (.average, 189_937.5),
    ])
  func lonelyPSU(choice: LonelyPSU, variance: Double) throws {
    let survey = try survey(
      "lonely.csv",
      DesignDescription(
        weight: "weight", strata: ["stratum"], clusters: ["psu"], lonelyPSU: choice))
    let total = try estimate(.total, of: "Age", in: survey)
    expectClose(try #require(total.variance), variance, relative: 1e-12)
  }

  @Test("3: firms by simple random and by PPS sampling, with design effects (R survey, deff.R)")
  func designEffects() throws {
    let random = try survey("kigyo.csv", DesignDescription(weight: "srs.w"))
    let mean = try estimate(.mean, of: "uriage", deff: .wor, in: random)
    try expectPrinted(mean.value, "113.700")
    try expectPrinted(mean.standardError, "35.626")
    try expectPrinted(mean.designEffect, "1.0101")
    let total = try estimate(.total, of: "uriage", in: random)
    try expectPrinted(total.value, "113700")
    try expectPrinted(total.standardError, "35626")

    let bySize = try survey("kigyo.csv", DesignDescription(weight: "pps.w"))
    let weighted = try estimate(.mean, of: "uriage", deff: .wr, in: bySize)
    try expectPrinted(weighted.value, "243.914")
    try expectPrinted(weighted.standardError, "48.752")
    try expectPrinted(weighted.designEffect, "1.9741")
    let sum = try estimate(.total, of: "uriage", deff: .wr, in: bySize)
    try expectPrinted(sum.value, "305136")
    try expectPrinted(sum.standardError, "184965")
    try expectPrinted(sum.designEffect, "18.157")
  }

  /// A share with its error, and its Korn–Graubard and logit limits.
  struct Published: Sendable, CustomTestStringConvertible {
    var share: Double
    var error: Double
    var base: Int
    var df: Double
    var beta: (Double, Double)
    var logit: (Double, Double)
    var testDescription: String { "share \(share), n \(base), df \(df)" }
  }

  @Test(
    "5: Korn–Graubard and logit limits from share, error, n and df (R survey 4.4, Stata kg_nchs)",
    arguments: [
      Published(
        share: 0.507348258357226, error: 0.0192309892530454, base: 922, df: 921,
        beta: (0.468954757876348, 0.545677337133621),
        logit: (0.469636396975924, 0.544976682060238)),
      Published(
        share: 0.507348258357226, error: 0.0167712595840644, base: 922, df: 56,
        beta: (0.473233376535445, 0.541412207644769),
        logit: (0.473768764613996, 0.54086158229386)),
      Published(
        share: 0.471999767708621, error: 0.0348828290040279, base: 276, df: 56,
        beta: (0.400786658613709, 0.544064683764286),
        logit: (0.403112644241021, 0.541969987343409)),
      Published(
        share: 0.501335861736522, error: 0.0438888962101757, base: 167, df: 52,
        beta: (0.410824184861583, 0.5917831333426),
        logit: (0.41412536084128, 0.588465156732825)),
    ])
  func limits(_ published: Published) throws {
    let moments = ShareMoments(
      share: published.share, complement: 1 - published.share, standardError: published.error,
      base: published.base, degreesOfFreedom: published.df)
    for (method, limits) in [
      (IntervalMethod.kornGraubard, published.beta), (.beta, published.beta),
      (.logit, published.logit),
    ] {
      let interval = try #require(method.interval(of: moments, level: 0.95))
      #expect(interval.method == method)
      // Fifteen digits are printed, and the published logit limits are good to 2e-13.
      expectClose(interval.low, limits.0, relative: 1e-12, "\(method) low")
      expectClose(interval.high, limits.1, relative: 1e-12, "\(method) high")
    }
  }

  @Test("5: nobody of 100 with 5 degrees of freedom may be up to 6.00 %, whatever was asked for")
  func nobody() throws {
    for method in IntervalMethod.allCases {
      let nobody = try #require(
        method.interval(
          of: ShareMoments(
            share: 0, complement: 1, standardError: 0, base: 100, degreesOfFreedom: 5),
          level: 0.95))
      #expect(nobody.low == 0 && nobody.method == .kornGraubard)
      try expectPrinted(nobody.high, "0.0600")
      let everybody = try #require(
        method.interval(
          of: ShareMoments(
            share: 1, complement: 0, standardError: 0, base: 100, degreesOfFreedom: 5),
          level: 0.95))
      #expect(everybody.high == 1 && everybody.method == .kornGraubard)
      expectClose(everybody.low, 1 - nobody.high, relative: 1e-12)
    }
  }

  @Test(
    "6: the press case, 3.3 % of 1,200 with a design effect of 1.3, by five methods",
    arguments: [
      (1199.0, IntervalMethod.wald, "2.146", "4.454"), (1199, .asin, "2.245", "4.550"),
      (1199, .logit, "2.322", "4.670"), (1199, .wilson, "2.327", "4.661"),
      (1199, .beta, "2.245", "4.665"),
      (24, .wald, "2.087", "4.513"), (24, .asin, "2.195", "4.620"),
      (24, .logit, "2.280", "4.754"), (24, .wilson, "2.285", "4.744"),
      (24, .beta, "2.195", "4.749"),
    ])
  func press(df: Double, method: IntervalMethod, low: String, high: String) throws {
    let error = (1.3 * 0.033 * 0.967 / 1200).squareRoot()
    let moments = ShareMoments(
      share: 0.033, complement: 0.967, standardError: error, base: 1200, degreesOfFreedom: df)
    let interval = try #require(method.interval(of: moments, level: 0.95))
    try expectPrinted(interval.low * 100, low)
    try expectPrinted(interval.high * 100, high)
  }
}
