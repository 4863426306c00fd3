import SurveyData

/// The covariance of totals of scores under a design: strata, PSUs and further stages streamed, as
/// `Design.tabulate` does for tables.
struct ScoreVariance: Sendable {
  /// Square, of the vector's length.
  let covariance: Matrix
  /// PSUs and strata that have a respondent of the model.
  let psus: Int
  let strata: Int

  init(_ source: ScoreSource, rows: ModelRows, design: Design, threads: Int?) {
    let folds = concurrentMap(count: rows.runs.count, threads: threads) { run in
      var fold = ScoreFold(source, rows: rows, run: run, design: design)
      fold.fold()
      return fold
    }
    var sums = folds[0].sums
    var open: (stratum: Int, moments: ScoreMoments)?
    func close() {
      guard let (stratum, moments) = open else { return }
      sums.close(moments, siblings: design.siblings(ofGroup: stratum, stage: 0, above: 1))
    }
    for (index, fold) in folds.enumerated() {
      if index > 0 { sums.merge(fold.sums) }
      for (stratum, moments) in fold.openStrata {
        if open?.stratum == stratum {
          open?.moments.merge(moments)
        } else {
          close()
          open = (stratum, moments)
        }
      }
    }
    close()
    psus = sums.psus
    strata = sums.strata
    // Lonely strata under `average`: the others scaled up to all strata.
    let scale =
      sums.averagedStrata == 0
      ? 1 : Double(sums.strata) / Double(sums.strata - sums.averagedStrata)
    let width = source.width
    let products = sums.covariances
    covariance = Matrix(symmetric: width) { scale * products[$0 * width + $1] }
  }
}

/// Σt and Σt·t′ over sibling units.
struct ScoreMoments: Sendable {
  private(set) var totals: [Double]
  private(set) var products: [Double]
  /// Units with a respondent of the model.
  private(set) var touching = 0

  init(width: Int) {
    totals = Array(repeating: 0, count: width)
    products = Array(repeating: 0, count: width * width)
  }

  mutating func add(_ vector: [Double]) {
    touching += 1
    let width = totals.count
    var allTotals = self.totals
    var allProducts = self.products
    (self.totals, self.products) = ([], [])
    defer { (self.totals, self.products) = (allTotals, allProducts) }
    var totals = allTotals.mutableSpan
    var products = allProducts.mutableSpan
    let vector = vector.span
    for row in 0..<width {
      let value = vector[row]
      totals[row] += value
      for column in 0...row {
        unsafe products[unchecked: row &* width &+ column] += value * vector[unchecked: column]
      }
    }
  }

  mutating func merge(_ other: ScoreMoments) {
    touching += other.touching
    for index in totals.indices { totals[index] += other.totals[index] }
    for index in products.indices { products[index] += other.products[index] }
  }

  mutating func reset() {
    guard touching > 0 else { return }
    touching = 0
    for index in totals.indices { totals[index] = 0 }
    for index in products.indices { products[index] = 0 }
  }
}

/// Covariances of the strata that are done.
struct ScoreSums: Sendable {
  private(set) var covariances: [Double]
  private(set) var psus = 0
  private(set) var strata = 0
  private(set) var averagedStrata = 0

  init(width: Int) { covariances = Array(repeating: 0, count: width * width) }

  mutating func close(_ moments: ScoreMoments, siblings: Siblings) {
    guard moments.touching > 0 else { return }
    psus += moments.touching
    strata += 1
    if siblings.term(unitsTouching: Int32(moments.touching)) == .averaged { averagedStrata += 1 }
    addVariance(of: moments, siblings: siblings)
  }

  /// (1 − f)·n/(n − 1)·Σ(t − t̄)(t − t̄)′, times the sampling fractions of the stages above.
  mutating func addVariance(of moments: ScoreMoments, siblings: Siblings) {
    guard moments.touching > 0 else { return }
    let width = moments.totals.count
    let count = Double(siblings.count)
    let term = siblings.term(unitsTouching: Int32(moments.touching))
    for row in 0..<width {
      for column in 0...row {
        let index = row * width + column
        switch term {
        case .centred(let scale):
          covariances[index] +=
            scale
            * (moments.products[index] - moments.totals[row] * moments.totals[column] / count)
        case .uncentred(let scale): covariances[index] += scale * moments.products[index]
        case .nothing, .averaged: return
        }
      }
    }
  }

