import Foundation
import SurveyTestSupport
import Testing

/// Registers and answers that `weight` refuses: the sentence, the exit code, and no file.
@Suite("Non-response that is refused")
struct NonresponseRefusalTests {
  @Test("a respondent who is not in the register")
  func stranger() throws {
    try SmallRegister.expectFailure(
      SmallRegister.byClass, ["answers.csv": SmallRegister.answers + "zz,1,1,2\n"],
      says: "answers.csv:8: 'zz' of 'member' is not in the register register.csv. Correct the id, "
        + "add the member, or leave the row out with --drop.")
  }

  @Test("an id that stands twice, or is empty, in either file")
  func twice() throws {
    try SmallRegister.expectFailure(
      SmallRegister.byClass, ["register.csv": SmallRegister.register + "a2,1,50,invited,0,2\n"],
      says: "register.csv:12: the id 'a2' of 'member' stands there twice, first at register.csv:3. "
        + "Leave one of the rows out.")
    try SmallRegister.expectFailure(
      SmallRegister.byClass, ["answers.csv": SmallRegister.answers + "b1,2,1,1\n"],
      says: "answers.csv:8: the id 'b1' of 'member' stands there twice, first at answers.csv:7. "
        + "Leave one of the rows out.")
    try SmallRegister.expectFailure(
      SmallRegister.byClass, ["register.csv": SmallRegister.register + ",1,50,invited,0,2\n"],
      says:
        "register.csv:12: 'member' is empty. Everyone has an id of their own; fill it in.")
  }

  @Test("a member without a class, or without what the model needs")
  func missingVariable() throws {
    try SmallRegister.expectFailure(
      SmallRegister.byClass, ["register.csv": SmallRegister.register + "b5,,50,invited,0,1\n"],
      says: "register.csv:12: 'region' is empty or missing in the register, but all who were "
        + "invited need it: the adjustment for non-response is made from it. Fill it in, or leave "
        + "the column out.")
    try SmallRegister.expectFailure(
      "--register register.csv --id member --response-model age",
      ["register.csv": SmallRegister.register + "b5,2,,invited,0,1\n"],
      says: "register.csv:12: 'age' is empty or missing in the register, but all who were invited "
        + "need it: the adjustment for non-response is made from it. Fill it in, or leave the "
        + "column out.")
  }

  @Test("a code of response that is neither 0 nor 1, a disposition that nobody knows")
  func wrongCodes() throws {
    try SmallRegister.expectFailure(
      "--register register.csv --id member --answered answered --response-classes region",
      ["register.csv": SmallRegister.register + "b5,2,50,invited,2,1\n"],
      says: "register.csv:12: 'answered' is '2', but it says who answered: 1 for an answer, 0 for "
        + "none. Correct it, or name the codes by --disposition answered and --disposition-codes.")
    try SmallRegister.expectFailure(
      SmallRegister.byClass, ["register.csv": SmallRegister.register + "b5,2,50,complet,0,1\n"],
      says: "register.csv:12: 'status' is 'complet', which is no disposition. The nearest word is "
        + "'complete'. Say what it means with --disposition-codes 'complet=NC' (codes: in a survey "
        + "file), one of I, P, R, NC, O, UH, UO and NE.")
  }

  @Test("answers without the id column")
  func noID() throws {
    try SmallRegister.expectFailure(
      SmallRegister.byClass,
      ["answers.csv": SmallRegister.answers.replacingOccurrences(of: "member", with: "membr")],
      says:
        "answers.csv: there is no column 'member' that says whose answers they are. The nearest "
        + "name is 'membr'. Give --id the column that the register and the answers share; for "
        + "answers without one, leave --id out and give the register's --answered or --disposition."
    )
  }

