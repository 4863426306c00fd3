import CReference
import SurveyStatistics

extension Workload {
  /// W2: a 5 × 8 table of weighted counts, no errors.
  static let table = Workload(
    name: "W2", title: "5 × 8 table, weighted counts alone", goal: 1.5
  ) { survey, threads in
    let design = try survey.design()
    let plan = TabulationPlan([
      .init(
        groups: [try survey.factor("banner9")], cells: try survey.factor("item1"), moments: .none)
    ])
    let weights = try survey.numbers("weight")
    let banner = try survey.codes("banner9")
    let item = try survey.codes("item1")
    return Kernels(
      library: { design.tabulate(plan, threads: threads)[0].totals },
      reference: {
        var result = [Double](repeating: 0, count: 40)
        unsafe weights.withPointer(of: Double.self) { weights in
          unsafe banner.withPointer(of: UInt8.self) { banner in
            unsafe item.withPointer(of: UInt8.self) { item in
              unsafe reference_w2(
                survey.rows, weights, banner, item, Int32(min(threads, 2)), &result)
            }
          }
        }
        return result
      },
      slow: {
        var result = [Double](repeating: 0, count: 40)
        let banner = try survey.dataset.categories("banner9")
        let item = try survey.dataset.categories("item1")
        weights.withSpan(of: Double.self) { weights in
          for row in 0..<survey.rows where item.index(at: row) < 5 {
            result[banner.index(at: row) * 5 + item.index(at: row)] += weights[row]
          }
        }
        return result
      })
  }
}
