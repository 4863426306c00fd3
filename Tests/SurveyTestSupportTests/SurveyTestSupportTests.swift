import Foundation
import SurveyTestSupport
import Testing

@Suite("what tests stand on") struct SurveyTestSupportTests {
  @Test("a NaN, a wrong sign, an infinity and a difference too large are not close")
  func closeness() {
    for (actual, expected) in [
      (Double.nan, 1), (1, .nan), (1, -1), (.infinity, -.infinity), (.infinity, 1), (1, .infinity),
      (1.1, 1), (1e-20, 0), (0, 1e-20),
    ] {
      #expect(!isClose(actual, expected, relative: 1e-3, absolute: 0))
    }
    withKnownIssue("the failure is recorded") { expectClose(2, 1) }
    withKnownIssue("so is a count") { expectClose([1, 2], [1], relative: 1) }
    expectClose(.nan, .nan)
    expectClose(-.infinity, -.infinity)
    expectClose(1.0005, 1, relative: 1e-3)
    expectClose(-1e-20, 1e-20, absolute: 1e-15)
    expectClose([1, 0], [1, -0.0])
  }

  @Test("SplitMix64 gives the numbers of its authors' C program")
  func seededGenerator() {
    var generator = SeededGenerator(seed: 1_234_567)
    #expect(generator.next() == 6_457_827_717_110_365_317)
    #expect(generator.next() == 3_203_168_211_198_807_973)
  }

  @Test("the helpers have the moments of their distributions")
  func moments() {
    var generator = SeededGenerator(seed: 5)
    let n = 40_000
    let uniforms = (0..<n).map { _ in generator.uniform() }
    let normals = (0..<n).map { _ in generator.normal() }
    let dice = (0..<n).map { _ in generator.integer(in: -1...4) }
    #expect(uniforms.allSatisfy { 0 <= $0 && $0 < 1 })
    #expect(Set(dice) == Set(-1...4))
    // Five standard errors.
    expectClose(uniforms.reduce(0, +) / Double(n), 0.5, absolute: 5 * 0.289 / 200)
    expectClose(normals.reduce(0, +) / Double(n), 0, absolute: 5 / 200)
    expectClose(normals.reduce(0) { $0 + $1 * $1 } / Double(n), 1, absolute: 5 * 1.414 / 200)
    expectClose(Double(dice.reduce(0, +)) / Double(n), 1.5, absolute: 5 * 1.708 / 200)
  }

  @Test("a reference table is read with comments, quotes and either line end")
  func referenceTable() throws {
    let rows = try ReferenceTable.rows(
      of: "# made by hand, \"as\" it is\r\na,\"b,c\"\n1,\"x \"\"y\"\"\nz\"\r\n,NA")
    #expect(rows == [["a": "1", "b,c": "x \"y\"\nz"], ["a": "", "b,c": "NA"]])
    #expect(rows[0].number("a") == 1)
    #expect(rows[1].number("a") == nil)
    #expect(rows[1].number("b,c")?.isNaN == true)
  }

  @Test(
    "a reference table out of order is refused",
    arguments: [
      "", "# only\n", "a,a\n1,2", "a,b\n1", "a,b\n1,2,3", "a\n\"1", "a\n\"1\"2", "a\n1\"2\"",
    ])
  func malformedTable(text: String) {
    #expect(throws: ReferenceTable.Fault.self) { try ReferenceTable.rows(of: text) }
  }

  @Test("a process gives its status and its streams, and a signal is negative")
  func process() throws {
    let shell = URL(fileURLWithPath: "/bin/sh")
    let echo = try run(
      shell, ["-c", "cat; echo $WORD >&2; exit 3"], stdin: "æ", environment: ["WORD": "w"])
    #expect(echo.status == 3)
    #expect(echo.stdout == "æ")
    #expect(echo.stderr == "w\n")
    #expect(try run(shell, ["-c", "kill -9 $$"]).status == -9)
    #expect(throws: RunError.self) { try run(shell, ["-c", "exec sleep 30"], timeout: 0.2) }
  }

  @Test("the built command is found and runs")
  func pejling() throws {
    #expect(try runPejling(["--help"], timeout: 20).status == 0)
  }
}
