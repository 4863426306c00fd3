extension Dataset {
  /// The rows for which a condition is true.
  ///
  /// A comparison with a missing value is missing, `and`, `or` and `not` are three-valued (as in R
  /// and SQL), and a row enters only where the whole is true.
  public func domain(where expression: Expression) throws(ExpressionError) -> Domain {
    let truth = try truth(of: expression)
    return Domain(
      mask: Bytes(of: UInt8.self, count: rowCount) { mask in
        for row in truth.indices { mask[row] = truth[row] == Truth.yes ? 1 : 0 }
      })
  }
}

extension Dataset {
  /// A condition's three-valued truth, a byte of `Truth` a row.
  func truth(of expression: Expression) throws(ExpressionError) -> [UInt8] {
    try ExpressionEvaluation(dataset: self, expression: expression).truth(of: expression.root)
  }
}

/// Truth values as bytes, so that a whole column is combined without branches.
enum Truth {
  static let no: UInt8 = 0
  static let yes: UInt8 = 1
  static let missing: UInt8 = 2

  static func not(_ value: UInt8) -> UInt8 { value == missing ? missing : 1 - value }

  static func and(_ a: UInt8, _ b: UInt8) -> UInt8 {
    a == no || b == no ? no : max(a, b)
  }

  static func or(_ a: UInt8, _ b: UInt8) -> UInt8 {
    a == yes || b == yes ? yes : max(a, b)
  }
}

private struct ExpressionEvaluation {
  let dataset: Dataset
  let expression: Expression

  func truth(of node: Expression.Node) throws(ExpressionError) -> [UInt8] {
    switch node {
    case .comparison(let column, let comparison, let literal):
      return try compare(column, comparison, literal)
    case .membership(let column, let literals, let negated):
      var result = try compare(column, .equal, literals[0])
      for literal in literals.dropFirst() {
        result = combine(result, try compare(column, .equal, literal), Truth.or)
      }
      return negated ? result.map(Truth.not) : result
    case .isMissing(let column):
      return try missing(column)
    case .not(let inner):
      return try truth(of: inner).map(Truth.not)
    case .and(let left, let right):
      return combine(try truth(of: left), try truth(of: right), Truth.and)
    case .or(let left, let right):
      return combine(try truth(of: left), try truth(of: right), Truth.or)
    }
  }

  private func combine(
    _ left: [UInt8], _ right: [UInt8], _ operation: (UInt8, UInt8) -> UInt8
  ) -> [UInt8] {
    var result = left
    for row in result.indices { result[row] = operation(left[row], right[row]) }
    return result
  }

  private func missing(_ name: Expression.ColumnName) throws(ExpressionError) -> [UInt8] {
    switch try column(name).values {
    case .categorical(let column):
      return spread(
        column.categories.map { $0.missing == nil ? Truth.no : Truth.yes }, over: column)
    case .numeric(let column):
      return column.withValues { values in
        var result = [UInt8](repeating: Truth.no, count: values.count)
        for row in values.indices where values[row].isNaN { result[row] = Truth.yes }
        return result
      }
    }
  }

  private func compare(
    _ name: Expression.ColumnName, _ comparison: Expression.Comparison,
    _ literal: Expression.Literal
  ) throws(ExpressionError) -> [UInt8] {
    switch try column(name).values {
    case .categorical(let column):
      if case .number = literal, let ambiguous = column.ambiguousNumber {
        throw error(
          .ambiguousNumber(column: name.name, code: ambiguous.code), at: name.offset)
      }
      var table: [UInt8] = []
      for category in column.categories {
        table.append(try truth(of: category, comparison, literal, in: name))
      }
      return spread(table, over: column)
    case .numeric(let column):
      guard case .number(let number, _) = literal else {
        throw error(.textForNumber(column: name.name, text: literal.content), at: name.offset)
      }
      return column.withValues { values in
        var result = [UInt8](repeating: Truth.missing, count: values.count)
        for row in values.indices where !values[row].isNaN {
          result[row] = comparison.holds(values[row], number) ? Truth.yes : Truth.no
        }
        return result
      }
    }
  }

  /// The truth of a comparison for every row that has this category.
  private func truth(
    of category: Category, _ comparison: Expression.Comparison, _ literal: Expression.Literal,
    in name: Expression.ColumnName
  ) throws(ExpressionError) -> UInt8 {
    guard category.missing == nil else { return Truth.missing }
    let holds: Bool
    switch literal {
    case .number(let number, let written):
      if let code = category.number {
        holds = comparison.holds(code, number)
      } else if comparison.isOrder {
        throw error(.notOrdered(column: name.name, code: category.code), at: name.offset)
      } else {
        holds = (category.code == written) == (comparison == .equal)
      }
    case .text(let text):
      guard !comparison.isOrder else {
        throw error(.notOrdered(column: name.name, code: text), at: name.offset)
      }
      let label = dataset.codebook.variables[name.name]?.categories
        .first { $0.code == category.code }?.label
      let equal = category.code == text || label?.matches(text) ?? false
      holds = equal == (comparison == .equal)
    }
    return holds ? Truth.yes : Truth.no
  }

  private func spread(_ table: [UInt8], over column: CategoricalColumn) -> [UInt8] {
    var result = [UInt8](repeating: Truth.missing, count: column.rowCount)
    column.forEachIndex { row, index in result[row] = table[index] }
    return result
  }

  private func column(_ name: Expression.ColumnName) throws(ExpressionError) -> Column {
    if let column = dataset[name.name] { return column }
    let names = dataset.source.columnNames ?? dataset.columns.map(\.name)
    throw error(
      .noSuchColumn(name.name, nearest: nearestName(to: name.name, among: names)), at: name.offset)
  }

  private func error(_ problem: ExpressionError.Problem, at offset: Int) -> ExpressionError {
    ExpressionError(expression: expression.text, offset: offset, problem: problem)
  }
}
