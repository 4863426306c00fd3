import CReference
import SurveyData
import SurveyStatistics

extension Workload {
  /// A share where every respondent is a PSU: the histogram of w and w².
  static let elementShare = Workload(
    name: "elements", title: "one share where every row is a PSU", goal: nil
  ) { survey, threads in
    let library = LibraryShares(
      .init(cells: try survey.topTwo("item1")), survey: survey,
      design: try Design(DesignDescription(weight: "weight"), in: survey.dataset),
      threads: threads)
    let weights = try survey.numbers("weight")
    let item = try survey.codes("item1")
    return Kernels(
      library: { try library.shares(of: [0]) },
      reference: {
        var result = [reference_share].zeros(1)
        unsafe weights.withPointer(of: Double.self) { weights in
          unsafe item.withPointer(of: UInt8.self) { item in
            result[0] = unsafe reference_elements(
              survey.rows, weights, item, BenchmarkSurvey.topTwoParts)
          }
        }
        return result.numbers
      },
      slow: {
        try survey.slowShares(
          of: [{ $0 == 3 || $0 == 4 }], among: { $0 < 5 }, item: "item1", by: nil, groups: 1,
          elements: true)
      })
  }
}
