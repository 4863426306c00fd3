import Dispatch
import SurveyData

extension Design {
  /// Counts the blocks of a plan in one pass over the rows in design order.
  ///
  /// The rows are cut at PSU ends into a number of runs that depends on the data alone; runs are
  /// merged in order, so that any number of threads gives the same bits.
  ///
  /// - Parameter rowsPerRun: how long a run is at least; another length agrees but for last bits.
  /// - Complexity: O(rows · blocks + PSUs · touched pairs).
  package func tabulate(
    _ plan: TabulationPlan, threads: Int? = nil, rowsPerRun: Int = 32_768
  ) -> [Tabulation] {
    let folds = plan.blocks.map { BlockFold($0, design: self) }
    let runs = psuRuns(rowsPerRun: rowsPerRun)
    let runFolds = concurrentMap(count: runs.count, threads: threads) { run in
      var folds = folds
      for index in folds.indices { folds[index].fold(psus: runs[run]) }
      return folds
    }
    return plan.blocks.indices.map { block in
      var folded = merge(runFolds.map { $0[block] })
      if let marginModel, replicates == nil, plan.blocks[block].moments != .none {
        var residuals = ResidualFold(plan.blocks[block], design: self, model: marginModel)
        folded.takeResiduals(residuals.folded())
      }
      var tabulation = Tabulation(folded)
      tabulation.replicates = replicateTotals(
        plan.blocks[block], threads: threads, rowsPerRun: rowsPerRun)
      return tabulation
    }
  }

  /// Whole PSUs, at most 64 runs of them.
  func psuRuns(rowsPerRun: Int) -> [Range<Int>] {
    let count = max(1, min(64, rowCount / rowsPerRun))
    let stage = stages[0]
    var runs: [Range<Int>] = []
    var start = 0
    for run in 1...count {
      let end =
        run == count ? stage.unitCount : stage.firstUnit(from: rowCount * run / count)
      if end > start { runs.append(start..<end) }
      start = max(start, end)
    }
    return runs
  }

  /// One fold of the whole from the folds of its runs, strata that were cut put together again.
  private func merge(_ folds: [BlockFold]) -> FoldedTotals {
    var whole = folds[0].folded
    var open: (stratum: Int, moments: Moments)?
    func close() {
      guard let (stratum, moments) = open else { return }
      whole.close(moments, siblings: siblings(ofGroup: stratum, stage: 0, above: 1))
    }
    for (index, fold) in folds.enumerated() {
      if index > 0 { whole.merge(fold.folded) }
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
    return whole
  }
}

extension Design.Stage {
  /// The first unit that begins at or after a row.
  fileprivate func firstUnit(from row: Int) -> Int {
    guard let unitStarts else { return row }
    var low = 0
    var high = unitStarts.count - 1
    while low < high {
      let middle = (low + high) / 2
      if Int(unitStarts[middle]) < row { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// The results of `body` for 0 ..< count, in that order, worked out on several threads.
func concurrentMap<Result: Sendable>(
  count: Int, threads: Int?, _ body: @Sendable (Int) -> Result
) -> [Result] {
  guard count > 1, threads != 1 else { return (0..<count).map(body) }
  let slots = ResultSlots<Result>(count: count)
  if let threads {
    // Each thread takes every n-th task.
    DispatchQueue.concurrentPerform(iterations: min(threads, count)) { thread in
      for index in stride(from: thread, to: count, by: threads) { slots[index] = body(index) }
    }
  } else {
    DispatchQueue.concurrentPerform(iterations: count) { slots[$0] = body($0) }
  }
  return slots.all
}

/// A slot a task: no two tasks write the same one, and all are read after the last has ended.
@safe private final class ResultSlots<Result: Sendable>: @unchecked Sendable {
  private let slots: UnsafeMutableBufferPointer<Result?>

  init(count: Int) {
    unsafe slots = .allocate(capacity: count)
    unsafe slots.initialize(repeating: nil)
  }

  deinit {
    unsafe slots.deinitialize()
    unsafe slots.deallocate()
  }

  subscript(index: Int) -> Result {
    get { unsafe slots[index]! }
    set { unsafe slots[index] = newValue }
  }

  var all: [Result] { unsafe slots.map { $0! } }
}
