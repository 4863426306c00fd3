import CReference
import SurveyStatistics

extension Workload {
  /// The median of a number in each of 98 municipalities, with Woodruff's interval.
  static let quantiles = Workload(
    name: "quantiles", title: "the median of a number with its interval in 98 domains", goal: nil
  ) { survey, threads in
    let domains = BenchmarkSurvey.municipalityCount
    let numbers = try survey.dataset.numbers("age")
    let groups = [try survey.factor("municipality")]
    let inference = Inference()
    let estimator = QuantileEstimator(
      probabilities: [0.5], rule: .hf1, method: .mean, design: try survey.design(),
      inference: inference)
    let estimates = { estimator.estimates(of: numbers, groups: groups, threads: threads) }
    let criticalValues = estimates().map {
      StudentT.criticalValue(
        level: inference.level, degreesOfFreedom: $0[0].degreesOfFreedom)
    }
    let reference = try ReferenceDesign(survey, threads: 1, scratchPerPSU: 2)
    let ages = try survey.numbers("age")
    return Kernels(
      library: {
        estimates().flatMap { estimates -> [Double] in
          let interval = estimates[0].interval
          return [estimates[0].value ?? .nan, interval?.low ?? .nan, interval?.high ?? .nan]
        }
      },
      reference: {
        var result = Array(
          repeating: reference_quantile(value: 0, low: 0, high: 0), count: domains)
        unsafe reference.with { design, scratch in
          unsafe ages.withPointer(of: Double.self) { ages in
            unsafe reference_medians(
              design, ages, survey.municipalityOfPSU, domains, criticalValues, scratch, &result)
          }
        }
        return result.flatMap { [$0.value, $0.low, $0.high] }
      }, slow: nil)
  }
}
