import SurveyData
import SurveyFiles
import SurveyTestSupport
import Testing

@Suite("What a survey file says")
struct SurveyFileTests {
  @Test("the fixture of the jobcentres decodes, both languages and all parts")
  func jobcentres() throws {
    let path = Fixture.path("jobcenter-2022/survey.yaml")
    let file = try readSurveyFile(at: path)
    #expect(file.title.en == "Poll of social workers in jobcentres 2022 (synthetic data)")
    #expect(file.language == .da)
    #expect(file.population?.size == 3100)
    let fieldwork = try #require(file.fieldwork)
    #expect(fieldwork.from == "2022-05-02" && fieldwork.to == "2022-05-20")
    #expect(fieldwork.sample == .census && fieldwork.invited == 3100)
    #expect(file.dataFiles.map(\.path) == [Fixture.path("jobcenter-2022/answers.csv")])
    #expect(file.dataFiles[0].wave == "2022" && file.dataFiles[0].decimal == ",")
    #expect(file.variables.count == 28 && file.derived.count == 5)
    let trust = try #require(file.variable("trust_politicians")).variable
    #expect(trust.categories.map(\.code) == ["1", "2", "3", "4", "5", "8", "9"])
    #expect(trust.categories.map(\.missing).suffix(2) == [.dontKnow, .noAnswer])
    #expect(trust.nets.map(\.codes) == [["1", "2"], ["4", "5"]])
    #expect(trust.question.da?.hasPrefix("I hvilken grad oplever du") == true)
    #expect(file.variable("municipality")?.variable.categories.first?.code == "0101")
    #expect(file.multiResponseSets.map(\.columns) == [["d1", "d2", "d3", "d4", "d5"]])
    #expect(file.design == DesignDescription(weight: "weight", strata: ["region"]))
    #expect(file.disclosure == DisclosureRules(minimumBase: 10, minimumCount: 3))
    #expect(file.sha256?.count == 64)
  }

  @Test("the fixture of real answers decodes: codes are texts, columns have long names")
  func researchSoftwareEngineers() throws {
    let file = try readSurveyFile(at: Fixture.path("rse-2018/survey.yaml"))
    #expect(file.fieldwork?.sample == .optIn)
    let career = try #require(file.variable("satisGen2"))
    #expect(career.source.hasPrefix("likert3[satisGen2]._. ["))
    #expect(career.validCodes.first == "0 - Not at all satisfied")
    #expect(file.variable("rse1")?.validCodes == ["Yes", "No"])
    guard case .bands(let column, let cuts) = file.derivedVariable("experience")?.rule else {
      Issue.record("experience is not made of bands")
      return
    }
    #expect(column == "soft1can" && cuts == [5, 10, 20])
  }

