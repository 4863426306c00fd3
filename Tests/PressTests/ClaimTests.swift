import SurveyData
import SurveyFiles
import SurveyTables
import SurveyTestSupport
import Testing

@Suite("A claims file is checked before the data are")
struct ClaimsFileTests {
  private func message(_ lines: String) -> String {
    do {
      _ = try claimsFile(of: Array(lines.utf8), path: "claims.yaml")
      return ""
    } catch { return "\(error)" }
  }

  private func claim(_ lines: [String]) -> String {
    "survey: s.yaml\nclaims:\n  - id: a\n    sentence: Lidt over 40 procent, 3,3 procent.\n"
      + lines.map { "    \($0)\n" }.joined()
  }

  @Test("a share without codes, a number without rounding, a number of another sentence")
  func faults() {
    #expect(
      message(claim(["figure: {item: q}", "number: 3.3", "rounding: 0.1"])).hasPrefix(
        "claims.yaml:5:20: a share of 'q' needs the key 'net'"))
    #expect(
      message(claim(["figure: {item: q, net: }", "number: 3.3", "rounding: 0.1"])).contains(
        "figure.net has no value"))
    #expect(
      message(claim(["figure: {item: q, net: []}", "number: 3.3", "rounding: 0.1"])).hasPrefix(
        "claims.yaml:5:28: "))
    #expect(
      message(claim(["figure: {item: q, net: high}", "number: 3.3"])).hasPrefix(
        "claims.yaml:6:13: a number needs the key 'rounding'"))
    #expect(
      message(claim(["figure: {item: q, net: high}", "number: 4.3", "rounding: 0.1"])).hasPrefix(
        "claims.yaml:6:13: '4.3' does not stand in the sentence"))
    #expect(
      message(claim(["figure: {item: q, net: high}", "number: 3.3", "rounding: 1"])).hasPrefix(
        "claims.yaml:6:13: 3.3 is not rounded to 1"))
    #expect(
      message(claim(["figure: {item: q, net: high}", "number: 3.3", "rounding: 0"])).hasPrefix(
        "claims.yaml:7:15: 'rounding' must be above 0"))
    #expect(
      message(claim(["figure: {item: q, net: high}", "phrase: lidt over 50 procent"])).hasPrefix(
        "claims.yaml:6:13: 'lidt over 50 procent' does not stand in the sentence"))
    #expect(
      message(claim(["figure: {item: q, net: high}"])).hasPrefix(
        "claims.yaml:3:9: the claim 'a' says neither a 'number' nor a 'phrase'"))
    #expect(
      message(claim(["figur: {item: q, net: high}", "number: 3.3"])).contains("exactly one of"))
    #expect(
      message(
        claim(["rank: {item: q, net: high, by: r, group: 1}", "phrase: lidt over 40 procent"])
      )
      .contains("a rank is held against a number"))
    #expect(
      message(claim(["arithmetic: {slightlyMore: {than: b}}", "number: 40"])).hasPrefix(
        "claims.yaml:5:39: no claim has the id 'b'"))
  }

  @Test("a survey must be named, and an id stands once")
  func wholeFile() {
    #expect(
      message(
        "claims:\n  - {id: a, sentence: 40 procent, figure: {item: q, net: x}, number: 40, rounding: 1}\n"
      ).contains("none is named"))
    #expect(
      message(
        "claims:\n  - {id: a, sentence: x, cite: y}\n  - {id: a, sentence: x, cite: y}\n"
      ).hasPrefix("claims.yaml:3:10: the id 'a' stands twice, first on line 2"))
  }

  @Test(
    "a number stands in its sentence with either mark, grouped by thousands, and not inside another",
    arguments: [
      ("3.3", "3,3 procent", true), ("3.3", "(3.3%)", true), ("3.3", "13,3 procent", false),
      ("3.3", "3,35 procent", false), ("21087", "21.087 blev inviteret", true),
      ("21087", "21,087 were invited", true), ("1087", "21.087 blev inviteret", false),
      ("-9", "9 færre", true), ("44", "44.", true), ("44", "i 2044", false),
    ])
  func standing(number: String, sentence: String, stands: Bool) {
    let found = message(
      "claims:\n  - {id: a, sentence: \"\(sentence)\", cite: x, number: \(number)}\n")
    #expect(found.isEmpty == stands)
  }
}