  @Test("a register and answers that contradict each other")
  func contradiction() throws {
    try SmallRegister.expectFailure(
      SmallRegister.byClass, ["answers.csv": SmallRegister.answers + "a5,1,1,2\n"],
      says:
        "answers.csv:8: 'a5' has answered, but by the register (register.csv:6) the disposition "
        + "is NC. Correct the register, or leave the row out.")
    try SmallRegister.expectFailure(
      SmallRegister.byClass,
      ["answers.csv": SmallRegister.answers.replacingOccurrences(of: "a1,1,1,2\n", with: "")],
      says: "register.csv:2: by the register 'a1' has answered, but answers.csv has no such row. "
        + "Correct the register, or add the answers.")
    try SmallRegister.expectFailure(
      SmallRegister.byClass + " --weight base",
      ["answers.csv": SmallRegister.answers.replacingOccurrences(of: "a2,1,1,2", with: "a2,1,1,5")],
      says:
        "answers.csv:4: 'base' is 5 here and 2 in the register (register.csv:3). Correct one of "
        + "them, or take the column out of the answers.")
    try SmallRegister.expectFailure(
      SmallRegister.byClass + " --weight base",
      ["register.csv": SmallRegister.register + "b5,2,50,invited,0,0\n"],
      says:
        "register.csv:12: the base weight 'base' is 0, but everyone invited had a chance above 0 "
        + "and counts for at least somebody. Correct it.")
  }

  @Test("answers without an id that are more, or others, than the register says")
  func anonymousContradiction() throws {
    let options =
      "--register register.csv --answered answered --response-classes region --smallest-class 1"
    try SmallRegister.expectFailure(
      options, ["answers.csv": SmallRegister.answers + "x,1,1,2\n"],
      says:
        "answers.csv: 5 answered in region = 1, but 4 by the register register.csv. Correct one "
        + "of them; with an --id the members are matched one by one.")
    try SmallRegister.expectFailure(
      options, ["answers.csv": SmallRegister.answers + "x,3,1,2\n"],
      says: "answers.csv:8: region = 3 is no class of the register register.csv: nobody there was "
        + "invited. Correct the answers or the register.")
    try SmallRegister.expectFailure(
      options, ["answers.csv": SmallRegister.answers + "x,,1,2\n"],
      says: "answers.csv:8: 'region' is empty or missing, but the weighting classes are made from "
        + "it. Fill it in, or leave the row out with --drop.")
  }

  // MARK: Classes and models that bear no weights

  @Test("a class with too few respondents, without any, or with too large a factor")
  func smallClasses() throws {
    try SmallRegister.expectFailure(
      "--register register.csv --id member --response-classes region",
      says: "register.csv: region = 1 has 4 respondents of 6 invited, fewer than 20. Take it "
        + "together with another class (collapse: under nonresponse in a survey file), choose fewer "
        + "or coarser columns, or set --smallest-class 4.")
    try SmallRegister.expectFailure(
      SmallRegister.byClass,
      ["register.csv": SmallRegister.register + "c1,3,50,invited,0,1\nc2,3,51,refused,0,1\n"],
      says:
        "register.csv: region = 3 has no respondents of 2 invited: no weights can stand for the "
        + "others. Take it together with another class (collapse: under nonresponse in a survey "
        + "file), choose fewer or coarser columns.")
    try SmallRegister.expectFailure(
      SmallRegister.byClass + " --largest-factor 1.45",
      says:
        "register.csv: the factor of region = 1 is 1.5 (4 respondents of 6 invited), above 1.45. "
        + "Take it together with another class (collapse: under nonresponse in a survey file), "
        + "choose fewer or coarser columns, or raise --largest-factor.")
    try SmallRegister.expectFailure(
      SmallRegister.model + " --largest-factor 3", input: "fixtures/nonresponse/answers.csv",
      says: try largestFactorMessage())
  }

  /// The first respondent in the file whose factor is above 3.
  private func largestFactorMessage() throws -> String {
    try SmallRegister.run(
      "pejling weight fixtures/nonresponse/answers.csv \(SmallRegister.model) -o out.csv --quiet --report r.txt"
    ) { outcome, folder in
      #expect(outcome.status == 0, "\(outcome.stderr)")
      let file = folder.appending(path: "out.csv")
      let factors = zip(
        try SmallRegister.numbers("pejling_weight", of: file),
        try SmallRegister.numbers("pejling_weight_base", of: file)
      ).map { $0 / $1 }
      let row = try #require(factors.firstIndex { $0 > 3 })
      let member = try SmallRegister.column("member", of: file)[row]
      let register = try Fixture.text("nonresponse/register.csv").split(separator: "\n")
      let line = try #require(register.firstIndex { $0.hasPrefix(member + ",") }) + 1
      let factor = (factors[row] * 1000).rounded() / 1000
      return "fixtures/nonresponse/answers.csv:\(row + 2): this respondent's propensity "
        + "(fixtures/nonresponse/register.csv:\(line)) gives a factor of \(factor), above 3. Take "
        + "--propensity-classes, leave terms out, or raise --largest-factor."
    }
  }

