/// A coefficient, or an effect, with its uncertainty.
package struct ModelEstimate: Sendable {
  package var name: String
  /// `nil` where the column is left out.
  package var estimate: Double?
  package var standardError: Double?
  package var statistic: Double?
  package var degreesOfFreedom: Double
  package var pValue: Double?
  package var interval: Interval?

  /// An estimate with its error, held against 0 by Student's t.
  init(
    _ name: String, _ estimate: Double, variance: Double, degreesOfFreedom: Double, level: Double
  ) {
    self.name = name
    self.estimate = estimate
    self.degreesOfFreedom = degreesOfFreedom
    guard variance.isFinite else { return }
    let error = max(variance, 0).squareRoot()
    standardError = error
    guard error > 0, degreesOfFreedom > 0 else { return }
    statistic = estimate / error
    pValue = StudentT.twoSidedPValue(estimate / error, degreesOfFreedom: degreesOfFreedom)
    let t = StudentT.criticalValue(level: level, degreesOfFreedom: degreesOfFreedom)
    interval = Interval(
      low: estimate - t * error, high: estimate + t * error, level: level, method: .wald)
  }

  init(leftOut name: String, degreesOfFreedom: Double) {
    self.name = name
    self.degreesOfFreedom = degreesOfFreedom
  }
}

/// A Wald test of several coefficients together: F = b′V⁻¹b/k on k and the model's degrees of
/// freedom (R: `regTermTest`).
package struct WaldTest: Sendable {
  package let name: String
  package let df1: Double
  package let df2: Double
  /// `nil` where the covariance is singular or no degrees of freedom are left.
  package let statistic: Double?
  package let pValue: Double?

  init(_ name: String, _ values: [Double], covariance: Matrix, degreesOfFreedom: Double) {
    self.name = name
    df1 = Double(values.count)
    df2 = degreesOfFreedom
    guard !values.isEmpty, degreesOfFreedom > 0, let factor = Cholesky(covariance) else {
      statistic = nil
      pValue = nil
      return
    }
    let f = factor.halfSolve(values).reduce(0) { $0 + $1 * $1 } / df1
    statistic = f
    pValue = FDistribution.upperTail(f, df1: df1, df2: degreesOfFreedom)
  }
}

extension RegressionModel {
  /// Position among the coefficients that are there, by column.
  private var positions: [Int?] {
    var next = 0
    return coefficients.map { value in
      guard value != nil else { return nil }
      defer { next += 1 }
      return next
    }
  }

  /// Every coefficient with its error; t has the model's degrees of freedom.
  package func estimates(level: Double) -> [ModelEstimate] {
    zip(names, zip(coefficients, positions)).map { name, entry in
      guard let value = entry.0, let position = entry.1 else {
        return ModelEstimate(leftOut: name, degreesOfFreedom: degreesOfFreedom)
      }
      return ModelEstimate(
        name, value, variance: covariance[position, position],
        degreesOfFreedom: degreesOfFreedom, level: level)
    }
  }

  /// The test of each term that has a coefficient.
  package func termTests() -> [WaldTest] {
    description.terms.terms.indices.compactMap { term in
      let columns = names.indices.filter {
        termOfColumn[$0] == term && coefficients[$0] != nil
      }
      guard !columns.isEmpty else { return nil }
      return test(
        description.terms.terms[term].name,
        combinations: columns.map { column in [(column, 1)] })
    }
  }

  /// The test that linear combinations of coefficients are all 0.
  ///
  /// - Parameter combinations: each a list of columns with their factors.
  package func test(
    _ name: String, combinations: [[(column: Int, factor: Double)]]
  ) -> WaldTest {
    let positions = self.positions
    var transform = Matrix(rowCount: combinations.count, columnCount: covariance.rowCount)
    for (row, combination) in combinations.enumerated() {
      for (column, factor) in combination {
        if let position = positions[column] { transform[row, position] += factor }
      }
    }
    return WaldTest(
      name, transform.times(coefficients.compactMap { $0 }),
      covariance: transform.conjugating(covariance), degreesOfFreedom: degreesOfFreedom)
  }

  /// A linear combination of coefficients, with its error.
  package func combination(
    _ name: String, _ parts: [(column: Int, factor: Double)], level: Double
  ) -> ModelEstimate {
    let positions = self.positions
    var transform = Matrix(rowCount: 1, columnCount: covariance.rowCount)
    for (column, factor) in parts {
      if let position = positions[column] { transform[0, position] += factor }
    }
    return ModelEstimate(
      name, transform.times(coefficients.compactMap { $0 })[0],
      variance: transform.conjugating(covariance)[0, 0], degreesOfFreedom: degreesOfFreedom,
      level: level)
  }
}

extension RegressionModel {
  /// The sum of the respondents' weights.
  package var weightedRespondents: Double {
    totals.weights.dropLast().reduce(0, +)
  }

  /// Respondents by answer of an ordinal outcome; empty of others.
  package var respondentsByAnswer: [Int] {
    guard family == .ordinal else { return [] }
    var counts = [Int](repeating: 0, count: rows.levelCount)
    for (code, count) in rows.respondentsByCode().dropLast().enumerated() {
      counts[code % rows.levelCount] += count
    }
    return counts
  }

  /// Respondents of each crossing of a term's categorical variables, and how many of them gave each
  /// answer: of a logistic outcome yes or no, of an ordinal one its categories, of others none; empty
  /// for a term of numbers.
  package func categoryCells(ofTerm term: Int) -> [(respondents: Int, answers: [Int])] {
    let columns = description.terms.terms[term].factors.map(\.column)
    let indices = columns.compactMap { column in
      variables.firstIndex { $0.name == column && $0.isCategorical }
    }
    guard !indices.isEmpty else { return [] }
    let byCode = rows.respondentsByCode()
    let hasAnswers = family == .ordinal || (family == .logistic && rows.levelCount == 2)
    var found: [[Int32]: (respondents: Int, answers: [Int])] = [:]
    for cell in 0..<rows.cellCount where rows.counts[cell] > 0 {
      let key = indices.map { rows.levels[$0][cell] }
      var entry = found[key] ?? (0, Array(repeating: 0, count: hasAnswers ? rows.levelCount : 0))
      entry.respondents += rows.counts[cell]
      for answer in entry.answers.indices {
        entry.answers[answer] += byCode[cell * rows.levelCount + answer]
      }
      found[key] = entry
    }
    return Array(found.values)
  }
}
