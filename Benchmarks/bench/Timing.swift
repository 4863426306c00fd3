import Foundation

/// Two kernels timed in turn, round by round, so that what disturbs one disturbs the other.
struct Timing {
  /// Seconds a round.
  private(set) var library: [Double] = []
  private(set) var reference: [Double] = []

  /// What is timed: the wait, or the work of this process, which a busy neighbour lengthens less.
  enum Clock: String, Codable {
    case wall, cpu

    var seconds: Double {
      var time = timespec()
      unsafe clock_gettime(self == .wall ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
  }

  init(_ kernels: Workload.Kernels, rounds: Int, clock: Clock = .wall) throws {
    var kept = 0.0
    // The first round warms up and is not counted.
    for round in 0...rounds {
      var start = clock.seconds
      kept += try kernels.library().reduce(0, +)
      let libraryTime = clock.seconds - start
      start = clock.seconds
      kept += kernels.reference().reduce(0, +)
      let referenceTime = clock.seconds - start
      guard round > 0 else { continue }
      library.append(libraryTime)
      reference.append(referenceTime)
    }
    // Used, so that no kernel can be optimised away.
    precondition(!kept.isNaN, "a kernel gave no number")
  }

  /// The median of the ratios of each round.
  var ratio: Double { zip(library, reference).map { $0 / $1 }.median }
}

extension [Double] {
  func quantile(_ fraction: Double) -> Double {
    let sorted = self.sorted()
    return sorted[Int((Double(sorted.count - 1) * fraction).rounded())]
  }

  var median: Double { quantile(0.5) }
}

/// The most memory that this process ever held, in bytes.
func peakMemory() -> Int {
  var usage = rusage()
  unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss * 1024
}
