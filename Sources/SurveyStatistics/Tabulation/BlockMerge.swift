/// One fold of a block's whole from the folds of its runs, taken in order: strata that were cut are
/// put together again.
struct BlockMerge: Sendable {
  private let design: Design
  /// `nil` before the first run.
  private var whole: FoldedTotals?
  private var open: (stratum: Int, moments: Moments)?

  init(design: Design) { self.design = design }

  /// What the runs come to, when all have been taken.
  ///
  /// - Precondition: there was a run.
  mutating func finished() -> FoldedTotals {
    close()
    guard let whole else { preconditionFailure("no run was folded") }
    return whole
  }

  /// Takes the fold of the next run.
  mutating func add(_ part: BlockFold.Part) {
    if whole == nil {
      whole = part.folded
    } else {
      whole?.merge(part.folded)
    }
    for (stratum, moments) in part.openStrata {
      if open?.stratum == stratum {
        open?.moments.merge(moments)
      } else {
        close()
        open = (stratum, moments)
      }
    }
  }

  /// Ends the stratum at hand.
  private mutating func close() {
    guard let (stratum, moments) = open else { return }
    open = nil
    whole?.close(moments, siblings: design.siblings(ofGroup: stratum, stage: 0, above: 1))
  }
}
