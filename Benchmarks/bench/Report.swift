import Foundation

/// What a run found: a table for people, JSON for machines.
struct Report: Codable {
  var machine = Environment.machine
  var compiler = Environment.compiler
  var commit = Environment.commit
  var date = ISO8601DateFormatter().string(from: Date())
  var results: [Result] = []

  struct Result: Codable {
    let workload: String
    let rows: Int
    let order: BenchmarkSurvey.RowOrder
    let threads: Int
    let rounds: Int
    /// Seconds.
    let median: Double
    let quartiles: [Double]
    let referenceMedian: Double
    /// The median of the ratios of each round.
    let ratio: Double
    let goal: Double?
    let rowsPerSecond: Double
    /// Of the process so far.
    let peakMemoryBytes: Int

    init(_ workload: Workload, survey: BenchmarkSurvey, threads: Int, timing: Timing) {
      self.workload = workload.name
      rows = survey.rows
      order = survey.order
      self.threads = threads
      rounds = timing.library.count
      median = timing.library.median
      quartiles = [timing.library.quantile(0.25), timing.library.quantile(0.75)]
      referenceMedian = timing.reference.median
      ratio = timing.ratio
      goal = workload.goal
      rowsPerSecond = Double(survey.rows) / median
      peakMemoryBytes = peakMemory()
    }

    static let header =
      "workload      rows  order  threads   median ms   (quartiles)       C ms  ratio  goal   M rows/s  peak MB"

    var line: String {
      func text(_ value: Double, _ decimals: Int, _ width: Int) -> String {
        let text = String(format: "%.\(decimals)f", value)
        return String(repeating: " ", count: max(0, width - text.count)) + text
      }
      return workload.padding(toLength: 9, withPad: " ", startingAt: 0)
        + text(Double(rows), 0, 9) + "  "
        + order.rawValue.padding(toLength: 6, withPad: " ", startingAt: 0)
        + text(Double(threads), 0, 5)
        + text(median * 1e3, 3, 13)
        + text(quartiles[0] * 1e3, 3, 9) + " –" + text(quartiles[1] * 1e3, 3, 8)
        + text(referenceMedian * 1e3, 3, 10) + text(ratio, 2, 7)
        + (goal.map { text($0, 1, 6) } ?? "     –") + text(rowsPerSecond / 1e6, 1, 11)
        + text(Double(peakMemoryBytes) / 1e6, 0, 9)
    }
  }

  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try (encoder.encode(self) + Data("\n".utf8)).write(to: URL(filePath: path))
  }
}
