/// Consecutive runs of rows in design order: strata, or the units of a stage.
struct RowRuns: Sendable {
  /// The first row of each run, and at the end the number of rows; empty where every row is a run.
  let starts: [Int32]
  private let rowCount: Int

  /// As a stage wants them: `nil` where every row is a run.
  var unitStarts: [Int32]? { starts.isEmpty || starts.count == rowCount + 1 ? nil : starts }

  /// Every row a run.
  init(rowByRow count: Int) {
    starts = []
    rowCount = count
  }

  /// - Parameter starts: ascending from 0 to `rowCount`; empty where every row is a run.
  init(starts: [Int32], rowCount: Int) {
    self.starts = starts
    self.rowCount = rowCount
  }

  /// For each run of `parents`, the index of the first of these runs in it; their number at the end.
  func firsts(of parents: RowRuns) -> [Int32] {
    if starts.isEmpty { return parents.starts }
    var firsts: [Int32] = []
    firsts.reserveCapacity(parents.starts.count)
    var run = 0
    for start in parents.starts {
      while starts[run] < start { run += 1 }
      firsts.append(Int32(run))
    }
    return firsts
  }

  /// The runs of those rows alone, counted among themselves; runs without one are gone.
  ///
  /// - Parameter rows: ascending.
  func keeping(_ rows: DesignRows) -> RowRuns {
    guard !starts.isEmpty else { return RowRuns(rowByRow: rows.count) }
    guard rows.count < rowCount else { return self }
    var kept: [Int32] = []
    var position = 0
    for start in starts {
      while position < rows.count, rows[position] < Int(start) { position += 1 }
      if kept.last != Int32(position) { kept.append(Int32(position)) }
    }
    return RowRuns(starts: kept, rowCount: rows.count)
  }
}
