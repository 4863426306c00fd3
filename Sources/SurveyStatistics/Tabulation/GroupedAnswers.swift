import SurveyData
import Synchronization

/// The answers to a numeric column by group, counted but not gathered: rows in the domain, of
/// positive weight, that have a number.
///
/// The numbers are cut into *bins*, the same for all groups: one value that comes up often, or a span
/// of values. One pass gives each group's number of answers and weight by bin. Only the bins that a
/// quantile falls in are gathered, each at most once for all groups.
package final class GroupedAnswers: Sendable {
  /// Codes of the ranked column that are counted together.
  struct Bin: Sendable {
    let low: Double
    let high: Double
    /// Where the positions of its answers stand among those of the ranked column.
    let range: Range<Int>
  }

  package let groupCount: Int
  let bins: [Bin]
  let values: NumericColumn
  private let design: Design
  private let ranked: RankedColumn
  private let binOfCode: [UInt16]
  /// By design position; `groupCount` for rows outside.
  private let groupOfPosition: Bytes
  private let parted = Mutex<[Int: PartedBin]>([:])

  /// Groups times bins: a table of that size stays in the second-level cache.
  private static let mostCells = 16_384

  package init(
    _ column: NumericColumn, groups: [TabulationPlan.Factor], domain: Domain?, design: Design,
    threads: Int?
  ) {
    let values = design.inOrder(column)
    let ranked = design.ranked(column, threads: threads)
    let block = TabulationPlan.Block(groups: groups, domain: domain, moments: .none)
    let groupCount = block.groupCount
    self.values = values
    self.design = design
    self.ranked = ranked
    self.groupCount = groupCount
    let mostCells = min(Self.mostCells, design.rowCount / 4)
    (bins, binOfCode) = Self.bins(ranked.codes, most: max(1, mostCells / max(1, groupCount)))
    let reader = CellReader(block, design: design)
    groupOfPosition = Bytes(of: UInt32.self, count: design.rowCount, threads: threads) {
      range, group in
      var buffer = [UInt32](repeating: 0, count: CellReader.capacity)
      for start in stride(from: range.lowerBound, to: range.upperBound, by: CellReader.capacity) {
        let count = min(CellReader.capacity, range.upperBound - start)
        reader.read(from: start, count: count, into: &buffer)
        let cells = buffer.span
        let first = start - range.lowerBound
        let outside = UInt32(truncatingIfNeeded: groupCount)
        values.withValues { values in
          let values = values.extracting(start..<start + count)
          for index in values.indices {
            group[first + index] = values[index].isNaN ? outside : cells[index]
          }
        }
      }
    }
  }

  /// The answers of each group in the order of their values.
  ///
  /// - Parameter weights: in design order; answers without a positive one are left out. `nil`: those
  ///   of the design.
  package func ordered(weights: Bytes? = nil, threads: Int?) -> [OrderedAnswers] {
    let weights = weights ?? design.weights
    let totals = binTotals(weights: weights, threads: threads)
    return (0..<groupCount).map { group in
      let cells = group * bins.count..<(group + 1) * bins.count
      return OrderedAnswers(
        source: .init(answers: self, group: group, weights: weights),
        counts: totals.counts.span.extracting(cells), sums: totals.sums.span.extracting(cells))
    }
  }

  /// Whole codes, at most `most` bins or twice as many: a code with many numbers stays alone.
  private static func bins(_ codes: [RankedColumn.Code], most: Int) -> ([Bin], [UInt16]) {
    let size = codes.count <= most ? 0 : (codes.last?.range.upperBound ?? 0) / most + 1
    var bins: [Bin] = []
    var binOfCode: [UInt16] = []
    for code in codes {
      if let last = bins.last, last.range.count < size, code.range.count < size {
        bins[bins.count - 1] = Bin(
          low: last.low, high: code.high, range: last.range.lowerBound..<code.range.upperBound)
      } else {
        bins.append(Bin(low: code.low, high: code.high, range: code.range))
      }
      binOfCode.append(UInt16(bins.count - 1))
    }
    return (bins, binOfCode)
  }
}

// MARK: Counting

extension GroupedAnswers {
  /// By group and bin, and one group more for rows outside.
  private struct BinTotals: Sendable {
    var counts: [Int32]
    var sums: [Compensated]
  }

  /// Runs depend on the data alone and are merged in order: any number of threads gives the same
  /// bits.
  private func binTotals(weights: Bytes, threads: Int?) -> BinTotals {
    let cellCount = (groupCount + 1) * bins.count
    let runCount = max(1, min(64, design.rowCount / max(16_384, 8 * cellCount)))
    let runs = concurrentMap(count: runCount, threads: threads) { run in
      let range =
        design.rowCount * run / runCount..<design.rowCount * (run + 1) / runCount
      var totals = BinTotals(
        counts: Array(repeating: 0, count: cellCount),
        sums: Array(repeating: Compensated(), count: cellCount))
      if !bins.isEmpty { count(range, weights: weights, &totals.counts, &totals.sums) }
      return totals
    }
    var whole = runs[0]
    for run in runs.dropFirst() {
      for cell in 0..<cellCount where run.counts[cell] > 0 {
        whole.counts[cell] += run.counts[cell]
        whole.sums[cell].add(run.sums[cell])
      }
    }
    return whole
  }

