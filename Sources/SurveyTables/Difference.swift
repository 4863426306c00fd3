import SurveyData
import SurveyStatistics

/// The difference of two figures of a table, *to* minus *from*.
public struct Difference: Sendable {
  public var variable: String
  /// The code of a category; `nil` where the figures are of a net or of the whole item.
  public var category: String?
  /// The net's name, or its codes.
  public var net: String?
  public var label: LocalizedText
  /// What the two figures are, in a table with several kinds of them.
  public var statistic: String?
  public var from: Side
  public var to: Side
  public var contrast: Contrast
  /// The p-value with regard to the other differences of its family; that of `contrast` where there
  /// is no adjustment.
  public var adjustedPValue: Double?
  /// The smallest and the largest standard error, where the overlap of the sides is unknown.
  public var errorBounds: ClosedRange<Double>?
  /// Why it is withheld; `nil` where it is shown.
  public var suppression: Suppression?

  /// One side of a difference.
  public enum Side: Sendable, Hashable {
    /// The respondents of a group, a code a column; of no column: all.
    case group([GroupValue])
    /// The respondents of every other group of these columns.
    case rest([String])
    /// The respondents of all groups of these columns.
    case total([String])
    /// All respondents, by their answers to this item.
    case item(String, label: LocalizedText)
    case number(Double)

    /// Columns and codes, as they stand in JSON.
    public var codes: [(column: String, code: String)] {
      switch self {
      case .group(let values): values.map { ($0.column, $0.code) }
      case .rest(let columns): columns.map { ($0, "rest") }
      case .total(let columns): columns.map { ($0, "total") }
      case .item(let name, _): [("item", name)]
      case .number(let value): [("value", shortestText(value))]
      }
    }
  }
}

/// A test that a table was put to.
public struct TestResult: Sendable {
  /// The two variables; the columns of the second are crossed.
  public var variable: String
  public var by: [String]
  public var test: IndependenceTest
  /// What people call the two; `nil` where they are called by their names.
  public var labels: (variable: LocalizedText, by: LocalizedText)?
  /// It would tell of a withheld figure.
  public var isWithheld = false

  public var name: String { test.form.rawValue }

  /// The two for a sentence.
  func words(in language: Language) -> (variable: String, by: String) {
    (
      labels?.variable[language] ?? variable,
      labels?.by[language] ?? by.joined(separator: ":")
    )
  }
}
