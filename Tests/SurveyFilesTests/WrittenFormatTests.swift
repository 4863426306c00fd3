import Foundation
import SurveyData
import SurveyFiles
import SurveyTestSupport
import Testing

/// The formats of a round trip, as a mask.
struct Formats: OptionSet {
  let rawValue: Int
  static let csv = Formats(rawValue: 1)
  static let store = Formats(rawValue: 2)
  static let sav = Formats(rawValue: 4)
  static let zsav = Formats(rawValue: 8)
  static let dta = Formats(rawValue: 16)
  static let spss: Formats = [.sav, .zsav]
  static let labelled: Formats = [.store, .sav, .zsav]
  static let all: Formats = [.csv, .store, .sav, .zsav, .dta]

  var each: [WritableFormat] {
    let pairs: [(Formats, WritableFormat)] = [
      (.csv, .csv), (.store, .store), (.sav, .sav), (.zsav, .zsav), (.dta, .dta),
    ]
    return pairs.filter { contains($0.0) }.map(\.1)
  }
}

/// A small dataset and the formats that give it back as it is.
struct RoundTrip: CustomTestStringConvertible {
  let name: String
  let formats: Formats
  let dataset: Dataset
  /// Whether ReadStat's reader is asked, too.
  let hasOracle: Bool

  var testDescription: String { name }

  init(
    _ name: String, _ formats: Formats, _ columns: [Column], labels: [Variable] = [],
    hasOracle: Bool = true
  ) {
    self.hasOracle = hasOracle
    self.name = name
    self.formats = formats
    dataset = Dataset(
      rowCount: columns[0].rowCount, columns: columns,
      codebook: Codebook(
        variables: Dictionary(uniqueKeysWithValues: labels.map { ($0.name, $0) })))
  }

