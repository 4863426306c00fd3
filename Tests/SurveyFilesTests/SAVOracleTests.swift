import SurveyData
import SurveyFiles
import SurveyTestSupport
import Testing

@Suite("SAV: every labelled file agrees with ReadStat")
struct SAVOracleTests {
  @Test("columns, reasons and labels", arguments: try GoldenDump.files().map(\.file))
  func file(_ name: String) throws {
    try compare(Fixture.path("data/labelled_sav/\(name)"))
  }

  @Test("a file of every kind of value", arguments: [0, 1, 2], [false, true])
  func sample(compression: Int, isBigEndian: Bool) throws {
    var sample = SAVCaseTests.sample(rows: 700)
    sample.items[0].missing = [.number(0), .number(1), .number(4)]
    sample.items[0].missingCount = -3
    sample.items[2].missing = [.text("m")]
    sample.items[2].missingCount = 1
    sample.labels = [([(.number(2), "To"), (.number(4), "Ved ikke"), (.number(9), "Ni")], [0])]
    sample.compression = compression
    sample.isBigEndian = isBigEndian
    try withFile(sample.bytes, named: "sample.sav", compare)
  }

  private func compare(_ path: String) throws {
    let ours = try readSAV(at: path, selecting: .all).dataset
    let theirs = try readStatFile(at: path, as: .sav, selecting: .all).dataset
    #expect(ours.rowCount == theirs.rowCount)
    #expect(ours.source.sha256 == theirs.source.sha256)
    #expect(ours.columns.map(\.name) == theirs.columns.map(\.name))
    for (a, b) in zip(ours.columns, theirs.columns) {
      #expect(answers(a) == answers(b), "\(a.name)")
      #expect(
        ours.codebook.variables[a.name]!.categories == theirs.codebook.variables[a.name]!.categories
      )
    }
  }
}

/// A column row by row: the code and the reason.
func answers(_ column: Column) -> [String] {
  switch column.values {
  case .categorical(let column):
    let texts = column.categories.map { category in
      category.code + (category.missing.map { " (\($0.rawValue))" } ?? "")
    }
    var result: [String] = []
    column.forEachIndex { _, index in result.append(texts[index]) }
    return result
  case .numeric(let column):
    return (0..<column.rowCount).map { row in
      column.missingReason(at: row).map { "(\($0.rawValue))" }
        ?? shortestText(column.withValues { $0[row] })
    }
  }
}
