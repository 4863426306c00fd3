/// The words and signs of a condition, each with its position.
struct ExpressionLexer {
  enum Token: Equatable {
    case name(String)
    case number(Double, written: String)
    case text(String)
    case comparison(Expression.Comparison)
    case openParenthesis, closeParenthesis, comma
    case and, or, not, isIn, isMissing
    case end

    /// The token as an error message shows it.
    var shown: String {
      switch self {
      case .name(let name): "'\(name)'"
      case .number(_, let written): "'\(written)'"
      case .text(let text): "\"\(text)\""
      case .comparison(let comparison): "'\(comparison.rawValue)'"
      case .openParenthesis: "'('"
      case .closeParenthesis: "')'"
      case .comma: "','"
      case .and: "'and'"
      case .or: "'or'"
      case .not: "'not'"
      case .isIn: "'in'"
      case .isMissing: "'is_missing'"
      case .end: "the end"
      }
    }
  }

  private let text: String
  private let characters: [Character]
  private var position = 0

  static func tokens(of text: String) throws(ExpressionError) -> [(token: Token, offset: Int)] {
    var lexer = ExpressionLexer(text: text)
    var tokens: [(token: Token, offset: Int)] = []
    while true {
      lexer.skipSpace()
      let offset = lexer.position
      let token = try lexer.next()
      tokens.append((token, offset))
      if token == .end { return tokens }
    }
  }

  private init(text: String) {
    self.text = text
    characters = Array(text)
  }

  private var current: Character? { position < characters.count ? characters[position] : nil }

  private mutating func skipSpace() {
    while let character = current, character.isWhitespace { position += 1 }
  }

  private mutating func next() throws(ExpressionError) -> Token {
    guard let character = current else { return .end }
    switch character {
    case "(": return single(.openParenthesis)
    case ")": return single(.closeParenthesis)
    case ",": return single(.comma)
    case "`": return .name(try quoted())
    case "\"", "'": return .text(try quoted())
    case "=", "!", "<", ">": return try comparison()
    case "0"..."9", "-", "+", ".": return try number()
    case _ where isNameStart(character): return word()
    default:
      throw error(
        .unexpected("'\(character)'", expected: "a column, a value or an operator"), at: position)
    }
  }

  private mutating func single(_ token: Token) -> Token {
    position += 1
    return token
  }

  /// Text up to the same quote sign; the sign written twice stands for itself.
  private mutating func quoted() throws(ExpressionError) -> String {
    let start = position
    let quote = characters[start]
    var content = ""
    position += 1
    while let character = current {
      position += 1
      guard character == quote else {
        content.append(character)
        continue
      }
      guard current == quote else { return content }
      content.append(quote)
      position += 1
    }
    throw error(.unclosed(String(quote)), at: start)
  }

  private mutating func comparison() throws(ExpressionError) -> Token {
    let start = position
    var sign = String(characters[position])
    position += 1
    if current == "=" {
      sign.append("=")
      position += 1
    }
    if let comparison = Expression.Comparison(rawValue: sign) { return .comparison(comparison) }
    throw error(sign == "=" ? .singleEquals : .unexpected("'!'", expected: "'!='"), at: start)
  }

  private mutating func number() throws(ExpressionError) -> Token {
    let start = position
    position += 1
    while let character = current {
      let isExponentSign =
        (character == "-" || character == "+") && "eE".contains(characters[position - 1])
      guard character.isASCII,
        character.isNumber || character.isLetter || character == "."
          || isExponentSign
      else { break }
      position += 1
    }
    let written = String(characters[start..<position])
    guard let value = decimalNumber(written) else {
      throw error(.unexpected("'\(written)'", expected: "a number"), at: start)
    }
    return .number(value, written: written)
  }

  private mutating func word() -> Token {
    let start = position
    while let character = current, isNameStart(character) || character.isNumber || character == "."
    {
      position += 1
    }
    let word = String(characters[start..<position])
    return switch word.lowercased() {
    case "and": .and
    case "or": .or
    case "not": .not
    case "in": .isIn
    case "is_missing": .isMissing
    default: .name(word)
    }
  }

  private func isNameStart(_ character: Character) -> Bool {
    character.isLetter || character == "_"
  }

  private func error(
    _ problem: ExpressionError.Problem, at offset: Int
  ) -> ExpressionError {
    ExpressionError(expression: text, offset: offset, problem: problem)
  }
}
