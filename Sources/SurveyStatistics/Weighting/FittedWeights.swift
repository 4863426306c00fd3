import SurveyData

/// Weights fitted to margins, with what is to be said of them.
public struct FittedWeights: Sendable {
  public let description: WeightingDescription
  /// By dataset row; NaN for rows that are out of the design.
  public let weights: NumericColumn
  /// The start weights, by dataset row; NaN for rows that are out of the design.
  public let startWeights: NumericColumn
  /// One for each group of `within`, else one.
  public let groups: [Group]
  public let datasetRowCount: Int
  /// Rows without a start weight, or taken out of the design.
  public let rowsOutside: Int

  /// What was fitted by itself.
  public struct Group: Sendable {
    /// The code of the column that the weights are made within; `nil` without one.
    public var code: String?
    public var respondents: Int
    /// The sum of the new weights.
    public var population: Double
    public var startTotal: Double
    /// Sweeps over the margins, or Newton steps; of all rounds of trimming together.
    public var iterations: Int
    /// The largest relative error of a target.
    public var error: Double
    /// Whether every target is met; after trimming it may not be.
    public var isConverged: Bool
    public var margins: [Category]
    public var totals: [Total]
    public var trimming: Trimming?
  }

  /// A category of a margin, in shares of the population.
  public struct Category: Sendable {
    public var variable: String
    public var code: String
    /// Whether it takes together those without a target (`--unknown keep`).
    public var isUnknown: Bool
    public var respondents: Int
    public var target: Double
    public var before: Double
    public var after: Double
  }

  /// The total of a number.
  public struct Total: Sendable {
    public var variable: String
    public var target: Double
    public var before: Double
    public var after: Double
  }

  public struct Trimming: Sendable {
    /// The limits, as weights.
    public var low: Double
    public var high: Double
    /// Respondents whose weight was outside before.
    public var respondents: Int
    public var rounds: Int
    /// Whether all weights are inside and the margins met.
    public var isComplete: Bool
  }

  public var isConverged: Bool { groups.allSatisfy(\.isConverged) }
  public var iterations: Int { groups.map(\.iterations).max() ?? 0 }
}
