import Foundation
import SurveyData
import SurveyFiles
import SurveyTestSupport
import Testing

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

  @Test(
    "answers in one cell become columns of 0 and 1 for SPSS, which is said",
    arguments: [
      WritableFormat.sav, .zsav,
    ])
  func joinedAnswers(_ format: WritableFormat) throws {
    let cells = RoundTrip.codes(
      "hvad", ["1", "1;3", "2; 1"], [0, 1, 2, 3, 4, 1], [("9", .dontKnow), ("", .noAnswer)])
    var set = MultiResponseSet(
      name: "emner", columns: ["hvad"], label: LocalizedText("Emner"))
    set.coding = .joined(separator: ";")
    set.codes = [
      LabelledCategory(code: "3", label: LocalizedText("Løn")),
      LabelledCategory(code: "1", label: LocalizedText("Tid")),
    ]
    let dataset = Dataset(
      rowCount: 6, columns: [cells], codebook: Codebook(multiResponseSets: [set]))
    try withFile([UInt8](), named: "old.txt") { (path: String) throws -> Void in
      let file = path.replacing("old.txt", with: "data.\(format.rawValue)")
      let warnings = try writeData(dataset, to: file, as: format)
      #expect(warnings.contains { $0.contains("'emner'") && $0.contains("3 columns of 0 and 1") })
      let found = try readData(at: file, selecting: .all).dataset
      #expect(found.columns.map(\.name) == ["hvad", "emner_3", "emner_1", "emner_2"])
      #expect(answers(found.columns[0]) == answers(cells))
      let missing = ["9 (dontKnow)", " (noAnswer)"]
      #expect(answers(found.columns[1]) == ["0", "1", "0"] + missing + ["1"])
      #expect(answers(found.columns[2]) == ["1", "1", "1"] + missing + ["1"])
      #expect(answers(found.columns[3]) == ["0", "0", "1"] + missing + ["0"])
      let back = try #require(found.codebook.multiResponseSets.first)
      #expect(back.name == "emner" && back.coding == .dichotomies && back.selected == "1")
      #expect(back.columns == ["emner_3", "emner_1", "emner_2"])
      #expect(found.codebook.label(of: "emner_3", language: .da) == "Løn")
    }
  }

  @Test("a label that SPSS has no room for is cut between characters, which is said")
  func longLabel() throws {
    let label = String(repeating: "é", count: 70)
    let dataset = Dataset(
      rowCount: 1, columns: [RoundTrip.codes("q1", ["1"], [0])],
      codebook: Codebook(variables: ["q1": RoundTrip.variable("q1", "", [("1", label, nil)])]))
    try withFile([UInt8](), named: "old.txt") { (path: String) throws -> Void in
      let file = path.replacing("old.txt", with: "data.sav")
      let warnings = try writeData(dataset, to: file, as: .sav)
      #expect(warnings.count == 1 && warnings[0].contains("120 bytes"))
      let found = try readData(at: file, selecting: .all).dataset
      let cut = found.codebook.label(of: "1", in: "q1", language: .da)
      #expect(cut == String(repeating: "é", count: 58) + "…")
    }
  }

  @Test("a column store keeps sets of every kind whole")
  func storedSets() throws {
    var joined = MultiResponseSet(
      name: "emner", columns: ["a"], label: LocalizedText(da: "Emner", en: "Topics"))
    joined.coding = .joined(separator: ";")
    joined.question = LocalizedText("Hvad fylder mest?")
    joined.codes = [LabelledCategory(code: "1", label: LocalizedText("Tid"))]
    var ranked = MultiResponseSet(name: "rang", columns: ["b", "c"])
    ranked.coding = .ranked
    ranked.top = 2
    ranked.codes = [LabelledCategory(code: "2", label: LocalizedText("Løn"))]
    var categories = MultiResponseSet(name: "valg", columns: ["b", "c"])
    categories.coding = .categories
    let sets = [joined, ranked, categories, MultiResponseSet(name: "x", columns: ["b"])]
    let dataset = Dataset(
      rowCount: 2,
      columns: ["a", "b", "c"].map { RoundTrip.codes($0, ["1", "2"], [0, 1]) },
      codebook: Codebook(multiResponseSets: sets))
    try withFile([UInt8](), named: "old.txt") { (path: String) throws -> Void in
      let file = path.replacing("old.txt", with: "data.pejl")
      #expect(try writeData(dataset, to: file, as: .store).isEmpty)
      #expect(try readData(at: file, selecting: .all).dataset.codebook.multiResponseSets == sets)
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
