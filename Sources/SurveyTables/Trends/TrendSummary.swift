import SurveyData
import SurveyStatistics

/// What a trend has beside its estimates, differences and regression.
public struct TrendSummary: Sendable {
  public var time: String
  /// Waves in the order of time.
  public var points: [Point]
  /// The fitted line, with its band.
  public var line: [LinePoint]
  /// Any change at all: every wave a category of its own, Wald.
  public var change: ModelSummary.TermTest?
  /// The waves do not lie on the line, Wald.
  public var departure: ModelSummary.TermTest?
  /// The average change of the estimate for one unit of time.
  public var perUnit: ModelSummary.Coefficient?
  /// Units that answered in more than one wave; `nil` where that is not known.
  public var repeatedUnits: Int?
  public var isOfShare: Bool
  /// Terms that the regression is adjusted for.
  public var adjustedFor: String?

  public struct Point: Sendable {
    public var time: Double
    public var code: String
    /// The cell's figures; `nil` where they are withheld.
    public var value: Double?
    public var interval: Interval?
    /// How the question stood in this wave, where it stood otherwise.
    public var otherWording: LocalizedText?
  }

  public struct LinePoint: Sendable {
    public var time: Double
    public var value: Double
    public var low: Double?
    public var high: Double?
  }
}
