/// A statistic with its uncertainty and its base. Nothing is rounded here.
public struct Estimate: Sendable {
  /// `nil` where there is nothing to estimate from; `caveats` says why.
  public var value: Double?
  public var standardError: Double?
  public var interval: Interval?
  /// Respondents in the category or net (of a share), unweighted.
  public var count: Int?
  /// Respondents that the statistic is a statistic of, unweighted, with a positive weight.
  public var base: Int
  /// The sum of their weights.
  public var weightedBase: Double
  public var designEffect: Double?
  /// PSUs minus strata among the rows of the base; infinite for normal inference.
  public var degreesOfFreedom: Double
  /// Why a figure is missing, or must be read with care.
  public var caveats: [Caveat]

  public var variance: Double? { standardError.map { $0 * $0 } }

  package init(
    value: Double? = nil, standardError: Double? = nil, interval: Interval? = nil,
    count: Int? = nil, base: Int, weightedBase: Double, designEffect: Double? = nil,
    degreesOfFreedom: Double, caveats: [Caveat] = []
  ) {
    self.value = value
    self.standardError = standardError
    self.interval = interval
    self.count = count
    self.base = base
    self.weightedBase = weightedBase
    self.designEffect = designEffect
    self.degreesOfFreedom = degreesOfFreedom
    self.caveats = caveats
  }
}

/// A confidence interval, which always says how it was made.
public struct Interval: Sendable, Hashable {
  public var low: Double
  public var high: Double
  public var level: Double
  public var method: IntervalMethod
  /// For a quantile, whose interval is that of a share, inverted.
  public var quantileMethod: QuantileIntervalMethod?

  package init(
    low: Double, high: Double, level: Double, method: IntervalMethod,
    quantileMethod: QuantileIntervalMethod? = nil
  ) {
    self.low = low
    self.high = high
    self.level = level
    self.method = method
    self.quantileMethod = quantileMethod
  }

  /// The word for how it was made, in the output.
  public var methodName: String { quantileMethod?.rawValue ?? method.rawValue }
}

/// Why a figure could not be made.
public enum Caveat: Sendable, Hashable {
  /// Nobody in the domain answered.
  case emptyBase
  /// All respondents are of one PSU: there is no variance to be estimated.
  case onePSU
  /// As many strata as PSUs: there is a standard error, and no interval.
  case noDegreesOfFreedom(Double)
  /// Every stratum of the domain has a lonely PSU.
  case noVariance
  /// The design leaves no sampling error: the item is constant within strata, or a full census.
  case noSamplingError
  /// A ratio's denominator is 0.
  case zeroDenominator
  /// A quantile is the largest answer: nothing bounds it from above.
  case largestAnswer
  /// A limit of a quantile would lie beyond the smallest or the largest answer. The limit that does
  /// exist is given.
  case openInterval(low: Double?, high: Double?)
  /// Both limits of a quantile are the same answer.
  case limitsCoincide
  /// So many replicates leave out all that there is to estimate from, and do not count.
  case replicatesWithoutValue(Int)

  var isOfReplicates: Bool {
    if case .replicatesWithoutValue = self { return true }
    return false
  }
}
