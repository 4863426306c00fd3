import SurveyData

/// The fold of one block over a run of whole PSUs: rows into units, units into the moments of their
/// siblings, moments into covariances.
///
/// Strata at the two ends of the run may go on in the next: their moments stay open.
struct BlockFold: Sendable {
  private var folded: FoldedTotals
  private var openStrata: [(stratum: Int, moments: Moments)] = []

  private let shape: BlockShape
  private let reader: CellReader
  private let design: Design
  private var stratumMoments: Moments
  /// The moments of the units within the unit at hand, for each stage below the first.
  private var innerMoments: [Moments]
  private var unit: UnitTotals
  /// Instead of units, where no moments are asked for.
  private var histogram: Histogram?
  /// Instead of both, where rows alone are.
  private var rowCounts: RowCounts?

  init(_ block: TabulationPlan.Block, design: Design) {
    shape = BlockShape(block)
    folded = FoldedTotals(shape)
    reader = CellReader(block, design: design)
    self.design = design
    stratumMoments = Moments(shape)
    innerMoments = design.stages.dropFirst().map { [shape] _ in Moments(shape) }
    unit = UnitTotals(shape, sums: block.sums.count)
    histogram =
      shape.moments == .none ? Histogram(shape, sums: block.sums.count, reader: reader) : nil
    rowCounts =
      shape.moments == .rowsAlone ? RowCounts(block, reader: reader, design: design) : nil
  }

  /// What a run comes to.
  struct Part: Sendable {
    let folded: FoldedTotals
    /// Strata that may go on in the run before or after, in order.
    let openStrata: [(stratum: Int, moments: Moments)]
  }

  var part: Part { Part(folded: folded, openStrata: openStrata) }

  /// Folds the PSUs of a run.
  mutating func fold(psus run: Range<Int>) {
    guard !run.isEmpty else { return }
    let stage = design.stages[0]
    if !shape.moments.keepsSome {
      let rows = stage.rowStart(ofUnit: run.lowerBound)..<stage.rowStart(ofUnit: run.upperBound)
      histogram?.add(rows, to: &folded, reader: reader, design: design)
      rowCounts?.add(rows, to: &folded.counts, reader: reader, design: design)
      return
    }
    var psu = run.lowerBound
    var stratum = stage.group(ofUnit: psu)
    while psu < run.upperBound {
      let end = min(Int(stage.groupStarts[stratum + 1]), run.upperBound)
      if design.stages.count == 1 {
        if let starts = stage.unitStarts {
          unit.addUnits(
            psu..<end, starts: starts.span, to: &stratumMoments, reader: reader, design: design)
        } else {
          unit.addRows(psu..<end, to: &stratumMoments, reader: reader, design: design)
        }
      } else {
        for psu in psu..<end {
          total(ofUnit: psu, stage: 0, above: 1)
          unit.add(to: &stratumMoments)
        }
      }
      close(stratum, isOpen: psu == run.lowerBound || end == run.upperBound)
      psu = end
      stratum += 1
    }
    folded.counts = unit.counts
    folded.sumsOfSquares = unit.sumsOfSquares
    folded.crossProducts = unit.crossProducts
  }

  /// Leaves the totals of a unit in `unit`, and adds the variance between the units within it.
  private mutating func total(ofUnit index: Int, stage: Int, above: Double) {
    guard stage + 1 < design.stages.count else {
      let rows =
        design.stages[stage].rowStart(
          ofUnit: index)..<design.stages[stage].rowStart(ofUnit: index + 1)
      unit.read(rows, reader: reader, design: design)
      return
    }
    let group = design.stages[stage].group(ofUnit: index)
    let fraction = above * design.stages[stage].fractions[group]
    let inner = design.stages[stage + 1]
    for child in Int(inner.groupStarts[index])..<Int(inner.groupStarts[index + 1]) {
      total(ofUnit: child, stage: stage + 1, above: fraction)
      unit.add(to: &innerMoments[stage])
    }
    folded.addVariance(
      of: innerMoments[stage],
      siblings: design.siblings(ofGroup: index, stage: stage + 1, above: fraction))
    unit.take(innerMoments[stage])
    innerMoments[stage].reset()
  }

  private mutating func close(_ stratum: Int, isOpen: Bool) {
    guard !stratumMoments.isEmpty else { return }
    if isOpen {
      openStrata.append((stratum, stratumMoments))
    } else {
      folded.close(stratumMoments, siblings: design.siblings(ofGroup: stratum, stage: 0, above: 1))
    }
    stratumMoments.reset()
  }
}

extension Design {
  func siblings(ofGroup group: Int, stage: Int, above: Double) -> Siblings {
    let stage = stages[stage]
    return Siblings(
      count: Int(stage.groupStarts[group + 1] - stage.groupStarts[group]),
      fraction: stage.fractions[group], above: above, lonelyPSU: description.lonelyPSU,
      appliesToDomains: description.appliesLonelyPSUToDomains)
  }
}

extension Design.Stage {
  /// The group of siblings that a unit belongs to.
  func group(ofUnit unit: Int) -> Int {
    var low = 0
    var high = groupStarts.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(groupStarts[middle]) <= unit { low = middle } else { high = middle }
    }
    return low
  }
}
