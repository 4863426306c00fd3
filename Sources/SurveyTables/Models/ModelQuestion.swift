import SurveyData
import SurveyStatistics

/// A regression that is asked of a survey.
public struct ModelQuestion: Sendable {
  /// The families, by the words of the command line.
  public typealias Family = ModelFamily

  /// A column, or `COL=CODE` (codes with commas between them, or a net's name).
  public var outcome: String
  /// Terms as they are written: `A,B,A:B,A*B,log(x),poly(x,2),ns(x,3)`.
  public var terms: String
  /// Columns that are categorical whatever they hold.
  public var categorical: [String]
  /// Reference codes by column.
  public var references: [String: String]
  /// `nil`: logistic for `COL=CODE`, else linear.
  public var family: Family?
  public var domain: Expression?
  public var inference: Inference

  public init(
    outcome: String, terms: String, categorical: [String] = [],
    references: [String: String] = [:], family: Family? = nil, where domain: Expression? = nil,
    inference: Inference = Inference()
  ) {
    self.outcome = outcome
    self.terms = terms
    self.categorical = categorical
    self.references = references
    self.family = family
    self.domain = domain
    self.inference = inference
  }

  /// The outcome's column, and the codes that count as yes.
  var outcomeParts: (column: String, codes: String?) {
    guard let split = outcome.firstIndex(of: "=") else { return (outcome, nil) }
    return (String(outcome[..<split]), String(outcome[outcome.index(after: split)...]))
  }

  var chosenFamily: ModelFamily { family ?? (outcomeParts.codes == nil ? .linear : .logistic) }

  /// Every column that an answer needs.
  public func columnNames() throws -> [String] {
    [outcomeParts.column] + (try ModelTerms(parsing: terms)).columnNames
      + (domain?.columnNames ?? [])
  }

  /// Columns that are to be read as categories.
  public var categoryNames: [String] { categorical + Array(references.keys).sorted() }
}