  @Test("codes stay as written: 0101, 1.50, No, Yes, ~ and true are texts")
  func scalarsAsWritten() throws {
    let file = try survey(
      """
      survey: 2022
      data: [{file: a.csv, wave: 0101}]
      variables:
        q1: {label: No, categories: {0101: A, 1.50: B, No: C, Yes: D, ~: E, true: F, 1e3: G}}
        q2: {categories: [No, Yes, 007]}
      """)
    #expect(file.title == LocalizedText("2022"))
    #expect(file.dataFiles[0].wave == "0101")
    #expect(
      file.variable("q1")?.validCodes == ["0101", "1.50", "No", "Yes", "~", "true", "1e3"])
    #expect(file.variable("q1")?.variable.label == LocalizedText("No"))
    #expect(file.variable("q2")?.validCodes == ["No", "Yes", "007"])
  }

  @Test("what is left out has its default")
  func defaults() throws {
    let file = try survey("survey: A\ndata: [answers.csv]\n")
    #expect(file.language == .da && !file.usesCache && !file.hasWaves)
    #expect(file.disclosure == DisclosureRules(minimumBase: 10, minimumCount: 3))
    #expect(file.dataFiles[0].empty == .noAnswer)
    #expect(file.design == DesignDescription())
  }

  @Test("data files stand beside the survey file, unless their path is absolute")
  func paths() throws {
    let yaml = Array("survey: A\ndata: [a.csv, ../b.csv, /c.csv]\n".utf8)
    let file = try surveyFile(of: yaml, path: "polls/2022/survey.yaml")
    #expect(
      file.dataFiles.map(\.path) == ["polls/2022/a.csv", "polls/2022/../b.csv", "/c.csv"])
  }

  @Test("a missing code's reason is told by word, by mapping or by a usual label")
  func missingReasons() throws {
    let file = try survey(
      """
      survey: A
      data: [a.csv]
      scales:
        s: {categories: {1: A, 2: B, 3: C}, missing: {8: ved ikke, 9: refused}, nets: {low: [1]}}
      variables:
        q1: {scale: s, missing: {7: {reason: notAsked, label: {da: Sprunget over}}, 9: Ikke besvaret}}
        q2: {scale: s, missing: {3: Andet svar}}
        q3: {missing: [98, 99]}
        q4: {missing: {8: {da: Ved ikke, en: Don't know}}}
      """)
    func missing(_ name: String) -> [String: MissingReason?] {
      Dictionary(
        uniqueKeysWithValues: file.variable(name)!.variable.categories
          .filter { $0.missing != nil }.map { ($0.code, $0.missing) })
    }
    #expect(missing("q1") == ["7": .notAsked, "8": .dontKnow, "9": .noAnswer])
    #expect(missing("q2") == ["3": .unspecified, "8": .dontKnow, "9": .refused])
    #expect(file.variable("q2")?.validCodes == ["1", "2"])
    #expect(missing("q3") == ["98": .unspecified, "99": .unspecified])
    #expect(missing("q4") == ["8": .dontKnow])
    #expect(file.variable("q1")?.variable.nets.map(\.name) == ["low"])
  }

  @Test("the design's keys are the command line's options")
  func design() throws {
    let file = try survey(
      """
      survey: A
      data: [a.csv]
      design:
        {weight: w, strata: s, cluster: [p, q], fpc: [m, n], nest: true, lonelyPSU: adjust,
         lonelyPSUDomains: true, df: inf}
      """)
    #expect(
      file.design
        == DesignDescription(
          weight: "w", strata: ["s"], clusters: ["p", "q"], finitePopulation: ["m", "n"],
          isNested: true, lonelyPSU: .adjust, appliesLonelyPSUToDomains: true,
          degreesOfFreedom: .infinity))
  }

  static let misfits: [(yaml: String, message: String)] = [
    (
      "variables: {q1: {scale: degre}}\nscales: {degree: {categories: [A]}}",
      "survey.yaml:3:25: no scale is named 'degre'. Did you mean 'degree'?"
    ),
    (
      "scales: {s: {categories: {1: A, 2: B}, nets: {top: [1, 3]}}}",
      "survey.yaml:3:47: the net 'top' holds the code '3', which is no valid answer of its scale. "
        + "Valid codes: '1', '2'."
    ),
    (
      "variables: {q1: {categories: {1: A, 8: B}, missing: {8: ved ikke}}}",
      "survey.yaml:3:54: the code '8' stands under categories and under missing. "
        + "Keep one of them."
    ),
    (
      "variables: {q1: {type: numeric, categories: {1: A}}}",
      "survey.yaml:3:13: 'q1' is of type numeric, so it cannot have categories. "
        + "Leave out the type, or list the codes that are no number under missing."
    ),
    (
      "variables: {q1: {}}\nderived: {q1: {any: [q2 == 1]}}",
      "survey.yaml:4:11: the name 'q1' is already taken (survey.yaml:3:13). "
        + "Give one of them another name."
    ),
    (
      "derived: {d: {any: [q == 1], categories: {1: Yes, 2: No}}}",
      "survey.yaml:3:11: the categories of 'd' are '1', '2', but its rule gives '1', '0'. "
        + "Label each code that it gives, and no other, or leave out the categories."
    ),
    (
      "derived: {a: {any: [b == 1]}, b: {all: [a == 1]}}",
      "survey.yaml:3:11: 'a' is made from itself: 'a' from 'b' from 'a'."
    ),
    (
      "variables: {q: {categories: [1]}}\nmulti: {m: {columns: [q], selected: Y}}",
      "survey.yaml:4:9: the set 'm' counts the code 'Y' as chosen, but 'q' has no such code. "
        + "Its codes: '1'."
    ),
    (
      "variables: {q: {categories: {1: A}}}\nderived: {d: {recode: {of: q, map: {1: 1, 2: 1}}}}",
      "survey.yaml:4:43: 'q' has no code '2'. Its codes: '1'."
    ),
    (
      "variables: {q: {categories: {1: Ja, 2: Nej}}}\nderived: {d: {any: ['q == 1', 'q == \"Jo\"']}}",
      "survey.yaml:4:32: 'q' is compared with Jo, which is none of its answers. "
        + "Its valid codes: '1', '2'. For missing answers write is_missing(q)."
    ),
  ]

  @Test("parts that do not fit each other are told", arguments: misfits.indices)
  func misfit(index: Int) {
    let (yaml, expected) = Self.misfits[index]
    #expect(message("survey: A\ndata: [a.csv]\n" + yaml) == expected)
  }

  @Test("a wave that its own labels lack is told")
  func waveLabels() {
    #expect(
      message(
        "survey: A\ndata: [{file: a.csv, wave: 2020}]\nvariables: {wave: {categories: [2022]}}\n")
        == "survey.yaml:3:13: the categories of 'wave' lack the wave '2020'. "
        + "Their codes: '2022'.")
  }

  @Test("one data file without a wave among others that say theirs is told")
  func wavesForAll() {
    #expect(
      message("survey: A\ndata:\n  - {file: a.csv, wave: 1}\n  - b.csv\n")
        == "survey.yaml:4:5: this data file says no wave, but another does. "
        + "Add wave: to each of them.")
  }

  @Test(
    "an error in a condition is told at its character, whatever the quotation marks",
    arguments: [
      ("a == 1", 21), ("'a = 1'", 24), ("\"a = 1\"", 24), ("\"b == \\\"x\\\" and a = 1\"", 39),
      ("'b == ''x'' and a = 1'", 39),
    ])
  func conditionPlace(condition: String, column: Int) {
    let told = message("survey: A\ndata: [a.csv]\nderived: {d: {any: [\(condition)]}}\n")
    if condition == "a == 1" {
      #expect(told == "")
    } else {
      #expect(told.hasPrefix("survey.yaml:3:\(column): The condition cannot be used"), "\(told)")
      #expect(told.contains("write == to compare"))
    }
  }
}
