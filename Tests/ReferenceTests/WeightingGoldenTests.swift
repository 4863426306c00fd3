import SurveyData
import SurveyFiles
import SurveyStatistics
import SurveyTables
import SurveyTestSupport
import Testing

/// Published weights and the estimates after them, at the digits that were printed.
@Suite("Golden numbers of weighting hold at printed precision")
struct WeightingGoldenTests {
  private static func margin(_ name: String, _ amounts: [String: Double]) -> MarginTargets.Margin {
    let place = SourcePlace(file: "golden")
    return .init(
      columns: name.split(separator: ":").map(String.init),
      cells: amounts.sorted { $0.key < $1.key }.map {
        .init(codes: $0.key.split(separator: ":").map(String.init), amount: $0.value, place: place)
      }, place: place)
  }

  struct Kalton: Sendable, CustomTestStringConvertible {
    var method: WeightingMethod
    var isBounded = false
    /// By a (rows) and b.
    var factors: String
    var testDescription: String { "\(method.rawValue)\(isBounded ? " within bounds" : "")" }
  }

  @Test(
    "4: Kalton and Flores-Cervantes' table (R survey, kalton.R)",
    arguments: [
      Kalton(
        method: .rake,
        factors: "1.81 1.45 2.02 1.08 0.87 1.21 2.20 1.76 2.45 1.83 1.47 2.04"),
      Kalton(
        method: .linear,
        factors: "1.82 1.50 1.97 1.09 0.78 1.24 2.19 1.88 2.34 1.83 1.52 1.98"),
      Kalton(
        method: .poststratify,
        factors: "4.00 1.00 1.38 1.20 1.07 1.10 1.70 1.20 4.00 1.83 1.65 1.79"),
      Kalton(
        method: .logit, isBounded: true,
        factors: "1.87 1.46 1.98 1.08 0.74 1.27 2.17 2.09 2.18 1.89 1.49 1.99"),
      Kalton(
        method: .linear, isBounded: true,
        factors: "1.81 1.48 1.99 1.08 0.75 1.26 2.20 2.00 2.20 1.83 1.50 2.00"),
    ])
  func kalton(_ published: Kalton) throws {
    let dataset = try readCSV(
      at: Fixture.path("data/golden/kalton.csv"), selecting: .all
    ).dataset
    let population: [Double] = [80, 60, 170, 55, 40, 150, 60, 165, 55, 340, 200, 125]
    var margins = [
      Self.margin("a", ["1": 175, "2": 550, "3": 430, "4": 345]),
      Self.margin("b", ["1": 365, "2": 415, "3": 720]),
    ]
    if published.method == .poststratify {
      margins = [
        Self.margin(
          "a:b",
          Dictionary(
            uniqueKeysWithValues: population.enumerated().map {
              ("\($0.offset % 4 + 1):\($0.offset / 4 + 1)", $0.element)
            }))
      ]
    }
    // The published bounds, 0.5 and 2.2, are on weights of respondents who count 1 each; here they
    // are on the factor after the 1,000 are scaled to the 1,500.
    let fitted = try WeightingDescription(
      method: published.method, targets: MarginTargets(path: "kalton", margins: margins),
      bounds: published.isBounded ? 0.5 / 1.5...2.2 / 1.5 : nil
    ).fitted(in: dataset)
    let (a, b) = (try dataset.categories("a"), try dataset.categories("b"))
    let printed = published.factors.split(separator: " ").map(String.init)
    var seen = 0
    for cell in 0..<12 {
      let row = try #require(
        (0..<dataset.rowCount).first {
          a.categories[a.index(at: $0)].code == "\(cell / 3 + 1)"
            && b.categories[b.index(at: $0)].code == "\(cell % 3 + 1)"
        })
      try expectPrinted(fitted.weights.withValues { $0[row] }, printed[cell])
      seen += 1
    }
    #expect(seen == 12)
  }

  private static let stype = margin("stype", ["E": 4421, "H": 755, "M": 1018])
  private static let schWide = margin("sch.wide", ["No": 1072, "Yes": 5122])

  /// The schools of 15 districts, weighted, with the errors that know of it.
  private func schools(
    _ weighting: WeightingDescription, file: String = "apiclus1.csv",
    design: DesignDescription = DesignDescription(
      weight: "fitted", clusters: ["dnum"], finitePopulation: ["fpc"])
  ) throws -> ResolvedSurvey {
    let dataset = try readCSV(at: Fixture.path("data/api/\(file)"), selecting: .all).dataset
    let weights = try weighting.fitted(in: dataset).weights
    var design = design
    design.weighting = weighting
    return try ResolvedSurvey(
      dataset.with([Column(name: "fitted", values: .numeric(weights))]), design: design)
  }

  private func estimate(
    _ statistic: Statistic, _ item: String, _ survey: ResolvedSurvey
  ) throws -> Estimate {
    try #require(
      survey.table(answering: Question(statistic, of: item)).cells.first
    ).estimate
  }

  private func fit(
    _ method: WeightingMethod, _ margins: [MarginTargets.Margin]
  ) -> WeightingDescription {
    WeightingDescription(
      method: method, targets: MarginTargets(path: "golden", margins: margins), startWeight: "pw")
  }

  @Test("11: schools post-stratified and raked, by linearisation (R survey, api.R, rakecheck.R)")
  func schools() throws {
    let stratified = try schools(fit(.poststratify, [Self.stype]))
    let mean = try estimate(.mean, "api00", stratified)
    try expectPrinted(mean.value, "642.31")
    // Printed 23.921; R gives 23.92049 today (fixtures/reference, golden.csv).
    try expectPrinted(mean.standardError, "23.92049")
    let total = try estimate(.total, "enroll", stratified)
    try expectPrinted(total.value, "3680893")
    try expectPrinted(total.standardError, "406293")

    let raked = try schools(fit(.rake, [Self.stype, Self.schWide]))
    let rakedMean = try estimate(.mean, "api00", raked)
    try expectPrinted(rakedMean.value, "641.23")
    try expectPrinted(rakedMean.standardError, "23.704")
    let rakedTotal = try estimate(.total, "enroll", raked)
    try expectPrinted(rakedTotal.value, "3647280")
    try expectPrinted(rakedTotal.standardError, "400603")

    let crossed = try schools(
      fit(
        .rake,
        [
          Self.margin(
            "stype:sch.wide",
            [
              "E:No": 472, "H:No": 334, "M:No": 266, "E:Yes": 3949, "H:Yes": 421, "M:Yes": 752,
            ]), Self.margin("comp.imp", ["No": 1712, "Yes": 4482]),
        ]))
    let crossedMean = try estimate(.mean, "api00", crossed)
    try expectPrinted(crossedMean.value, "642.61")
    try expectPrinted(crossedMean.standardError, "22.731")
  }

  @Test("11: the same by a jackknife whose replicates are weighted anew (R survey, api.R)")
  func jackknife() throws {
    let design = DesignDescription(
      weight: "fitted", clusters: ["dnum"], finitePopulation: ["fpc"],
      replicates: ReplicateDescription(
        .design(count: 0, seed: 1), method: .jk1, isCentredOnEstimate: true))
    let stratified = try schools(fit(.poststratify, [Self.stype]), design: design)
    try expectPrinted(estimate(.mean, "api00", stratified).standardError, "26.936")
    try expectPrinted(estimate(.total, "enroll", stratified).standardError, "473434")
    let raked = try schools(fit(.rake, [Self.stype, Self.schWide]), design: design)
    try expectPrinted(estimate(.mean, "api00", raked).standardError, "26.874")
    // Printed 463582; converged, R gives 463582.52.
    try expectPrinted(estimate(.total, "enroll", raked).standardError, "463583")
  }

  @Test("13: the ratio estimator, and the range of calibration's factors (R survey, caleg.R)")
  func calibration() throws {
    let place = SourcePlace(file: "golden")
    var targets = MarginTargets(path: "golden")
    targets.totals = [.init(column: "enroll", amount: 3_811_472, place: place)]
    targets.variance = "enroll"
    let ratio = WeightingDescription(method: .linear, targets: targets, startWeight: "pw")
    let survey = try schools(
      ratio, file: "apistrat.csv",
      design: DesignDescription(weight: "fitted", strata: ["stype"], finitePopulation: ["fpc"]))
    let total = try estimate(.total, "api.stu", survey)
    try expectPrinted(total.value, "3190038")
    try expectPrinted(total.standardError, "29566")

    targets.variance = nil
    targets.population = 6194
    let dataset = try readCSV(
      at: Fixture.path("data/api/apiclus1.csv"), selecting: .all
    ).dataset
    for (bounds, low, high) in [
      (nil, "0.7906782", "1.7891164"), (0.6...1.5, "0.7198751", "1.5000000"),
    ] as [(ClosedRange<Double>?, String, String)] {
      let fitted = try WeightingDescription(
        method: .linear, targets: targets, startWeight: "pw", bounds: bounds
      ).fitted(in: dataset)
      let start = try dataset.numbers("pw")
      let factors = fitted.weights.withValues { new in
        start.withValues { old in new.indices.map { new[$0] / old[$0] } }
      }
      try expectPrinted(factors.min(), low)
      try expectPrinted(factors.max(), high)
    }
  }
}
