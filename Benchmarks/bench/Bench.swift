import CReference
import Foundation
import SurveyData

/// The hot paths, timed against plain C, and the guard that keeps them fast.
@main
struct Bench {
  static func main() {
    do {
      try requireReleaseBuild()
      try run(Arguments(Array(CommandLine.arguments.dropFirst())))
    } catch {
      FileHandle.standardError.write(Data("bench: \(error)\n".utf8))
      exit(1)
    }
  }

  private static func requireReleaseBuild() throws {
    var isDebug = false
    assert({ isDebug = true }() == ())
    if isDebug { throw BenchError("this is a debug build: use swift run -c release bench") }
  }

  private static func run(_ arguments: Arguments) throws {
    switch arguments.mode {
    case .help: print(Arguments.usage)
    case .list:
      for workload in Workload.all {
        print(workload.name.padding(toLength: 10, withPad: " ", startingAt: 0) + workload.title)
      }
    case .run: try measure(arguments)
    case .count: try countOnce(arguments.workloads[0])
    case .check(let file): try Guard(file: file).check()
    case .accept(let file):
      try Guard(file: file).accept(arguments.workloads, reason: arguments.reason)
    }
  }

  private static func measure(_ arguments: Arguments) throws {
    // The answers of every kernel on a small survey, against plain loops, before the clock starts.
    for order in arguments.orders {
      let small = BenchmarkSurvey(rows: 20_000, order: order)
      for workload in arguments.workloads {
        try workload.prepare(small, arguments.threads).check(small, name: workload.name)
      }
    }
    var report = Report()
    print("\(report.machine) · \(report.compiler) · \(report.commit) · \(report.date)")
    print(Report.Result.header)
    for rows in arguments.rows {
      for order in arguments.orders {
        let survey = BenchmarkSurvey(rows: rows, order: order)
        for workload in arguments.workloads {
          let kernels = try workload.prepare(survey, arguments.threads)
          try kernels.check(survey, name: workload.name)
          let timing = try Timing(
            kernels, rounds: arguments.rounds, clock: arguments.clock)
          let result = Report.Result(
            workload, survey: survey, threads: arguments.threads, timing: timing)
          print(result.line)
          report.results.append(result)
        }
      }
    }
    if let path = arguments.json { try report.write(to: path) }
  }

  /// One call on a small survey in a function that callgrind can find by name.
  private static func countOnce(_ workload: Workload) throws {
    let survey = BenchmarkSurvey(rows: Guard.countedRows, order: .random)
    let kernels = try workload.prepare(survey, 1)
    // Binds what is bound on first use.
    _ = try kernels.library()
    let body = CountedCall { _ = try? kernels.library() }
    unsafe bench_counted_region(
      { context in
        unsafe Unmanaged<CountedCall>.fromOpaque(context!).takeUnretainedValue().body()
      }, Unmanaged.passUnretained(body).toOpaque())
    withExtendedLifetime(body) {}
  }
}

/// A closure that C can carry.
private final class CountedCall {
  let body: () -> Void
  init(_ body: @escaping () -> Void) { self.body = body }
}
