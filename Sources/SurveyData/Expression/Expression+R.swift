extension Expression {
  /// The condition in R, for the call that gives the same number.
  package var inR: String { root.inR(isOperand: false) }
}

extension Expression.Node {
  fileprivate func inR(isOperand: Bool) -> String {
    let text: String
    switch self {
    case .comparison(let column, let comparison, let literal):
      return "\(nameInR(column.name)) \(comparison.rawValue) \(literal.inR)"
    case .membership(let column, let literals, let negated):
      let test = "\(nameInR(column.name)) %in% c(\(literals.map(\.inR).joined(separator: ", ")))"
      return negated ? "!(\(test))" : test
    case .isMissing(let column): return "is.na(\(nameInR(column.name)))"
    case .not(let node): return "!(\(node.inR(isOperand: false)))"
    case .and(let left, let right):
      text = left.inR(isOperand: true) + " & " + right.inR(isOperand: true)
    case .or(let left, let right):
      text = left.inR(isOperand: true) + " | " + right.inR(isOperand: true)
    }
    return isOperand ? "(\(text))" : text
  }
}

extension Expression.Literal {
  fileprivate var inR: String {
    switch self {
    case .number(_, let written): written
    case .text(let text): textInR(text)
    }
  }
}

/// A text as R writes it.
package func textInR(_ text: String) -> String {
  var result = "\""
  for character in text {
    if character == "\"" || character == "\\" { result.append("\\") }
    result.append(character)
  }
  return result + "\""
}

/// A column's name as R writes it.
package func nameInR(_ name: String) -> String {
  let isPlain =
    name.first.map { $0.isLetter || $0 == "." } ?? false
    && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "_") }
  return isPlain ? name : "`\(name)`"
}
