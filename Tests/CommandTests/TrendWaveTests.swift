import Foundation
import SurveyTestSupport
import Testing

@Suite("A trend is of the waves that asked the item")
struct TrendWaveTests {
  /// Sixty answers a wave; `often` was asked in 2018 and 2022, `once` in 2018 alone.
  private static let answers: String = {
    var lines = ["year,often,once"]
    for (wave, year) in [2018, 2020, 2022].enumerated() {
      for row in 0..<60 {
        let often = wave == 1 ? "" : (row % (2 + wave) == 0 ? "ja" : "nej")
        let once = wave == 0 ? (row % 3 == 0 ? "ja" : "nej") : ""
        lines.append("\(year),\(often),\(once)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }()

  @Test(
    "with rules of disclosure or without",
    arguments: [[], ["--minimum-base", "10", "--minimum-count", "3"]])
  func waves(rules: [String]) throws {
    try withFolder { folder in
      let csv = folder.appending(path: "a.csv")
      try Data(Self.answers.utf8).write(to: csv)
      let question =
        ["trend", csv.path, "--top", "ja", "--time", "year", "--format", "json"] + rules
      let often = try ask(question + ["--item", "often"])
      #expect(often.status == 0, Comment(rawValue: often.stderr))
      #expect(try estimates(often).count == 2)
      #expect(!often.stderr.contains("a wave is withheld"))
      let once = try ask(question + ["--item", "once"])
      #expect(once.status == 65 && once.stderr.contains("a.csv: a trend needs two times"))
    }
  }
}
