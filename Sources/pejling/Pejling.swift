import ArgumentParser
import SurveyData

/// The command line: options to calls to output. Everything else is in the libraries.
@main
struct Pejling: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pejling",
    abstract: "Work-environment surveys: shares with their design error.",
    discussion: """
      Example:
        pejling share fixtures/data/api/apistrat.csv --item stype --weight pw --strata stype
      """,
    version: "0.1.0",
    subcommands: [
      Describe.self, Share.self, Mean.self, Total.self, Quantile.self, Ratio.self, Compare.self,
      CrossTab.self, Crunch.self, Model.self, Trend.self, GuidelineCommand.self,
      RunChartCommand.self, PressFigure.self, Weight.self, Response.self, Replicate.self,
      Verify.self, Convert.self,
    ])

  /// Parses, runs, and turns what goes wrong into a sentence and an exit code of the contract.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let fault as any InputFault {
      report("error: \(fault)", exitCode: fault.fault.exitCode)
    } catch let code as ExitCode {
      // A command has said all it had to say: `verify` of a claim that does not hold.
      exit(withError: code)
    } catch {
      // What the parser does not know is a fault of ours, not of the user.
      guard exitCode(for: error) != .failure else {
        report("internal error: \(error)", exitCode: 70)
      }
      // A screen of help ends in an example; what else is asked for, as the version, has none.
      guard exitCode(for: error) == .success,
        let help = help(withExampleLast: fullMessage(for: error))
      else { exit(withError: error) }
      print(help)
    }
  }

  /// The parser sets the example after the first line and breaks it to the width of the screen:
  /// here it is the last line, in one piece.
  private static func help(withExampleLast text: String) -> String? {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let first = lines.firstIndex(of: "Example:") else { return nil }
    let end = lines[first...].firstIndex(of: "") ?? lines.endIndex
    let words = lines[(first + 1)..<end].flatMap { $0.split(separator: " ") }
    lines.removeSubrange(first..<min(end + 1, lines.endIndex))
    while lines.last == "" { lines.removeLast() }
    return (lines + ["", "Example:", "  " + words.joined(separator: " ")]).joined(separator: "\n")
  }
}
