import SurveyData
import SurveyStatistics
import SurveyTestSupport
import Testing

/// Means, totals and ratios on 200 seeded designs, extremes included, against plain loops.
@Suite("Estimators of numbers agree with the slow reference")
struct NumberEstimatorTests {
  @Test("means, totals and ratios, and their standard errors", arguments: 0..<200)
  func numbers(seed: Int) throws {
    let survey = try RandomSurvey(seed: UInt64(seed))
    let design = survey.design
    let x = try survey.dataset.numbers("x")
    let other = try survey.dataset.numbers("weight")
    let otherValues = survey.slow.weights
    let groups = [TabulationPlan.Factor(try survey.dataset.categories("group"))]
    let domain = Domain(survey.inDomain)
    let sum = TabulationPlan.Sum.measuredFromWithin(x)
    let tabulations = design.tabulate(
      TabulationPlan([
        .init(groups: groups, sums: [sum], domain: domain),
        .init(groups: groups, sums: [.init(x)], domain: domain),
        .init(groups: groups, sums: [.init(x), .init(other)], domain: domain),
      ]), rowsPerRun: 3 + seed % 40)
    let inference = Inference()
    for group in 0..<survey.groups {
      let inGroup = survey.group.indices.map {
        survey.inDomain[$0] && survey.group[$0] == group && survey.slow.weights[$0] > 0
      }
      guard inGroup.contains(true) else { continue }
      let inside = survey.x.indices.map { inGroup[$0] ? survey.x[$0] : 0 }
      let pairs: [(Estimate, (value: Double, variance: Double))] = [
        (
          MeanEstimator(design: design, inference: inference)
            .estimate(tabulations[0], group: group, origin: sum.origin),
          survey.slow.mean(of: survey.x, in: inGroup)
        ),
        (
          TotalEstimator(design: design, inference: inference)
            .estimate(tabulations[1], group: group),
          (value: survey.slow.total(inside), variance: survey.slow.covariance(inside, inside))
        ),
        (
          RatioEstimator(design: design, inference: inference)
            .estimate(tabulations[2], group: group),
          survey.slow.ratio(of: survey.x, over: otherValues, in: inGroup)
        ),
      ]
      for (estimate, expected) in pairs {
        let value = try #require(estimate.value)
        expectClose(value, expected.value, relative: 1e-12)
        guard let variance = estimate.variance else {
          #expect(estimate.caveats == [.onePSU])
          continue
        }
        // With weights over nine orders of magnitude one respondent is nearly the whole mean, and its
        // variance a difference of terms 10⁸ times as large.
        let isWide = seed % RandomSurvey.Extreme.allCases.count == 1
        // What is left of a variance that is 0 but for rounding is far below the estimate's own.
        expectClose(
          variance, expected.variance, relative: isWide ? 1e-8 : 1e-10,
          absolute: 1e-24 * value * value)
      }
    }
  }
}