  static let all: [RoundTrip] = [
    RoundTrip("whole numbers as codes", .all, [codes("q1", ["1", "2", "5"], [0, 2, 1, 1, 0])]),
    RoundTrip("an empty cell", .all, [codes("q1", ["1", "2"], [0, 2, 1], [("", .noAnswer)])]),
    RoundTrip(
      "codes that are no plain numbers", .all, [codes("q1", ["0101", "0202", "A1"], [2, 1, 0])]),
    RoundTrip("decimals as codes", .all, [codes("q1", ["-1.5", "0.25", "3"], [2, 1, 0])]),
    RoundTrip(
      "Danish texts", .all,
      [codes("town", ["København", "Ærø, \"øen\"", "Aarhus"].sorted(by: bytewise), [0, 1, 2, 1])]),
    RoundTrip(
      "texts of 8, 9, 255, 256 and 2,000 bytes", .all,
      [8, 9, 255, 256, 2000].map { width in
        codes(
          "t\(width)", [String(repeating: "a", count: width), "b"], [0, 1, 0, 2],
          [("", .noAnswer)])
      }),
    // ReadStat 1.1.8 reads this one otherwise; pyreadstat 1.3.7 reads it as we do.
    RoundTrip(
      "texts of 32,767 bytes", [.csv, .store, .sav, .zsav],
      [codes("t", [String(repeating: "æø", count: 8191) + "abc", "b"], [1, 0])],
      hasOracle: false),
    RoundTrip(
      "days", .all, [codes("dag", ["1899-12-31", "2022-05-02", "2024-02-29"], [2, 0, 1, 1])]),
    RoundTrip(
      "instants", .all,
      [codes("tid", ["2022-05-02T00:00:00", "2022-05-02T13:45:59"], [1, 0])]),
    RoundTrip("times of day", .all, [codes("kl", ["00:00:00", "23:59:59"], [1, 0])]),
    RoundTrip("numbers", .all, [numbers("vægt", 300)]),
    RoundTrip(
      "names that SPSS allows", [.csv, .store, .sav, .zsav],
      [codes("q1.a", ["1"], [0, 0]), codes("@x", ["2"], [0, 0])]),
    RoundTrip(
      "labels", [.store, .sav, .zsav, .dta], [codes("q1", ["1", "2", "5"], [0, 2, 1])],
      labels: [
        variable(
          "q1", "Har du tillid?",
          [("1", "Ja", nil), ("2", "Nej – aldrig", nil), ("5", "Både/og", nil)])
      ]),
    RoundTrip(
      "labels of texts", .labelled, [codes("q1", ["langt svar", "n"], [0, 1, 1])],
      labels: [variable("q1", "", [("langt svar", "Det lange", nil), ("n", "Nej", nil)])]),
    RoundTrip(
      "a label that nobody chose", .labelled, [codes("q1", ["1", "2", "3"], [0, 2, 0])],
      labels: [variable("q1", "", [("1", "Ja", nil), ("2", "Måske", nil), ("3", "Nej", nil)])]),
    RoundTrip(
      "missing codes with reasons", .labelled,
      [
        codes(
          "q1", ["1", "2"], [0, 1, 2, 3, 4, 5],
          [("8", .dontKnow), ("9", .unspecified), ("97", .refused), ("", .noAnswer)])
      ],
      labels: [
        variable(
          "q1", "",
          [
            ("1", "Ja", nil), ("8", "Ved ikke", .dontKnow), ("9", "", .unspecified),
            ("97", "Ønsker ikke at svare", .refused),
          ])
      ]),
    RoundTrip(
      "more missing codes than three", .labelled,
      [
        codes(
          "q1", ["1", "2"], [0, 1, 2, 3, 4, 5, 6],
          [
            ("6", .unspecified), ("7", .unspecified), ("8", .dontKnow), ("9", .refused),
            ("99", .unspecified),
          ])
      ],
      labels: [
        variable("q1", "", [("8", "Ved ikke", .dontKnow), ("9", "Vil ikke svare", .refused)])
      ]),
    RoundTrip(
      "missing texts", .labelled,
      [
        codes(
          "q1", ["ja", "nej"], [0, 1, 2, 3, 4],
          [("", .noAnswer), ("vi", .dontKnow), ("x", .unspecified)])
      ],
      labels: [variable("q1", "", [("vi", "Ved ikke", .dontKnow)])]),
    RoundTrip(
      "Stata's letters", [.store, .dta],
      [codes("q1", ["1", "2"], [0, 1, 2, 3], [(".a", .dontKnow), (".z", .unspecified)])],
      labels: [
        variable(
          "q1", "", [("1", "Ja", nil), (".a", "Ved ikke", .dontKnow), (".z", "", .unspecified)])
      ]),
    RoundTrip(
      "missing numbers with codes", .labelled,
      [numbers("tal", 300, missing: [("-1", .dontKnow), ("-2", .unspecified)])],
      labels: [variable("tal", "", [("-1", "Ved ikke", .dontKnow), ("-2", "", .unspecified)])]),
    RoundTrip(
      "one column with empty cells", .all, [codes("q1", ["1"], [1, 0, 1], [("", .noAnswer)])]),
    RoundTrip(
      "a row of nothing but empty cells", .all,
      [
        codes("a", ["1"], [1, 0], [("", .noAnswer)]), codes("b", ["1"], [1, 0], [("", .noAnswer)]),
      ]),
    RoundTrip(
      "measurement levels", .labelled,
      [codes("a", ["1", "2"], [0, 1]), codes("b", ["1", "2"], [1, 1])],
      labels: [variable("a", "A", [], .ordinal), variable("b", "B", [], .scale)]),
  ]

  private static func bytewise(_ a: String, _ b: String) -> Bool {
    a.utf8.lexicographicallyPrecedes(b.utf8)
  }

  static func codes(
    _ name: String, _ valid: [String], _ indices: [Int],
    _ missing: [(String, MissingReason)] = []
  ) -> Column {
    Column(
      name: name,
      values: .categorical(
        CategoricalColumn(
          categories: valid.map { .init(code: $0) }
            + missing.map { .init(code: $0.0, missing: $0.1) },
          indices: indices)))
  }

