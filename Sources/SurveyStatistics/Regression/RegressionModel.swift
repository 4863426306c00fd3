import SurveyData

/// What a model is to be: an outcome, its family, its terms.
package struct ModelDescription: Sendable {
  package var outcome: ModelOutcome
  package var family: ModelFamily
  package var terms: ModelTerms
  /// Columns that are categorical whatever they hold.
  package var categorical: Set<String>
  /// The reference code of categorical columns; the first that respondents have where none is named.
  package var references: [String: String]
  package var domain: Domain?

  package init(
    _ outcome: ModelOutcome, family: ModelFamily, terms: ModelTerms,
    categorical: Set<String> = [], references: [String: String] = [:], domain: Domain? = nil
  ) {
    self.outcome = outcome
    self.family = family
    self.terms = terms
    self.categorical = categorical
    self.references = references
    self.domain = domain
  }
}

/// A regression fitted by weighted (pseudo) likelihood, with the sandwich variance of the design:
/// V = A⁻¹·M·A⁻¹, A = X′WX and M the design covariance of Σ w·(y − μ)·x (Binder 1983; R: `svyglm`,
/// `svyolr`). By replicates the model is fitted anew under each.
package struct RegressionModel: Sendable {
  package let family: ModelFamily
  package let description: ModelDescription
  /// Names of all columns, those left out too; an ordinal model has no intercept.
  package let names: [String]
  /// `nil` where a column is left out, since those before it give it.
  package let coefficients: [Double?]
  /// The term of each column; −1 of intercept and thresholds.
  package let termOfColumn: [Int]
  /// Covariances of the coefficients that are there, in their order.
  package let covariance: Matrix
  package let respondents: Int
  package let psus: Int
  package let strata: Int
  /// Of the respondents' rows.
  package let designDegreesOfFreedom: Double
  /// Design df + 1 − coefficients; for an ordinal model design df − slopes (as R).
  package let degreesOfFreedom: Double
  package let iterations: Int
  package let isOrthogonalised: Bool
  package let replicatesWithoutValue: Int
  /// Whether respondents were put into cells of equal covariates.
  package let usedCells: Bool

  let rows: ModelRows
  let coding: ModelCoding
  let variables: [ModelVariable]
  let scaled: ScaledColumns
  let totals: ModelTotals
  let fit: Fit
  /// Coefficients under each replicate, on scaled columns; `nil` where there is no solution.
  let replicateFits: [Fit?]?
  let design: Design

  enum Fit: Sendable {
    case canonical(CanonicalFit)
    case ordinal(OrdinalFit)

    var coefficients: [Double] {
      switch self {
      case .canonical(let fit): fit.coefficients
      case .ordinal(let fit): fit.coefficients
      }
    }

    var information: TriangularFactor {
      switch self {
      case .canonical(let fit): fit.information
      case .ordinal(let fit): fit.information
      }
    }

    var iterations: Int {
      switch self {
      case .canonical(let fit): fit.iterations
      case .ordinal(let fit): fit.iterations
      }
    }
  }

  /// - Parameter usesCells: `nil` lets the data decide.
  package init(
    _ description: ModelDescription, in dataset: Dataset, design: Design, threads: Int? = nil,
    usesCells: Bool? = nil
  ) throws {
    self.description = description
    self.design = design
    family = description.family
    let file = dataset.source.path
    variables = try description.terms.columnNames.map {
      try ModelVariable($0, in: dataset, isCategorical: description.categorical.contains($0))
    }
    try description.checkOutcome(in: dataset)
    rows = try ModelRows(
      variables, outcome: description.outcome, family: family, domain: description.domain,
      dataset: dataset, design: design, threads: threads, usesCells: usesCells)
    usedCells = rows.respondents > rows.counts.count { $0 > 0 }
    respondents = rows.respondents
    guard respondents > 0 else { throw ModelError.noRespondents(file: file) }
    coding = try ModelCoding(
      description.terms, variables: variables, rows: rows, references: description.references,
      dataset: dataset, design: design)
    totals = rows.totals(of: design, threads: threads)
    let cells = totals.byCell(rows)
    scaled = ScaledColumns(coding.matrix(rows), weights: cells.weights)
    try description.checkSpread(cells, totals, rows: rows, file: file)

    let names = coding.columns.map(\.name)
    do throws(CanonicalFit.Failure) {
      fit = try Self.fit(family, scaled.matrix, totals: totals, rows: rows)
    } catch .separation(let column) {
      throw ModelError.separation(
        term: names[scaled.kept[column - 1]], outcome: description.outcome.name, file: file)
    } catch .noConvergence(let step) {
      throw ModelError.noConvergence(
        iterations: CanonicalFit.iterationLimit, step: step, file: file)
    } catch .dependentColumns {
      throw ModelError.fewerRowsThanColumns(
        rows: respondents, columns: names.count, file: file)
    }
    iterations = fit.iterations
    isOrthogonalised = fit.information.isOrthogonalised

    let scores = Self.scores(fit, scaled.matrix, rows: rows)
    let meat = ScoreVariance(scores, rows: rows, design: design, threads: threads)
    psus = meat.psus
    strata = meat.strata
    let back = Self.backwards(scaled, family: family, levels: rows.levelCount)
    var variance = Self.sandwich(meat.covariance, fit.information)
    var degrees =
      design.description.degreesOfFreedom ?? Double(meat.psus - meat.strata)
    if let replicates = design.replicates {
      let refitted = Self.refit(
        family, from: fit, scaled.matrix, rows: rows, design: design, threads: threads)
      variance = replicates.covariance(of: refitted.map { $0?.coefficients }, fit.coefficients)
      replicateFits = refitted
      replicatesWithoutValue = refitted.count { $0 == nil }
      degrees = design.replicateDegreesOfFreedom(ofRowsIn: rows)
    } else {
      replicateFits = nil
      replicatesWithoutValue = 0
    }
    covariance = back.conjugating(variance)
    let found = back.times(fit.coefficients)
    designDegreesOfFreedom = degrees

    if family == .ordinal {
      var all: [Double?] = Array(repeating: nil, count: names.count - 1)
      for (index, column) in scaled.kept.enumerated() { all[column - 1] = found[index] }
      let slopes = scaled.kept.count
      coefficients = all + found[slopes...].map { $0 }
      guard case .ordered(_, let codes, _) = description.outcome else {
        preconditionFailure("an ordinal model of no ordered outcome")
      }
      self.names = names.dropFirst() + zip(codes, codes.dropFirst()).map { "\($0)|\($1)" }
      termOfColumn = coding.columns.dropFirst().map(\.term) + codes.dropFirst().map { _ in -1 }
      degreesOfFreedom = degrees - Double(slopes)
    } else {
      var all: [Double?] = Array(repeating: nil, count: names.count)
      all[0] = found[0] + (family == .linear ? rows.origin : 0)
      for (index, column) in scaled.kept.enumerated() { all[column] = found[index + 1] }
      coefficients = all
      self.names = names
      termOfColumn = coding.columns.map(\.term)
      degreesOfFreedom = degrees + 1 - Double(found.count)
    }
  }

  /// Columns that those before them give.
  package var leftOut: [String] { scaled.leftOut.map { coding.columns[$0].name } }

  private static func fit(
    _ family: ModelFamily, _ columns: ModelMatrix, totals: ModelTotals, rows: ModelRows,
    start: [Double]? = nil
  ) throws(CanonicalFit.Failure) -> Fit {
    let cells = totals.byCell(rows)
    if family == .ordinal {
      return .ordinal(
        try OrdinalFit(
          columns, weights: Array(totals.weights.dropLast()), levelCount: rows.levelCount,
          start: start))
    }
    return .canonical(
      try CanonicalFit(family, columns, weights: cells.weights, sums: cells.sums, start: start))
  }

  /// The scores of a fit: what its sandwich is made of.
  private static func scores(_ fit: Fit, _ columns: ModelMatrix, rows: ModelRows) -> ScoreSource {
    switch fit {
    case .canonical(let fit):
      guard rows.outcome == nil else {
        return ScoreSource(.number(means: fit.means), table: columns, rows: rows)
      }
      // Of two levels y is 1 for the first, of few numbers the level's.
      let answers = rows.levelValues.map { $0.map { $0 - rows.origin } } ?? [1, 0]
      let residuals = (0..<Int(rows.outside)).map { code in
        answers[code % rows.levelCount] - fit.means[code / rows.levelCount]
      }
      return ScoreSource(.byCode(residuals), table: columns, rows: rows)
    case .ordinal(let fit):
      var slopes = ModelMatrix(
        rowCount: columns.rowCount, columnCount: columns.columnCount - 1)
      for cell in 0..<columns.rowCount {
        for index in 1..<max(columns.columnCount, 1) {
          slopes[cell, index - 1] = columns[cell, index]
        }
      }
      return ScoreSource(
        .ordinal(fit.scores, slopes: slopes.columnCount), table: slopes, rows: rows,
        width: slopes.columnCount + rows.levelCount - 1)
    }
  }

  private static func sandwich(_ meat: Matrix, _ information: TriangularFactor) -> Matrix {
    let size = meat.rowCount
    var half = Matrix(rowCount: size, columnCount: size)
    for row in 0..<size {
      let solved = information.solve((0..<size).map { meat[row, $0] })
      for column in 0..<size { half[row, column] = solved[column] }
    }
    var whole = Matrix(rowCount: size, columnCount: size)
    for column in 0..<size {
      let solved = information.solve((0..<size).map { half[$0, column] })
      for row in 0..<size { whole[row, column] = solved[row] }
    }
    return Matrix(symmetric: size) { (whole[$0, $1] + whole[$1, $0]) / 2 }
  }

  private static func backwards(
    _ scaled: ScaledColumns, family: ModelFamily, levels: Int
  ) -> Matrix {
    guard family == .ordinal else { return scaled.backwards }
    let slopes = scaled.kept.count
    let size = slopes + levels - 1
    var back = Matrix(rowCount: size, columnCount: size)
    for index in 0..<slopes { back[index, index] = 1 / scaled.deviations[index] }
    for threshold in slopes..<size {
      back[threshold, threshold] = 1
      // ζ − x̃′b: moving the columns back to their origin moves the thresholds.
      for index in 0..<slopes {
        back[threshold, index] = scaled.means[index] / scaled.deviations[index]
      }
    }
    return back
  }

  /// The fits under each replicate's weights, from the full sample's solution.
  private static func refit(
    _ family: ModelFamily, from fit: Fit, _ columns: ModelMatrix, rows: ModelRows, design: Design,
    threads: Int?
  ) -> [Fit?] {
    concurrentMap(count: design.replicates?.count ?? 0, threads: threads) { replicate in
      let weights = Bytes(design.weights(ofReplicate: replicate))
      let totals = rows.totals(weights: weights, threads: 1)
      return try? Self.fit(family, columns, totals: totals, rows: rows, start: fit.coefficients)
    }
  }
}

