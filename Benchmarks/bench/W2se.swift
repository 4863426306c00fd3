import CReference
import SurveyStatistics

extension Workload {
  /// W2se: the same table as shares within the banner, with an error a cell.
  static let tableWithErrors = Workload(
    name: "W2se", title: "5 × 8 table, a share and its design error a cell", goal: 1.0
  ) { survey, threads in
    let library = LibraryShares(
      .init(groups: [try survey.factor("banner9")], cells: try survey.factor("item1")),
      survey: survey, design: try survey.design(), threads: threads)
    let reference = try ReferenceDesign(survey, threads: threads, scratchPerPSU: 128)
    let banner = try survey.codes("banner9")
    let item = try survey.codes("item1")
    return Kernels(
      library: { try library.shares(of: [0, 1, 2, 3, 4]) },
      reference: {
        var result = [reference_share].zeros(40)
        unsafe reference.with { design, scratch in
          unsafe banner.withPointer(of: UInt8.self) { banner in
            unsafe item.withPointer(of: UInt8.self) { item in
              unsafe reference_w2se(design, banner, item, scratch, &result)
            }
          }
        }
        return result.numbers
      },
      slow: {
        try survey.slowShares(
          of: (0..<5).map { level in { $0 == level } }, among: { $0 < 5 }, item: "item1",
          by: "banner9", groups: 8)
      })
  }
}
