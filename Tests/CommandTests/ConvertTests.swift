import Foundation
import SurveyTestSupport
import Testing

@Suite("convert")
struct ConvertTests {
  @Test("a column store answers as the file that it was made from")
  func store() throws {
    try withFolder { folder in
      let store = folder.appending(path: "schools.pejl").path
      let design = ["--weight", "pw", "--strata", "stype", "--fpc", "fpc"]
      let made = try runPejling(
        ["convert", schools, "-o", store] + design, directory: Fixture.packageRoot)
      #expect(made.status == 0 && made.stderr.isEmpty && made.stdout.isEmpty)
      let question = ["--item", "awards", "--by", "stype", "--format", "csv"]
      let from = try ask(["share", schools] + question + design)
      #expect(try ask(["share", store] + question + design).stdout == from.stdout)
      let table = try ask(["share", store, "--item", "awards", "--format", "json"] + design)
      let input = try json(table)["input"] as? [String: Any]
      #expect(input?["path"] as? String == store)
      #expect((input?["sha256"] as? String)?.count == 64)
      // Back again: the rows in the order of the file.
      let csv = folder.appending(path: "schools.csv").path
      #expect(try ask(["convert", store, "-o", csv]).status == 0)
      #expect(
        try ask(["describe", csv, "--format", "csv"]).stdout
          == ask(["describe", schools, "--format", "csv"]).stdout)
      let written = try String(contentsOfFile: csv, encoding: .utf8).split(separator: "\n")
      let original = try Fixture.text("data/api/apistrat.csv").split(separator: "\n")
      #expect(written.count == original.count)
      for (a, b) in zip(written, original).dropFirst() {
        #expect(a.split(separator: ",")[0] == b.split(separator: ",")[0].replacing("\"", with: ""))
      }
      let check = try ask(["convert", store, "--check"])
      #expect(check.status == 0 && check.stdout.contains("as they were written"))
    }
  }

  @Test("a message from a store in design order names the source's row")
  func rowNumbers() throws {
    try withFolder { folder in
      let csv = folder.appending(path: "a.csv")
      try Data("g,x\nb,1\na,ja\nb,3\na,4\n".utf8).write(to: csv)
      let store = folder.appending(path: "a.pejl").path
      #expect(try ask(["convert", csv.path, "-o", store, "--strata", "g"]).status == 0)
      let outcome = try ask(["mean", store, "--item", "x"])
      #expect(outcome.status == 65 && outcome.stderr.contains("a.pejl, row 2:"))
    }
  }

  @Test("SPSS and Stata files carry the labels of a survey file")
  func labels() throws {
    try withFolder { folder in
      let survey = "fixtures/jobcenter-2022/survey.yaml"
      for suffix in ["sav", "zsav", "dta", "pejl"] {
        let file = folder.appending(path: "jobcenter.\(suffix)").path
        let made = try ask(["convert", survey, "-o", file, "--quiet"])
        #expect(made.status == 0, Comment(rawValue: made.stderr))
        let question = [
          "--item", "stress", "--weight", "weight", "--format", "csv", "--language", "da",
        ]
        let there = try ask(["share", file] + question)
        #expect(there.status == 0, Comment(rawValue: there.stderr))
        let here = try ask(
          ["share", survey, "--minimum-base", "0", "--minimum-count", "0"] + question)
        func shares(_ outcome: Outcome) -> [String] {
          outcome.stdout.split(separator: "\n").dropFirst().map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).prefix(6)
              .joined(separator: ",")
          }
        }
        #expect(shares(there) == shares(here) && !shares(here).isEmpty, "\(suffix)")
      }
    }
  }

  @Test("cache: true gives the same answers, and a store beside the data")
  func cache() throws {
    try withFolder { folder in
      let text = "id;q1;w\n1;ja;0,5\n2;nej;1,5\n3;ja;1\n4;;2\n"
      try Data(text.utf8).write(to: folder.appending(path: "a.csv"))
      let plain = "survey: En\ndata: [a.csv]\nvariables:\n  q1: {categories: {ja: Ja, nej: Nej}}\n"
      try Data(plain.utf8).write(to: folder.appending(path: "plain.yaml"))
      try Data((plain + "cache: true\n").utf8).write(to: folder.appending(path: "cached.yaml"))
      let options = [
        "--item", "q1", "--weight", "w", "--format", "csv", "--minimum-base", "0",
        "--minimum-count", "0",
      ]
      let expected = try ask(["share", folder.path + "/plain.yaml"] + options).stdout
      #expect(!expected.isEmpty)
      for _ in 0..<2 {
        #expect(try ask(["share", folder.path + "/cached.yaml"] + options).stdout == expected)
        #expect(try ask(["convert", folder.path + "/a.csv.pejl", "--check"]).status == 0)
      }
    }
  }

  @Test("what cannot be converted is said, and nothing is written")
  func faults() throws {
    try withFolder { (folder: URL) throws in
      let out = folder.appending(path: "x").path
      #expect(try ask(["convert", schools, "-o", out + ".doc"]).status == 64)
      #expect(try ask(["convert", schools]).status == 64)
      #expect(try ask(["convert", "nowhere.csv", "-o", out + ".csv"]).status == 66)
      #expect(try ask(["convert", schools, "-o", folder.path + "/no/x.sav"]).status == 73)
      #expect(try ask(["convert", schools, "-o", folder.path + "/no/x.pejl"]).status == 73)
      #expect(try ask(["convert", "nowhere.pejl", "--check"]).status == 66)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }

  @Test("kill -9 at 100 moments of a write leaves the old store whole or the new one")
  func killed() throws {
    try withFolder { folder in
      // Two files of one size, so that old and new differ in every column.
      func answers(_ shift: Int) -> String {
        var text = "id,a,b,c,d,e\n"
        for row in 0..<20_000 {
          text += "\(row + shift * 100_000),\(row % (5 + shift)),\(row % (7 + shift)),"
          text += "\(row % (11 + shift)),\(Double(row) / Double(3 + shift)),t\(row % 700 + shift)\n"
        }
        return text
      }
      let store = folder.appending(path: "data.pejl").path
      for shift in 0...1 {
        try Data(answers(shift).utf8).write(to: folder.appending(path: "\(shift).csv"))
      }
      let arguments = { (shift: Int) in
        ["convert", folder.appending(path: "\(shift).csv").path, "-o", store]
      }
      let clock = ContinuousClock()
      var first: Int32 = -1
      let whole = try clock.measure { first = try ask(arguments(0)).status }
      #expect(first == 0)
      let manifest = URL(filePath: store + "/manifest.json")
      let old = try Data(contentsOf: manifest)
      #expect(try ask(arguments(1)).status == 0)
      let new = try Data(contentsOf: manifest)
      #expect(old != new)
      var generator = SeededGenerator(seed: 9)
      var killed = 0
      for trial in 0..<100 {
        let process = Process()
        process.executableURL = try pejlingBinary()
        process.arguments = arguments(trial % 2)
        try process.run()
        let share = Double.random(in: 0...1.1, using: &generator)
        usleep(UInt32(Double(whole.components.attoseconds) / 1e12 * share))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        if process.terminationReason == .uncaughtSignal { killed += 1 }
        let found = try Data(contentsOf: manifest)
        #expect(found == old || found == new)
        let check = try ask(["convert", store, "--check"])
        #expect(check.status == 0, Comment(rawValue: check.stderr))
      }
      #expect(killed > 20)
      // The next write that ends clears up after those that did not.
      #expect(try ask(arguments(0)).status == 0)
      let left = try FileManager.default.contentsOfDirectory(atPath: store)
      #expect(left.count == 8 && !left.contains { $0.hasSuffix(".part") })
    }
  }
}
