import Foundation

/// Keeps the hot paths fast on shared, noisy machines.
///
/// Two nets: the ratio to a reference kernel of the same process, timed in turn on one thread, and
/// the number of instructions on a small input, which no noise can move.
struct Guard {
  static let countedRows = 20_000
  /// A count may grow by this much.
  static let countTolerance = 0.03
  /// A ceiling stands this much above the ratio measured when it was accepted.
  /// Both cores busy can move a ratio by 1.4: what is finer than that is for the counts to see.
  static let ratioMargin = 1.6

  private static let rows = 100_000
  private static let rounds = 101
  /// A ratio above its ceiling is measured again, in memory of its own: noise passes, a slower
  /// path does not.
  private static let attempts = 5

  private let file: URL

  init(file: String) { self.file = URL(filePath: file) }

  /// What is committed.
  struct Numbers: Codable, Equatable {
    var compiler: String
    var paths: [String: Path]

    struct Path: Codable, Equatable {
      /// The most that the ratio to the reference kernel may be.
      var ratioCeiling: Double
      /// Instructions of one call on `countedRows` rows, one thread.
      var instructions: Int
    }
  }

  private var paths: [Workload] { Workload.all.filter(\.isGuarded) }

  func check() throws {
    let committed = try JSONDecoder().decode(Numbers.self, from: Data(contentsOf: file))
    let compiler = Environment.compiler
    let countsHold = compiler == committed.compiler
    if !countsHold {
      print(
        "The counts were accepted with \(committed.compiler), this is \(compiler): they are shown, "
          + "not held. Accept them anew on purpose.")
    }
    print("path        ratio  ceiling   instructions     committed")
    var failures: [String] = []
    for path in paths {
      guard let before = committed.paths[path.name] else {
        failures.append("\(path.name): no numbers are committed for this path")
        continue
      }
      let ratio = try ratio(of: path, below: before.ratioCeiling)
      let instructions = try instructions(of: path)
      let growth = Double(instructions) / Double(before.instructions) - 1
      print(
        path.name.padding(toLength: 9, withPad: " ", startingAt: 0)
          + String(
            format: "%8.2f %8.2f %14d %13d %+.1f %%", ratio, before.ratioCeiling, instructions,
            before.instructions, growth * 100))
      if ratio > before.ratioCeiling {
        failures.append(
          String(
            format: "%@: %.2f times the reference kernel; the ceiling is %.2f", path.name, ratio,
            before.ratioCeiling))
      }
      if countsHold, growth > Self.countTolerance {
        failures.append(
          "\(path.name): \(instructions) instructions; before, \(before.instructions) "
            + String(format: "(%+.1f %%)", growth * 100))
      }
      if countsHold, growth < -Self.countTolerance {
        print("  \(path.name) got faster: keep it with make bench-accept REASON=\"…\"")
      }
    }
    guard failures.isEmpty else {
      throw BenchError(
        "slower than before:\n  " + failures.joined(separator: "\n  ")
          + "\nMake it fast again, or accept it on purpose: make bench-accept REASON=\"why\"")
    }
    print("No hot path is slower than the numbers in \(file.lastPathComponent).")
  }

  /// Measures the paths of these workloads anew; the numbers of the others stand.
  func accept(_ workloads: [Workload], reason: String?) throws {
    guard let reason, !reason.trimmingCharacters(in: .whitespaces).isEmpty else {
      throw BenchError("say why: make bench-accept REASON=\"why\"")
    }
    let before = try? JSONDecoder().decode(Numbers.self, from: Data(contentsOf: file))
    var now = Numbers(compiler: Environment.compiler, paths: before?.paths ?? [:])
    // Counts belong to a compiler: with another one all of them are measured.
    let accepted =
      before?.compiler == now.compiler ? workloads.filter(\.isGuarded) : paths
    now.paths = now.paths.filter { name, _ in paths.contains { $0.name == name } }
    for path in accepted {
      let ceiling = try (ratio(of: path) * Self.ratioMargin * 100).rounded(.up) / 100
      now.paths[path.name] = .init(
        ratioCeiling: ceiling, instructions: try instructions(of: path))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try (encoder.encode(now) + Data("\n".utf8)).write(to: file)
    try record(reason, accepted, before: before, now: now)
  }

  /// Appends what was accepted to `accepted.md` beside the numbers.
  private func record(
    _ reason: String, _ accepted: [Workload], before: Numbers?, now: Numbers
  ) throws {
    let log = file.deletingLastPathComponent().appending(path: "accepted.md")
    var text = (try? String(contentsOf: log, encoding: .utf8)) ?? "# Numbers accepted on purpose\n"
    let date = ISO8601DateFormatter().string(from: Date()).prefix(10)
    text += "\n## \(date), \(Environment.commit): \(reason)\n"
    text += "\(Environment.machine); \(now.compiler)\n\n"
    text +=
      "| path | ceiling before | after | instructions before | after |\n|---|---|---|---|---|\n"
    for path in accepted {
      let old = before?.paths[path.name]
      let new = now.paths[path.name]!
      text +=
        "| \(path.name) | \(old.map { "\($0.ratioCeiling)" } ?? "–") | \(new.ratioCeiling) "
        + "| \(old.map { "\($0.instructions)" } ?? "–") | \(new.instructions) |\n"
    }
    try text.write(to: log, atomically: true, encoding: .utf8)
    print("Wrote \(file.lastPathComponent) and \(log.lastPathComponent).")
  }

  // MARK: Measuring

  private func ratio(of path: Workload, below ceiling: Double = .infinity) throws -> Double {
    var lowest = Double.infinity
    for attempt in 0..<Self.attempts where attempt == 0 || lowest > ceiling {
      let survey = BenchmarkSurvey(rows: Self.rows, order: path.guardedOrder)
      let kernels = try path.prepare(survey, 1)
      try kernels.check(survey, name: path.name)
      lowest = min(lowest, try Timing(kernels, rounds: Self.rounds, clock: .cpu).ratio)
    }
    return lowest
  }

  private func instructions(of path: Workload) throws -> Int {
    // Valgrind gives up on debug information newer than itself.
    let bare = FileManager.default.temporaryDirectory.appending(path: "bench-\(getpid())").path
    defer { try? FileManager.default.removeItem(atPath: bare) }
    let stripped = try Environment.output(
      of: ["strip", "--strip-debug", "-o", bare, CommandLine.arguments[0]])
    guard stripped.status == 0 else { throw BenchError("strip: \(stripped.output)") }
    let command = [
      "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
      "--toggle-collect=bench_counted_region", bare, "--count", path.name,
    ]
    let (status, output) = try Environment.output(
      of: command, environment: ["SWIFT_DETERMINISTIC_HASHING": "1"])
    guard status == 0,
      let line = output.split(separator: "\n").last(where: { $0.contains("Collected :") }),
      let count = line.split(separator: " ").last.flatMap({ Int($0) }), count > 0
    else {
      throw BenchError("\(path.name): callgrind gave no count; is valgrind installed?\n\(output)")
    }
    return count
  }
}
