import SurveyData
import SurveyStatistics

/// A fitted regression as a table holds it. What is withheld has no figures.
public struct ModelSummary: Sendable {
  public var family: String
  public var outcome: String
  public var coefficients: [Coefficient]
  public var tests: [TermTest]
  /// Average marginal effects: what a unit, or a category against the reference, changes of the mean.
  public var effects: [Coefficient]
  public var respondents: Int
  public var iterations: Int
  /// Columns that those before them give.
  public var leftOut: [String]
  /// Whether effects are of a share, so that people read them in percentage points.
  public var isOfShare: Bool

  public struct Coefficient: Sendable {
    public var term: String
    /// The answer on whose share the effect is: of an ordinal model only.
    public var answer: Answer?
    public var estimate: Double?
    public var standardError: Double?
    public var statistic: Double?
    public var df: Double
    public var pValue: Double?
    public var interval: Interval?
    public var isWithheld = false
  }

  /// An answer of an ordinal outcome.
  public struct Answer: Sendable {
    public var code: String
    public var label: LocalizedText
  }

  /// A Wald test of all coefficients of a term.
  public struct TermTest: Sendable {
    public var term: String
    public var statistic: Double?
    public var df1: Double
    public var df2: Double
    public var pValue: Double?
  }
}

extension ModelSummary.Coefficient {
  init(_ estimate: ModelEstimate, of answer: ModelSummary.Answer? = nil) {
    term = estimate.name
    self.answer = answer
    self.estimate = estimate.estimate
    standardError = estimate.standardError
    statistic = estimate.statistic
    df = estimate.degreesOfFreedom
    pValue = estimate.pValue
    interval = estimate.interval
  }

  mutating func withhold() {
    self = ModelSummary.Coefficient(
      term: term, answer: answer, estimate: nil, standardError: nil, statistic: nil, df: df,
      pValue: nil,
      interval: nil, isWithheld: true)
  }
}

extension ModelSummary.TermTest {
  init(_ test: WaldTest) {
    term = test.name
    statistic = test.statistic
    df1 = test.df1
    df2 = test.df2
    pValue = test.pValue
  }

  mutating func withhold() {
    statistic = nil
    pValue = nil
  }
}