extension ReplicateWeights {
  /// The covariance matrix of estimates from their values under each replicate; one without values
  /// does not count.
  func covariance(of values: [[Double]?], _ estimate: [Double]) -> Matrix {
    let found = values.indices.filter { values[$0] != nil }
    var centre = estimate
    if !isCentredOnEstimate {
      let counted = found.filter { rscales[$0] > 0 }
      centre = estimate.indices.map { index in
        counted.reduce(0) { $0 + values[$1]![index] } / Double(max(counted.count, 1))
      }
    }
    return Matrix(symmetric: estimate.count) { row, column in
      var sum = Compensated()
      for index in found {
        sum.add(
          rscales[index] * (values[index]![row] - centre[row])
            * (values[index]![column] - centre[column]))
      }
      return found.isEmpty ? .nan : scale * sum.value
    }
  }
}

extension Design {
  /// The rank of the replicate weights of the model's rows, less 1.
  fileprivate func replicateDegreesOfFreedom(ofRowsIn rows: ModelRows) -> Double {
    if let given = description.degreesOfFreedom { return given }
    var mask = [Bool](repeating: false, count: datasetRowCount)
    for (run, first) in rows.firstRows.enumerated() {
      for (index, code) in rows.codes[run].enumerated() where code != rows.outside {
        mask[order.map { Int($0[first + index]) } ?? first + index] = true
      }
    }
    let tabulation = tabulate(TabulationPlan([.init(domain: Domain(mask))]))[0]
    return tabulation.degreesOfFreedom(inAnyOf: [0], design: self)
  }
}

