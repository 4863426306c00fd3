import SurveyData
import SurveyFiles
import Testing

@Suite("SAV: the dictionary")
struct SAVDictionaryTests {
  @Test("user-missing values keep their codes and take the reason of their label")
  func missingValues() throws {
    var sample = SAVSample()
    sample.items = [
      .init(name: "q1", missing: [.number(8), .number(9), .number(7)], missingCount: 3)
    ]
    sample.labels = [
      (
        [
          (.number(2), "Uenig"), (.number(1), "Enig"), (.number(8), "Ved ikke"),
          (.number(9), "Ønsker ikke at svare"), (.number(3), "Ingen valgte"),
        ], [0]
      )
    ]
    sample.information = [(20, 1, Array("UTF-8".utf8))]
    sample.rows = [2, 1, 8, 9, 7, 4].map { [.number($0)] } + [[.systemMissing]]
    let found = try reading(sample)
    #expect(
      try dictionary(found, "q1") == [
        "1", "2", "3", "4", "7 (unspecified)", "8 (dontKnow)", "9 (refused)", " (noAnswer)",
      ])
    #expect(
      answers(try found.dataset.column("q1")) == [
        "2", "1", "8 (dontKnow)", "9 (refused)", "7 (unspecified)", "4", " (noAnswer)",
      ])
    let numbers = try reading(sample, .only(["q1": .number]))
    #expect(
      answers(try numbers.dataset.column("q1")) == [
        "2", "1", "(dontKnow)", "(refused)", "(unspecified)", "4", "(noAnswer)",
      ])
  }

  @Test("missing ranges, with LO and HI and a value beside them")
  func missingRanges() throws {
    let lowest = (-Double.greatestFiniteMagnitude).nextUp
    var sample = SAVSample()
    sample.items = [
      .init(name: "low", missing: [.number(lowest), .number(0)], missingCount: -2),
      .init(
        name: "high",
        missing: [.number(90), .number(.greatestFiniteMagnitude), .number(5)], missingCount: -3),
    ]
    sample.rows = [-1e300, -3, 0, 1, 5, 90, 1e9].map { [.number($0), .number($0)] }
    let found = try reading(sample)
    let missing = { (name: String) in
      answers(try found.dataset.column(name)).map { $0.hasSuffix("(unspecified)") }
    }
    #expect(try missing("low") == [true, true, true, false, false, false, false])
    #expect(try missing("high") == [false, false, false, false, true, true, true])
    #expect(found.variables[0].missingRanges == [-.infinity...0])
    #expect(found.variables[1].missingRanges == [90...(.infinity)])
    #expect(found.variables[1].missingValues == ["5"])
  }

  @Test("labels and missing values of strings, short and long")
  func strings() throws {
    var sample = SAVSample()
    sample.items = [
      .init(name: "sex", width: 2, missing: [.text("X")], missingCount: 1),
      .init(name: "town", width: 12),
    ]
    sample.labels = [([(.text("F"), "Kvinde"), (.text("X"), "Uoplyst")], [0])]
    var long = sample.int(4) + Array("town".utf8)
    long += sample.ints(12, 1, 12)
    long += Array("Copenhagen  ".utf8)
    long += sample.int(9)
    long += Array("Hovedstad".utf8)
    var missing = sample.int(4) + Array("town".utf8)
    missing += [1]
    missing += sample.int(8)
    missing += Array("None    ".utf8)
    sample.information = [(21, 1, long), (22, 1, missing)]
    sample.rows = [
      [.text("F"), .text("Copenhagen")], [.text("X"), .text("None")], [.text(""), .text("Aarhus")],
    ]
    let found = try reading(sample)
    #expect(try dictionary(found, "sex") == ["F", " (noAnswer)", "X (noAnswer)"])
    #expect(try dictionary(found, "town") == ["Aarhus", "Copenhagen", "None (unspecified)"])
    #expect(
      found.dataset.codebook.label(of: "Copenhagen", in: "town", language: .da) == "Hovedstad")
  }

  @Test("long names, measurement, and multiple-response sets of both kinds and both records")
  func names() throws {
    var sample = SAVSample()
    sample.items = [.init(name: "A"), .init(name: "B"), .init(name: "C", label: "Tredje")]
    sample.information = [
      (13, 1, Array("A=Første\tB=anden_kolonne".utf8)), (20, 1, Array("UTF-8".utf8)),
      (11, 4, [1, 8, 1, 2, 8, 1, 3, 8, 0].flatMap(sample.int)),
      (7, 1, Array("$any=D1 1 12 Hvad er sket? a b c\n$topic=C 5 Emner a b\n".utf8)),
      (19, 1, Array("$extra=E 11 1 2 0  b c\n$any=D1 1 3 Nyt a b\n$bad=D9 1 x\n".utf8)),
    ]
    sample.rows = [[.number(1), .number(2), .number(3)]]
    let found = try reading(sample)
    #expect(found.dataset.columns.map(\.name) == ["Første", "anden_kolonne", "C"])
    #expect(found.dataset.codebook.label(of: "C", language: .da) == "Tredje")
    #expect(
      ["Første", "anden_kolonne", "C"].map { found.dataset.codebook.variables[$0]?.measurement }
        == [.nominal, .ordinal, .scale])
    let sets = found.dataset.codebook.multiResponseSets
    #expect(sets.map(\.name) == ["topic", "extra", "any"])
    #expect(sets.map(\.coding) == [.categories, .dichotomies, .dichotomies])
    #expect(sets.map(\.selected) == ["1", "2", "1"])
    #expect(
      sets.map(\.columns) == [
        ["Første", "anden_kolonne"], ["anden_kolonne", "C"], ["Første", "anden_kolonne"],
      ])
  }

  @Test(
    "texts are read in the file's encoding",
    arguments: [
      ("windows-1252", nil, [0xE6, 0x80], "æ€"), ("ISO-8859-15", nil, [0xE6, 0xA4], "æ€"),
      ("ISO-8859-5", nil, [0xB6, 0xD0], "Жа"), ("windows-1251", nil, [0xC6, 0xE0], "Жа"),
      ("", 1252, [0xE6, 0x80], "æ€"), ("", 65001, [0xC3, 0xA6], "æ"), ("", 28605, [0xA4], "€"),
      ("", 2, [0xE6], "æ"), ("UTF-8", 1252, [0xC3, 0xA6], "æ"),
    ] as [(String, Int?, [UInt8], String)])
  func encodings(_ name: String, _ code: Int?, _ bytes: [UInt8], _ text: String) throws {
    var sample = SAVSample()
    sample.items = [.init(name: "q", width: 8)]
    if !name.isEmpty { sample.information.append((20, 1, Array(name.utf8))) }
    if let code {
      sample.information.append((3, 4, [1, 0, 0, -1, 1, 1, 2, code].flatMap(sample.int)))
    }
    sample.rows = [[.text("@@@@@@@@")]]
    var file = sample.bytes
    file.removeLast(8)
    file += bytes
    file += [UInt8](repeating: 32, count: 8 - bytes.count)
    let found = try withFile(file, named: "a.sav") { try readSAV(at: $0, selecting: .all) }
    #expect(answers(try found.dataset.column("q")) == [text])
  }

  @Test("an unknown encoding and two variables of one name are dealt with")
  func oddities() throws {
    var sample = SAVSample()
    sample.items = [.init(name: "A"), .init(name: "A"), .init(name: "")]
    sample.rows = [[.number(1), .number(2), .number(3)]]
    #expect(try reading(sample).dataset.columns.map(\.name) == ["A", "A_2", "VAR3"])
    sample.information = [(20, 1, Array("no-such-code".utf8))]
    #expect(throws: SAVError.self) { _ = try reading(sample) }
  }

  @Test("days and times are ISO 8601; as numbers they are SPSS' seconds")
  func moments() throws {
    var sample = SAVSample()
    let formats = [20, 22, 21, 25].map { $0 << 16 | 11 << 8 }
    sample.items = zip(["day", "both", "time", "long"], formats).map { name, format in
      .init(name: name, format: format)
    }
    let day = 13_744_944_000.0
    sample.rows = [
      [.number(day), .number(day + 36_610.5), .number(36_610), .number(90_000)],
      [.systemMissing, .number(1e18), .number(0), .systemMissing],
    ]
    let found = try reading(sample)
    #expect(answers(try found.dataset.column("day")) == ["2018-05-06", " (noAnswer)"])
    #expect(
      answers(try found.dataset.column("both")) == ["2018-05-06T10:10:10.500000", "1e+18"])
    #expect(answers(try found.dataset.column("time")) == ["10:10:10", "00:00:00"])
    #expect(answers(try found.dataset.column("long")) == ["25:00:00", " (noAnswer)"])
    let number = try reading(sample, .only(["day": .number]))
    #expect(answers(try number.dataset.column("day")) == ["13744944000", "(noAnswer)"])
  }
}
