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
    let starts = rows.firstRows
    let folds = concurrentMap(count: rows.runs.count, threads: threads) { run in
      var fold = ScoreFold(source, design: design)
      fold.fold(run, of: rows, firstRow: starts[run])
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

/// Covariances of the strata that are done.
struct ScoreSums: Sendable {
  private(set) var covariances: [Double]
  private(set) var psus = 0
  private(set) var strata = 0
  private(set) var averagedStrata = 0

  private let width: Int

  init(width: Int) {
    self.width = width
    covariances = Array(repeating: 0, count: width * width)
  }

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
    let count = Double(siblings.count)
    let term = siblings.term(unitsTouching: Int32(moments.touching))
    for row in 0..<width {
      for column in 0...row {
        let index = row * width + column
        switch term {
        case .centred(let scale):
          covariances[index] +=
            scale
            * (moments.product(row, column) - moments.total(row) * moments.total(column) / count)
        case .uncentred(let scale):
          covariances[index] += scale * moments.product(row, column)
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
  private let design: Design
  private var stratumMoments: ScoreMoments
  private var innerMoments: [ScoreMoments]

  init(_ source: ScoreSource, design: Design) {
    self.source = source
    self.design = design
    sums = ScoreSums(width: source.width)
    stratumMoments = ScoreMoments(width: source.width)
    innerMoments = design.stages.dropFirst().map { _ in ScoreMoments(width: source.width) }
  }

  /// - Parameter firstRow: the design position of the run's first row.
  mutating func fold(_ run: Int, of rows: ModelRows, firstRow: Int) {
    let units = rows.runs[run]
    let codes = rows.codes[run]
    guard !units.isEmpty, !codes.isEmpty else { return }
    var vector = [SIMD4<Double>](repeating: .zero, count: source.blocks)
    let source = self.source
    let design = self.design
    unsafe codes.withUnsafeBufferPointer { codes in
      unsafe source.table.withUnsafeBufferPointer { table in
        unsafe vector.withUnsafeMutableBufferPointer { vector in
          design.weights.withSpan(of: Double.self) { weights in
            unsafe weights.withUnsafeBufferPointer { weights in
              /// - Parameter outcome: the run's, where it is a number.
              func fold(outcome: UnsafePointer<Double>?) {
                guard let codes = codes.baseAddress, let table = table.baseAddress,
                  let vector = vector.baseAddress, let weights = weights.baseAddress
                else { return }
                unsafe self.fold(
                  units, firstRow: firstRow,
                  kernel: ScoreKernel(
                    codes: codes, weights: weights + firstRow, outcome: outcome,
                    origin: rows.origin, table: table, residual: source.residual,
                    blocks: source.blocks, levelCount: source.levelCount, outside: rows.outside,
                    vector: vector))
              }
              guard let outcome = rows.outcome else { return fold(outcome: nil) }
              outcome.withValues { values in
                unsafe values.withUnsafeBufferPointer { values in
                  unsafe fold(outcome: values.baseAddress! + firstRow)
                }
              }
            }
          }
        }
      }
    }
  }

  @unsafe private mutating func fold(_ run: Range<Int>, firstRow: Int, kernel: ScoreKernel) {
    let stage = design.stages[0]
    let hasStages = design.stages.count > 1
    var psu = run.lowerBound
    var stratum = stage.group(ofUnit: psu)
    while psu < run.upperBound {
      let end = min(Int(stage.groupStarts[stratum + 1]), run.upperBound)
      if hasStages {
        for unit in psu..<end
        where unsafe total(ofUnit: unit, stage: 0, above: 1, firstRow: firstRow, kernel) {
          unsafe stratumMoments.add(kernel.vector)
        }
      } else {
        unsafe stratumMoments.add(psu..<end, of: stage, firstRow: firstRow, kernel: kernel)
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

  /// Leaves the total of a unit in the kernel's vector, and adds the variance between the units
  /// within it.
  ///
  /// - Returns: whether it has a respondent of the model.
  @unsafe private mutating func total(
    ofUnit index: Int, stage: Int, above: Double, firstRow: Int, _ kernel: ScoreKernel
  ) -> Bool {
    guard stage + 1 < design.stages.count else {
      let unit = design.stages[stage]
      return unsafe kernel.total(
        unit.rowStart(ofUnit: index) - firstRow..<unit.rowStart(ofUnit: index + 1) - firstRow)
    }
    let group = design.stages[stage].group(ofUnit: index)
    let fraction = above * design.stages[stage].fractions[group]
    let inner = design.stages[stage + 1]
    for child in Int(inner.groupStarts[index])..<Int(inner.groupStarts[index + 1])
    where unsafe total(ofUnit: child, stage: stage + 1, above: fraction, firstRow: firstRow, kernel)
    {
      unsafe innerMoments[stage].add(kernel.vector)
    }
    sums.addVariance(
      of: innerMoments[stage],
      siblings: design.siblings(ofGroup: index, stage: stage + 1, above: fraction))
    let isTouched = innerMoments[stage].touching > 0
    unsafe innerMoments[stage].copyTotals(to: kernel.vector)
    innerMoments[stage].reset()
    return isTouched
  }
}
