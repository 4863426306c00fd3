import CReference
import SurveyData
import SurveyStatistics

extension Workload {
  /// The design resolved from columns: strata crossed, rows sorted, PSUs cut. The reference does the
  /// counting sort alone, so its ratio says how much the checks cost, not what C would reach.
  static let designSetUp = Workload(
    name: "setup", title: "design set-up, the sort included (against a bare counting sort)",
    goal: nil, guardedOrder: .random
  ) { survey, _ in
    let psus = try survey.codes("workplace")
    var starts = [Int32](repeating: 0, count: survey.psuCount + 1)
    var order = [Int32](repeating: 0, count: survey.rows)
    return Kernels(
      library: {
        let design = try survey.design()
        return [Double(design.psuCount), Double(design.stratumCount)]
      },
      reference: {
        unsafe psus.withPointer(of: UInt16.self) { psus in
          unsafe reference_sort(survey.rows, psus, survey.psuCount, &starts, &order)
        }
        return [Double(survey.psuCount), Double(BenchmarkSurvey.strataCount)]
      }, slow: nil)
  }
}