  @Test("a collapse of columns or codes that are not there")
  func collapse() throws {
    let survey = { (collapse: String) in
      """
      survey: Members
      data: [answers.csv]
      response: {register: register.csv, id: member, disposition: status}
      weighting: {nonresponse: {classes: [region], smallestClass: 1, collapse: \(collapse)}}

      """
    }
    try SmallRegister.expectFailure(
      "", ["survey.yaml": survey("{regoin: {2: 1}}")], input: "survey.yaml",
      says: "register.csv: the collapse of 'regoin' is of no column of the classes. Columns: "
        + "'region'.")
    try SmallRegister.expectFailure(
      "", ["survey.yaml": survey("{region: {2: 4}}")], input: "survey.yaml",
      says: "register.csv: the collapse of 'region' speaks of '4', which is no code of it in the "
        + "register. Codes: '1', '2'.")
    try SmallRegister.run(
      "pejling weight survey.yaml -o out.csv --quiet --language en",
      ["survey.yaml": survey("{region: {2: 1}}")]
    ) { outcome, folder in
      #expect(outcome.stdout.contains("Non-response, region: counted together, 2 as 1."))
      let classes = try SmallRegister.column(
        "pejling_weight_class", of: folder.appending(path: "out.csv"))
      #expect(Set(classes) == ["1"])
    }
  }

  @Test("models that separate, repeat themselves, or have nothing to explain")
  func models() throws {
    try SmallRegister.expectFailure(
      "--register register.csv --id member --response-model kind",
      [
        "register.csv": SmallRegister.register.split(separator: "\n").enumerated().map {
          index, line in
          line + (index == 0 ? ",kind" : line.contains("invited") ? ",late" : ",early")
        }.joined(separator: "\n")
      ],
      says: "register.csv: 'kind=late' separates those who answered from those who did not: among "
        + "some members everybody or nobody answered, so that no propensity between 0 and 1 exists. "
        + "Merge its categories, leave the term out, or take --response-classes.")
    try SmallRegister.expectFailure(
      "--register register.csv --id member --response-model age,twice",
      [
        "register.csv": SmallRegister.register.split(separator: "\n").enumerated().map {
          index, line in
          let age = Int(line.split(separator: ",")[2]) ?? 0
          return line + (index == 0 ? ",twice" : ",\(2 * age)")
        }.joined(separator: "\n")
      ],
      says: "register.csv: 'twice' of the response model is given by the columns before "
        + "(collinear). Leave it out of --response-model.")
    try SmallRegister.expectFailure(
      "--register answers.csv --id member --response-model q",
      says: "answers.csv: everybody who was invited answered, so there is nothing to adjust for.")
    try SmallRegister.expectFailure(
      "--register register.csv --answered answered --response-model age", status: 64,
      says:
        "--response-model gives each member a propensity of their own: it needs --id, the column "
        + "that the register and the answers share.")
  }

  @Test("options that do not go together")
  func usage() throws {
    try SmallRegister.expectFailure(
      "--register register.csv --response-classes region", status: 64,
      says: "register.csv: nothing says who answered. Give --id, the column that the register and "
        + "the answers share, or the register's column --answered (1 or 0) or --disposition.")
    try SmallRegister.expectFailure(
      "--id member --response-classes region", status: 64,
      says: "The adjustment for non-response needs the register of those invited: --register FILE, "
        + "or response: in a survey file.")
    try SmallRegister.expectFailure(
      "--register register.csv --id member --on region", status: 64,
      says: "--id, --answered and --disposition say who answered: give --response-classes or "
        + "--response-model too, or see the rates with `pejling response`.")
    try SmallRegister.expectFailure(
      "--register register.csv --id member --response-model age --response-classes region",
      status: 64,
      says:
        "--response-classes and --response-model are two ways to make up for non-response; give "
        + "one.")
    try SmallRegister.expectFailure(
      "--register register.csv --id member --response-classes region --smallest-class 1 --name q",
      status: 64, says: "answers.csv has a column 'q' already: choose another --name.")
  }
}
