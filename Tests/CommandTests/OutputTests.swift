import Foundation
import SurveyTestSupport
import Testing

@Suite("Output")
struct OutputTests {
  private static let options = ["--item", "awards", "--weight", "pw", "--strata", "stype"]

  private func share(_ more: String...) throws -> Outcome {
    try runPejling(["share", schools] + Self.options + more, directory: Fixture.packageRoot)
  }

  /// The keys of an object in the order of the text, at the top level and in the first element of
  /// each list.
  private func keys(_ text: String, atIndent indent: Int) -> [String] {
    text.split(separator: "\n").compactMap { line in
      let start = String(repeating: " ", count: indent) + "\""
      guard line.hasPrefix(start) else { return nil }
      return String(line.dropFirst(start.count).prefix { $0 != "\"" })
    }
  }

  @Test("JSON has every key of the contract, in its order")
  func contractKeys() throws {
    let outcome = try share("--format", "json", "--by", "sch.wide")
    #expect(outcome.status == 0)
    #expect(
      keys(outcome.stdout, atIndent: 2) == [
        "schema", "command", "input", "rows", "design", "estimates", "tests", "coefficients",
        "differences", "weighting", "warnings",
      ])
    let estimateKeys = [
      "statistic", "variable", "category", "label", "net", "group", "estimate", "standardError",
      "interval", "count", "base", "weightedBase", "designEffect", "degreesOfFreedom", "suppressed",
    ]
    let found = keys(outcome.stdout, atIndent: 6)
    #expect(found.count == 4 * estimateKeys.count)
    for (index, key) in found.enumerated() {
      #expect(key == estimateKeys[index % estimateKeys.count])
    }
    let result = try json(outcome)
    #expect(result["schema"] as? String == "pejling/1")
    #expect(result["command"] as? String == "share")
    #expect(result["weighting"] is NSNull)
    let input = try #require(result["input"] as? [String: Any])
    #expect(input["path"] as? String == schools)
    #expect((input["sha256"] as? String)?.count == 64)
    let rows = try #require(result["rows"] as? [String: Any])
    #expect(rows["read"] as? Int == 200)
    let excluded = try #require(rows["excluded"] as? [String: Int])
    #expect(Set(excluded.keys).isSuperset(of: ["where", "missing", "weight"]))
    #expect(rows["used"] as? Int == 200 - excluded.values.reduce(0, +))
    let design = try #require(result["design"] as? [String: Any])
    #expect(design["weight"] as? String == "pw" && design["strata"] as? Int == 3)
    #expect(design["clusters"] as? Int == 200 && design["degreesOfFreedom"] as? Int == 197)
    #expect(design["variance"] as? String == "linearization")
    let interval = try #require(estimates(outcome)[0]["interval"] as? [String: Any])
    #expect(Set(interval.keys) == ["low", "high", "level", "method"])
  }

  @Test("JSON keeps full precision, and shares are fractions that add up to one")
  func fullPrecision() throws {
    let shares = try estimates(try share("--format", "json")).map {
      try #require($0["estimate"] as? Double)
    }
    expectClose(shares.reduce(0, +), 1)
    // R survey 4.1: fixtures/reference/r-survey-4.1/shares.csv.
    #expect(shares.allSatisfy { $0 > 0 && $0 < 1 && String($0).count > 12 })
  }

  @Test("where there is no figure JSON has null and a warning, never NaN and never 0")
  func undefinedFigures() throws {
    // Nobody in region 4 answered how many hours.
    for format in ["json", "csv", "table", "markdown"] {
      let outcome = try pejling(
        "mean", answers, "--item", "hours", "--by", "region", "--format", format)
      #expect(outcome.status == 0)
      let text = outcome.stdout.lowercased()
      #expect(!text.contains("nan") && !text.contains("inf"))
    }
    let outcome = try pejling(
      "mean", answers, "--item", "hours", "--by", "region", "--format", "json")
    let empty = try estimates(outcome).filter { $0["base"] as? Int == 0 }
    #expect(!empty.isEmpty)
    #expect(empty.allSatisfy { $0["estimate"] is NSNull && $0["interval"] is NSNull })
    let warnings = try #require(try json(outcome)["warnings"] as? [String])
    #expect(warnings.contains { $0.contains("nobody answered") })
    #expect(warnings.allSatisfy { outcome.stderr.contains($0) })
  }

  @Test("every format holds the same figure")
  func formats() throws {
    let value = try #require(try estimates(share("--format", "json"))[0]["estimate"] as? Double)
    let percent = String(format: "%.1f%%", value * 100)
    let table = try share("--format", "table")
    #expect(try share().output == table.output)
    #expect(table.stdout.hasPrefix("awards\n") && table.stdout.contains(percent))
    let csv = try share("--format", "csv")
    let row = try #require(try ReferenceTable.rows(of: csv.stdout).first)
    // Foundation reads some numbers a last bit off.
    expectClose(try #require(row.number("estimate")), value, relative: 1e-15)
    #expect(row["category"] == "No" && row["suppressed"] == "false")
    let markdown = try share("--format", "markdown")
    #expect(markdown.stdout.hasPrefix("## awards\n") && markdown.stdout.contains("| \(percent) |"))
    for outcome in [table, csv, markdown] { #expect(outcome.status == 0) }
  }

  @Test("a file's suffix gives its format, and the file is what standard output would be")
  func outputFiles() throws {
    try withFolder { folder in
      for (name, format) in [
        ("a.json", "json"), ("a.csv", "csv"), ("a.md", "markdown"), ("a.txt", "table"),
      ] {
        let path = folder.appending(path: name).path
        let outcome = try share("-o", path)
        #expect(outcome.status == 0 && outcome.output.isEmpty)
        let expected = try share("--format", format)
        #expect(try Data(contentsOf: URL(filePath: path)) == expected.output)
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(names.sorted() == ["a.csv", "a.json", "a.md", "a.txt"], "no temporary file is left")
    }
  }

  @Test("an output that cannot be written is exit code 73 and leaves nothing behind")
  func unwritable() throws {
    try withFolder { folder in
      let missing = folder.appending(path: "not/here.json").path
      let outcome = try share("-o", missing)
      #expect(outcome.status == 73 && outcome.output.isEmpty)
      #expect(
        outcome.stderr
          == "error: \(missing): cannot be written: No such file or directory. Choose another file with -o.\n"
      )
      // A folder stands where the file should: the rename is refused.
      let taken = folder.appending(path: "taken.json")
      try FileManager.default.createDirectory(at: taken, withIntermediateDirectories: true)
      #expect(try share("-o", taken.path).status == 73)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["taken.json"])
    }
    #expect(try shell("pejling share \(schools) --item stype > /dev/full").status == 73)
  }

  @Test("a command that fails leaves an earlier output as it was")
  func untouched() throws {
    try withFolder { folder in
      let path = folder.appending(path: "a.json")
      try Data("before".utf8).write(to: path)
      #expect(try pejling("share", schools, "--item", "nothing", "-o", path.path).status == 65)
      #expect(try String(contentsOf: path, encoding: .utf8) == "before")
      #expect(try share("-o", path.path).status == 0)
      #expect(try String(contentsOf: path, encoding: .utf8).hasPrefix("{"))
    }
  }

  @Test("a suffix that names no format is a usage fault")
  func unknownSuffix() throws {
    let outcome = try share("-o", "a.docx")
    #expect(outcome.status == 64 && outcome.stderr.contains("'a.docx' names no format"))
  }

  @Test("a closed pipe ends the command in silence")
  func closedPipe() throws {
    let outcome = try shell("pejling describe \(schools) --format json | head -n 1")
    #expect(outcome.stdout == "{\n" && outcome.stderr.isEmpty)
  }

  @Test("warnings of JSON and CSV go to standard error, unless --quiet")
  func warnings() throws {
    let loud = try pejling("share", answers, "--item", "agree", "--format", "csv")
    #expect(loud.stderr.hasPrefix("warning: 'agree': "))
    #expect(!loud.stdout.contains("warning"))
    let quiet = try pejling("share", answers, "--item", "agree", "--format", "csv", "--quiet")
    #expect(quiet.stderr.isEmpty && quiet.stdout == loud.stdout)
  }

  @Test("Danish has its own words and marks, and JSON keeps its points")
  func danish() throws {
    let table = try share("--language", "da", "--decimals", "2").stdout
    #expect(table.contains("andel") && table.contains("95 % interval"))
    #expect(table.contains(" %") && !table.contains("share"))
    #expect(
      try share("--language", "da", "--format", "json").stdout == share("--format", "json").stdout)
  }

  @Test("emphasis is for a terminal, and for none that refuses it")
  func colour() throws {
    let escape = "\u{1B}["
    #expect(!(try share().stdout.contains(escape)))
    #expect(try onTerminal([:]).contains(escape))
    #expect(try onTerminal(["NO_COLOR": ""]).contains(escape))
    #expect(!(try onTerminal(["NO_COLOR": "1"]).contains(escape)))
    #expect(!(try onTerminal([:], "--no-color").contains(escape)))
  }

  /// What a terminal is shown; `script` (Debian: bsdutils, always there) is one.
  private func onTerminal(_ environment: [String: String], _ more: String...) throws -> String {
    let line = (["pejling share", schools] + Self.options + more).joined(separator: " ")
    let refusal = environment["NO_COLOR"].map { "NO_COLOR='\($0)'" } ?? "-u NO_COLOR"
    let outcome = try shell("env \(refusal) script -qec '\(line)' /dev/null")
    try #require(outcome.status == 0, Comment(rawValue: outcome.stderr))
    return outcome.stdout
  }
}