  static func numbers(
    _ name: String, _ count: Int, missing: [(String, MissingReason)] = []
  ) -> Column {
    var values = (0..<count).map { Double($0) * 1.1 + 1e-3 }
    var flags = [UInt8](repeating: 0, count: count)
    for index in missing.indices {
      values[index * 7] = .nan
      flags[index * 7] = UInt8(index + 1)
    }
    return Column(
      name: name,
      values: .numeric(
        NumericColumn(
          bytes: Bytes(values), reasons: missing.isEmpty ? nil : Bytes(flags),
          missing: missing.map { .init(code: $0.0, missing: $0.1) })))
  }

  static func variable(
    _ name: String, _ label: String, _ categories: [(String, String, MissingReason?)],
    _ measurement: Variable.Measurement? = nil
  ) -> Variable {
    var variable = Variable(
      name: name, label: label.isEmpty ? LocalizedText() : LocalizedText(label),
      categories: categories.map {
        LabelledCategory(
          code: $0.0, label: $0.1.isEmpty ? LocalizedText() : LocalizedText($0.1), missing: $0.2)
      })
    variable.measurement = measurement
    return variable
  }
}

@Suite("What is written reads back as it was")
struct WrittenFormatTests {
  @Test("every small dataset in every format of its mask", arguments: RoundTrip.all)
  func roundTrip(_ trip: RoundTrip) throws {
    for format in trip.formats.each {
      try withFile([UInt8](), named: "old.txt") { (path: String) throws -> Void in
        let file = path.replacing("old.txt", with: "data.\(format.rawValue)")
        let warnings = try writeData(trip.dataset, to: file, as: format)
        #expect(warnings.isEmpty, "\(format)")
        let found = try readData(at: file, selecting: .all).dataset
        expectSameAnswers(found, trip.dataset, "\(format)")
        if format != .csv { expectSameLabels(found, trip.dataset, "\(format)") }
        if trip.hasOracle, format == .sav || format == .zsav {
          let theirs = try readStatFile(at: file, as: .sav, selecting: .all).dataset
          expectSameAnswers(theirs, trip.dataset, "ReadStat's reader, \(format)")
        }
      }
    }
  }

  @Test("what SPSS has no room for is said")
  func warnings() throws {
    let scattered = RoundTrip.codes(
      "q1", ["1", "3", "5"], [0, 1, 2, 3, 4, 5, 6],
      [("0", .unspecified), ("2", .unspecified), ("4", .unspecified), ("6", .unspecified)])
    let odd = RoundTrip.codes(
      "Q 1: hvad?", ["1"], [0, 0, 0, 0, 0, 0, 1], [("notAsked", .notAsked)])
    let dataset = Dataset(rowCount: 7, columns: [scattered, odd])
    try withFile([UInt8](), named: "old.txt") { (path: String) throws -> Void in
      let file = path.replacing("old.txt", with: "data.sav")
      let warnings = try writeData(dataset, to: file, as: .sav)
      #expect(warnings.contains { $0.contains("'Q 1: hvad?' is Q_1_hvad") })
      #expect(warnings.contains { $0.contains("column 'q1'") && $0.contains("as answers") })
      #expect(warnings.contains { $0.contains("'notAsked'") && $0.contains("'-1'") })
      let found = try readData(at: file, selecting: .all).dataset
      #expect(found.codebook.label(of: "Q_1_hvad", language: .da) == "Q 1: hvad?")
      #expect(answers(found.columns[1]).last == "-1 (notAsked)")
    }
  }

