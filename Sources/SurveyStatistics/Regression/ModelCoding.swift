import SurveyData

/// How terms become columns: dummies against a reference, bases of numbers, and their products.
///
/// A categorical variable has a dummy for each level but the reference where the term without it is
/// in the model too, else one for every level (R: `model.matrix`). Levels without respondents have
/// none.
struct ModelCoding: Sendable {
  /// One column: the factors that are multiplied; none for the intercept.
  struct Column: Sendable {
    let name: String
    /// The term's index; −1 for the intercept.
    let term: Int
    /// Which factor of `factors`, and its level or the column of its basis.
    let parts: [(factor: Int, part: Int)]
  }

  /// A factor of some term, with its basis where it is numeric.
  struct Factor: Sendable {
    let variable: Int
    let basis: NumberBasis?
    /// Levels that respondents have, the reference first; empty for numbers.
    let levels: [Int]
  }

  let columns: [Column]
  let factors: [Factor]

  init(
    _ terms: ModelTerms, variables: [ModelVariable], rows: ModelRows,
    references: [String: String], dataset: Dataset, design: Design
  ) throws {
    var distinct: [ModelFactor] = []
    for factor in terms.terms.flatMap(\.factors) where !distinct.contains(factor) {
      distinct.append(factor)
    }
    let factors = try distinct.map { factor in
      try Self.factor(
        factor, variables: variables, rows: rows, references: references, dataset: dataset,
        design: design)
    }
    self.factors = factors
    var columns = [Column(name: "(intercept)", term: -1, parts: [])]
    for (index, term) in terms.terms.enumerated() {
      var products: [[(factor: Int, part: Int)]] = [[]]
      for factor in term.factors {
        let position = distinct.firstIndex(of: factor)!
        let others = Set(term.factors.filter { $0 != factor })
        // The empty term is the intercept.
        let hasMargin = others.isEmpty || terms.terms.contains { Set($0.factors) == others }
        let parts =
          factors[position].basis.map { Array(0..<$0.columnCount) }
          ?? Array(factors[position].levels.dropFirst(hasMargin ? 1 : 0))
        // The first factor varies fastest.
        products = parts.flatMap { part in products.map { $0 + [(position, part)] } }
      }
      for parts in products {
        let name = parts.map { factor, part in
          Self.name(of: distinct[factor], part: part, variable: variables[factors[factor].variable])
        }.joined(separator: ":")
        columns.append(Column(name: name, term: index, parts: parts))
      }
    }
    guard columns.count <= 500 else { throw ModelError.tooManyColumns(columns.count) }
    self.columns = columns
  }

  private static func name(of factor: ModelFactor, part: Int, variable: ModelVariable) -> String {
    if case .categories(_, let codes) = variable.content {
      return "\(factor.column)=\(codes[part])"
    }
    switch factor.transform {
    case .none, .log: return factor.name
    case .poly, .naturalSpline: return factor.name + "\(part + 1)"
    }
  }

  private static func factor(
    _ factor: ModelFactor, variables: [ModelVariable], rows: ModelRows,
    references: [String: String], dataset: Dataset, design: Design
  ) throws -> Factor {
    let index = variables.firstIndex { $0.name == factor.column }!
    if case .categories(_, let codes) = variables[index].content {
      guard factor.transform == .none else {
        throw ModelError.transformedCategories(factor.column)
      }
      var present = Set<Int>()
      for cell in 0..<rows.cellCount where rows.counts[cell] > 0 {
        present.insert(Int(rows.levels[index][cell]))
      }
      var levels = present.sorted()
      if let wanted = references[factor.column] {
        guard let level = codes.firstIndex(of: wanted), present.contains(level) else {
          throw ModelError.noReference(
            code: wanted, variable: factor.column, categories: levels.map { codes[$0] },
            file: dataset.source.path)
        }
        levels.removeAll { $0 == level }
        levels.insert(level, at: 0)
      }
      return Factor(variable: index, basis: nil, levels: levels)
    }
    let basis = try basis(
      factor, values: rows.differentValues(of: index), variable: variables[index],
      dataset: dataset)
    return Factor(variable: index, basis: basis, levels: [])
  }

