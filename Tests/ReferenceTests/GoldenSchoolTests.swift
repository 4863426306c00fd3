import SurveyData
import SurveyFiles
import SurveyStatistics
import SurveyTables
import SurveyTestSupport
import Testing

/// Golden numbers 10, 12, 14 and 16: what R survey's own tests and its users printed of the schools of
/// California and of Swedish municipalities.
@Suite("Golden numbers of the schools hold at printed precision")
struct GoldenSchoolTests {
  private func survey(_ file: String, _ design: DesignDescription) throws -> ResolvedSurvey {
    let reading = try readCSV(at: Fixture.path("data/\(file)"), selecting: .all)
    return try ResolvedSurvey(reading.dataset, design: design)
  }

  private func estimate(
    _ statistic: Statistic, of item: String, where domain: String? = nil,
    by method:
      IntervalMethod = .logit, in survey: ResolvedSurvey
  ) throws -> Estimate {
    let question = Question(
      statistic, of: item, where: try domain.map { try Expression($0) },
      inference: Inference(intervalMethod: method))
    return try #require(survey.table(answering: question).cells.first).estimate
  }

  @Test("10: means and totals of a stratified, a clustered and a two-stage sample (api.Rout.save)")
  func schools() throws {
    let samples: [(ResolvedSurvey, mean: [String], total: [String])] = [
      (
        try survey(
          "api/apistrat.csv",
          DesignDescription(weight: "pw", strata: ["stype"], finitePopulation: ["fpc"])),
        ["662.29", "9.4089"], ["3687178", "114642"]
      ),
      (
        try survey(
          "api/apiclus1.csv",
          DesignDescription(weight: "pw", clusters: ["dnum"], finitePopulation: ["fpc"])),
        ["644.17", "23.542"], ["3404940", "932235"]
      ),
      (
        try survey(
          "api/apiclus2.csv",
          DesignDescription(
            weight: "pw", clusters: ["dnum", "snum"], finitePopulation: ["fpc1", "fpc2"])),
        ["670.81", "30.099"], ["2639273", "799638"]
      ),
      (
        try survey("api/apiclus2.csv", DesignDescription(weight: "pw", clusters: ["dnum"])),
        ["670.81", "30.712"], ["2639273", "820261"]
      ),
    ]
    for (survey, mean, total) in samples {
      let ofScores = try estimate(.mean, of: "api00", in: survey)
      try expectPrinted(ofScores.value, mean[0])
      try expectPrinted(ofScores.standardError, mean[1])
      let ofPupils = try estimate(.total, of: "enroll", in: survey)
      try expectPrinted(ofPupils.value, total[0])
      try expectPrinted(ofPupils.standardError, total[1])
    }
  }

  @Test(
    "12: a lonely district, among all and in a domain (lonely.psu.Rout.save)",
    arguments: [
      (LonelyPSU.remove, "5.8058", "5.8909"), (.certainty, "5.8058", "5.8909"),
      (.adjust, "5.8281", "5.9119"), (.average, "6.0096", "6.0914"),
    ])
  func lonely(choice: LonelyPSU, whole: String, adjusted: String) throws {
    let districts = DesignDescription(weight: "pw", strata: ["dnum"], lonelyPSU: choice)
    let all = try survey("golden/lonely-districts.csv", districts)
    try expectPrinted(estimate(.mean, of: "api00", in: all).standardError, whole)
    for applies in [false, true] {
      var design = districts
      design.appliesLonelyPSUToDomains = applies
      let domain = try survey("golden/lonely-domain.csv", design)
      try expectPrinted(
        estimate(.mean, of: "api00", where: "row != 31", in: domain).standardError,
        applies ? adjusted : "5.8909")
    }
  }

