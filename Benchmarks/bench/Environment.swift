import Foundation

/// What a number was measured on.
enum Environment {
  /// The processor and the number of cores in use.
  static var machine: String {
    let model = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?
      .split(separator: "\n").first { $0.hasPrefix("model name") }?
      .split(separator: ":").last?.trimmingCharacters(in: .whitespaces)
    return "\(model ?? "unknown processor"), \(ProcessInfo.processInfo.activeProcessorCount) cores"
  }

  static var commit: String {
    (try? output(of: ["git", "describe", "--always", "--dirty"]))?.output
      .trimmingCharacters(in: .whitespacesAndNewlines) ?? "unknown"
  }

  /// The compiler on the path, which built this program if `make` did.
  static var compiler: String {
    let text = (try? output(of: ["swift", "--version"]))?.output ?? ""
    return text.split(separator: "\n").first { $0.contains("Swift version") }
      .flatMap { $0.split(separator: "(").first { $0.hasPrefix("swift-") } }
      .map { $0.split(separator: ")")[0].trimmingCharacters(in: .whitespaces) } ?? "unknown"
  }

  /// Runs a program and gives what it printed on either stream.
  static func output(
    of command: [String], environment: [String: String] = [:]
  ) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
