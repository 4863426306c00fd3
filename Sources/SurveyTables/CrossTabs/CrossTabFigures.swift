import SurveyStatistics

/// The figures of tabulated blocks.
struct CrossTabFigures {
  private let tabulations: [Tabulation]
  private let design: Design
  private let inference: Inference

  init(_ tabulations: [Tabulation], design: Design, _ inference: Inference) {
    self.tabulations = tabulations
    self.design = design
    self.inference = inference
  }

  func share(_ block: Int, group: Int, levels: [Int]) -> Estimate {
    ShareEstimator(tabulations[block], group: group, design: design, inference: inference)
      .estimate(of: levels)
  }

  func mean(_ block: Int, group: Int, origin: Double) -> Estimate {
    MeanEstimator(design: design, inference: inference)
      .estimate(tabulations[block], group: group, origin: origin)
  }

  func ratio(_ block: Int, group: Int) -> Estimate {
    RatioEstimator(design: design, inference: inference)
      .estimate(tabulations[block], group: group)
  }

  /// Respondents of a group with an answer, and their weight.
  func base(_ block: Int, group: Int) -> (base: Int, weight: Double) {
    let tabulation = tabulations[block]
    let levels = 0..<tabulation.levelCount
    return (
      levels.reduce(0) { $0 + tabulation.counts[group * tabulation.levelCount + $1] },
      levels.reduce(0) { $0 + tabulation.totals[tabulation.component(group: group, level: $1)] }
    )
  }
}