  mutating func merge(_ other: ScoreSums) {
    for index in covariances.indices { covariances[index] += other.covariances[index] }
    psus += other.psus
    strata += other.strata
    averagedStrata += other.averagedStrata
  }
}

/// The fold of a run of PSUs. Strata at its two ends may go on in the next run.
private struct ScoreFold: Sendable {
  private(set) var sums: ScoreSums
  private(set) var openStrata: [(stratum: Int, moments: ScoreMoments)] = []

  private let source: ScoreSource
  private let rows: ModelRows
  private let run: Range<Int>
  private let codes: [UInt32]
  private let firstRow: Int
  private let design: Design
  private var stratumMoments: ScoreMoments
  private var innerMoments: [ScoreMoments]
  private var vector: [Double]
  private var touched = 0

  init(_ source: ScoreSource, rows: ModelRows, run: Int, design: Design) {
    self.source = source
    self.rows = rows
    self.design = design
    self.run = rows.runs[run]
    codes = rows.codes[run]
    firstRow = rows.firstRow(ofRun: run)
    sums = ScoreSums(width: source.width)
    stratumMoments = ScoreMoments(width: source.width)
    innerMoments = design.stages.dropFirst().map { _ in ScoreMoments(width: source.width) }
    vector = Array(repeating: 0, count: source.paddedWidth)
  }

  mutating func fold() {
    guard !run.isEmpty else { return }
    let stage = design.stages[0]
    var psu = run.lowerBound
    var stratum = stage.group(ofUnit: psu)
    while psu < run.upperBound {
      let end = min(Int(stage.groupStarts[stratum + 1]), run.upperBound)
      for unit in psu..<end {
        total(ofUnit: unit, stage: 0, above: 1)
        if touched > 0 { stratumMoments.add(vector) }
      }
      if stratumMoments.touching > 0 {
        if psu == run.lowerBound || end == run.upperBound {
          openStrata.append((stratum, stratumMoments))
        } else {
          sums.close(
            stratumMoments, siblings: design.siblings(ofGroup: stratum, stage: 0, above: 1))
        }
        stratumMoments.reset()
      }
      psu = end
      stratum += 1
    }
  }

  /// Leaves the total of a unit in `vector`, and adds the variance between the units within it.
  private mutating func total(ofUnit index: Int, stage: Int, above: Double) {
    guard stage + 1 < design.stages.count else {
      let unit = design.stages[stage]
      read(unit.rowStart(ofUnit: index)..<unit.rowStart(ofUnit: index + 1))
      return
    }
    let group = design.stages[stage].group(ofUnit: index)
    let fraction = above * design.stages[stage].fractions[group]
    let inner = design.stages[stage + 1]
    for child in Int(inner.groupStarts[index])..<Int(inner.groupStarts[index + 1]) {
      total(ofUnit: child, stage: stage + 1, above: fraction)
      if touched > 0 { innerMoments[stage].add(vector) }
    }
    sums.addVariance(
      of: innerMoments[stage],
      siblings: design.siblings(ofGroup: index, stage: stage + 1, above: fraction))
    touched = innerMoments[stage].touching
    for index in 0..<source.width { vector[index] = innerMoments[stage].totals[index] }
    innerMoments[stage].reset()
  }

  private mutating func read(_ range: Range<Int>) {
    var whole = self.vector
    self.vector = []
    defer { self.vector = whole }
    var vector = whole.mutableSpan
    for index in vector.indices { vector[index] = 0 }
    let ownCodes = self.codes
    let codes = ownCodes.span.extracting(
      range.lowerBound - firstRow..<range.upperBound - firstRow)
    let source = self.source
    let rows = self.rows
    let count = design.weights.withSpan(of: Double.self) { weights in
      if let outcome = rows.outcome {
        outcome.withValues { outcome in
          source.add(
            codes, first: range.lowerBound, weights: weights, outcome: outcome,
            origin: rows.origin, levelCount: rows.levelCount, outside: rows.outside, to: &vector)
        }
      } else {
        source.add(
          codes, first: range.lowerBound, weights: weights, outcome: nil, origin: 0,
          levelCount: rows.levelCount, outside: rows.outside, to: &vector)
      }
    }
    touched = count
  }
}
