import SurveyData
import SurveyFiles
import SurveyTestSupport
import Testing

@Suite("A survey file's mistakes are told with line and column")
struct YAMLCursorTests {
  struct Mistake: Sendable, CustomTestStringConvertible {
    let yaml: String
    let message: String
    var testDescription: String { message }

    init(_ yaml: String, _ message: String) {
      self.yaml = yaml
      self.message = message
    }
  }

  static let unknownKeys = [
    Mistake(
      "survey: A\ndata: [a.csv]\nlanguge: da\n",
      "survey.yaml:3:1: 'languge' is no key of the survey file. Did you mean 'language'?"),
    Mistake(
      "servey: A\ndata: [a.csv]\n",
      "survey.yaml:1:1: 'servey' is no key of the survey file. Did you mean 'survey'?"),
    Mistake(
      "survey: {da: A, de: B}\ndata: [a.csv]\n",
      "survey.yaml:1:17: 'de' is no key of survey. Did you mean 'da'?"),
    Mistake(
      "survey: A\ndata: [a.csv]\npopulation: {name: B, sice: 3}\n",
      "survey.yaml:3:23: 'sice' is no key of population. Did you mean 'size'?"),
    Mistake(
      "survey: A\ndata: [a.csv]\nfieldwork: {colour: B}\n",
      "survey.yaml:3:13: 'colour' is no key of fieldwork. "
        + "Its keys: from, to, mode, invited, sample, by, commissioner."),
    Mistake(
      "survey: A\ndata:\n  - {file: a.csv, wawe: 2020}\n",
      "survey.yaml:3:19: 'wawe' is no key of data[1]. Did you mean 'wave'?"),
    Mistake(
      "survey: A\ndata: [a.csv]\nscales: {s: {category: {1: A}}}\n",
      "survey.yaml:3:14: 'category' is no key of scales.s. "
        + "Its keys: categories, missing, nets."),
    Mistake(
      "survey: A\ndata: [a.csv]\nvariables:\n  q1:\n    lable: A\n",
      "survey.yaml:5:5: 'lable' is no key of variables.q1. Did you mean 'label'?"),
    Mistake(
      "survey: A\ndata: [a.csv]\nvariables: {q1: {missing: {8: {reasn: dontKnow}}}}\n",
      "survey.yaml:3:32: 'reasn' is no key of variables.q1.missing.8. Did you mean 'reason'?"),
    Mistake(
      "survey: A\ndata: [a.csv]\nvariables: {q1: {nets: {top: {code: [1]}}}}\n",
      "survey.yaml:3:31: 'code' is no key of variables.q1.nets.top. Did you mean 'codes'?"),
    Mistake(
      "survey: A\ndata: [a.csv]\nmulti: {m: {colums: [a]}}\n",
      "survey.yaml:3:13: 'colums' is no key of multi.m. Did you mean 'columns'?"),
    Mistake(
      "survey: A\ndata: [a.csv]\nderived: {d: {anny: ['a == 1']}}\n",
      "survey.yaml:3:15: 'anny' is no key of derived.d. Did you mean 'any'?"),
    Mistake(
      "survey: A\ndata: [a.csv]\nderived: {d: {bands: {of: a, cut: [1]}}}\n",
      "survey.yaml:3:30: 'cut' is no key of derived.d.bands. Did you mean 'cuts'?"),
    Mistake(
      "survey: A\ndata: [a.csv]\ndesign: {wieght: w}\n",
      "survey.yaml:3:10: 'wieght' is no key of design. Did you mean 'weight'?"),
    Mistake(
      "survey: A\ndata: [a.csv]\ndisclosure: {minimumbase: 3}\n",
      "survey.yaml:3:14: 'minimumbase' is no key of disclosure. Did you mean 'minimumBase'?"),
  ]

  @Test("an unknown key is told with the nearest one, at every level", arguments: unknownKeys)
  func unknownKey(mistake: Mistake) {
    #expect(message(mistake.yaml) == mistake.message)
  }

