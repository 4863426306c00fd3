/// A test of whether two factors are independent in the population.
public struct IndependenceTest: Sendable {
  /// How the test accounts for the design.
  public enum Form: String, Sendable, CaseIterable {
    /// Rao and Scott's second-order correction, by F (R: svychisq "F"; Stata's default).
    case raoScott = "rao-scott"
    /// Their first-order correction, by chi-square (R: "Chisq"; SAS's default).
    case raoScottFirstOrder = "rao-scott-first-order"
    /// Wald's test of the residuals from independence (R: "Wald").
    case wald
    /// The same, adjusted for few degrees of freedom (R: "adjWald").
    case adjustedWald = "adjusted-wald"
    /// Pearson's X² as if the respondents were a simple random sample: for comparison only.
    case pearson
  }

  public var form: Form
  /// Pearson's X² of the weighted table scaled to the number of respondents.
  public var pearson: Double?
  public var statistic: Double?
  /// Degrees of freedom of the numerator, or of a chi-square.
  public var df1: Double?
  /// Degrees of freedom of the denominator; `nil` of a chi-square.
  public var df2: Double?
  public var pValue: Double?
  /// Respondents with a valid answer to both.
  public var base: Int
  /// Why there is no test; `nil` where there is one.
  public var caveat: TestCaveat?

  init(
    _ form: Form, pearson: Double? = nil, statistic: Double? = nil, df1: Double? = nil,
    df2: Double? = nil, pValue: Double? = nil, base: Int, caveat: TestCaveat? = nil
  ) {
    self.form = form
    self.pearson = pearson
    self.statistic = statistic
    self.df1 = df1
    self.df2 = df2
    self.pValue = pValue
    self.base = base
    self.caveat = caveat
  }
}

extension IndependenceTest {
  /// In place of a test that must not be shown.
  package static func withheld(_ form: Form) -> IndependenceTest {
    IndependenceTest(form, base: 0)
  }
}

/// Why a test could not be made.
public enum TestCaveat: Sendable, Hashable {
  /// Nobody answered both, or all are in one row or one column.
  case oneRowOrColumn
  /// As many strata as PSUs, or too few PSUs for a table of this size.
  case noDegreesOfFreedom(Double)
  /// So many cells are empty, or so few PSUs stand behind them, that the form has no inverse.
  case singular
  /// The design leaves the table no sampling error.
  case noSamplingError
}

