import CReference
import SurveyStatistics

extension Workload {
  /// W4: one share in each of 98 municipalities.
  static let shareInDomains = Workload(
    name: "W4", title: "one share with its design error in 98 domains", goal: 1.3
  ) { survey, threads in
    let domains = BenchmarkSurvey.municipalityCount
    let library = LibraryShares(
      .init(groups: [try survey.factor("municipality")], cells: try survey.topTwo("item1")),
      survey: survey, design: try survey.design(), threads: threads)
    let reference = try ReferenceDesign(survey, threads: threads, scratchPerPSU: 6)
    let item = try survey.codes("item1")
    return Kernels(
      library: { try library.shares(of: [0]) },
      reference: {
        var result = [reference_share].zeros(domains)
        unsafe reference.with { design, scratch in
          unsafe item.withPointer(of: UInt8.self) { item in
            unsafe reference_w4(
              design, item, BenchmarkSurvey.topTwoParts, survey.municipalityOfPSU, domains,
              scratch, &result)
          }
        }
        return result.numbers
      },
      slow: {
        try survey.slowShares(
          of: [{ $0 == 3 || $0 == 4 }], among: { $0 < 5 }, item: "item1", by: "municipality",
          groups: domains)
      })
  }
}
