import Foundation
import SurveyData
import SurveyFiles
import SurveyTestSupport
import Testing

/// What pyreadstat 1.3.7 reads: `fixtures/reference/pyreadstat/dump.py`.
struct GoldenDump: Decodable {
  struct File: Decodable {
    let file: String
    let momentsAreNumbers: Bool
    let rows: Int
    let label: String
    let variables: [Described]
    let sets: [ResponseSet]
  }

  struct Described: Decodable {
    let name: String
    let label: String
    let format: String
    let measure: String
    let labels: [[Cell]]
    let missing: [[Cell]]
    let values: [Cell]
  }

  struct ResponseSet: Decodable {
    let name: String
    let dichotomies: Bool
    let selected: String?
    let label: String
    let columns: [String]
  }

  /// A number, a text, or nothing.
  enum Cell: Decodable, Equatable {
    case number(Double)
    case text(String)
    case none

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if value.decodeNil() {
        self = .none
      } else if let number = try? value.decode(Double.self) {
        self = .number(number)
      } else {
        self = .text(try value.decode(String.self))
      }
    }

    var code: String {
      switch self {
      case .number(let number): shortestText(number)
      case .text(let text): text
      case .none: ""
      }
    }
  }

  let files: [File]

  static func files() throws -> [File] {
    let bytes = try Fixture.bytes("reference/pyreadstat/golden.json")
    return try JSONDecoder().decode(GoldenDump.self, from: Data(bytes)).files
  }
}

@Suite("SAV: every labelled file agrees with pyreadstat 1.3.7")
struct SAVGoldenTests {
  @Test(
    "names, labels, missing values, formats, sets and values", arguments: try GoldenDump.files())
  func file(_ golden: GoldenDump.File) throws {
    let path = Fixture.path("data/labelled_sav/\(golden.file)")
    let reading = try readSAV(at: path, selecting: .all)
    let dataset = reading.dataset
    #expect(dataset.rowCount == golden.rows)
    #expect(dataset.columns.map(\.name) == golden.variables.map(\.name))
    #expect(dataset.source.columnNames == golden.variables.map(\.name))
    #expect(reading.label == golden.label)
    for (variable, described) in zip(golden.variables, reading.variables) {
      let entry = try #require(dataset.codebook.variables[variable.name])
      #expect(entry.label[.en] == variable.label)
      #expect(described.format == variable.format)
      #expect((entry.measurement?.rawValue ?? "unknown") == variable.measure)
      let labelled = entry.categories.filter { !$0.label.isEmpty }
      #expect(
        Dictionary(uniqueKeysWithValues: labelled.map { ($0.code, $0.label[.en]) })
          == Dictionary(uniqueKeysWithValues: variable.labels.map { ($0[0].code, $0[1].code) }))
      let points = variable.missing.filter { $0[0] == $0[1] }.map { $0[0].code }
      #expect(described.missingValues == points)
      let ranges = variable.missing.filter { $0[0] != $0[1] }.map { range in
        range.map { cell -> Double? in if case .number(let number) = cell { number } else { nil } }
      }
      #expect(
        described.missingRanges
          == ranges.map { ($0[0] ?? -.infinity)...($0[1] ?? .infinity) })
      try compareValues(variable, golden, described, path: path, dataset)
    }
    #expect(dataset.codebook.multiResponseSets.count == golden.sets.count)
    for expected in golden.sets {
      let set = try #require(
        dataset.codebook.multiResponseSets.first { $0.name == expected.name })
      #expect(set.columns == expected.columns)
      #expect(set.label[.en] == expected.label)
      #expect((set.coding == .dichotomies) == expected.dichotomies)
      if let selected = expected.selected { #expect(set.selected == selected) }
    }
  }

  private func compareValues(
    _ variable: GoldenDump.Described, _ golden: GoldenDump.File, _ described: SAVVariable,
    path: String, _ dataset: Dataset
  ) throws {
    var values = try dataset.column(variable.name).values
    let isNumber = variable.values.contains { if case .number = $0 { true } else { false } }
    if isNumber, case .categorical(let column) = values,
      column.categories.contains(where: { $0.missing == nil && $0.number == nil })
    {
      // Moments that pyreadstat leaves as the numbers they are.
      let again = try readSAV(at: path, selecting: .only([variable.name: .number]))
      values = try again.dataset.column(variable.name).values
    }
    switch values {
    case .categorical(let column):
      for (row, expected) in variable.values.enumerated() {
        let category = column.categories[column.index(at: row)]
        #expect(category.code == expected.code, "\(variable.name), row \(row + 1)")
        let isMissing = expected.code.isEmpty || isUserMissing(expected, described)
        #expect((category.missing != nil) == isMissing, "\(variable.name), row \(row + 1)")
      }
    case .numeric(let column):
      for (row, expected) in variable.values.enumerated() {
        let number = column.withValues { $0[row] }
        switch expected {
        case .number(let value) where !isUserMissing(expected, described):
          #expect(number == value, "\(variable.name), row \(row + 1)")
        case .number: #expect(number.isNaN && column.missingReason(at: row) == .unspecified)
        default: #expect(number.isNaN && column.missingReason(at: row) == .noAnswer)
        }
      }
    }
  }

  private func isUserMissing(_ cell: GoldenDump.Cell, _ described: SAVVariable) -> Bool {
    if described.missingValues.contains(cell.code) { return true }
    if case .number(let number) = cell {
      return described.missingRanges.contains { $0.contains(number) }
    }
    return false
  }
}
