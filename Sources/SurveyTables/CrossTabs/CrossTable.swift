import SurveyData
import SurveyStatistics

/// An item by the columns of a banner: what is shown of it, at full precision.
///
/// Disclosure rules are applied to this value, before any renderer sees it.
public struct CrossTable: Sendable {
  public var source: DataSource
  public var use: RowUse
  public var design: DesignSummary
  /// The item in rows.
  public var variable: String
  public var label: LocalizedText
  public var question: LocalizedText
  public var percents: [CrossTabQuestion.Percent]
  public var level: Double
  /// The condition of the subpopulation as it was written.
  public var domain: String?
  public var breakdowns: [Breakdown]
  /// The total first, then breakdown by breakdown.
  public var columns: [Column]
  public var rows: [Row]
  /// By row, then by column.
  public var cells: [[Cell]]
  /// Whether a respondent can be in several rows.
  public var hasSeveralAnswers: Bool
  public var tests: [TestResult] = []
  public var letters: LetterRule?
  public var differences: [Difference] = []
  /// The codes of each net, by row.
  var netCodes: [Int: Set<String>] = [:]
  /// Sentences that a reader must have seen before the figures.
  public var warnings: [LocalizedText]

  /// Columns that are read together: one variable, nested ones, or a set of several answers.
  public struct Breakdown: Sendable {
    public var columns: [String]
    public var label: LocalizedText
    /// Whether a respondent can be in several columns.
    public var hasOverlap: Bool
  }

  public struct Column: Sendable {
    /// `nil` of the total.
    public var breakdown: Int?
    /// A code a variable; empty of the total.
    public var values: [GroupValue]
    public var letter: String?
    /// Respondents with an answer to the item, unweighted; `nil` where it is withheld.
    public var base: Int?
    public var weightedBase: Double?

    public var isTotal: Bool { breakdown == nil }
  }

  public struct Row: Sendable {
    public enum Kind: Sendable, Hashable {
      case category, net, mean
      /// Of a set of several answers: share of all answers given.
      case answerShare
      /// Of a ranking: the mean place among those who gave it one.
      case meanRank
      /// Of a ranking: mean points, as many for the first place as there are places, 0 for none.
      case borda
    }

    public var kind: Kind
    /// The category, or the answer of a set; `nil` of a net and of the mean of the item.
    public var code: String?
    public var net: String?
    public var label: LocalizedText

    public var isShare: Bool { kind == .category || kind == .net }

    /// The word for a figure of the row, in the output.
    public func statistic(_ percent: CrossTabQuestion.Percent) -> String {
      switch kind {
      case .category, .net: percent.statistic
      case .mean: "mean"
      case .answerShare: "answerShare"
      case .meanRank: "meanRank"
      case .borda: "borda"
      }
    }
  }

  public struct Cell: Sendable {
    /// One a percent; of rows that are no shares of respondents, one.
    public var estimates: [Estimate]
    public var marks: [Mark] = []
    /// Why the figures are withheld; `nil` where they are shown.
    public var suppression: Suppression?
  }

  /// That a cell is larger than another column's, or differs from the rest.
  public struct Mark: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
      /// Larger than the column of that letter.
      case letter(String)
      /// Larger, or smaller, than the rest.
      case rest(isLarger: Bool)
    }

    public var kind: Kind
    /// At the strictest of the levels asked for.
    public var isStrict: Bool

    /// `A` at the strict level, `a` at the other; `▲ ▼`, or `△ ▽`.
    public var text: String {
      switch kind {
      case .letter(let letter): isStrict ? letter : letter.lowercased()
      case .rest(let isLarger):
        isLarger ? (isStrict ? "\u{25B2}" : "\u{25B3}") : (isStrict ? "\u{25BC}" : "\u{25BD}")
      }
    }
  }

  /// The columns of a breakdown, by their places in `columns`.
  public func columns(ofBreakdown breakdown: Int) -> [Int] {
    columns.indices.filter { columns[$0].breakdown == breakdown }
  }
}

extension CrossTable.Column {
  /// A, B, … Z, AA, AB, …
  static func letter(_ index: Int) -> String {
    let last = String(UnicodeScalar(UInt8(ascii: "A") + UInt8(index % 26)))
    return index < 26 ? last : letter(index / 26 - 1) + last
  }
}
