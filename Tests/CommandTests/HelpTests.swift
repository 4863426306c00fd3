import Foundation
import SurveyTestSupport
import Testing

@Suite("Help")
struct HelpTests {
  @Test("the commands of this release are listed")
  func listed() throws {
    #expect(Set(listedCommands).isSuperset(of: ["describe", "share", "mean", "total", "ratio"]))
  }

  @Test(
    "a command says in one line what it does and ends in an example that runs",
    arguments: [""] + listedCommands)
  func example(command: String) throws {
    let help = try pejling(command.isEmpty ? ["--help"] : [command, "--help"])
    #expect(help.status == 0 && help.stderr.isEmpty)
    let lines = help.stdout.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0].hasPrefix("OVERVIEW: ") && lines[0].hasSuffix("."))
    #expect(lines[0].count <= 100)
    #expect(lines[1].isEmpty, "what it does takes one line")
    #expect(lines.count >= 3 && lines[lines.count - 1].isEmpty)
    #expect(lines[lines.count - 3] == "Example:")
    let line = String(lines[lines.count - 2])
    #expect(line.hasPrefix("  pejling " + (command.isEmpty ? "" : command + " ")))
    // In a folder of its own, so that an example may write a file.
    try withFolder { folder in
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: "fixtures"), withDestinationURL: Fixture.url(""))
      let outcome = try shell(line, directory: folder)
      #expect(outcome.status == 0, Comment(rawValue: outcome.stderr))
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(!outcome.output.isEmpty || files.count > 1, "an example shows something")
    }
  }

  @Test("help COMMAND is COMMAND --help, and no command is a question for help")
  func waysToHelp() throws {
    let long = try pejling("help", "share")
    #expect(try long.status == 0 && long.stdout == pejling("share", "-h").stdout)
    let nothing = try pejling()
    #expect(try nothing.status == 0 && nothing.stdout == pejling("--help").stdout)
  }

  @Test("every command says its name, for to find it out takes the parser a third of its time")
  func names() throws {
    let folder = Fixture.packageRoot.appending(path: "Sources/pejling")
    let files = try #require(
      FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    var count = 0
    for case let file as URL in files where file.pathExtension == "swift" {
      let parts = try String(contentsOf: file, encoding: .utf8)
        .components(separatedBy: "= CommandConfiguration(")
      for part in parts.dropFirst() {
        let argument = part.drop { $0.isWhitespace }
        #expect(argument.hasPrefix("commandName: "), "\(file.lastPathComponent)")
        count += 1
      }
    }
    #expect(count == listedCommands.count + 1)
  }

  @Test("the version is one line")
  func version() throws {
    let outcome = try pejling("--version")
    #expect(outcome.status == 0)
    #expect(outcome.stdout.split(separator: "\n").count == 1)
  }
}

/// Every command that `pejling --help` lists.
private let listedCommands: [String] = {
  guard let help = try? pejling(["--help"]).stdout,
    let list = help.range(of: "SUBCOMMANDS:\n")
  else { return [] }
  return help[list.upperBound...].split(separator: "\n", omittingEmptySubsequences: false)
    .prefix { !$0.isEmpty }
    // A description that goes on to a second line stands further in.
    .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
    .map { String($0.split(separator: " ")[0]) }
}()

private func pejling(_ arguments: [String]) throws -> Outcome {
  try runPejling(arguments, directory: Fixture.packageRoot)
}