  private static func basis(
    _ factor: ModelFactor, values: [(value: Double, count: Double)], variable: ModelVariable,
    dataset: Dataset
  ) throws -> NumberBasis {
    func tooFew() -> ModelError {
      .fewValues(
        column: factor.column, term: factor.name, values: values.count, file: dataset.source.path)
    }
    switch factor.transform {
    case .none: return .plain
    case .log:
      guard let low = values.first?.value, low <= 0 else { return .log }
      let row = try variable.numbers(in: dataset).withValues { numbers in
        numbers.indices.first { numbers[$0] == low }
      }
      throw ModelError.logOfNothing(
        column: factor.column, value: low, place: dataset.source.place(ofRow: row ?? 0))
    case .poly(let degree):
      guard let polynomials = OrthogonalPolynomials(degree: degree, over: values) else {
        throw tooFew()
      }
      return .poly(polynomials)
    case .naturalSpline(let columns):
      guard let spline = NaturalSpline(columns: columns, over: values) else { throw tooFew() }
      return .spline(spline)
    }
  }

  /// The model matrix: a row a cell, the columns of one after the other.
  ///
  /// - Parameters:
  ///   - level: a variable that everybody has this level of, in place of their own.
  ///   - number: a variable that is this number for everybody.
  ///   - slope: a variable by which the columns are differentiated.
  func matrix(
    _ rows: ModelRows, setting level: (variable: Int, level: Int)? = nil,
    number: (variable: Int, value: Double)? = nil, slopeOf slope: Int? = nil
  ) -> ModelMatrix {
    let bases = factors.map { factor in
      table(factor, rows: rows, setting: level, number, derivative: false)
    }
    let slopes = factors.map { factor in
      factor.variable == slope
        ? table(factor, rows: rows, setting: level, number, derivative: true) : ([], 0)
    }
    var matrix = ModelMatrix(rowCount: rows.cellCount, columnCount: columns.count)
    for cell in 0..<rows.cellCount where rows.counts[cell] > 0 {
      for (index, column) in columns.enumerated() {
        func value(_ part: (factor: Int, part: Int), in tables: [([Double], Int)]) -> Double {
          let (values, width) = tables[part.factor]
          return values[cell * width + part.part]
        }
        if slope == nil {
          var product = 1.0
          for part in column.parts { product *= value(part, in: bases) }
          matrix[cell, index] = product
        } else {
          // The product rule.
          var sum = 0.0
          for (position, part) in column.parts.enumerated()
          where factors[part.factor].variable == slope {
            var product = value(part, in: slopes)
            for (other, part) in column.parts.enumerated() where other != position {
              product *= value(part, in: bases)
            }
            sum += product
          }
          matrix[cell, index] = sum
        }
      }
    }
    return matrix
  }

  /// A factor's values by cell: a column a level, or a column of its basis.
  private func table(
    _ factor: Factor, rows: ModelRows, setting level: (variable: Int, level: Int)?,
    _ number: (variable: Int, value: Double)?, derivative: Bool
  ) -> ([Double], width: Int) {
    guard let basis = factor.basis else {
      let width = (factor.levels.max() ?? 0) + 1
      var values = [Double](repeating: 0, count: rows.cellCount * width)
      for cell in 0..<rows.cellCount where rows.counts[cell] > 0 {
        let own = Int(rows.levels[factor.variable][cell])
        let level = level?.variable == factor.variable ? level!.level : own
        values[cell * width + level] = 1
      }
      return (values, width)
    }
    let width = basis.columnCount
    var values = [Double](repeating: 0, count: rows.cellCount * width)
    var last = Double.nan
    var found: [Double] = []
    for cell in 0..<rows.cellCount where rows.counts[cell] > 0 {
      let own = rows.values[factor.variable][cell]
      let x = number?.variable == factor.variable ? number!.value : own
      if x != last {
        found = basis.values(at: x, derivative: derivative)
        last = x
      }
      for part in 0..<width { values[cell * width + part] = found[part] }
    }
    return (values, width)
  }
}

extension ModelRows {
  /// The different values of a numeric variable, ascending, with the respondents of each.
  func differentValues(of variable: Int) -> [(value: Double, count: Double)] {
    let cells = (0..<cellCount).filter { counts[$0] > 0 }
      .sorted { values[variable][$0] < values[variable][$1] }
    var result: [(value: Double, count: Double)] = []
    for cell in cells {
      let value = values[variable][cell]
      if result.last?.value == value {
        result[result.count - 1].count += Double(counts[cell])
      } else {
        result.append((value, Double(counts[cell])))
      }
    }
    return result
  }
}

/// A dense matrix by rows.
struct ModelMatrix: Sendable {
  let rowCount: Int
  let columnCount: Int
  var values: [Double]

  init(rowCount: Int, columnCount: Int) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    values = Array(repeating: 0, count: rowCount * columnCount)
  }

  subscript(row: Int, column: Int) -> Double {
    get { values[row * columnCount + column] }
    set { values[row * columnCount + column] = newValue }
  }
}
