import Foundation
import SurveyTestSupport
import Testing

/// A thousand damaged copies of a small file of each format, read by `Tests/Fuzz` in a process of
/// its own; `make fuzz` reads 20,000.
@Suite("Damaged files are read or refused: no trap, no hang, no hunger for memory")
struct FuzzTests {
  @Test(
    "1,000 seeded copies",
    arguments: [
      "labelled_sav/pyreadstat/simple_alltypes.sav", "labelled_sav/pyreadstat/sample.zsav",
      "xlsx/answers-calc.xlsx", "danish_csv_variants/excel_da_utf8bom_semikolon.csv",
      "labelled_sav/pyreadstat/sample.por", "readstat/sample.dta", "readstat/sample.xpt",
      "readstat/sample.sas7bdat",
    ])
  func copies(file: String) throws {
    let faults = try faults(of: file, count: 1000)
    #expect(faults.isEmpty)
  }

  /// The copies that ended the process, with how it ended.
  private func faults(of file: String, count: Int) throws -> [String] {
    let fuzz = try pejlingBinary().deletingLastPathComponent().appending(path: "fuzz")
    let folder = FileManager.default.temporaryDirectory.appending(path: "pejling-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let suffix = file.split(separator: ".").last!
    let scratch = folder.appending(path: "copy.\(suffix)").path
    var faults: [String] = []
    var first = 0
    while first < count, faults.count < 10 {
      let outcome = try run(
        fuzz, [Fixture.path("data/" + file), "1", "\(first)", "\(count - first)", scratch],
        timeout: 120)
      if outcome.status == 0 { break }
      let copy = Int(try String(contentsOfFile: scratch + ".progress", encoding: .utf8)) ?? count
      faults.append("copy \(copy) of \(file): \(outcome.status) \(outcome.stdout)")
      first = copy + 1
    }
    return faults
  }
}
