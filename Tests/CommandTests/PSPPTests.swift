import Foundation
import SurveyTestSupport
import Testing

/// PSPP, where it is installed: CI installs it, a newcomer need not.
private let pspp: URL? = ["/usr/bin/pspp", "/usr/local/bin/pspp"]
  .first { FileManager.default.isExecutableFile(atPath: $0) }.map { URL(fileURLWithPath: $0) }

@Suite("PSPP opens what convert writes and counts the same", .enabled(if: pspp != nil))
struct PSPPTests {
  @Test("frequencies, labels and missing values", arguments: ["sav", "zsav"])
  func frequencies(suffix: String) throws {
    let pspp = try #require(pspp)
    let survey = "fixtures/jobcenter-2022/survey.yaml"
    let items = ["stress", "trust_politicians", "follow_up", "region", "sex"]
    try withFolder { folder in
      let file = folder.appending(path: "jobcenter.\(suffix)").path
      let made = try runPejling(
        ["convert", survey, "-o", file, "--quiet"], directory: Fixture.packageRoot)
      #expect(made.status == 0, Comment(rawValue: made.stderr))
      let syntax = folder.appending(path: "frequencies.sps")
      try Data(
        "GET FILE='\(file)'.\nFREQUENCIES VARIABLES=\(items.joined(separator: " ")).\n".utf8
      ).write(to: syntax)
      let counted = try run(pspp, ["-O", "format=csv", syntax.path], directory: folder)
      #expect(counted.status == 0, Comment(rawValue: counted.stdout + counted.stderr))
      let described = try json(
        runPejling(
          ["describe", file, "--format", "json"] + items, directory: Fixture.packageRoot))
      let columns = try #require(described["columns"] as? [[String: Any]])
      #expect(columns.count == items.count)
      for column in columns {
        let categories = try #require(column["categories"] as? [[String: Any]])
        for category in categories {
          let (label, count) = try (
            #require(category["label"] as? String), #require(category["count"] as? Int)
          )
          guard count > 0 else { continue }
          // A line of PSPP's table: Valid,label,frequency,percent …
          let line = counted.stdout.split(separator: "\n").first { line in
            line.contains("\(label),\(count),") || line.contains("\(label)\",\(count),")
          }
          #expect(line != nil, "\(column["name"] ?? ""): \(label) \(count)")
        }
      }
    }
  }
}
