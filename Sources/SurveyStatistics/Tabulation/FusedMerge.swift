/// The folds of a plan's fused blocks, from the sums of runs of rows taken in order.
struct FusedMerge: Sendable {
  private let tables: FusedTables
  private let design: Design
  /// By member of `tables`.
  private var folded: [FoldedTotals]
  /// The stratum at hand, which may go on in the next run.
  private var open: Part?
  /// By table of `tables.units`.
  private var units: [BlockMerge]

  /// What a run of rows comes to.
  struct Run: Sendable {
    let parts: [Part]
    let units: [BlockFold.Part]
  }

  /// What the rows of a run in one stratum add; the whole run where strata do not matter.
  struct Part: Sendable {
    let stratum: Int
    var sums: [FusedSums]
  }

  init(_ tables: FusedTables, design: Design) {
    self.tables = tables
    self.design = design
    folded = tables.members.map { FoldedTotals($0.shape) }
    units = tables.units.tables.map { _ in BlockMerge(design: design) }
  }

  /// Counts a run of PSUs, cut at the ends of strata where rows are the units of their variances.
  static func run(_ psus: Range<Int>, of tables: FusedTables, design: Design) -> Run {
    let stage = design.stages[0]
    let rows = stage.rowStart(ofUnit: psus.lowerBound)..<stage.rowStart(ofUnit: psus.upperBound)
    guard tables.needsSquares else {
      var part = Part(stratum: 0, sums: [])
      if tables.placeCount > 0 {
        var counts = FusedCounts(tables)
        part.sums = counts.sums(of: rows, design: design)
      }
      guard !tables.units.tables.isEmpty else { return Run(parts: [part], units: []) }
      var fold = UnitFold(tables.units, design: design)
      return Run(parts: [part], units: fold.parts(psus: psus))
    }
    var counts = FusedCounts(tables)
    var parts: [Part] = []
    var start = rows.lowerBound
    var stratum = stage.group(ofUnit: start)
    while start < rows.upperBound {
      let end = min(Int(stage.groupStarts[stratum + 1]), rows.upperBound)
      parts.append(Part(stratum: stratum, sums: counts.sums(of: start..<end, design: design)))
      start = end
      stratum += 1
    }
    return Run(parts: parts, units: [])
  }

  /// Takes the next run.
  mutating func add(_ run: Run) {
    for part in run.parts {
      if open?.stratum == part.stratum {
        for place in part.sums.indices { open?.sums[place].add(part.sums[place]) }
      } else {
        close()
        open = part
      }
    }
    for (index, part) in run.units.enumerated() { units[index].add(part) }
  }

  /// By member of the tables, when all runs have been taken.
  mutating func finished() -> [FoldedTotals] {
    close()
    for (table, unit) in zip(tables.units.tables, units) {
      var whole = unit
      folded[table.member] = whole.finished()
    }
    return folded
  }

  /// Ends the stratum at hand: its totals, its units, and its terms of the variances.
  private mutating func close() {
    guard let part = open else { return }
    open = nil
    for (index, member) in tables.members.enumerated() where member.fold != .units {
      let cells = member.cells(of: part.sums)
      switch member.fold {
      case .totals:
        for (cell, sums) in cells.enumerated() where sums.rows > 0 {
          folded[index].add(SIMD2(sums.sum.value, Double(sums.rows)), component: cell)
        }
      case .rows: Self.add(cells, ofStratum: part.stratum, of: design, to: &folded[index])
      case .units: break
      }
    }
  }

  // Static: an instance would hold the folds a second time, and each change copy all of them.
  private static func add(
    _ cells: [FusedSums], ofStratum stratum: Int, of design: Design, to folded: inout FoldedTotals
  ) {
    var moments = Moments(folded.shape)
    for (cell, sums) in cells.enumerated() where sums.rows > 0 {
      moments.addElements(
        cell: cell, rows: sums.rows, sum: sums.sum, squares: sums.squares)
      folded.counts[cell] += sums.rows
    }
    guard !moments.isEmpty else { return }
    folded.close(moments, siblings: design.siblings(ofGroup: stratum, stage: 0, above: 1))
  }
}

extension FusedTables.Member {
  /// The sums of its cells, from those of places.
  fileprivate func cells(of sums: [FusedSums]) -> [FusedSums] {
    var cells = [FusedSums](repeating: FusedSums(), count: shape.cellCount)
    for (place, cell) in cellOfPlace.enumerated() where cell >= 0 {
      cells[Int(cell)].add(sums[start + place])
    }
    return cells
  }
}