extension ModelDescription {
  /// A logistic outcome is 0 or 1, a Poisson outcome no less than 0.
  fileprivate func checkOutcome(in dataset: Dataset) throws {
    guard family == .logistic || family == .poisson else { return }
    if case .fewNumbers(_, let values, _) = outcome,
      values.allSatisfy({ family == .logistic ? $0 == 0 || $0 == 1 : $0 >= 0 })
    {
      return
    }
    guard case .number(let column, let name) = outcome.withoutLevels else { return }
    let row = column.withValues { numbers in
      numbers.indices.first {
        family == .logistic
          ? !numbers[$0].isNaN && numbers[$0] != 0 && numbers[$0] != 1 : numbers[$0] < 0
      }
    }
    guard let row else { return }
    let value = column.withValues { $0[row] }
    let place = dataset.source.place(ofRow: row)
    throw family == .logistic
      ? ModelError.notBinary(name, value: value, place: place)
      : ModelError.notACount(name, value: value, place: place)
  }

  /// An outcome that is the same for all explains nothing.
  fileprivate func checkSpread(
    _ cells: (weights: [Double], sums: [Double]), _ totals: ModelTotals, rows: ModelRows,
    file: String
  ) throws {
    let total = cells.weights.reduce(0, +)
    let sum = cells.sums.reduce(0, +)
    switch family {
    case .logistic:
      guard sum > 1e-12 * total, sum < total * (1 - 1e-12) else {
        throw ModelError.oneOutcome(outcome.name, value: sum > 0 ? "yes" : "no", file: file)
      }
    case .poisson:
      guard sum > 0 else { throw ModelError.oneOutcome(outcome.name, value: "0", file: file) }
    case .ordinal:
      var levels = Set<Int>()
      for code in 0..<rows.cellCount * rows.levelCount where totals.weights[code] > 0 {
        levels.insert(code % rows.levelCount)
      }
      guard levels.count == rows.levelCount, levels.count > 1 else {
        throw ModelError.twoCategoriesAtLeast(outcome.name, file: file)
      }
    case .linear: break
    }
  }
}
