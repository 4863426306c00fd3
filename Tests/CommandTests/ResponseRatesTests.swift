import Foundation
import SurveyTestSupport
import Testing

/// `response`: the rates of a register, and what of them is withheld.
@Suite("Response rates")
struct ResponseRatesTests {
  @Test("rates of a register as JSON, each group with its counts")
  func rates() throws {
    try SmallRegister.run(
      "pejling response register.csv --disposition status --by region --weight base --format json"
    ) { outcome, _ in
      #expect(outcome.status == 0, "\(outcome.stderr)")
      let result = try json(outcome)
      #expect(result["command"] as? String == "response")
      expectClose(try #require(result["eligibleShare"] as? Double), 8.0 / 9)
      let groups = try #require(result["groups"] as? [[String: Any]])
      #expect(groups.count == 3)
      let all = try #require(groups[0]["rates"] as? [String: Double])
      expectClose(try #require(all["RR1"]), 5.0 / 9)
      expectClose(try #require(all["RR2"]), 6.0 / 9)
      expectClose(try #require(all["RR4"]), 6 / (8 + 8.0 / 9))
      let south = try #require(groups[2]["dispositions"] as? [String: Int])
      #expect(south["UO"] == 1 && south["NE"] == 1 && south["I"] == 2)
      let weighted = try #require(groups[0]["weightedRates"] as? [String: Double])
      expectClose(try #require(weighted["RR6"]), 10.0 / 14)
    }
  }

  @Test("the same from a survey file, by its strata, in Danish; and by id from the answers")
  func ratesOfSurveyFile() throws {
    let survey = """
      survey: Medlemmer
      data: [answers.csv]
      response: {register: register.csv, disposition: status, codes: {bounced: NC}}
      design: {strata: [region]}
      disclosure: {minimumBase: 0, minimumCount: 0}

      """
    try SmallRegister.run("pejling response survey.yaml", ["survey.yaml": survey]) { outcome, _ in
      #expect(outcome.status == 0, "\(outcome.stderr)")
      #expect(outcome.stdout.contains("6 af 10 inviterede svarede: RR2 66,7 %"))
      #expect(outcome.stdout.contains("region: 2"))
    }
    try SmallRegister.run(
      "pejling response register.csv --id member --answers answers.csv --format csv"
    ) { outcome, _ in
      #expect(outcome.status == 0, "\(outcome.stderr)")
      let lines = outcome.stdout.split(separator: "\n")
      #expect(lines[0].hasPrefix("column,category,label,invited,I,P,R,NC,O,UH,UO,NE,RR1,"))
      #expect(lines[1].hasPrefix(",,All,10,6,0,0,4,0,0,0,0,0.6,0.6,"))
    }
  }

  @Test("small groups are withheld, and one more so that they cannot be worked out")
  func withheld() throws {
    try SmallRegister.run(
      "pejling response fixtures/nonresponse/register.csv --disposition status --by region:sector "
        + "--minimum-base 50 --format json --quiet"
    ) { outcome, _ in
      let groups = try #require(try json(outcome)["groups"] as? [[String: Any]])
      let hidden = groups.filter { $0["suppressed"] as? Bool == true }
      #expect(hidden.map { $0["category"] as? String } == ["3:3", "4:3"])
      #expect(hidden.allSatisfy { $0["invited"] is NSNull })
      let rates = try #require(hidden[0]["rates"] as? [String: Any])
      #expect(rates.values.allSatisfy { $0 is NSNull })
    }
    for format in ["markdown", "html", "table"] {
      try SmallRegister.run(
        "pejling response fixtures/nonresponse/register.csv --disposition status "
          + "--by region:sector --minimum-base 50 --format \(format)"
      ) { outcome, _ in
        #expect(outcome.status == 0 && outcome.stdout.contains("withheld"))
        #expect(!outcome.stdout.contains(" 19 "))
      }
    }
    try SmallRegister.run(
      "pejling response fixtures/nonresponse/register.csv --disposition status -o r.xlsx"
    ) { outcome, folder in
      #expect(outcome.status == 0, "\(outcome.stderr)")
      #expect(FileManager.default.fileExists(atPath: folder.appending(path: "r.xlsx").path))
    }
  }

  @Test("a survey file that names no register, or names it wrongly")
  func wrongSurveyFiles() throws {
    let head = "survey: Medlemmer\ndata: [answers.csv]\n"
    for (text, message) in [
      (
        "response: {register: register.csv}\n",
        "error: survey.yaml:3:11: response needs the key 'id'.\n"
      ),
      (
        "response: {register: register.csv, disposition: status, codes: {x: Q}}\n",
        "error: survey.yaml:3:68: 'Q' is no word for response.codes.x. "
      ),
      (
        "response: {register: register.csv, answered: answered, disposition: status}\n",
        "error: survey.yaml:3:69: response needs exactly one of the keys answered, disposition.\n"
      ),
      (
        "weighting: {nonresponse: {classes: [region]}}\n",
        "error: survey.yaml:3:13: the survey file needs the key 'response'.\n"
      ),
      (
        "response: {register: register.csv, id: member}\n"
          + "weighting: {nonresponse: {classes: [region], model: age}}\n",
        "error: survey.yaml:4:26: weighting.nonresponse needs exactly one of the keys classes, model.\n"
      ),
    ] {
      try SmallRegister.run("pejling response survey.yaml", ["survey.yaml": head + text]) {
        outcome, _ in
        #expect(outcome.status == 65)
        #expect(outcome.stderr.hasPrefix(message), "\(outcome.stderr)")
      }
    }
    try SmallRegister.run("pejling response survey.yaml", ["survey.yaml": head]) { outcome, _ in
      #expect(outcome.status == 64)
      #expect(outcome.stderr.contains("names no register of those invited"))
    }
  }
}
