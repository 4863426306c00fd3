import SurveyData
import SurveyStatistics

/// What is asked of a survey for one table: an item in rows by the columns of a banner.
public struct CrossTabQuestion: Sendable {
  /// What a cell is a share of.
  public enum Percent: String, Sendable, CaseIterable {
    case column, row, total

    /// The word in the output.
    public var statistic: String { rawValue + "Share" }
  }

  /// The nets that stand below the categories.
  public enum Nets: Sendable, Hashable {
    /// All that the codebook has.
    case codebook
    case none
    case chosen([NetChoice])
  }

  /// Whether a row with the mean of the codes stands below the shares.
  public enum Mean: Sendable, Hashable {
    case none
    /// Codes that are no numbers are an error.
    case wanted
    /// In a book of many items: where the codes are three numbers or more, and nobody has said that
    /// they are names (nominal, or written with a leading zero).
    case whereCodesMeasure
  }

  /// A column or a set of several answers.
  public var rows: String
  /// Breakdowns side by side; the columns of one entry are nested.
  public var banner: [[String]]
  /// What the shares are shares of; the first is what a letter compares where it is `column`.
  public var percents: [Percent]
  /// A subpopulation; the rows outside stay in the design.
  public var domain: Expression?
  public var nets: Nets
  /// A row with the mean of the codes.
  public var mean: Mean
  /// Missing reasons that count as categories of their own.
  public var keptMissing: Set<MissingReason>
  public var letters: LetterRule?
  public var inference: Inference
  /// In place of the item's label.
  public var title: LocalizedText?

  public init(
    rows: String, banner: [[String]], percents: [Percent] = [.column],
    where domain: Expression? = nil, nets: Nets = .codebook, mean: Mean = .none,
    keepingMissing: Set<MissingReason> = [], letters: LetterRule? = nil,
    inference: Inference = Inference(), title: LocalizedText? = nil
  ) {
    self.rows = rows
    self.banner = banner
    self.percents = percents
    self.domain = domain
    self.nets = nets
    self.mean = mean
    self.keptMissing = keepingMissing
    self.letters = letters
    self.inference = inference
    self.title = title
  }

  /// Every column that an answer needs; sets stand by their own names.
  public var columnNames: [String] {
    [rows] + banner.flatMap { $0 } + (domain?.columnNames ?? [])
  }
}

/// When a cell is marked as larger than another column's.
public struct LetterRule: Sendable, Hashable {
  /// What a column is held against.
  public enum Against: String, Sendable, CaseIterable {
    /// Every other column of its breakdown.
    case pairs
    /// The respondents of all other columns of its breakdown.
    case rest
  }

  /// Confidence levels, the strictest first: its letters are capitals, those of the second small.
  public var levels: [Double]
  public var method: ColumnTest
  public var against: Against
  /// Within a row of a breakdown.
  public var adjustment: Adjustment

  public init(
    levels: [Double] = [0.95], method: ColumnTest = .design, against: Against = .pairs,
    adjustment: Adjustment = .none
  ) {
    self.levels = levels.sorted(by: >)
    self.method = method
    self.against = against
    self.adjustment = adjustment
  }
}