/// A two-way table of weighted totals with all their covariances, and the tests on it.
///
/// Rows and columns that nobody is in are left out. Notation: T the cell totals, W their sum, p = T/W
/// the cell shares, V their covariance, D = diag(p), n the respondents.
package struct TwoWayTable: Sendable {
  private let base: Int
  private let designDegreesOfFreedom: Double
  private let rowCount: Int
  private let columnCount: Int
  private let totals: [Double]
  private let covariance: Matrix

  /// - Parameter tabulation: a block with all covariances; its levels become the rows, its groups
  ///   the columns.
  package init(_ tabulation: Tabulation, design: Design) {
    let levels = 0..<tabulation.levelCount
    let groups = 0..<tabulation.groupCount
    func count(_ level: Int, _ group: Int) -> Int {
      tabulation.counts[group * tabulation.levelCount + level]
    }
    let rows = levels.filter { level in groups.contains { count(level, $0) > 0 } }
    let columns = groups.filter { group in levels.contains { count($0, group) > 0 } }
    let components = rows.flatMap { row in
      columns.map { tabulation.component(group: $0, level: row) }
    }
    rowCount = rows.count
    columnCount = columns.count
    base = tabulation.counts.reduce(0, +)
    totals = components.map { tabulation.totals[$0] }
    covariance = Matrix(symmetric: components.count) {
      tabulation.covariance(components[$0], components[$1])
    }
    designDegreesOfFreedom = tabulation.degreesOfFreedom(inAnyOf: columns, design: design)
  }

  package func independence(_ form: IndependenceTest.Form) -> IndependenceTest {
    guard rowCount > 1, columnCount > 1 else {
      return IndependenceTest(form, base: base, caveat: .oneRowOrColumn)
    }
    guard form == .pearson || designDegreesOfFreedom > 0 else {
      return undefined(form, .noDegreesOfFreedom(designDegreesOfFreedom))
    }
    switch form {
    case .raoScott, .raoScottFirstOrder: return raoScott(form)
    case .wald, .adjustedWald: return wald(form)
    case .pearson:
      return test(.pearson, statistic: pearson, df1: contrastCount, df2: nil)
    }
  }

  /// (r − 1)(c − 1), the number of interactions.
  private var contrastCount: Double { Double((rowCount - 1) * (columnCount - 1)) }

  private var weight: Double { totals.reduce(0, +) }

  private func cell(_ row: Int, _ column: Int) -> Int { row * columnCount + column }

  private func rowTotal(_ row: Int) -> Double {
    (0..<columnCount).reduce(0) { $0 + totals[cell(row, $1)] }
  }

  private func columnTotal(_ column: Int) -> Double {
    (0..<rowCount).reduce(0) { $0 + totals[cell($1, column)] }
  }

  /// X² = n·Σ(p − p_row·p_column)²/(p_row·p_column).
  private var pearson: Double {
    let rows = (0..<rowCount).map(rowTotal)
    let columns = (0..<columnCount).map(columnTotal)
    var sum = Compensated()
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        let expected = rows[row] * columns[column] / weight
        let residual = totals[cell(row, column)] - expected
        sum.add(residual * residual / expected)
      }
    }
    return sum.value * Double(base) / weight
  }

  /// Rao and Scott (1984), with Δ = (C′D⁻¹C/n)⁻¹·C′D⁻¹V·D⁻¹C the generalised design effects of the
  /// interactions C (orthogonal to rows and columns; 1/p := 0 of an empty cell).
  ///
  /// Second order: X²/tr Δ on F(d, d·ν), d = (tr Δ)²/tr Δ² and ν the design's degrees of freedom.
  /// First order: X²/mean(diag Δ) on chi-square with (r − 1)(c − 1).
  private func raoScott(_ form: IndependenceTest.Form) -> IndependenceTest {
    let interactions = self.interactions
    let inverse = totals.map { $0 > 0 ? weight / $0 : 0 }
    let shares = covarianceOfShares
    let simple = Matrix(symmetric: interactions.count) { first, second in
      var sum = 0.0
      for (cell, sign) in interactions[first] {
        for (other, otherSign) in interactions[second] where other == cell {
          sum += sign * otherSign * inverse[cell]
        }
      }
      return sum / Double(base)
    }
    let designed = Matrix(symmetric: interactions.count) { first, second in
      var sum = Compensated()
      for (cell, sign) in interactions[first] {
        for (other, otherSign) in interactions[second] {
          sum.add(sign * otherSign * inverse[cell] * inverse[other] * shares[cell, other])
        }
      }
      return sum.value
    }
    guard let root = Cholesky(simple) else { return undefined(form, .singular) }
    let effects = root.whiten(designed)
    var trace = 0.0
    var squares = 0.0
    for row in 0..<effects.rowCount {
      trace += effects[row, row]
      for column in 0..<effects.rowCount { squares += effects[row, column] * effects[column, row] }
    }
    // A mean design effect this small is rounding.
    guard trace > 1e-12 * contrastCount else { return undefined(form, .noSamplingError) }
    if form == .raoScottFirstOrder {
      return test(
        form, statistic: pearson / trace * contrastCount, df1: contrastCount, df2: nil)
    }
    let df = trace * trace / squares
    return test(form, statistic: pearson / trace, df1: df, df2: df * designDegreesOfFreedom)
  }

  /// The interactions (e_i − e_0)⊗(e_j − e_0), four cells each with its sign. Any basis of their
  /// space gives the same traces.
  private var interactions: [[(cell: Int, sign: Double)]] {
    (1..<rowCount).flatMap { row in
      (1..<columnCount).map { column in
        [
          (cell(row, column), 1), (cell(row, 0), -1), (cell(0, column), -1), (cell(0, 0), 1),
        ]
      }
    }
  }

  /// V of p = T/W, by linearisation: cov(T − p·W)/W².
  private var covarianceOfShares: Matrix {
    let count = totals.count
    let withWeight = (0..<count).map { cell in
      var sum = Compensated()
      for other in 0..<count { sum.add(covariance[cell, other]) }
      return sum.value
    }
    let ofWeight = withWeight.reduce(0, +)
    let shares = totals.map { $0 / weight }
    return Matrix(symmetric: count) { first, second in
      (covariance[first, second] - shares[first] * withWeight[second]
        - shares[second] * withWeight[first] + shares[first] * shares[second] * ofWeight)
        / (weight * weight)
    }
  }

  /// W = Y′·V(Y)⁻¹·Y with Y = T − row · column/W over all rows and columns but the first, and V(Y) by
  /// linearisation; k = (r − 1)(c − 1).
  ///
  /// Wald: W/k on F(k, ν). Adjusted: W·(ν − k + 1)/(k·ν) on F(k, ν − k + 1) (Koch, Freeman and
  /// Freeman 1975; Thomas and Rao 1987).
  private func wald(_ form: IndependenceTest.Form) -> IndependenceTest {
    let rows = (0..<rowCount).map { rowTotal($0) / weight }
    let columns = (0..<columnCount).map { columnTotal($0) / weight }
    let contrasts = (1..<rowCount).flatMap { row in (1..<columnCount).map { (row, $0) } }
    let residuals = contrasts.map { row, column in
      totals[cell(row, column)] - rows[row] * columns[column] * weight
    }
    // ∂Y/∂T by cell: (1[row] − p_row)(1[column] − p_column).
    let gradients: [[Double]] = contrasts.map { row, column in
      var gradient = [Double](repeating: 0, count: totals.count)
      for other in 0..<rowCount {
        let ofRow = (other == row ? 1 : 0) - rows[row]
        for partner in 0..<columnCount {
          gradient[cell(other, partner)] = ofRow * ((partner == column ? 1 : 0) - columns[column])
        }
      }
      return gradient
    }
    let products = gradients.map { gradient in
      totals.indices.map { cell in
        var sum = Compensated()
        for other in totals.indices { sum.add(covariance[cell, other] * gradient[other]) }
        return sum.value
      }
    }
    let variance = Matrix(symmetric: contrasts.count) { first, second in
      var sum = Compensated()
      for cell in totals.indices { sum.add(gradients[first][cell] * products[second][cell]) }
      return sum.value
    }
    guard let root = Cholesky(variance) else { return undefined(form, .singular) }
    let statistic = root.halfSolve(residuals).reduce(0) { $0 + $1 * $1 }
    let k = contrastCount
    guard form == .adjustedWald else {
      return test(form, statistic: statistic / k, df1: k, df2: designDegreesOfFreedom)
    }
    let df = designDegreesOfFreedom - k + 1
    guard df > 0 else { return undefined(form, .noDegreesOfFreedom(df)) }
    let shrunk = df.isFinite ? df / designDegreesOfFreedom : 1
    return test(form, statistic: statistic * shrunk / k, df1: k, df2: df)
  }

  private func test(
    _ form: IndependenceTest.Form, statistic: Double, df1: Double, df2: Double?
  ) -> IndependenceTest {
    let pValue =
      df2.map { FDistribution.upperTail(statistic, df1: df1, df2: $0) }
      ?? ChiSquare.upperTail(statistic, degreesOfFreedom: df1)
    return IndependenceTest(
      form, pearson: pearson, statistic: statistic, df1: df1, df2: df2, pValue: pValue, base: base)
  }

  private func undefined(_ form: IndependenceTest.Form, _ caveat: TestCaveat) -> IndependenceTest {
    IndependenceTest(form, pearson: pearson, base: base, caveat: caveat)
  }
}

extension Design {
  /// PSUs minus strata, or what `--df` says.
  func degreesOfFreedom(_ sampled: (psus: Int, strata: Int)) -> Double {
    description.degreesOfFreedom ?? Double(sampled.psus - sampled.strata)
  }
}
