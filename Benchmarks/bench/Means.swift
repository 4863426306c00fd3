import CReference
import SurveyStatistics

extension Workload {
  /// The mean of a number in eight groups, with its error.
  static let means = Workload(
    name: "means", title: "the mean of a number in 8 groups, with its design error", goal: nil
  ) { survey, threads in
    let design = try survey.design()
    let plan = TabulationPlan([
      .init(
        groups: [try survey.factor("banner9")], sums: [.init(try survey.dataset.numbers("age"))])
    ])
    let reference = try ReferenceDesign(survey, threads: 1, scratchPerPSU: 16)
    let group = try survey.codes("banner9")
    let ages = try survey.numbers("age")
    return Kernels(
      library: {
        let tabulation = design.tabulate(plan, threads: threads)[0]
        return (0..<tabulation.groupCount).flatMap { group -> [Double] in
          let weight = tabulation.component(group: group)
          let sum = tabulation.component(group: group, part: 1)
          let size = tabulation.totals[weight]
          let mean = tabulation.totals[sum] / size
          let variance =
            tabulation.covariance(sum, sum) - 2 * mean * tabulation.covariance(sum, weight)
            + mean * mean * tabulation.covariance(weight, weight)
          return [mean, variance.squareRoot() / size]
        }
      },
      reference: {
        var result = [reference_share].zeros(8)
        unsafe reference.with { design, scratch in
          unsafe group.withPointer(of: UInt8.self) { group in
            unsafe ages.withPointer(of: Double.self) { ages in
              unsafe reference_means(design, group, ages, scratch, &result)
            }
          }
        }
        return result.numbers
      }, slow: nil)
  }
}
