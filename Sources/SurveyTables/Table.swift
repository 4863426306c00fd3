import SurveyData
import SurveyStatistics

/// The answer to a question: cells at full precision, with everything that a reader must be told.
///
/// Disclosure rules are applied to this value, before any renderer sees it.
public struct Table: Sendable {
  public var command: String
  public var source: DataSource
  public var rows: RowUse
  public var design: DesignSummary
  /// The column that was asked about, and its texts.
  public var variable: String
  public var label: LocalizedText
  public var question: LocalizedText
  public var level: Double
  public var cells: [Cell]
  public var tests: [TestResult] = []
  public var differences: [Difference] = []
  /// How the differences' p-values are adjusted.
  public var adjustment = Adjustment.none
  /// A regression, where one was asked for.
  public var model: ModelSummary?
  /// A development over time, where one was asked for.
  public var trend: TrendSummary?
  /// Sentences that a reader must have seen before the figures.
  public var warnings: [String]
  /// How the figures were made, where that is asked for.
  public var explanation: Explanation?
}

/// One figure of a table.
public struct Cell: Sendable {
  public var statistic: String
  public var variable: String
  /// The code of a category; `nil` where the figure is of a net or of the whole item.
  public var category: String?
  public var label: LocalizedText
  /// The net's name, or its codes.
  public var net: String?
  /// The column that a ratio divides by.
  public var denominator: String?
  /// Which quantile the figure is, from 0 to 1.
  public var probability: Double?
  /// The group, a code a column; empty for all respondents.
  public var group: [GroupValue]
  public var estimate: Estimate
  /// Why the figure is withheld; `nil` where it is shown.
  public var suppression: Suppression?
}

/// A column's value that defines a group.
public struct GroupValue: Sendable, Hashable {
  public var column: String
  public var code: String
  public var label: LocalizedText
}

/// Where the rows went: read = used + all that is excluded.
public struct RowUse: Sendable {
  public var used: Int
  /// Outside the subpopulation asked for.
  public var outsideDomain: Int
  /// No valid answer to the item.
  public var missing: Int
  /// Without a weight, or with a weight of 0.
  public var withoutWeight: Int
  /// Taken out of the design (`--drop`).
  public var dropped: Int
  /// Left out because they cannot be read (`--max-bad-rows`).
  public var unreadable: Int
  /// Whether all but the rows read are withheld: they would tell how small a withheld base is.
  public var isWithheld = false

  public var read: Int { used + outsideDomain + missing + withoutWeight + dropped + unreadable }
}

/// A design in the words of the output.
public struct DesignSummary: Sendable {
  public var weight: String?
  public var strata: Int
  public var clusters: Int
  public var degreesOfFreedom: Double
  /// How variances are estimated: `linearization`, with the margins whose residuals it is of, or
  /// `replicates: ` and how they are made.
  public var variance: String
  /// The replicates alone, where there are any.
  public var replicates: String?
  /// What the weights were fitted to, where the variance knows of it.
  public var margins: String?
}
