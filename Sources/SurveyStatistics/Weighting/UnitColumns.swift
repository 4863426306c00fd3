/// The columns of x that units are in, unit by unit, with sums and factors of raking's sweeps.
struct UnitColumns: Sendable {
  let unitCount: Int
  let marginCount: Int
  let columnCount: Int
  /// By margin, then unit.
  private let columns: [Int32]

  /// By margin: the columns that have units, in order.
  let usedColumns: [[Int]]

  /// - Parameter columns: by margin, then unit; each below `columnCount`.
  init(_ columns: [Int32], unitCount: Int, marginCount: Int, columnCount: Int) {
    precondition(columns.count == unitCount * marginCount)
    self.unitCount = unitCount
    self.marginCount = marginCount
    self.columnCount = columnCount
    self.columns = columns
    let span = columns.span
    usedColumns = (0..<marginCount).map { margin in
      var isUsed = [Bool](repeating: false, count: columnCount)
      var marks = isUsed.mutableSpan
      for place in margin * unitCount..<(margin + 1) * unitCount {
        marks[Int(span[place])] = true
      }
      return isUsed.indices.filter { isUsed[$0] }
    }
  }

  subscript(unit: Int, margin: Int) -> Int { Int(columns[margin * unitCount + unit]) }

  // Units next to each other share categories, and in one table of sums an addition would wait for
  // the one before: they take copies of it in turn.
  private static let copies = 4

  /// Σ of the amounts by column of one margin; 0 for all other columns.
  ///
  /// - Parameter amounts: by unit.
  func sums(of amounts: [Double], margin: Int) -> [Double] {
    precondition(amounts.count == unitCount)
    var table = [Double](repeating: 0, count: Self.copies * columnCount)
    var sums = table.mutableSpan
    let amounts = amounts.span
    let columns = columns.span.extracting(margin * unitCount..<(margin + 1) * unitCount)
    // Columns are below the number of them: the initialiser has marked each.
    @inline(__always)
    func add(_ unit: Int, copy: Int, _ sums: inout MutableSpan<Double>) {
      let column = unsafe Int(columns[unchecked: unit])
      unsafe sums[unchecked: copy &* columnCount &+ column] += amounts[unchecked: unit]
    }
    var unit = 0
    while unit &+ Self.copies <= unitCount {
      for copy in 0..<Self.copies { add(unit &+ copy, copy: copy, &sums) }
      unit &+= Self.copies
    }
    while unit < unitCount {
      add(unit, copy: 0, &sums)
      unit &+= 1
    }
    return folded(table)
  }

  /// Multiplies each unit's factor by the ratio of its column in one margin.
  ///
  /// - Parameters:
  ///   - ratios: by column.
  ///   - starts: by unit.
  /// - Returns: Σ start · factor by column of the margin `next`; 0 for all other columns.
  func scale(
    _ factors: inout [Double], by ratios: [Double], ofMargin margin: Int, starts: [Double],
    summing next: Int
  ) -> [Double] {
    precondition(
      factors.count == unitCount && starts.count == unitCount && ratios.count == columnCount)
    var table = [Double](repeating: 0, count: Self.copies * columnCount)
    var sums = table.mutableSpan
    var factors = factors.mutableSpan
    let (ratios, starts) = (ratios.span, starts.span)
    let columns = self.columns.span.extracting(margin * unitCount..<(margin + 1) * unitCount)
    let nextColumns = self.columns.span.extracting(next * unitCount..<(next + 1) * unitCount)
    @inline(__always)
    func scale(
      _ unit: Int, copy: Int, _ factors: inout MutableSpan<Double>,
      _ sums: inout MutableSpan<Double>
    ) {
      let ratio = unsafe ratios[unchecked: Int(columns[unchecked: unit])]
      let factor = unsafe factors[unchecked: unit] * ratio
      unsafe factors[unchecked: unit] = factor
      let column = unsafe Int(nextColumns[unchecked: unit])
      unsafe sums[unchecked: copy &* columnCount &+ column] += starts[unchecked: unit] * factor
    }
    var unit = 0
    while unit &+ Self.copies <= unitCount {
      for copy in 0..<Self.copies { scale(unit &+ copy, copy: copy, &factors, &sums) }
      unit &+= Self.copies
    }
    while unit < unitCount {
      scale(unit, copy: 0, &factors, &sums)
      unit &+= 1
    }
    return folded(table)
  }

  /// The sums of all copies of a table.
  private func folded(_ table: [Double]) -> [Double] {
    (0..<columnCount).map { column in
      (0..<Self.copies).reduce(0) { $0 + table[$1 * columnCount + column] }
    }
  }
}
