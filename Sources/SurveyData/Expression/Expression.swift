/// A condition on a respondent's answers, as written after `--where`.
public struct Expression: Sendable {
  /// The condition as it was written.
  public let text: String
  package let root: Node

  /// Reads a condition: `area == "jobcenter" and age >= 30`.
  ///
  /// Precedence is not, and, or. Names with other characters than letters, digits, `_` and `.`
  /// stand in backquotes.
  public init(_ text: String) throws(ExpressionError) {
    var parser = try ExpressionParser(text)
    self.text = text
    root = try parser.parse()
  }

  /// Every column that the condition names, in order of appearance.
  public var columnNames: [String] {
    var names: [String] = []
    for column in columnPlaces where !names.contains(column.name) { names.append(column.name) }
    return names
  }

  /// Every mention of a column, in order of appearance.
  package var columnPlaces: [ColumnName] {
    var columns: [ColumnName] = []
    root.visitColumns { columns.append($0) }
    return columns
  }

  package indirect enum Node: Sendable {
    case comparison(ColumnName, Comparison, Literal)
    case membership(ColumnName, [Literal], negated: Bool)
    case isMissing(ColumnName)
    case not(Node)
    case and(Node, Node)
    case or(Node, Node)

    /// Gives each text or number that a column is compared with for equality.
    func visitEqualities(_ body: (ColumnName, Literal) -> Void) {
      switch self {
      case .comparison(let column, let comparison, let literal):
        if !comparison.isOrder { body(column, literal) }
      case .membership(let column, let literals, _):
        for literal in literals { body(column, literal) }
      case .isMissing: break
      case .not(let node): node.visitEqualities(body)
      case .and(let left, let right), .or(let left, let right):
        left.visitEqualities(body)
        right.visitEqualities(body)
      }
    }

    func visitColumns(_ body: (ColumnName) -> Void) {
      switch self {
      case .comparison(let column, _, _), .membership(let column, _, _), .isMissing(let column):
        body(column)
      case .not(let node): node.visitColumns(body)
      case .and(let left, let right), .or(let left, let right):
        left.visitColumns(body)
        right.visitColumns(body)
      }
    }
  }

  package struct ColumnName: Sendable {
    var name: String
    /// The position of the first character in the expression.
    var offset: Int
  }

  package enum Comparison: String, Sendable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="

    var isOrder: Bool { self != .equal && self != .notEqual }

    func holds(_ left: Double, _ right: Double) -> Bool {
      switch self {
      case .equal: left == right
      case .notEqual: left != right
      case .less: left < right
      case .lessOrEqual: left <= right
      case .greater: left > right
      case .greaterOrEqual: left >= right
      }
    }
  }

  /// A number is compared with codes, a quoted text with labels and codes.
  package enum Literal: Sendable {
    case number(Double, written: String)
    case text(String)

    /// The value without quotes.
    package var content: String {
      switch self {
      case .number(_, let written): written
      case .text(let text): text
      }
    }
  }
}

/// A column's name as a condition writes it: in backquotes where it needs them.
package func columnReference(_ name: String) -> String {
  if let words = try? ExpressionLexer.tokens(of: name), words.count == 2, words[0].offset == 0,
    words[0].token == .name(name)
  {
    return name
  }
  return "`"
    + name.split(separator: "`", omittingEmptySubsequences: false)
    .joined(separator: "``") + "`"
}

/// A condition that cannot be read or does not fit the data; the message points at the character.
public struct ExpressionError: InputFault {
  public enum Problem: Sendable {
    case unexpected(String, expected: String)
    case unclosed(String)
    case singleEquals
    case noSuchColumn(String, nearest: String?)
    case notOrdered(column: String, code: String)
    case textForNumber(column: String, text: String)
    case ambiguousNumber(column: String, code: String)
  }

  public let expression: String
  /// Counted from 0 in characters.
  public let offset: Int
  public let problem: Problem

  public var fault: Fault {
    switch problem {
    case .unexpected, .unclosed, .singleEquals: .usage
    case .noSuchColumn, .notOrdered, .textForNumber, .ambiguousNumber: .data
    }
  }

  public var description: String {
    let reason =
      switch problem {
      case .unexpected(let found, let expected):
        "\(expected) is expected here, not \(found)."
      case .unclosed(let quote): "the \(quote) that opens here is never closed."
      case .singleEquals: "write == to compare."
      case .noSuchColumn(let name, let nearest):
        "no column is named '\(name)'." + (nearest.map { " The nearest name is '\($0)'." } ?? "")
      case .notOrdered(let column, let code):
        "'\(column)' holds '\(code)', which is no number, so it has no order. Use == or in."
      case .textForNumber(let column, let text):
        "'\(column)' holds numbers without labels, so it cannot equal the text \"\(text)\". "
          + "Write the number without quotes."
      case .ambiguousNumber(let column, let code):
        "'\(column)' holds '\(code)', which is either a thousand or a decimal. "
          + "Say which mark decimals have: --decimal , or --decimal ."
      }
    return """
      The condition cannot be used at character \(offset + 1): \(inOneLine(reason))
        \(inOneLine(expression))
        \(String(repeating: " ", count: offset))^
      """
  }
}
