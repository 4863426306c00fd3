import SurveyData
import SurveyStatistics
import SurveyTestSupport

/// A plan run by the library, its shares as share, standard error, share, …
struct LibraryShares {
  let design: Design
  let dataset: Dataset
  let plan: TabulationPlan
  let threads: Int

  init(_ block: TabulationPlan.Block, survey: BenchmarkSurvey, design: Design, threads: Int) {
    plan = TabulationPlan([block])
    dataset = survey.dataset
    self.design = design
    self.threads = threads
  }

  /// The share of each of `levels` in each group.
  func shares(of levels: [Int]) throws -> [Double] {
    let tabulation = design.tabulate(plan, threads: threads)[0]
    var numbers: [Double] = []
    for group in 0..<tabulation.groupCount {
      let estimator = ShareEstimator(
        tabulation, group: group, design: design, inference: Inference())
      for level in levels {
        let estimate = estimator.estimate(of: [level])
        numbers += [estimate.value ?? .nan, estimate.standardError ?? .nan]
      }
    }
    return numbers
  }
}

extension BenchmarkSurvey {
  /// The same by the slow reference of the tests: an item's share in each domain.
  func slowShares(
    of levels: [(Int) -> Bool], among isAnswer: (Int) -> Bool, item: String,
    by group: String?, groups: Int, elements: Bool = false
  ) throws -> [Double] {
    func values(_ name: String) throws -> [Int] {
      let column = try dataset.categories(name)
      return (0..<rows).map { column.index(at: $0) }
    }
    let psus = try values("workplace")
    let weights = try dataset.numbers("weight").withValues { span in
      (0..<rows).map { span[$0] }
    }
    let slow = SlowDesign(
      strata: elements ? Array(repeating: 0, count: rows) : psus.map { Int(stratumOfPSU[$0]) },
      clusters: elements ? [] : [psus], weights: weights)
    let item = try values(item)
    let group = try group.map(values) ?? Array(repeating: 0, count: rows)
    var numbers: [Double] = []
    for wanted in 0..<groups {
      let domain = (0..<rows).map { group[$0] == wanted && isAnswer(item[$0]) }
      for level in levels {
        let (share, variance) = slow.share(of: item.map(level), in: domain)
        numbers += [share, variance.squareRoot()]
      }
    }
    return numbers
  }
}
