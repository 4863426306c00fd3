/// How weights are fitted to margins, in the words of the survey file and the command line.
public struct WeightingDescription: Sendable, Hashable {
  public var method: WeightingMethod
  public var targets: MarginTargets
  /// The column of weights to begin from; `nil`: every row counts 1.
  public var startWeight: String?
  /// Each group of this column is fitted by itself.
  public var within: String?
  /// Bounds of new over start weight, after the start weights are scaled to the population.
  public var bounds: ClosedRange<Double>?
  public var trim: WeightTrim?
  public var unknown: UnknownCategory
  /// Codes that are counted as another, by column: in the data and in the margins.
  public var collapse: [String: [String: String]]

  public init(
    method: WeightingMethod = .rake, targets: MarginTargets, startWeight: String? = nil,
    within: String? = nil, bounds: ClosedRange<Double>? = nil, trim: WeightTrim? = nil,
    unknown: UnknownCategory = .fail, collapse: [String: [String: String]] = [:]
  ) {
    self.method = method
    self.targets = targets
    self.startWeight = startWeight
    self.within = within
    self.bounds = bounds
    self.trim = trim
    self.unknown = unknown
    self.collapse = collapse
  }

  /// Every column that the weights are made from.
  public var columnNames: [String] {
    (startWeight.map { [$0] } ?? []) + targets.columnNames + (within.map { [$0] } ?? [])
  }
}

/// The ways to fit weights to margins.
public enum WeightingMethod: String, Sendable, CaseIterable {
  /// Iterative proportional fitting; with bounds, the exponential method.
  case rake
  /// One margin, met exactly.
  case poststratify
  /// The generalised regression estimator; with bounds, truncated linear.
  case linear
  /// Between bounds, smoothly.
  case logit
  /// The raking distance solved by Newton's method; with bounds, truncated.
  case exponential
}

/// What happens to a respondent whose code has no target.
public enum UnknownCategory: String, Sendable, CaseIterable {
  case fail
  /// Such respondents keep the share that they start with, as a category of their own.
  case keep
}

/// Limits of the weights themselves, after the margins are met.
public enum WeightTrim: Sendable, Hashable {
  /// Weight over mean weight.
  case ratio(ClosedRange<Double>)
  /// Quantiles of the weights, from 0 to 1.
  case quantiles(ClosedRange<Double>)
}