@Suite("Published claims hold, or are caught")
struct ClaimTests {
  /// Opens surveys as the command line does.
  private func verification(of file: ClaimsFile) throws -> Verification {
    try ClaimVerifier(file).verification { source in
      let file = try readSurveyFile(at: source.path.text)
      return try ClaimedSurvey(
        SurveyOnDisk(file, wave: source.wave?.text).survey, facts: SurveyFacts(file))
    }
  }

  private func verdicts(_ path: String) throws -> [String: Verdict] {
    Dictionary(
      uniqueKeysWithValues: try verification(of: readClaimsFile(at: path)).claims.map {
        ($0.claim.id, $0.verdict)
      })
  }

  @Test("the jobcentre poll: every quantified claim, with the verdict it deserves")
  func jobcentre() throws {
    let verdicts = try verdicts(Fixture.path("jobcenter-2022/claims.yaml"))
    let expected: [String: Verdict] = [
      "cooperation": .holds, "told-to": .holds, "economy": .holdsAsRounded, "targets": .holds,
      "follow-up": .holdsAsRounded, "follow-up-order": .holds, "follow-up-more": .weaker,
      "clarification": .holds, "team": .holds, "trust": .holdsAsRounded,
      "trust-denominator": .notRecomputed, "trust-in-a-small-group": .holdsAsRounded,
      "municipalities": .holdsAsRounded, "agreement": .wrong,
    ]
    for (id, verdict) in expected { #expect(verdicts[id] == verdict, "\(id)") }
    // What else is there is cited.
    for (id, verdict) in verdicts where expected[id] == nil {
      #expect(verdict == .notRecomputed, "\(id)")
    }
    #expect(verdicts.count == 23)
  }

  @Test("the caseload series: means, changes and guidelines of three waves")
  func caseload() throws {
    let verdicts = try verdicts(Fixture.path("caseload/claims.yaml"))
    let exact = ["fallen-considerably", "above-and-not", "too-high-risen"]
    let rounded = [
      "mean-2014", "mean-2019", "mean-2023", "nine-fewer", "two-fewer", "within-2019",
      "within-2023", "not-above-2023", "above-2023", "too-high-2019", "too-high-2023",
      "ideal-2019", "ideal-2023",
    ]
    for id in exact { #expect(verdicts[id] == .holds, "\(id)") }
    for id in rounded { #expect(verdicts[id] == .holdsAsRounded, "\(id)") }
    #expect(verdicts.values.count { $0 == .notRecomputed } == 9)
    #expect(verdicts.count == 25)
  }

  @Test(
    "one digit changed in any claim is caught: in the number, in the sentence, or in both",
    arguments: ["jobcenter-2022", "caseload"])
  func changedDigits(folder: String) throws {
    let path = try Fixture.path("\(folder)/claims.yaml")
    let file = try readClaimsFile(at: path)
    let text = try Fixture.text("\(folder)/claims.yaml")
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let directory = path.dropLast("claims.yaml".count)
    var changed = 0
    for claim in file.claims {
      guard case .number(let number)? = claim.published else { continue }
      let numberLine = number.place.line! - 1
      let sentenceLine = claim.place.line!
      let saved = lines
      let digit = number.text.first { $0.isNumber }!
      let other = digit == "9" ? "1" : String(digit.wholeNumberValue! + 1)
      let changedNumber = number.text.replacing(String(digit), with: other, maxReplacements: 1)
      func verdict() throws -> Verdict? {
        let bytes = Array(lines.joined(separator: "\n").utf8)
        let copy = try claimsFile(of: bytes, path: directory + "claims.yaml")
        return try verification(of: copy).claims.first { $0.claim.id == claim.id }?.verdict
      }
      // In one place alone the sentence and its number disagree.
      lines[numberLine] = lines[numberLine].replacing(number.text, with: changedNumber)
      #expect(throws: ClaimsFileError.self, "\(claim.id)") { try verdict() }
      // In both the data disagree, where there are data.
      let shown = number.text.filter { $0 != "-" }
      let inSentence = [shown.replacing(".", with: ","), shown, grouped(shown)]
        .first { lines[sentenceLine].contains($0) }!
      lines[sentenceLine] = lines[sentenceLine].replacing(
        inSentence, with: inSentence.replacing(String(digit), with: other, maxReplacements: 1))
      let isCited = if case .cited = claim.basis { true } else { false }
      // Nor can a percentage that some count gives be told from another that one gives.
      let isDenominator =
        if case .arithmetic(.denominator) = claim.basis { true } else { false }
      if isCited {
        #expect(try verdict() == .notRecomputed, "\(claim.id)")
      } else if !isDenominator {
        #expect(try verdict() == .wrong, "\(claim.id)")
        changed += 1
      }
      lines = saved
    }
    #expect(changed == (folder == "caseload" ? 13 : 5))
  }

  private func grouped(_ digits: String) -> String {
    digits.count > 3 ? digits.dropLast(3) + "." + digits.suffix(3) : digits
  }

  @Test(
    "3.3 percent is one of 30, and 4.3 is no number of them; 98 municipalities have no 91.5 percent"
  )
  func denominators() throws {
    for (percent, base, rounding, verdict) in [
      ("3.3", 30, "0.1", Verdict.holdsAsRounded), ("4.3", 30, "0.1", .wrong),
      ("90", 98, "1", .holdsAsRounded), ("91.5", 98, "0.1", .wrong), ("50", 98, "1", .holds),
    ] {
      let lines =
        "claims:\n  - {id: a, sentence: \(percent) procent, arithmetic: {denominator: {base: \(base)}}, "
        + "number: \(percent), rounding: \(rounding)}\n"
      let file = try claimsFile(of: Array(lines.utf8), path: "claims.yaml")
      let verification = try ClaimVerifier(file).verification { _ in preconditionFailure() }
      #expect(verification.claims[0].verdict == verdict, "\(percent) of \(base)")
    }
  }

  @Test("without a base, the smallest that gives the percentage is named")
  func smallestDenominator() throws {
    let lines =
      "claims:\n  - {id: a, sentence: 3.3 procent, arithmetic: {denominator: {}}, number: 3.3, "
      + "rounding: 0.1}\n"
    let file = try claimsFile(of: Array(lines.utf8), path: "claims.yaml")
    let claim = try ClaimVerifier(file).verification { _ in preconditionFailure() }.claims[0]
    #expect(claim.reason.en == "3.3% needs at least 30 answers (1 of 30).")
  }

  @Test(
    "faults that need the data name the line and column of the word",
    arguments: [
      ("figure: {item: trust, net: high}", "5:20: ", "no column is named 'trust'"),
      ("figure: {item: trust_politicians, net: hihg}", "5:44: ", "has no net 'hihg'"),
      ("figure: {item: trust_politicians, net: high, where: regin == 1}", "5:57: ", "regin"),
      ("difference: {item: stress, net: often, by: region, from: 1, to: 9}", "5:69: ", "'9'"),
      ("figure: {item: caseload, statistic: mean}", "6:13: ", "words a share"),
    ])
  func placed(basis: String, place: String, words: String) throws {
    let folder = try Fixture.path("jobcenter-2022")
    let lines =
      "survey: survey.yaml\nclaims:\n  - id: a\n    sentence: Flere end halvdelen.\n    \(basis)\n"
      + "    phrase: flere end halvdelen\n"
    let file = try claimsFile(of: Array(lines.utf8), path: folder + "/claims.yaml")
    let error = #expect(throws: (any Error).self) {
      try verification(of: file)
    }
    let message = "\(try #require(error))"
    #expect(message.contains("claims.yaml:" + place), Comment(rawValue: message))
    #expect(message.contains(words), Comment(rawValue: message))
  }
}
