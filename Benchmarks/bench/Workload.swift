import SurveyData

/// A question of PERFORMANCE's list, answered by the library and by plain C on the same rows.
struct Workload: Sendable {
  let name: String
  let title: String
  /// The most that the ratio of the library's time to the reference's may be; `nil`: none is set.
  let goal: Double?
  /// Whether `make bench-check` watches it.
  var isGuarded = true
  /// The rows of its guarded ratio. Sorted ones keep the reference in the nearest cache as the
  /// library is: a kernel that waits for memory takes longer when a neighbour uses it.
  var guardedOrder = BenchmarkSurvey.RowOrder.sorted
  let prepare: @Sendable (BenchmarkSurvey, _ threads: Int) throws -> Kernels

  /// Each kernel gives the same numbers in the same order.
  struct Kernels {
    let library: () throws -> [Double]
    let reference: () -> [Double]
    /// By plain loops over rows, for small data; `nil`: the reference is one.
    let slow: (() throws -> [Double])?
  }

  /// In the order of the list. W7 has a place here when its kernel exists.
  static let all: [Workload] = [
    .topTwoShare, .table, .tableWithErrors, .crunchByTwo, .crunchByNine,
    .crunchWithErrors, .crunchWithPSUs, .shareInDomains,
    .raking, .rakingMunicipalities,
    .elementShare, .means, .quantiles, .designSetUp,
    .linearTrend, .logisticTrend,
  ]

  static func named(_ name: String) throws -> Workload {
    guard let workload = all.first(where: { $0.name.lowercased() == name.lowercased() }) else {
      throw BenchError("no workload is named '\(name)'; bench --list lists them")
    }
    return workload
  }
}

extension Workload.Kernels {
  /// Holds the answers against each other before any clock starts.
  func check(_ survey: BenchmarkSurvey, name: String) throws {
    let answer = try library()
    try compare(answer, reference(), "plain C", name)
    if survey.rows <= 20_000, let slow { try compare(answer, slow(), "the plain loops", name) }
  }

  private func compare(
    _ answer: [Double], _ other: [Double], _ origin: String, _ name: String
  ) throws {
    guard answer.count == other.count else {
      throw BenchError("\(name): \(answer.count) numbers, but \(other.count) from \(origin)")
    }
    for (index, (value, expected)) in zip(answer, other).enumerated()
    where !(abs(value - expected) <= 1e-9 * max(abs(value), abs(expected))) {
      throw BenchError("\(name): number \(index) is \(value), but \(origin) says \(expected)")
    }
  }
}

/// What stops a run of `bench`, as a sentence.
struct BenchError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
