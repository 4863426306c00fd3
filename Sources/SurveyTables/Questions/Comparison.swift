import SurveyData
import SurveyStatistics

/// What is asked of a survey when two estimates are held against each other.
public struct Comparison: Sendable {
  /// The estimates: shares or means of the item, in the question's domain and groups.
  public var question: Question
  public var sides: Sides
  /// Within one grouping and one category or net.
  public var adjustment: Adjustment

  /// What is held against what. A difference is the latter minus the former.
  public enum Sides: Sendable {
    /// Every two groups, in the order of their codes.
    case pairs
    /// One group, by its codes, against each other group.
    case against(group: [String])
    /// The respondents of all other groups against each group.
    case againstRest
    /// The respondents of all groups together against each group.
    case againstTotal
    /// The item against another of the same respondents, each with its own base.
    case item(String)
    /// A number against the estimate of each group.
    case number(Double)
  }

  public init(_ question: Question, _ sides: Sides, adjustment: Adjustment = .none) {
    self.question = question
    self.sides = sides
    self.adjustment = adjustment
  }

  /// Every column that an answer needs.
  public var columnNames: [String] {
    if case .item(let other) = sides { return question.columnNames + [other] }
    return question.columnNames
  }
}
