import Foundation
import SurveyTestSupport

/// Runs a line as a person types it at the package's root, where `pejling` is the built command.
func shell(
  _ line: String, environment: [String: String] = [:], directory: URL = Fixture.packageRoot
) throws -> Outcome {
  let folder = try pejlingBinary().deletingLastPathComponent().path
  let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
  return try run(
    URL(fileURLWithPath: "/bin/sh"), ["-c", line], directory: directory,
    environment: ["PATH": "\(folder):\(path)", "LC_ALL": "C.UTF-8"].merging(environment) { $1 })
}

/// `pejling` with these arguments at the package's root, so that paths are relative.
func pejling(_ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
  try runPejling(arguments, directory: Fixture.packageRoot, environment: environment)
}

/// The same, of arguments that a test puts together.
func ask(_ arguments: [String]) throws -> Outcome {
  try runPejling(arguments, directory: Fixture.packageRoot)
}

/// The JSON of a result, as Foundation reads it.
func json(_ outcome: Outcome) throws -> [String: Any] {
  guard let object = try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any]
  else { throw NotAnObject() }
  return object
}

struct NotAnObject: Error {}

/// The estimates of a JSON result.
func estimates(_ outcome: Outcome) throws -> [[String: Any]] {
  try json(outcome)["estimates"] as? [[String: Any]] ?? []
}

/// A folder that lives as long as `body` runs.
func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "pejling-\(UUID())")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

let schools = "fixtures/data/api/apistrat.csv"
let answers = "fixtures/data/golden/answers.csv"
