import Foundation
import SurveyTestSupport
import Testing

/// `weight` from a register of those invited: what it writes and says.
@Suite("Non-response")
struct NonresponseCommandTests {
  @Test("weighting classes: members who are or may be eligible over respondents, class by class")
  func classes() throws {
    // Region 1: 6 of 6 eligible, 4 answered. Region 2: 2 eligible, and e = 8/9 of the bounced.
    try SmallRegister.run(
      "pejling weight answers.csv \(SmallRegister.byClass) -o out.csv --format json --quiet"
    ) {
      outcome, folder in
      #expect(outcome.status == 0 && outcome.stderr.isEmpty, "\(outcome.stderr)")
      let file = folder.appending(path: "out.csv")
      let weights = try SmallRegister.numbers("pejling_weight", of: file)
      let (one, two) = (6.0 / 4, (2 + 8.0 / 9) / 2)
      expectClose(weights, [one, two, one, one, one, two], relative: 1e-12)
      #expect(
        try SmallRegister.column("pejling_weight_class", of: file) == [
          "1", "2", "1", "1", "1", "2",
        ])
      let weighting = try #require(try json(outcome)["weighting"] as? [String: Any])
      #expect(weighting["method"] as? String == "poststratify")
      let nonresponse = try #require(weighting["nonresponse"] as? [String: Any])
      #expect(nonresponse["method"] as? String == "classes")
      #expect(nonresponse["invited"] as? Int == 10 && nonresponse["respondents"] as? Int == 6)
      let design = try #require(try json(outcome)["design"] as? [String: Any])
      #expect(
        design["variance"] as? String
          == "linearization, residuals from pejling_weight_class (poststratify)")
    }
  }

  @Test("base weights of the register stand beside the new weights")
  func baseWeights() throws {
    try SmallRegister.run(
      "pejling weight answers.csv \(SmallRegister.byClass) --weight base --eligible-share 0.5 --name w "
        + "-o out.csv --quiet --report r.txt"
    ) { outcome, folder in
      #expect(outcome.status == 0, "\(outcome.stderr)")
      let file = folder.appending(path: "out.csv")
      expectClose(
        try SmallRegister.numbers("w", of: file), [3, 1.25, 3, 3, 3, 1.25], relative: 1e-12)
      #expect(try SmallRegister.numbers("w_base", of: file) == [2, 1, 2, 2, 2, 1])
    }
  }

  @Test("answers without an id are matched by their class, and give the same weights")
  func anonymous() throws {
    let byID = try SmallRegister.run(
      "pejling weight answers.csv \(SmallRegister.byClass) -o out.csv --quiet"
    ) {
      try SmallRegister.column("pejling_weight", of: $1.appending(path: "out.csv"))
    }
    let anonymous = SmallRegister.answers.split(separator: "\n").map {
      $0.drop { $0 != "," }.dropFirst()
    }
    .joined(separator: "\n")
    let byClass = try SmallRegister.run(
      "pejling weight answers.csv --register register.csv --disposition status "
        + "--response-classes region --smallest-class 2 -o out.csv --quiet",
      ["answers.csv": anonymous + "\n"]
    ) { try SmallRegister.column("pejling_weight", of: $1.appending(path: "out.csv")) }
    #expect(byID == byClass && byID.count == 6)
  }

  @Test("classes, then margins of the register, in one call; later commands remember both")
  func stages() throws {
    let survey = "fixtures/nonresponse/survey.yaml"
    try SmallRegister.run(
      "pejling weight \(survey) -o out.csv --name w --language en --items satisfied; "
        + "sed -e 's|\\[answers.csv\\]|[out.csv]|' -e 's|register.csv|fixtures/nonresponse/register.csv|' "
        + "-e 's|^disclosure|design: {weight: w}\\ndisclosure|' \(survey) > later.yaml"
    ) { outcome, folder in
      #expect(outcome.status == 0, "\(outcome.stderr)")
      #expect(outcome.stdout.contains("1. Non-response: weighting classes region:sector"))
      #expect(outcome.stdout.contains("2. Every target is met"))
      #expect(outcome.stdout.contains("counted together, 4:3 as 4:2"))
      #expect(outcome.stderr.contains("nonresponse: {classes: [region, sector]"))
      let file = folder.appending(path: "out.csv")
      #expect(try SmallRegister.numbers("w_nonresponse", of: file).count == 686)
      let classes = try SmallRegister.column("w_class", of: file)
      #expect(Set(classes).count == 11)
      let later = try shell(
        "pejling mean later.yaml --item hours --format json", directory: folder)
      #expect(later.status == 0, "\(later.stderr)")
      let design = try #require(try json(later)["design"] as? [String: Any])
      #expect(
        design["variance"] as? String
          == "linearization, residuals from sex, region (rake); adjustment for non-response taken as known"
      )
      // R: calibrate(calfun = "raking") of the adjusted weights, nonresponse.csv.
      let mean = try #require(try estimates(later).first)
      expectClose(try #require(mean["estimate"] as? Double), 34.817838164189354, relative: 1e-8)
      expectClose(
        try #require(mean["standardError"] as? Double), 0.10691608482797423, relative: 1e-6)
    }
  }

  @Test("inverse propensities: the model, the spread, the R-indicator and the factors are said")
  func propensities() throws {
    try SmallRegister.run(
      "pejling weight fixtures/nonresponse/answers.csv \(SmallRegister.model) -o out.csv --quiet "
        + "--format json"
    ) { outcome, _ in
      #expect(outcome.status == 0, "\(outcome.stderr)")
      let result = try json(outcome)
      let weighting = try #require(result["weighting"] as? [String: Any])
      let nonresponse = try #require(weighting["nonresponse"] as? [String: Any])
      let propensity = try #require(nonresponse["propensity"] as? [String: Any])
      expectClose(
        try #require(propensity["rIndicator"] as? Double), 0.77898296645397136, relative: 1e-8)
      #expect((propensity["coefficients"] as? [Any])?.count == 8)
      let design = try #require(result["design"] as? [String: Any])
      #expect(
        design["variance"] as? String
          == "linearization; adjustment for non-response taken as known")
    }
    try SmallRegister.run(
      "pejling weight fixtures/nonresponse/answers.csv \(SmallRegister.model) --propensity-classes 5 "
        + "-o out.csv --quiet --language da"
    ) { outcome, _ in
      #expect(outcome.status == 0, "\(outcome.stderr)")
      #expect(outcome.stdout.contains("R-indikator 0,779"))
      #expect(outcome.stdout.contains("5 klasser af svarsandsynlighed"))
      #expect(outcome.stdout.contains("ikke-svarende"))
    }
    for format in ["markdown", "html", "csv", "svg"] {
      try SmallRegister.run(
        "pejling weight fixtures/nonresponse/answers.csv \(SmallRegister.model) -o out.csv --quiet "
          + "--format \(format)"
      ) { outcome, _ in
        #expect(outcome.status == 0 && outcome.stdout.count > 100, "\(format) \(outcome.stderr)")
      }
    }
  }

  @Test("rows that are dropped need not be in the register, and count as not answered")
  func dropped() throws {
    try SmallRegister.run(
      "pejling weight answers.csv \(SmallRegister.byClass) --drop 'q == 9' -o out.csv --quiet",
      [
        "answers.csv": SmallRegister.answers.replacingOccurrences(
          of: "b1,2,1,1", with: "b1,2,1,1\ntest,2,9,1")
      ]
    ) { outcome, folder in
      #expect(outcome.status == 0, "\(outcome.stderr)")
      let weights = try SmallRegister.column(
        "pejling_weight", of: folder.appending(path: "out.csv"))
      #expect(weights.count == 7 && weights[6].isEmpty)
    }
  }

  @Test("a register margin of ones is a margin of counts")
  func onesAreCounts() throws {
    let register = "kind\nx\ny\nz\n"
    let answers = "kind,q\nx,1\ny,0\nz,1\n"
    try SmallRegister.run(
      "pejling weight answers.csv --register register.csv --on kind -o out.csv --quiet",
      ["register.csv": register, "answers.csv": answers]
    ) { outcome, folder in
      #expect(outcome.status == 0, "\(outcome.stderr)")
      expectClose(
        try SmallRegister.numbers("pejling_weight", of: folder.appending(path: "out.csv")),
        [1, 1, 1])
    }
    // As they look, three ones are shares that add up to 3; said to be counts, they are.
    try SmallRegister.run(
      "pejling weight answers.csv --margins m.yaml -o out.csv --quiet",
      ["answers.csv": answers, "m.yaml": "margins:\n  kind: {x: 1, y: 1, z: 1}\n"]
    ) { outcome, _ in
      #expect(outcome.status == 65 && outcome.stderr.contains("add up to 3, not to 1"))
    }
    try SmallRegister.run(
      "pejling weight answers.csv --margins m.yaml -o out.csv --quiet",
      ["answers.csv": answers, "m.yaml": "margins:\n  kind: {counts: {x: 1, y: 1, z: 1}}\n"]
    ) { outcome, _ in #expect(outcome.status == 0, "\(outcome.stderr)") }
    try SmallRegister.run(
      "pejling weight answers.csv --margins m.yaml -o out.csv --quiet",
      ["answers.csv": answers, "m.yaml": "margins:\n  kind: {shares: {x: 20, y: 30, z: 50}}\n"]
    ) { outcome, _ in
      #expect(
        outcome.stderr
          == "error: m.yaml:2:3: the shares of 'kind' add up to 100, not to 1. Correct them, or give "
          + "counts.\n")
    }
  }
}
