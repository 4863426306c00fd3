extension Expression {
  /// The columns and the values they must have, where the condition is no more than that: `a == 1
  /// and b in (2, 3)`. `nil` for any other condition.
  package var equalities: [(column: String, values: [String])]? {
    func collect(_ node: Node) -> [(column: String, values: [String])]? {
      switch node {
      case .comparison(let column, .equal, let literal):
        return [(column.name, [literal.content])]
      case .membership(let column, let literals, negated: false):
        return [(column.name, literals.map(\.content))]
      case .and(let left, let right):
        guard let left = collect(left), let right = collect(right) else { return nil }
        return left + right
      case .comparison, .membership, .isMissing, .not, .or: return nil
      }
    }
    return collect(root)
  }
}
