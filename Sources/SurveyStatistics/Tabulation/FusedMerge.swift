/// The folds of a plan's fused blocks, from the sums of runs of rows taken in order.
struct FusedMerge: Sendable {
  private let tables: FusedTables
  private let design: Design
  /// By member of `tables`.
  private(set) var folded: [FoldedTotals]
  /// The stratum at hand, which may go on in the next run.
  private var open: Part?

  /// What a run of rows in one stratum adds.
  struct Part: Sendable {
    let stratum: Int
    var sums: [FusedSums]
  }

  init(_ tables: FusedTables, design: Design) {
    self.tables = tables
    self.design = design
    folded = tables.members.map { FoldedTotals($0.shape) }
  }

  /// Counts a run of PSUs, cut at the ends of strata where their variances are wanted.
  static func parts(
    of tables: FusedTables, psus run: Range<Int>, design: Design
  ) -> [Part] {
    let stage = design.stages[0]
    let rows = stage.rowStart(ofUnit: run.lowerBound)..<stage.rowStart(ofUnit: run.upperBound)
    var counts = FusedCounts(tables)
    guard tables.needsSquares else {
      return [Part(stratum: 0, sums: counts.sums(of: rows, design: design))]
    }
    // Rows are units here.
    var parts: [Part] = []
    var start = rows.lowerBound
    var stratum = stage.group(ofUnit: start)
    while start < rows.upperBound {
      let end = min(Int(stage.groupStarts[stratum + 1]), rows.upperBound)
      parts.append(Part(stratum: stratum, sums: counts.sums(of: start..<end, design: design)))
      start = end
      stratum += 1
    }
    return parts
  }

  /// Takes the parts of the next run.
  mutating func add(_ parts: [Part]) {
    for part in parts {
      if open?.stratum == part.stratum {
        for place in part.sums.indices { open?.sums[place].add(part.sums[place]) }
      } else {
        close()
        open = part
      }
    }
  }

  /// Ends the stratum at hand: its totals, its units, and its terms of the variances.
  mutating func close() {
    guard let part = open else { return }
    open = nil
    for (index, member) in tables.members.enumerated() {
      var cells = [FusedSums](repeating: FusedSums(), count: member.shape.cellCount)
      for (place, cell) in member.cellOfPlace.enumerated() where cell >= 0 {
        cells[Int(cell)].add(part.sums[member.start + place])
      }
      add(cells, ofStratum: part.stratum, to: &folded[index])
    }
  }

  private func add(
    _ cells: [FusedSums], ofStratum stratum: Int, to folded: inout FoldedTotals
  ) {
    let shape = folded.shape
    guard shape.keepsPairs else {
      for (cell, sums) in cells.enumerated() where sums.rows > 0 {
        folded.add(SIMD2(sums.sum.value, Double(sums.rows)), component: cell)
      }
      return
    }
    var moments = Moments(shape)
    for (cell, sums) in cells.enumerated() where sums.rows > 0 {
      moments.addElements(
        cell: cell, rows: sums.rows, sum: sums.sum, squares: sums.squares)
      folded.counts[cell] += sums.rows
    }
    guard !moments.isEmpty else { return }
    folded.close(moments, siblings: design.siblings(ofGroup: stratum, stage: 0, above: 1))
  }
}
