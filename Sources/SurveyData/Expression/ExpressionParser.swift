/// Recursive descent over the tokens of a condition; one method a level of precedence.
struct ExpressionParser {
  private typealias Node = Expression.Node

  private let text: String
  private let tokens: [(token: ExpressionLexer.Token, offset: Int)]
  private var position = 0

  init(_ text: String) throws(ExpressionError) {
    self.text = text
    tokens = try ExpressionLexer.tokens(of: text)
  }

  private var current: ExpressionLexer.Token { tokens[position].token }

  mutating func parse() throws(ExpressionError) -> Expression.Node {
    let node = try disjunction()
    guard current == .end else { throw unexpected("'and', 'or' or the end") }
    return node
  }

  private mutating func disjunction() throws(ExpressionError) -> Node {
    var node = try conjunction()
    while accept(.or) { node = .or(node, try conjunction()) }
    return node
  }

  private mutating func conjunction() throws(ExpressionError) -> Node {
    var node = try negation()
    while accept(.and) { node = .and(node, try negation()) }
    return node
  }

  private mutating func negation() throws(ExpressionError) -> Node {
    if accept(.not) { return .not(try negation()) }
    if accept(.openParenthesis) {
      let node = try disjunction()
      try expect(.closeParenthesis)
      return node
    }
    if accept(.isMissing) {
      try expect(.openParenthesis)
      let column = try columnName()
      try expect(.closeParenthesis)
      return .isMissing(column)
    }
    return try condition()
  }

  private mutating func condition() throws(ExpressionError) -> Node {
    let column = try columnName()
    if case .comparison(let comparison) = current {
      position += 1
      return .comparison(column, comparison, try literal())
    }
    let negated = accept(.not)
    guard accept(.isIn) else {
      throw unexpected(negated ? "'in'" : "a comparison (==, !=, <, <=, >, >=) or 'in'")
    }
    try expect(.openParenthesis)
    var literals = [try literal()]
    while accept(.comma) { literals.append(try literal()) }
    try expect(.closeParenthesis)
    return .membership(column, literals, negated: negated)
  }

  private mutating func columnName() throws(ExpressionError) -> Expression.ColumnName {
    guard case .name(let name) = current else {
      throw unexpected("a column name, 'not', 'is_missing' or '('")
    }
    let offset = tokens[position].offset
    position += 1
    return Expression.ColumnName(name: name, offset: offset)
  }

  private mutating func literal() throws(ExpressionError) -> Expression.Literal {
    switch current {
    case .number(let value, let written):
      position += 1
      return .number(value, written: written)
    case .text(let text):
      position += 1
      return .text(text)
    case .name:
      throw unexpected("a number, or a text in quotes,")
    default:
      throw unexpected("a number or a text in quotes")
    }
  }

  private mutating func accept(_ token: ExpressionLexer.Token) -> Bool {
    guard current == token else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ token: ExpressionLexer.Token) throws(ExpressionError) {
    guard accept(token) else { throw unexpected(token.shown) }
  }

  private func unexpected(_ expected: String) -> ExpressionError {
    ExpressionError(
      expression: text, offset: tokens[position].offset,
      problem: .unexpected(current.shown, expected: expected))
  }
}
