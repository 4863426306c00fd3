import Foundation
import SurveyTestSupport
import Testing

/// `weight`: what it writes, what it says, and that nothing is written where it cannot be done.
@Suite("Weight")
struct WeightCommandTests {
  private static let schools = "fixtures/data/api/apiclus1.csv"

  /// A margins file of that text in a folder of its own, and `weight` over the schools with it.
  private func weight(
    _ margins: String, _ options: String = "", input: String = schools,
    files: [String: String] = [:],
    _ body: (Outcome, URL) throws -> Void
  ) throws {
    try withFolder { folder in
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: "fixtures"), withDestinationURL: Fixture.url(""))
      for (name, text) in files.merging(["margins.yaml": margins], uniquingKeysWith: { $1 }) {
        try Data(text.utf8).write(to: folder.appending(path: name))
      }
      let outcome = try shell(
        "pejling weight \(input) --margins margins.yaml \(options) -o out.csv", directory: folder)
      try body(outcome, folder)
    }
  }

  private func expectFailure(
    _ margins: String, _ options: String = "--weight pw", input: String = schools,
    files: [String: String] = [:], status: Int32 = 65, says message: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try weight(margins, options, input: input, files: files) { outcome, folder in
      #expect(outcome.status == status, sourceLocation: sourceLocation)
      #expect(outcome.stderr == "error: \(message)\n", sourceLocation: sourceLocation)
      #expect(outcome.stdout.isEmpty, sourceLocation: sourceLocation)
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(
        !left.contains { $0.hasPrefix("out.csv") }, "\(left)", sourceLocation: sourceLocation)
    }
  }

  @Test("the data come out as they were, cell by cell, with one column more")
  func output() throws {
    try weight("margins:\n  stype: {E: 4421, H: 755, M: 1018}\n", "--weight pw --quiet") {
      outcome, folder in
      #expect(outcome.status == 0 && outcome.stderr.isEmpty)
      let before = try Fixture.text("data/api/apiclus1.csv").split(separator: "\n")
      let after = try String(
        contentsOf: folder.appending(path: "out.csv"), encoding: .utf8
      ).split(separator: "\n")
      #expect(after.count == before.count && after.count == 184)
      #expect(after[0] == before[0] + ",pejling_weight")
      for (old, new) in zip(before, after).dropFirst() {
        #expect(new.hasPrefix(old + ","))
        #expect(Double(new.dropFirst(old.count + 1)) != nil)
      }
    }
  }

  @Test("semicolons and decimal commas stay, and the weights are read back")
  func danish() throws {
    let survey = "fixtures/jobcenter-2022"
    try weight(
      try Fixture.text("jobcenter-2022/margins.yaml"), "--name w2 --quiet",
      input: "\(survey)/answers.csv"
    ) { outcome, folder in
      #expect(outcome.status == 0 && outcome.stderr.isEmpty)
      let lines = try String(contentsOf: folder.appending(path: "out.csv"), encoding: .utf8)
        .split(separator: "\n")
      #expect(lines[0].hasSuffix(";comment;w2"))
      #expect(lines[1].hasPrefix("SYN0001;0561;3;1;1;1;3;30;5,1727;"))
      let total = try estimates(
        try shell(
          "pejling describe out.csv weight --weight w2 --format json > d.json; "
            + "pejling share out.csv --item sex --weight w2 --format json", directory: folder))
      // The register has 2,465 women of 3,100.
      let share = try #require(total.first?["estimate"] as? Double)
      expectClose(share, 2465.0 / 3100, relative: 1e-8)
    }
  }

  @Test("the JSON report holds what the contract promises")
  func report() throws {
    try weight(
      "margins:\n  stype: {E: 4421, H: 755, M: 1018}\n  sch.wide: {\"No\": 1072, \"Yes\": 5122}\n",
      "--weight pw --format json --items awards,api00 --quiet"
    ) { outcome, _ in
      #expect(outcome.status == 0)
      let result = try json(outcome)
      #expect(result["command"] as? String == "weight")
      let weighting = try #require(result["weighting"] as? [String: Any])
      #expect(weighting["method"] as? String == "rake" && weighting["converged"] as? Bool == true)
      #expect((weighting["iterations"] as? Int ?? 0) > 1)
      #expect((weighting["kishDesignEffect"] as? Double ?? 0) > 1)
      let margins = try #require(weighting["margins"] as? [[String: Any]])
      #expect(margins.count == 5)
      for margin in margins {
        let (target, after) = (margin["target"] as? Double, margin["after"] as? Double)
        expectClose(try #require(after), try #require(target), relative: 1e-8)
        #expect(margin["before"] is Double)
      }
      #expect((weighting["changes"] as? [[String: Any]])?.count == 3)
      let design = try #require(result["design"] as? [String: Any])
      #expect(
        design["variance"] as? String
          == "linearization, residuals from stype, sch.wide (rake)")
    }
  }

  @Test("later commands know of the margins where the survey file remembers them")
  func remembered() throws {
    let file = """
      survey: Schools
      data: [out.csv]
      design: {weight: pejling_weight, cluster: [dnum], fpc: [fpc]}
      weighting: {margins: margins.yaml, method: rake, start: pw}
      disclosure: {minimumBase: 0, minimumCount: 0}

      """
    let margins =
      "margins:\n  stype: {E: 4421, H: 755, M: 1018}\n  sch.wide: {\"No\": 1072, \"Yes\": 5122}\n"
    try weight(margins, "--weight pw --quiet", files: ["survey.yaml": file]) { outcome, folder in
      #expect(outcome.status == 0)
      func error(_ options: String) throws -> Double? {
        let outcome = try shell(
          "pejling mean survey.yaml --item api00 --format json --language en \(options)",
          directory: folder)
        #expect(outcome.status == 0, "\(outcome.stderr)")
        return try estimates(outcome).first?["standardError"] as? Double
      }
      // R: calibrate(calfun = "raking"); without the margins the error is that of the clusters.
      expectClose(try #require(try error("")), 23.7036, relative: 1e-5)
      let ofOthers = try #require(try error("--weight pw"))
      #expect(ofOthers < 23.6)
      let said = try shell("pejling mean survey.yaml --item api00 --language en", directory: folder)
      #expect(said.stdout.contains("residuals from the margins stype, sch.wide (rake)"))
      let explained = try shell(
        "pejling mean survey.yaml --item api00 --explain --language en", directory: folder)
      #expect(explained.stdout.contains("calfun = \"raking\""))
    }
  }

  @Test("a page, a picture and a table of the report")
  func formats() throws {
    try weight(
      "margins:\n  stype: {E: 4421, H: 755, M: 1018}\n",
      "--weight pw --method poststratify --report report.html --items awards --quiet"
    ) { outcome, folder in
      #expect(outcome.status == 0 && outcome.stdout.isEmpty)
      let page = try String(contentsOf: folder.appending(path: "report.html"), encoding: .utf8)
      #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("<svg") && page.contains("awards"))
      #expect(!page.contains("<script") && !page.contains("http-equiv"))
    }
    for format in ["markdown", "csv", "svg", "table"] {
      try weight(
        "margins:\n  stype: {E: 4421, H: 755, M: 1018}\n", "--weight pw --format \(format) --quiet"
      ) { outcome, _ in
        #expect(outcome.status == 0 && outcome.stdout.count > 200, "\(format)")
      }
    }
  }

  // MARK: The register

  private static let register: String = {
    var text = "member,stype,sch.wide\n"
    for (type, wide, count) in [
      ("E", "Yes", 300), ("E", "No", 40), ("H", "Yes", 50), ("H", "No", 30), ("M", "Yes", 70),
      ("M", "No", 20),
    ] {
      for index in 0..<count { text += "\(type)\(wide)\(index),\(type),\(wide)\n" }
    }
    return text
  }()

  @Test("margins counted from a member register, the members of each stratum too")
  func registerMargins() throws {
    try withFolder { folder in
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: "fixtures"), withDestinationURL: Fixture.url(""))
      try Data(Self.register.utf8).write(to: folder.appending(path: "members.csv"))
      let outcome = try shell(
        "pejling weight \(Self.schools) --register members.csv --on stype:sch.wide "
          + "--method poststratify --strata stype --fpc-name members --format json -o out.csv --quiet",
        directory: folder)
      #expect(outcome.status == 0, "\(outcome.stderr)")
      let weighting = try #require(try json(outcome)["weighting"] as? [String: Any])
      expectClose(try #require(weighting["population"] as? Double), 510, relative: 1e-9)
      let total = try shell(
        "pejling share out.csv --item stype --weight pejling_weight --strata stype --fpc members "
          + "--format json", directory: folder)
      expectClose(
        try #require(try estimates(total).first?["estimate"] as? Double), 340.0 / 510,
        relative: 1e-8)
    }
  }

  @Test("a register with fewer members than respondents is refused")
  func smallRegister() throws {
    try withFolder { folder in
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: "fixtures"), withDestinationURL: Fixture.url(""))
      try Data("stype\nE\nE\nH\nM\n".utf8).write(to: folder.appending(path: "members.csv"))
      let outcome = try shell(
        "pejling weight \(Self.schools) --register members.csv --on stype --strata stype "
          + "--fpc-name members -o out.csv", directory: folder)
      #expect(outcome.status == 65)
      #expect(
        outcome.stderr
          == "error: members.csv: the register has 2 in stratum 'E', but 144 answered. Correct the "
          + "strata or the register.\n")
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "out.csv").path))
    }
  }

  // MARK: Honest failures

  @Test("a target category without respondents")
  func nobody() throws {
    try expectFailure(
      "margins:\n  stype: {E: 4421, H: 755, M: 1018, X: 12}\n",
      says: "margins.yaml:2:37: nobody answered in stype = X, whose target is 12: no weights can "
        + "meet it. Take the category together with another (collapse: in a survey file's "
        + "weighting), or leave the margin out.")
  }

  @Test("respondents in a category whose target is 0")
  func zeroTarget() throws {
    try expectFailure(
      "margins:\n  stype: {E: 4421, H: 755, M: 0}\n",
      says:
        "margins.yaml:2:28: the target of stype = M is 0, but 25 respondents are in it. Correct "
        + "the target or the data, or leave them out with --drop.")
  }

  @Test("a respondent outside every target")
  func unknown() throws {
    try expectFailure(
      "margins:\n  stype: {E: 4421, H: 755}\n",
      says: "fixtures/data/api/apiclus1.csv:11: 'stype' holds 'M', which is no category of the "
        + "margin, here and for 25 respondents in all. Correct the data or the margins, leave them "
        + "out with --drop, or let them keep the share that they start with by --unknown keep.")
    try weight(
      "margins:\n  stype: {E: 4421, H: 755}\n", "--weight pw --unknown keep --format json --quiet"
    ) { outcome, _ in
      #expect(outcome.status == 0)
      let warnings = try #require(try json(outcome)["warnings"] as? [String])
      #expect(warnings.contains { $0.contains("25 respondents are in no category with a target") })
    }
  }

  @Test("margins that contradict each other")
  func contradiction() throws {
    try expectFailure(
      "margins:\n  stype: {E: 4421, H: 755, M: 1018}\n  sch.wide: {\"No\": 1072, \"Yes\": 5000}\n",
      says: "margins.yaml:3:3: the margin 'sch.wide' adds up to 6072, but 'stype' to 6194. No "
        + "weights meet both; correct the counts, or give one of them as shares.")
    try expectFailure(
      """
      margins:
        stype: {E: 4421, H: 755, M: 1018}
        "stype:sch.wide": {"E:No": 472, "H:No": 334, "M:No": 266, "E:Yes": 3948, "H:Yes": 422, "M:Yes": 752}

      """,
      says: "margins.yaml:3:3: the margins contradict each other: stype = E is 4421 by 'stype' and "
        + "4420 by 'stype:sch.wide'. Correct one of them.")
    try expectFailure(
      "margins:\n  stype: {E: 0.75, H: 0.25, M: 0.25}\n",
      says:
        "margins.yaml:2:3: the shares of 'stype' add up to 1.25, not to 1. Correct them, or give "
        + "counts.")
  }

  @Test("margins that no weights meet")
  func notConverged() throws {
    // The four corners of the crossing are empty, so the margins decide the middle twice.
    let data = "a,b\n1,1\n1,1\n2,2\n2,2\n"
    try expectFailure(
      "margins:\n  a: {1: 60, 2: 40}\n  b: {1: 50, 2: 50}\n", "", input: "data.csv",
      files: ["data.csv": data],
      says:
        "margins.yaml:2:14: rake did not converge: after 2000 sweeps a = 2 is 50, its target 40. "
        + "The margins cannot all be met by these respondents: take categories together, or leave "
        + "out a margin.")
  }

  @Test("bounds that cannot be met")
  func bounds() throws {
    try expectFailure(
      "margins:\n  stype: {E: 4421, H: 755, M: 1018}\n",
      "--weight pw --method logit --bounds 0.9,1.1",
      says:
        "margins.yaml:2:20: the bounds cannot be met: stype = H is to be 755 from 473.9, a factor "
        + "of 1.593, outside 0.9 to 1.1. Widen --bounds, or take the category together with another."
    )
    try expectFailure(
      "margins:\n  stype: {E: 4421, H: 755, M: 1018}\n", "--weight pw --method logit", status: 64,
      says: "The method logit needs --bounds LO,HI, as 0.3,3.")
  }

  @Test("negative weights of the linear method")
  func negative() throws {
    var data = "a,b\n"
    for (a, b, count) in [(1, 1, 40), (1, 2, 2), (2, 1, 30), (2, 2, 28)] {
      for _ in 0..<count { data += "\(a),\(b)\n" }
    }
    try weight(
      "margins:\n  a: {1: 5, 2: 95}\n  b: {1: 5, 2: 95}\n", "--method linear", input: "data.csv",
      files: ["data.csv": data]
    ) { outcome, folder in
      #expect(outcome.status == 65)
      #expect(
        outcome.stderr.hasPrefix(
          "error: data.csv:2: the linear method gives this respondent the weight -"))
      #expect(outcome.stderr.hasSuffix("give --bounds, as 0.3,3, or choose --method rake.\n"))
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "out.csv").path))
    }
  }

  @Test(
    "margins files that are wrong",
    arguments: [
      (
        "margin:\n  stype: {E: 1}\n",
        "margins.yaml:1:1: 'margin' is no key of the margins file. Did you mean 'margins'?"
      ),
      (
        "margins:\n  stype: {E: many}\n",
        "margins.yaml:2:14: margins.stype.E must be a number with a decimal point, not 'many'."
      ),
      (
        "margins:\n  stype: {E: \"4\\n4\"}\n",
        "margins.yaml:2:14: margins.stype.E must be a number with a decimal point, not '4\u{21B5}4'."
      ),
      (
        "margins:\n  stype: {E: -5, H: 3}\n",
        "margins.yaml:2:14: margins.stype.E must be 0 or more, not -5."
      ),
      (
        "margins:\n  \"stype:sch.wide\": {E: 1, \"H:No\": 2}\n",
        "margins.yaml:2:22: 'E' is no category of stype:sch.wide, which wants 2 codes with a colon "
          + "between them, as \"1:2\"."
      ),
      (
        "margins:\n  stpye: {E: 4421, H: 755, M: 1018}\n",
        "fixtures/data/api/apiclus1.csv: no column is named 'stpye'. The nearest name is 'stype'."
      ),
    ])
  func wrongFiles(margins: String, message: String) throws {
    try expectFailure(margins, says: message)
  }

  @Test("a name that is taken")
  func taken() throws {
    try weight("margins:\n  stype: {E: 4421, H: 755, M: 1018}\n", "--weight pw --name api00") {
      outcome, folder in
      #expect(outcome.status == 64)
      #expect(outcome.stderr.contains("has a column 'api00' already: choose another --name."))
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "out.csv").path))
    }
  }
}
