import Foundation
import SurveyTestSupport
import Testing

/// A small register with its answers, and lines run beside them.
enum SmallRegister {
  /// Six in region 1, four of whom answered; four in region 2, two of whom did.
  static let register = """
    member,region,age,status,answered,base
    a1,1,30,complete,1,2
    a2,1,41,complete,1,2
    a3,1,52,partial,1,2
    a4,1,63,complete,1,2
    a5,1,35,invited,0,2
    a6,1,44,refused,0,2
    b1,2,55,complete,1,1
    b2,2,61,complete,1,1
    b3,2,38,bounced,0,1
    b4,2,47,screenedOut,0,1

    """

  static let answers = """
    member,region,q,base
    a1,1,1,2
    b2,2,0,1
    a2,1,1,2
    a3,1,0,2
    a4,1,1,2
    b1,2,1,1

    """

  /// Runs a line in a folder with the register, the answers and what else is given.
  static func run<Result>(
    _ line: String, _ files: [String: String] = [:],
    _ body: (Outcome, URL) throws -> Result
  ) throws -> Result {
    try withFolder { folder in
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: "fixtures"), withDestinationURL: Fixture.url(""))
      let all = ["register.csv": Self.register, "answers.csv": Self.answers]
        .merging(files) { $1 }
      for (name, text) in all { try Data(text.utf8).write(to: folder.appending(path: name)) }
      return try body(try shell(line, directory: folder), folder)
    }
  }

  static func expectFailure(
    _ options: String, _ files: [String: String] = [:], input: String = "answers.csv",
    status: Int32 = 65, says message: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try run("pejling weight \(input) \(options) -o out.csv --report report.html", files) {
      outcome, folder in
      #expect(outcome.status == status, sourceLocation: sourceLocation)
      let said = outcome.stderr.split(separator: "\n").first.map(String.init) ?? ""
      #expect(
        said == "error: \(message)" || said == "Error: \(message)", "\(outcome.stderr)",
        sourceLocation: sourceLocation)
      #expect(outcome.stdout.isEmpty, sourceLocation: sourceLocation)
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(
        !left.contains { $0.hasPrefix("out.csv") || $0.hasPrefix("report") }, "\(left)",
        sourceLocation: sourceLocation)
    }
  }

  static func column(_ name: String, of file: URL) throws -> [String] {
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    let place = try #require(lines[0].firstIndex(of: name), "\(lines[0])")
    return lines.dropFirst().map { $0[place] }
  }

  static func numbers(_ name: String, of file: URL) throws -> [Double] {
    try column(name, of: file).map { try #require(Double($0)) }
  }

  static let byClass =
    "--register register.csv --id member --disposition status --response-classes region "
    + "--smallest-class 2"

  static let model =
    "--register fixtures/nonresponse/register.csv --id member --disposition status --weight base "
    + "--response-model region,sector,sex,age --response-categorical region,sector,sex"
}
