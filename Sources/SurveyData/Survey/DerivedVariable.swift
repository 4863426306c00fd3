/// A variable made from others, with labels of its own.
public struct DerivedVariable: Sendable {
  /// How its codes come about. A missing result takes the reason that its missing parts share, or
  /// `unspecified` where they differ.
  public enum Rule: Sendable {
    /// 1 where any condition is true; 0 where all are false; missing where none is true and any is
    /// missing.
    case any([Condition])
    /// 1 where all conditions are true; 0 where any is false; missing where none is false and any
    /// is missing.
    case all([Condition])
    /// The number of conditions that are true; missing where any of them is missing.
    case count([Condition])
    /// The intervals that the ascending cuts make of a numeric column: 1 below the first cut, and
    /// each cut begins the next code. Missing where the number is.
    case bands(of: String, cuts: [Double])
    /// A code for each code of another column. A missing code without an entry stays missing, with
    /// its reason; a valid code without an entry is an error.
    case recode(of: String, map: [Recoding])
  }

  /// A condition with the place of its first character.
  public struct Condition: Sendable {
    public var expression: Expression
    public var place: SourcePlace
    /// The characters of the condition that have an escape before them in the file, by their
    /// position from 0.
    package var escapes: [Int] = []

    public init(_ expression: Expression, place: SourcePlace) {
      self.expression = expression
      self.place = place
    }
  }

  public struct Recoding: Sendable, Hashable {
    public var from: String
    public var to: String
    public var place: SourcePlace

    public init(from: String, to: String, place: SourcePlace) {
      self.from = from
      self.to = to
      self.place = place
    }
  }

  /// Its codebook entry. Every code that the rule can give is a category.
  public var variable: Variable
  public var rule: Rule
  public var place: SourcePlace

  public init(_ variable: Variable, rule: Rule, place: SourcePlace) {
    self.variable = variable
    self.rule = rule
    self.place = place
  }

  /// The columns and derived variables that it is made from, each once, in order of appearance.
  public var inputs: [String] {
    switch rule {
    case .any(let conditions), .all(let conditions), .count(let conditions):
      var names: [String] = []
      for condition in conditions {
        for name in condition.expression.columnNames where !names.contains(name) {
          names.append(name)
        }
      }
      return names
    case .bands(let column, _), .recode(let column, _): return [column]
    }
  }
}

extension DerivedVariable.Rule {
  /// Every code that the rule can give, in order: 1 before 0, counts and bands ascending, recodes
  /// by first appearance.
  package var resultCodes: [String] {
    switch self {
    case .any, .all: return ["1", "0"]
    case .count(let conditions): return (0...conditions.count).map(String.init)
    case .bands(_, let cuts): return (1...cuts.count + 1).map(String.init)
    case .recode(_, let map):
      var codes: [String] = []
      for entry in map where !codes.contains(entry.to) { codes.append(entry.to) }
      return codes
    }
  }
}
