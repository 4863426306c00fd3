import CReference
import SurveyStatistics

extension Workload {
  /// W1: one top-two share with its design error.
  static let topTwoShare = Workload(
    name: "W1", title: "one top-two share with its design error", goal: 1.3
  ) { survey, threads in
    let library = LibraryShares(
      .init(cells: try survey.topTwo("item1")), survey: survey, design: try survey.design(),
      threads: threads)
    let reference = try ReferenceDesign(survey, threads: threads, scratchPerPSU: 6)
    let item = try survey.codes("item1")
    return Kernels(
      library: { try library.shares(of: [0]) },
      reference: {
        var result = [reference_share].zeros(1)
        unsafe reference.with { design, scratch in
          unsafe item.withPointer(of: UInt8.self) { item in
            unsafe reference_w1(design, item, BenchmarkSurvey.topTwoParts, scratch, &result)
          }
        }
        return result.numbers
      },
      slow: {
        try survey.slowShares(
          of: [{ $0 == 3 || $0 == 4 }], among: { $0 < 5 }, item: "item1", by: nil, groups: 1)
      })
  }
}