  @Test("multiple-response sets", arguments: [WritableFormat.sav, .zsav, .store])
  func responseSets(_ format: WritableFormat) throws {
    let columns = ["krav_om_tempo_1", "krav_om_tempo_2", "d3"].map {
      RoundTrip.codes($0, ["0", "1"], (0..<900).map { $0 % 2 })
    }
    var topics = MultiResponseSet(
      name: "emner", columns: ["d3", "krav_om_tempo_2"], label: LocalizedText("Emner – æøå"))
    topics.coding = .categories
    let sets = [
      MultiResponseSet(
        name: "krav", columns: columns.map(\.name), label: LocalizedText("Krav"), selected: "1"),
      topics,
    ]
    let dataset = Dataset(
      rowCount: 900, columns: columns, codebook: Codebook(multiResponseSets: sets))
    try withFile([UInt8](), named: "old.txt") { (path: String) throws -> Void in
      let file = path.replacing("old.txt", with: "data.\(format.rawValue)")
      #expect(try writeData(dataset, to: file, as: format).isEmpty)
      let found = try readData(at: file, selecting: .all).dataset
      expectSameAnswers(found, dataset, "\(format)")
      #expect(found.codebook.multiResponseSets.map(\.name) == ["krav", "emner"])
      #expect(found.codebook.multiResponseSets.map(\.columns) == sets.map(\.columns))
      #expect(found.codebook.multiResponseSets.map(\.coding) == [.dichotomies, .categories])
      #expect(found.codebook.multiResponseSets.map { $0.label[.da] } == ["Krav", "Emner – æøå"])
      if format != .store {
        let theirs = try readStatFile(at: file, as: .sav, selecting: .all).dataset
        expectSameAnswers(theirs, dataset, "ReadStat's reader, \(format)")
      }
    }
  }

  @Test("Stata has letters for missing codes, and says which")
  func stata() throws {
    let dataset = Dataset(
      rowCount: 3,
      columns: [
        RoundTrip.codes("q1", ["1", "2"], [0, 2, 3], [("8", .dontKnow), ("9", .refused)])
      ])
    try withFile([UInt8](), named: "old.txt") { (path: String) throws -> Void in
      let file = path.replacing("old.txt", with: "data.dta")
      let warnings = try writeData(dataset, to: file, as: .dta)
      #expect(warnings.count == 2 && warnings[0].contains("'8' (don't know)"))
      let found = try readData(at: file, selecting: .all).dataset
      #expect(answers(found.columns[0]) == ["1", ".a (dontKnow)", ".b (refused)"])
    }
  }

  @Test(
    "the labelled files as .sav, .zsav and .pejl",
    arguments: try GoldenDump.files().map(\.file))
  func labelledFiles(_ name: String) throws {
    let original = try readData(
      at: Fixture.path("data/labelled_sav/\(name)"), selecting: .all
    ).dataset
    for format in [WritableFormat.sav, .zsav, .store] {
      try withFile([UInt8](), named: "old.txt") { (path: String) throws -> Void in
        let file = path.replacing("old.txt", with: "data.\(format.rawValue)")
        _ = try writeData(original, to: file, as: format)
        let found = try readData(at: file, selecting: .all).dataset
        #expect(found.columns.map(\.name) == original.columns.map(\.name))
        for (a, b) in zip(found.columns, original.columns) {
          #expect(answersWithCodes(a) == answersWithCodes(b), "\(b.name) in \(format)")
        }
      }
    }
  }
}

private func expectSameAnswers(_ found: Dataset, _ expected: Dataset, _ format: String) {
  #expect(found.columns.map(\.name) == expected.columns.map(\.name), "\(format)")
  for (a, b) in zip(found.columns, expected.columns) {
    #expect(answersWithCodes(a) == answersWithCodes(b), "\(b.name), \(format)")
  }
}

private func expectSameLabels(_ found: Dataset, _ expected: Dataset, _ format: String) {
  for (name, variable) in expected.codebook.variables {
    guard let other = found.codebook.variables[name] else {
      Issue.record("\(name) is not described, \(format)")
      continue
    }
    #expect(other.label[.da] == variable.label[.da], "\(name), \(format)")
    if format != "dta" { #expect(other.measurement == variable.measurement, "\(name), \(format)") }
    for category in variable.categories where !category.label.isEmpty {
      let same = other.categories.first { $0.code == category.code }
      #expect(same?.label[.da] == category.label[.da], "\(name), \(category.code), \(format)")
      #expect(same?.missing == category.missing, "\(name), \(category.code), \(format)")
    }
  }
}