  static let duplicates = [
    Mistake(
      "survey: A\ndata: [a.csv]\nsurvey: B\n",
      "survey.yaml:3:1: the key 'survey' stands twice, first on line 1. Keep one of them."),
    Mistake(
      "survey: A\ndata: [a.csv]\nvariables: {q1: {label: A, type: text, label: B}}\n",
      "survey.yaml:3:40: the key 'label' stands twice, first on line 3. Keep one of them."),
    // Two keys for YAML, one code for us.
    Mistake(
      "survey: A\ndata: [a.csv]\nscales: {s: {categories: {1: A, \"1\": B}}}\n",
      "survey.yaml:3:33: the key '1' stands twice, first on line 3. Keep one of them."),
    Mistake(
      "survey: A\ndata: [a.csv]\nvariables:\n  \"æ b\": {label: A}\n  c: {label: B}\n  'æ b': {}\n",
      "survey.yaml:6:3: the key 'æ b' stands twice, first on line 4. Keep one of them."),
    Mistake(
      "survey: A\ndata: [a.csv]\nscales: {s: {categories: {1: A}, nets: {n: [1, 1]}}}\n",
      "survey.yaml:3:48: the key '1' stands twice, first on line 3. Keep one of them."),
  ]

  @Test("a duplicate is told where it stands for the second time", arguments: duplicates)
  func duplicate(mistake: Mistake) {
    #expect(message(mistake.yaml) == mistake.message)
  }

  static let values = [
    Mistake("", "survey.yaml: the file is empty."),
    Mistake(
      "survey: A\n", "survey.yaml:1:1: the survey file needs the key 'data'."),
    Mistake(
      "survey: A\ndata: []\n", "survey.yaml:2:7: data is empty. List at least one."),
    Mistake(
      "survey: A\ndata: a.csv\n",
      "survey.yaml:2:7: data must be a list, not a text. "
        + "Write it as [a, b] or with a dash before each."),
    Mistake(
      "survey: [A]\ndata: [a.csv]\n",
      "survey.yaml:1:9: survey must be a text, not a list. "
        + "Put a text that holds a colon or begins with a bracket in quotation marks."),
    Mistake(
      "survey: A\ndata: [a.csv]\nvariables: [q1]\n",
      "survey.yaml:3:12: variables must be a mapping of keys to values, not a list. "
        + "Write it as {key: value} or one key: value a line."),
    Mistake(
      "survey: A\ndata: [a.csv]\nfieldwork: {sample: optin}\n",
      "survey.yaml:3:21: 'optin' is no word for fieldwork.sample. Did you mean 'opt-in'? "
        + "The words: census, probability, opt-in."),
    Mistake(
      "survey: A\ndata: [a.csv]\nlanguage: danish\n",
      "survey.yaml:3:11: 'danish' is no word for language. The words: da, en."),
    Mistake(
      "survey: A\ndata: [{file: a.csv, empty: none}]\n",
      "survey.yaml:2:29: 'none' is no word for data[1].empty. The words: notAsked, noAnswer, "
        + "dontKnow, refused, notApplicable, breakOff, unspecified."),
    Mistake(
      "survey: A\ndata: [a.csv]\nvariables: {q1: {missing: {8: dontknow}}}\n",
      "survey.yaml:3:31: 'dontknow' is no word for variables.q1.missing.8. "
        + "Did you mean 'dontKnow'? The words: notAsked, noAnswer, dontKnow, refused, "
        + "notApplicable, breakOff, unspecified."),
    Mistake(
      "survey: A\ndata: [{file: a.csv, delimiter: ;;}]\n",
      "survey.yaml:2:33: ';;' is no word for data[1].delimiter. The words: ;, ,, |, tab."),
    Mistake(
      "survey: A\ndata: [a.csv]\ndesign: {nest: yes}\n",
      "survey.yaml:3:16: 'yes' is no word for design.nest. The words: true, false."),
    Mistake(
      "survey: A\ndata: [a.csv]\npopulation: {name: A, size: 3.100}\n",
      "survey.yaml:3:29: population.size must be a whole number of at least 1, written in digits "
        + "alone, not '3.100'."),
    Mistake(
      "survey: A\ndata: [a.csv]\nderived: {d: {bands: {of: a, cuts: [10, 5]}}}\n",
      "survey.yaml:3:41: '5' must come after '10'."),
    Mistake(
      "survey: A\ndata: [a.csv]\nderived: {d: {bands: {of: a, cuts: ['4,5']}}}\n",
      "survey.yaml:3:37: derived.d.bands.cuts[1] must be a number with a decimal point, "
        + "not '4,5'."),
    Mistake(
      "survey: A\ndata: [a.csv]\nfieldwork: {from: 2022-02-29}\n",
      "survey.yaml:3:19: fieldwork.from must be a day, written year-month-day as 2022-05-02, "
        + "not '2022-02-29'."),
    Mistake(
      "survey: A\ndata: [a.csv]\nfieldwork: {from: 2022-02-20, to: 2022-02-19}\n",
      "survey.yaml:3:35: '2022-02-19' must come after '2022-02-20'."),
    Mistake(
      "survey: A\ndata: [a.csv]\nderived: {d: {label: A}}\n",
      "survey.yaml:3:11: derived.d needs exactly one of the keys any, all, count, bands, recode."),
    Mistake(
      "survey: A\ndata: [a.csv]\nderived: {d: {any: [a == 1], all: [a == 1]}}\n",
      "survey.yaml:3:11: derived.d needs exactly one of the keys any, all, count, bands, recode."),
  ]

