import CVectorKernels
import SurveyData
import Synchronization

extension Design {
  /// Counts the blocks of a plan in one pass over the rows in design order.
  ///
  /// The rows are cut at PSU ends into a number of runs that depends on the data alone; runs are
  /// merged in order, so that any number of threads gives the same bits.
  ///
  /// - Parameter rowsPerRun: how long a run is at least; another length agrees but for last bits.
  /// - Complexity: O(rows · blocks + PSUs · touched pairs).
  package func tabulate(
    _ plan: TabulationPlan, threads: Int? = nil, rowsPerRun: Int = 32_768,
    fusing: Fusing = .whereItPays
  ) -> [Tabulation] {
    let fused =
      fusing == .never
      ? []
      : FusedTables.compile(
        plan, design: self, isForced: fusing != .whereItPays,
        abreast: fusing == .alwaysAbreast || fusing == .whereItPays && lanesAreWide())
    let isFused = Set(fused.flatMap { $0.members.map(\.block) })
    var totals: [FoldedTotals?] = plan.blocks.enumerated().map { index, block in
      guard !isFused.contains(index), let counts = RowCounts.counted(block, self) else {
        return nil
      }
      var totals = FoldedTotals(BlockShape(block))
      totals.counts = counts
      return totals
    }
    let single = plan.blocks.indices.filter { totals[$0] == nil && !isFused.contains($0) }
    let folds = single.map { BlockFold(plan.blocks[$0], design: self) }
    let runs = psuRuns(rowsPerRun: rowsPerRun)
    let merged = concurrentFold(
      count: runs.count, threads: threads,
      into: (
        single: single.map { _ in BlockMerge(design: self) },
        fused: fused.map { FusedMerge($0, design: self) }
      )
    ) { run in
      (
        single: folds.map { fold in
          var fold = fold
          fold.fold(psus: runs[run])
          return fold.part
        },
        fused: fused.map { FusedMerge.run(runs[run], of: $0, design: self) }
      )
    } merging: { whole, part in
      for index in part.single.indices { whole.single[index].add(part.single[index]) }
      for index in part.fused.indices { whole.fused[index].add(part.fused[index]) }
    }
    for (block, merge) in zip(single, merged.single) {
      var merge = merge
      totals[block] = merge.finished()
    }
    for (tables, merge) in zip(fused, merged.fused) {
      var merge = merge
      for (member, folded) in zip(tables.members, merge.finished()) {
        totals[member.block] = folded
      }
    }
    return plan.blocks.indices.map { block in
      // Every block has been counted, or is in one of the two lists.
      var folded = totals[block]!
      if let marginModel, replicates == nil, plan.blocks[block].moments.keepsSome {
        var residuals = ResidualFold(plan.blocks[block], design: self, model: marginModel)
        folded.takeResiduals(residuals.folded())
      }
      var tabulation = Tabulation(folded)
      tabulation.replicates = replicateTotals(
        plan.blocks[block], threads: threads, rowsPerRun: rowsPerRun)
      return tabulation
    }
  }

  /// Whether blocks of the same rows are counted together (`FusedTables`): their last bits may then
  /// be others, and depend on which other blocks there are.
  package enum Fusing: Sendable {
    case never, whereItPays
    /// Items one by one.
    case always
    /// Items eight abreast where there are enough, whatever the machine's vectors.
    case alwaysAbreast
  }

  /// Whole PSUs, at most 36 runs of them: each is merged, and so is a stratum that is cut. A run begins
  /// with a stratum where one begins near by. Where there are many, the last eighth of the rows is cut
  /// finer: threads are seldom equally fast, and one would work alone at the end.
  func psuRuns(rowsPerRun: Int) -> [Range<Int>] {
    let count = max(1, min(32, rowCount / rowsPerRun))
    let stage = stages[0]
    var runs: [Range<Int>] = []
    var start = 0
    func endRun(near row: Int, within distance: Int) {
      let end = row == rowCount ? stage.unitCount : stage.cut(near: row, within: distance)
      if end > start { runs.append(start..<end) }
      start = max(start, end)
    }
    // Of 32, the last four are cut as eight.
    let coarse = count < 32 ? count : 28
    for run in 1...coarse { endRun(near: rowCount * run / count, within: rowCount / count) }
    if coarse < count {
      for run in 57...64 { endRun(near: rowCount * run / 64, within: rowCount / 64) }
    }
    return runs
  }
}

extension Design.Stage {
  /// The first unit of the stratum that begins nearest to a row, if fewer rows lie between; otherwise
  /// the first unit from there.
  fileprivate func cut(near row: Int, within distance: Int) -> Int {
    let unit = firstUnit(from: row)
    guard unit < unitCount else { return unit }
    let group = group(ofUnit: unit)
    let starts = [Int(groupStarts[group]), Int(groupStarts[group + 1])]
    let nearest = starts.min { abs(rowStart(ofUnit: $0) - row) < abs(rowStart(ofUnit: $1) - row) }!
    return abs(rowStart(ofUnit: nearest) - row) < distance ? nearest : unit
  }

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

/// The results of `body` for 0 ..< count, worked out on several threads and merged in that order: each
/// as soon as those before it are, so that few are in memory at a time.
func concurrentFold<Part: Sendable, Whole: Sendable>(
  count: Int, threads: Int?, into whole: Whole, _ body: @Sendable (Int) -> Part,
  merging merge: @Sendable (inout Whole, Part) -> Void
) -> Whole {
  guard count > 1, threads != 1 else {
    var whole = whole
    for index in 0..<count { merge(&whole, body(index)) }
    return whole
  }
  let state = Mutex((whole: whole, waiting: [Int: Part](), next: 0))
  _ = concurrentMap(count: count, threads: threads) { index in
    let part = body(index)
    state.withLock { state in
      state.waiting[index] = part
      while let part = state.waiting.removeValue(forKey: state.next) {
        merge(&state.whole, part)
        state.next += 1
      }
    }
  }
  return state.withLock { $0.whole }
}
