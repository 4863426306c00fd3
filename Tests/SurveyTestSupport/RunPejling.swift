import Foundation

/// What a finished process left behind.
package struct Outcome: Sendable {
  package let status: Int32
  /// Raw, for a workbook or a picture written to standard output.
  package let output: Data
  package let stderr: String
  /// Standard output as UTF-8.
  package var stdout: String { String(decoding: output, as: UTF8.self) }
}

package enum RunError: Error, CustomStringConvertible {
  case noBinary(String)
  case timedOut(seconds: Double, stderr: String)

  package var description: String {
    switch self {
    case .noBinary(let path): "no executable at \(path): build first, or set PEJLING"
    case .timedOut(let seconds, let stderr): "no end after \(seconds) s; standard error: \(stderr)"
    }
  }
}

/// The built command: `PEJLING` where it is set, else the binary beside the test bundle, else
/// `.build/release/pejling`.
package func pejlingBinary() throws -> URL {
  if let path = ProcessInfo.processInfo.environment["PEJLING"] {
    guard FileManager.default.isExecutableFile(atPath: path) else { throw RunError.noBinary(path) }
    return URL(fileURLWithPath: path)
  }
  let beside = Bundle.main.executableURL?.deletingLastPathComponent()
    .appendingPathComponent("pejling")
  let release = Fixture.packageRoot.appendingPathComponent(".build/release/pejling")
  for candidate in [beside, release].compactMap({ $0 })
  where FileManager.default.isExecutableFile(atPath: candidate.path) {
    return candidate
  }
  throw RunError.noBinary(release.path)
}

/// Runs `pejling` to its end. A crash shows as the negative of its signal in `status`.
package func runPejling(
  _ arguments: [String], stdin: String = "", directory: URL? = nil,
  environment: [String: String] = [:], timeout: Double = 60
) throws -> Outcome {
  try run(
    pejlingBinary(), arguments, stdin: stdin, directory: directory, environment: environment,
    timeout: timeout)
}

/// Runs any executable to its end; `environment` is added to this process's own.
///
/// The three streams are files, not pipes: no stream can fill up and block, and a child that never
/// reads its input raises no SIGPIPE here.
package func run(
  _ executable: URL, _ arguments: [String], stdin: String = "", directory: URL? = nil,
  environment: [String: String] = [:], timeout: Double = 60
) throws -> Outcome {
  let scratch = FileManager.default.temporaryDirectory.appendingPathComponent(
    "pejling-test-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: scratch) }
  func stream(_ name: String, holding text: String = "") throws -> URL {
    let url = scratch.appendingPathComponent(name)
    try Data(text.utf8).write(to: url)
    return url
  }
  let input = try stream("stdin", holding: stdin)
  let output = try stream("stdout")
  let errors = try stream("stderr")

  let process = Process()
  process.executableURL = executable
  process.arguments = arguments
  if let directory { process.currentDirectoryURL = directory }
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
  let streams = [
    try FileHandle(forReadingFrom: input), try FileHandle(forWritingTo: output),
    try FileHandle(forWritingTo: errors),
  ]
  // A process keeps them open otherwise, and with more than thirteen hundred Foundation reads beyond the
  // list of them.
  defer { for stream in streams { try? stream.close() } }
  process.standardInput = streams[0]
  process.standardOutput = streams[1]
  process.standardError = streams[2]
  let ended = DispatchSemaphore(value: 0)
  process.terminationHandler = { _ in ended.signal() }
  try process.run()
  if ended.wait(timeout: .now() + timeout) == .timedOut {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    throw RunError.timedOut(
      seconds: timeout, stderr: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
  }
  let code = process.terminationStatus
  return Outcome(
    status: process.terminationReason == .uncaughtSignal ? -code : code,
    output: try Data(contentsOf: output),
    stderr: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
}
