/// One variable as a term of a model uses it: as it is, or transformed.
package struct ModelFactor: Sendable, Hashable {
  package enum Transform: Sendable, Hashable {
    case none
    /// The natural logarithm.
    case log
    /// Orthogonal polynomials over the respondents, of degrees 1 to this one (R: `poly`).
    case poly(degree: Int)
    /// A natural cubic spline with that many columns, its knots at quantiles of the respondents'
    /// values (R: `splines::ns`).
    case naturalSpline(columns: Int)
  }

  package var column: String
  package var transform: Transform

  package var name: String {
    switch transform {
    case .none: column
    case .log: "log(\(column))"
    case .poly(let degree): "poly(\(column),\(degree))"
    case .naturalSpline(let columns): "ns(\(column),\(columns))"
    }
  }

  /// The same in R, for a column that R can read as a name.
  package var inR: String {
    switch transform {
    case .none: column
    case .log: "log(\(column))"
    case .poly(let degree): "poly(\(column), \(degree))"
    case .naturalSpline(let columns): "splines::ns(\(column), \(columns))"
    }
  }
}

/// A term: one variable, or several whose columns are multiplied.
package struct ModelTerm: Sendable, Hashable {
  package var factors: [ModelFactor]

  package init(_ factors: [ModelFactor]) { self.factors = factors }

  /// A single column as it is.
  package init(_ column: String) {
    factors = [ModelFactor(column: column, transform: .none)]
  }

  package var name: String { factors.map(\.name).joined(separator: ":") }
}

/// The terms of a model, main effects before interactions; no term stands there twice.
package struct ModelTerms: Sendable {
  package private(set) var terms: [ModelTerm] = []

  package init(_ terms: [ModelTerm]) { for term in terms { add(term) } }

  /// Terms as they are written: `A,B,A:B`, `A*B`, `log(x)`, `poly(x,2)`, `ns(x,3)`; a name with
  /// other characters stands in backquotes.
  package init(parsing text: String) throws(ModelError) {
    var parser = ModelTermParser(text)
    for term in try parser.terms() { add(term) }
  }

  private mutating func add(_ term: ModelTerm) {
    guard !terms.contains(where: { Set($0.factors) == Set(term.factors) }) else { return }
    // Stable: main effects first, then interactions of two, and so on.
    let position =
      terms.firstIndex { $0.factors.count > term.factors.count } ?? terms.count
    terms.insert(term, at: position)
  }

  /// Every column, in order of appearance.
  package var columnNames: [String] {
    var seen: Set<String> = []
    return terms.flatMap(\.factors).map(\.column).filter { seen.insert($0).inserted }
  }
}

private struct ModelTermParser {
  private let text: String
  private var rest: Substring

  init(_ text: String) {
    self.text = text
    rest = text[...]
  }

  mutating func terms() throws(ModelError) -> [ModelTerm] {
    var result: [ModelTerm] = []
    repeat { result += try product() } while take(",")
    guard rest.isEmpty else { throw unreadable("what follows '\(text[..<rest.startIndex])'") }
    return result
  }

  /// `A*B`: A, B and A:B.
  private mutating func product() throws(ModelError) -> [ModelTerm] {
    var result = [try interaction()]
    while take("*") {
      let next = try interaction()
      result += [next] + result.map { ModelTerm($0.factors + next.factors) }
    }
    return result
  }

  private mutating func interaction() throws(ModelError) -> ModelTerm {
    var factors = [try factor()]
    while take(":") {
      let next = try factor()
      if !factors.contains(next) { factors.append(next) }
    }
    return ModelTerm(factors)
  }

  private mutating func factor() throws(ModelError) -> ModelFactor {
    let word = try name()
    guard take("(") else { return ModelFactor(column: word, transform: .none) }
    guard ["log", "poly", "ns"].contains(word) else { throw .unknownTransform(word, text: text) }
    let column = try name()
    var transform = ModelFactor.Transform.log
    if word != "log" {
      guard take(","), let number = wholeNumber(), (1...20).contains(number) else {
        throw unreadable("'\(word)(\(column)': it takes a whole number from 1 to 20 too")
      }
      transform = word == "poly" ? .poly(degree: number) : .naturalSpline(columns: number)
    }
    guard take(")") else { throw unreadable("'\(word)(\(column)': a ) is missing") }
    return ModelFactor(column: column, transform: transform)
  }

  private mutating func name() throws(ModelError) -> String {
    skipSpace()
    if rest.first == "`" {
      rest.removeFirst()
      guard let end = rest.firstIndex(of: "`") else { throw unreadable("a backquote is open") }
      let name = String(rest[..<end])
      rest = rest[rest.index(after: end)...]
      return name
    }
    let end = rest.firstIndex { ",:*()`".contains($0) } ?? rest.endIndex
    var name = rest[..<end]
    while name.last == " " { name.removeLast() }
    rest = rest[end...]
    guard !name.isEmpty else { throw unreadable("a column's name is missing") }
    return String(name)
  }

  private mutating func wholeNumber() -> Int? {
    skipSpace()
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    rest = rest[digits.endIndex...]
    return Int(digits)
  }

  private mutating func take(_ character: Character) -> Bool {
    skipSpace()
    guard rest.first == character else { return false }
    rest.removeFirst()
    return true
  }

  private mutating func skipSpace() { while rest.first == " " { rest.removeFirst() } }

  private func unreadable(_ what: String) -> ModelError { .unreadableTerms(text, what: what) }
}