  private func count(
    _ range: Range<Int>, weights: Bytes, _ counts: inout [Int32], _ sums: inout [Compensated]
  ) {
    let bins = self.binOfCode
    let binOfCode = bins.span
    let binCount = self.bins.count
    var counts = counts.mutableSpan
    var sums = sums.mutableSpan
    weights.withSpan(of: Double.self) { weights in
      groupOfPosition.withSpan(of: UInt32.self) { group in
        ranked.codeOfPosition.withSpan(of: UInt16.self) { code in
          let weights = weights.extracting(range)
          let group = group.extracting(range)
          let code = code.extracting(range)
          for index in weights.indices {
            let weight = weights[index]
            let cell = Int(group[index]) &* binCount &+ Int(binOfCode[Int(code[index])])
            counts[cell] &+= weight > 0 ? 1 : 0
            sums[cell].add(weight > 0 ? weight : 0)
          }
        }
      }
    }
  }
}

// MARK: Gathering

extension GroupedAnswers {
  /// The design positions of the answers of a bin, those of one group together.
  struct PartedBin: Sendable {
    let positions: [Int32]
    let starts: [Int]
  }

  /// The design positions of a group's answers in a bin.
  func positions(ofGroup group: Int, inBin bin: Int) -> ArraySlice<Int32> {
    let known = parted.withLock { $0[bin] }
    let whole = known ?? part(bin)
    if known == nil { parted.withLock { $0[bin] = whole } }
    return whole.positions[whole.starts[group]..<whole.starts[group + 1]]
  }

  private func part(_ bin: Int) -> PartedBin {
    let range = bins[bin].range
    var starts = [Int](repeating: 0, count: groupCount + 2)
    var groups = [UInt32](repeating: 0, count: range.count)
    var parted = [Int32](repeating: 0, count: range.count)
    ranked.positions.withSpan(of: Int32.self) { positions in
      let positions = positions.extracting(range)
      Self.read(groupOfPosition, at: positions, to: &groups, sizes: &starts)
      for group in 0...groupCount { starts[group + 1] += starts[group] }
      Self.place(positions, groups: groups, starts: starts, in: &parted)
    }
    return PartedBin(positions: parted, starts: starts)
  }

  private static func read(
    _ groupOfPosition: Bytes, at positions: Span<Int32>, to groups: inout [UInt32],
    sizes: inout [Int]
  ) {
    var groups = groups.mutableSpan
    var sizes = sizes.mutableSpan
    groupOfPosition.withSpan(of: UInt32.self) { groupOf in
      for index in positions.indices {
        let group = groupOf[Int(positions[index])]
        groups[index] = group
        sizes[Int(group) + 1] += 1
      }
    }
  }

  private static func place(
    _ positions: Span<Int32>, groups: [UInt32], starts: [Int], in parted: inout [Int32]
  ) {
    var nextPlaces = starts
    var next = nextPlaces.mutableSpan
    var parted = parted.mutableSpan
    let groups = groups.span
    for index in positions.indices {
      let group = Int(groups[index])
      parted[next[group]] = positions[index]
      next[group] += 1
    }
  }

  /// The dataset rows of design positions.
  func datasetRows(_ positions: ArraySlice<Int32>) -> [Int32] {
    guard let order = design.order else { return Array(positions) }
    return positions.map { order[Int($0)] }
  }
}

// MARK: Cutting

extension GroupedAnswers {
  /// For each answer, in design order, 1 + the number of its group's points below it; 0 where there
  /// is no number.
  ///
  /// - Parameter points: by group, ascending, at most 254, as many for each.
  func levels(cutAt points: [[Double]], threads: Int?) -> Bytes {
    let count = points.first?.count ?? 0
    // Rows outside have points too, which nothing reads.
    let flat = points.joined() + Array(repeating: 0, count: count)
    return Bytes(of: UInt8.self, count: design.rowCount, threads: threads) { range, levels in
      let points = flat.span
      values.withValues { values in
        groupOfPosition.withSpan(of: UInt32.self) { group in
          let values = values.extracting(range)
          let group = group.extracting(range)
          guard count != 1 else {
            for index in values.indices {
              let point = points[Int(group[index])]
              levels[index] = (values[index] <= point ? 1 : 0) | (values[index] > point ? 2 : 0)
            }
            return
          }
          for index in values.indices {
            let first = Int(group[index]) * count
            var level: UInt8 = values[index].isNaN ? 0 : 1
            for point in first..<first + count where values[index] > points[point] { level += 1 }
            levels[index] = level
          }
        }
      }
    }
  }
}
