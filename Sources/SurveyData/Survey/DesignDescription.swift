/// How the sample was drawn, in the words of the survey file and the command line: column names,
/// not yet held against any data.
public struct DesignDescription: Sendable, Hashable {
  public var weight: String?
  /// Crossed with each other.
  public var strata: [String]
  /// One column a stage, the primary sampling units first.
  public var clusters: [String]
  /// One column a stage: the number of that stage's units in the population, or the fraction of
  /// them that was sampled where every value is at most 1.
  public var finitePopulation: [String]
  /// Cluster ids start over in each stratum.
  public var isNested: Bool
  public var lonelyPSU: LonelyPSU
  /// Treat a domain's only PSU in a stratum as lonely too.
  public var appliesLonelyPSUToDomains: Bool
  /// Overrides the design's degrees of freedom; infinity gives normal intervals.
  public var degreesOfFreedom: Double?
  /// Replicate weights, which then give the variance in place of linearisation.
  public var replicates: ReplicateDescription?
  /// How the weights were fitted to margins: variances then take the margins into account.
  public var weighting: WeightingDescription?
  /// Whether the weights make up for non-response in a way that variances take as known.
  public var takesNonresponseAsKnown = false

  public init(
    weight: String? = nil, strata: [String] = [], clusters: [String] = [],
    finitePopulation: [String] = [], isNested: Bool = false, lonelyPSU: LonelyPSU = .fail,
    appliesLonelyPSUToDomains: Bool = false, degreesOfFreedom: Double? = nil,
    replicates: ReplicateDescription? = nil, weighting: WeightingDescription? = nil
  ) {
    self.weight = weight
    self.strata = strata
    self.clusters = clusters
    self.finitePopulation = finitePopulation
    self.isNested = isNested
    self.lonelyPSU = lonelyPSU
    self.appliesLonelyPSUToDomains = appliesLonelyPSUToDomains
    self.degreesOfFreedom = degreesOfFreedom
    self.replicates = replicates
    self.weighting = weighting
  }

  /// Every column that the design needs; of replicate weights, those that are named in full.
  public var columnNames: [String] {
    (weight.map { [$0] } ?? []) + strata + clusters + finitePopulation
      + (replicates?.columns.filter { !$0.contains("*") } ?? [])
  }
}

/// What a stratum with a single PSU contributes to the variance, where it was not taken in full.
/// The names and meanings are those of R's `survey.lonely.psu` (survey 4.1).
public enum LonelyPSU: String, Sendable, CaseIterable, Codable {
  /// No estimate is made; the stratum is named.
  case fail
  /// Nothing.
  case remove
  /// The square of its deviation from the grand mean (of a linearised variable, which is 0).
  case adjust
  /// The average of the other strata.
  case average
  /// Nothing: the stratum is said to be sampled with certainty.
  case certainty
}