  @Test(
    "12: the lonely district by a jackknife made from the design (lonely.psu.Rout.save)",
    arguments: [
      (LonelyPSU.adjust, "5.8267"), (.average, "5.8217"), (.remove, "5.8058"),
      (.certainty, "5.8058"),
    ])
  func lonelyByReplicates(choice: LonelyPSU, error: String) throws {
    let survey = try survey(
      "golden/lonely-districts.csv",
      DesignDescription(
        weight: "pw", strata: ["dnum"], lonelyPSU: choice,
        replicates: ReplicateDescription(.design(count: 0, seed: 0), method: .jkn)))
    try expectPrinted(estimate(.mean, of: "api00", in: survey).standardError, error)
  }

  @Test("12: left to itself the lonely district stops the design")
  func lonelyFails() throws {
    let error = #expect(throws: (any Error).self) {
      let survey = try survey(
        "golden/lonely-districts.csv", DesignDescription(weight: "pw", strata: ["dnum"]))
      _ = try estimate(.mean, of: "api00", in: survey)
    }
    #expect("\(try #require(error))".contains("stratum '413' has only one sampling unit"))
  }

  @Test("14: intervals of a mean, and of a share by the beta method (srvyr 119 and 39)")
  func intervals() throws {
    let simple = try survey(
      "api/apisrs.csv", DesignDescription(weight: "pw", finitePopulation: ["fpc"]))
    let pupils = try estimate(.mean, of: "enroll", in: simple)
    try expectPrinted(pupils.value, "584.61")
    try expectPrinted(pupils.interval?.low, "530.6408")
    try expectPrinted(pupils.interval?.high, "638.5792")
    let normal = 1.959963984540054 * (try #require(pupils.standardError))
    try expectPrinted(pupils.value! - normal, "530.969")
    try expectPrinted(pupils.value! + normal, "638.251")

    let sample = try readCSV(at: Fixture.path("data/api/apistrat.csv"), selecting: .all).dataset
    let high = try sample.numbers("api00").withValues { scores in
      scores.indices.map { scores[$0] > 875 ? 1.0 : 0 }
    }
    let stratified = try ResolvedSurvey(
      sample.with([Column(name: "high", values: .numeric(NumericColumn(high)))]),
      design: DesignDescription(weight: "pw", strata: ["stype"]))
    let share = try estimate(.share(of: NetChoice("1")), of: "high", by: .beta, in: stratified)
    try expectPrinted(share.value, "0.0318")
    try expectPrinted(share.interval?.low, "0.00997")
    try expectPrinted(share.interval?.high, "0.0744")
  }

  @Test("14: test rates of the clustered sample by type of school (Leeper's gist)")
  func testRates() throws {
    let survey = try survey(
      "api/apiclus1.csv",
      DesignDescription(weight: "pw", clusters: ["dnum"], finitePopulation: ["fpc"]))
    let normal = 1.959963984540054
    for (type, mean, low, high) in [
      (nil, nil, "98.52196", "99.43432"), ("E", "99.21528", "98.91645", "99.51411"),
      ("H", "96.71429", "94.71201", "98.71656"), ("M", "98.88", "98.02725", "99.73275"),
    ] as [(String?, String?, String, String)] {
      let rate = try estimate(
        .mean, of: "pcttest", where: type.map { "stype == \"\($0)\"" }, in: survey)
      let (value, error) = (try #require(rate.value), try #require(rate.standardError))
      if let mean { try expectPrinted(value, mean) }
      try expectPrinted(value - normal * error, low)
      try expectPrinted(value + normal * error, high)
    }
  }

  @Test("16: the two-stage sample of Swedish municipalities (multistage.Rout.save)")
  func municipalities() throws {
    let survey = try survey(
      "golden/mu284.csv",
      DesignDescription(
        weight: "weight", clusters: ["id1", "id2"], finitePopulation: ["n1", "n2"]))
    let total = try estimate(.total, of: "y1", in: survey)
    try expectPrinted(total.value, "15080")
    try expectPrinted(total.standardError, "2274.3")
    try expectPrinted(total.variance, "5172234")
  }
}
