/// One fold of a block's whole from the folds of its runs, taken in order: strata that were cut are
/// put together again.
struct BlockMerge: Sendable {
  private let design: Design
  private(set) var folded: FoldedTotals
  private var open: (stratum: Int, moments: Moments)?

  init(_ shape: BlockShape, design: Design) {
    self.design = design
    folded = FoldedTotals(shape)
  }

  /// Takes the fold of the next run.
  mutating func add(_ part: BlockFold.Part) {
    folded.merge(part.folded)
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
  mutating func close() {
    guard let (stratum, moments) = open else { return }
    open = nil
    folded.close(moments, siblings: design.siblings(ofGroup: stratum, stage: 0, above: 1))
  }
}