  @Test("a wrong kind, word, number or day is told with what would do", arguments: values)
  func wrongValues(mistake: Mistake) {
    #expect(message(mistake.yaml) == mistake.message)
  }

  @Test("a key without a value is told on its line")
  func noValue() {
    let told = message("survey: A\ndata: [a.csv]\nvariables:\n  q1:\n    label:\n    type: text\n")
    #expect(told.hasPrefix("survey.yaml:5:"))
    #expect(told.hasSuffix(": variables.q1.label has no value. Give it one, or take the key out."))
  }

  static let syntax = [
    Mistake(
      "survey: A: B\n",
      "survey.yaml:1:10: a colon stands where no key can be. Put a text that holds a colon in "
        + "quotation marks, and check the indentation."),
    Mistake(
      "survey: \"A\n", "survey.yaml:1:9: the quotation mark that opens here is never closed."),
    Mistake(
      "survey: A\ndata: [a.csv\nlanguage: da\n",
      "survey.yaml:3:9: a comma or the closing bracket is missing before this."),
    Mistake(
      "survey: @A\n",
      "survey.yaml:1:9: a value cannot begin with this character. Put the text in quotation marks, "
        + "and indent with spaces, not tabs."),
    Mistake(
      "survey: *A\n",
      "survey.yaml:1:9: a star refers to an anchor, and there is none of this name. "
        + "Put the text in quotation marks."),
    Mistake(
      "survey: A\n---\nsurvey: B\n",
      "survey.yaml:2:1: a second document begins here. Keep one in the file."),
  ]

  @Test("a syntax error is a sentence of ours, with its place", arguments: syntax)
  func brokenSyntax(mistake: Mistake) {
    let told = message(mistake.yaml)
    #expect(told == mistake.message)
  }

  @Test("bytes that are no UTF-8 are told by line; a byte order mark is no part of the text")
  func encoding() throws {
    let latin1 = Array("survey: A\n# ".utf8) + [0xE6, 0x0A]
    #expect(throws: (any Error).self) { try surveyFile(of: latin1, path: "survey.yaml") }
    do {
      _ = try surveyFile(of: latin1, path: "survey.yaml")
    } catch {
      #expect(
        "\(error)" == "survey.yaml:2: the text is not valid UTF-8. Save the file as UTF-8.")
    }
    #expect(try survey("\u{FEFF}survey: A\ndata: [a.csv]\n").title == LocalizedText("A"))
    #expect(
      message("\u{FEFF}survay: A\n").hasPrefix("survey.yaml:1:1: 'survay' is no key"))
  }

  @Test("a file that is not there is missing input, a bad one bad data")
  func faults() throws {
    do {
      _ = try readSurveyFile(at: "/nowhere/survey.yaml")
      Issue.record("read a file that is not there")
    } catch let error as any InputFault {
      #expect(error.fault == .input)
      #expect("\(error)" == "/nowhere/survey.yaml: there is no such file.")
    }
    do {
      _ = try survey("survey: A\n")
      Issue.record("read a survey file without data")
    } catch let error as any InputFault {
      #expect(error.fault == .data)
    }
  }

  @Test("every truncation of a survey file is read or refused, none traps")
  func truncations() throws {
    let bytes = try Fixture.bytes("jobcenter-2022/survey.yaml")
    for length in stride(from: 0, to: bytes.count, by: 61) {
      do {
        _ = try surveyFile(of: Array(bytes.prefix(length)), path: "survey.yaml")
      } catch {
        #expect(error is any InputFault, "\(length) bytes: \(error)")
      }
    }
  }
}
