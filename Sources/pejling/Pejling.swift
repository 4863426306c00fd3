import ArgumentParser
import SurveyData

/// The command line: options to calls to output. Everything else is in the libraries.
@main
struct Pejling: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pejling",
    abstract:
      "Work-environment surveys: shares with their design error, and sentences they can carry.",
    discussion: """
      Example:
        pejling share fixtures/data/api/apistrat.csv --item stype --weight pw --strata stype
      """,
    version: "0.1.0",
    subcommands: [
      Describe.self, Share.self, Mean.self, Total.self, Ratio.self,
      PressFigure.self, Replicate.self,
    ])

  /// Parses, runs, and turns what goes wrong into a sentence and an exit code of the contract.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let fault as any InputFault {
      report("error: \(fault)", exitCode: fault.fault.exitCode)
    } catch {
      // What the parser does not know is a fault of ours, not of the user.
      guard exitCode(for: error) != .failure else {
        report("internal error: \(error)", exitCode: 70)
      }
      exit(withError: error)
    }
  }
}
