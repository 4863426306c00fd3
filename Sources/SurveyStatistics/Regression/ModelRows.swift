import SurveyData

/// The respondents of a model, put into cells of equal covariates where those are few, else each a
/// cell of their own.
///
/// A code is a cell and, where the outcome has levels, a level: code = cell · levels + level. Rows
/// outside the model have the code `outside`.
struct ModelRows: Sendable {
  let cellCount: Int
  /// Levels of the outcome; 1 for a number.
  let levelCount: Int
  /// Codes by design position, a run of PSUs after the other.
  let codes: [[UInt32]]
  let runs: [Range<Int>]
  /// The outcome by design position, where it is a number.
  let outcome: NumericColumn?
  let origin: Double
  /// Respondents by cell.
  let counts: [Int]
  /// Level of each categorical variable, or index of the value, by cell; empty for numbers.
  let levels: [[Int32]]
  /// Value of each numeric variable by cell; empty for categories.
  let values: [[Double]]

  var outside: UInt32 { UInt32(cellCount * levelCount) }
  var respondents: Int { counts.reduce(0, +) }

  /// Cells pay where rows are many times as many.
  private static let cellLimit = 1 << 16

  init(
    _ variables: [ModelVariable], outcome: ModelOutcome, family: ModelFamily, domain: Domain?,
    dataset: Dataset, design: Design, threads: Int?, usesCells: Bool? = nil
  ) throws {
    let few = variables.compactMap(\.factor)
    let product = few.reduce(outcome.factor?.levelCount ?? 1) { product, factor in
      min(product * max(factor.levelCount, 1), 1 << 30)
    }
    let byCells =
      few.count == variables.count
      && (usesCells ?? (product <= Self.cellLimit && product * 4 <= design.rowCount))
    var block = TabulationPlan.Block(domain: domain, moments: .none)
    block.cells = outcome.factor
    var origin = 0.0
    if case .number(let column, _) = outcome {
      // Only least squares do not mind where y is measured from.
      let sum =
        family == .linear
        ? TabulationPlan.Sum.measuredFromWithin(column) : TabulationPlan.Sum(column)
      block.sums = [sum]
      origin = sum.origin
      self.outcome = design.inOrder(column)
    } else {
      self.outcome = nil
    }
    self.origin = origin
    levelCount = outcome.factor?.levelCount ?? 1
    var numeric: [Int] = []
    for (index, variable) in variables.enumerated() {
      if let factor = variable.factor, byCells || variable.isCategorical {
        block.groups.append(factor)
      } else {
        block.sums.append(TabulationPlan.Sum(try variable.numbers(in: dataset)))
        numeric.append(index)
      }
    }
    let reader = CellReader(block, design: design)
    let blockCells = block.cellCount
    let numbersByRow = numeric.count
    runs = design.psuRuns(rowsPerRun: 32_768)
    let outside = UInt32(blockCells)
    let sums = block.sums.count
    let runs = self.runs
    let read = concurrentMap(count: runs.count, threads: threads) { run in
      let rows = design.rows(ofRun: runs[run])
      var codes = [UInt32](repeating: outside, count: rows.count)
      var counts = [Int](repeating: 0, count: byCells ? blockCells + 1 : 0)
      var numbers: [[Double]] = Array(repeating: [], count: numbersByRow)
      var buffer = RowBuffer(sums: byCells ? 0 : sums)
      var row = rows.lowerBound
      while row < rows.upperBound {
        buffer.fill(from: row, reader: reader, design: design)
        let end = min(rows.upperBound, buffer.rows.upperBound)
        let first = buffer.rows.lowerBound
        let (start, offset) = (row - first, row - rows.lowerBound)
        if byCells {
          Self.copy(buffer.cells, from: start, count: end - row, to: &codes, at: offset, &counts)
        } else {
          for position in 0..<end - row {
            let code = buffer.cells[start + position]
            codes[offset + position] = code
            guard code != outside else { continue }
            for index in 0..<numbersByRow {
              let sum = sums - numbersByRow + index
              numbers[index].append(buffer.numbers[sum * CellReader.capacity + start + position])
            }
          }
        }
        row = end
      }
      return (codes: codes, counts: counts, numbers: numbers)
    }
    if byCells {
      cellCount = block.groupCount
      codes = read.map(\.codes)
      var counts = [Int](repeating: 0, count: cellCount)
      for part in read {
        for code in 0..<block.cellCount { counts[code / levelCount] += part.counts[code] }
      }
      self.counts = counts
      (levels, values) = Self.ofCells(variables, count: cellCount)
    } else {
      // A cell a respondent: its code is its number and its level.
      var next: UInt32 = 0
      var groups: [Int32] = []
      var renumbered: [[UInt32]] = []
      let levelCount = self.levelCount
      let total = read.reduce(0) { $0 + $1.codes.count { $0 != outside } }
      for part in read {
        renumbered.append(
          part.codes.map { code in
            guard code != outside else { return UInt32(total * levelCount) }
            groups.append(Int32(Int(code) / levelCount))
            defer { next += 1 }
            return next * UInt32(levelCount) + code % UInt32(levelCount)
          })
      }
      cellCount = total
      codes = renumbered
      counts = Array(repeating: 1, count: total)
      var stride = block.groupCount
      var levels: [[Int32]] = []
      var values: [[Double]] = []
      for (index, variable) in variables.enumerated() {
        if let position = numeric.firstIndex(of: index) {
          levels.append([])
          values.append(read.flatMap { $0.numbers[position] })
        } else {
          let levelCount = variable.factor!.levelCount
          stride /= max(levelCount, 1)
          levels.append(groups.map { $0 / Int32(stride) % Int32(levelCount) })
          values.append([])
        }
      }
      self.levels = levels
      self.values = values
    }
  }

  /// Takes over a buffer of codes, and counts them.
  private static func copy(
    _ cells: [UInt32], from start: Int, count: Int, to codes: inout [UInt32], at offset: Int,
    _ counts: inout [Int]
  ) {
    let cells = cells.span.extracting(start..<start + count)
    var codes = codes.mutableSpan
    var counts = counts.mutableSpan
    precondition(offset + count <= codes.count)
    // `CellReader` promises cells up to `outside`, and there are that many counts and one.
    for index in cells.indices {
      let code = unsafe cells[unchecked: index]
      unsafe codes[unchecked: offset + index] = code
      unsafe counts[unchecked: Int(code)] &+= 1
    }
  }

  /// The crossing of all levels, the last variable varying fastest.
  private static func ofCells(
    _ variables: [ModelVariable], count: Int
  ) -> (levels: [[Int32]], values: [[Double]]) {
    var stride = count
    var levels: [[Int32]] = []
    var values: [[Double]] = []
    for variable in variables {
      let levelCount = variable.factor!.levelCount
      stride /= max(levelCount, 1)
      let ofCell = (0..<count).map { Int32($0 / stride % levelCount) }
      if case .fewNumbers(_, let numbers) = variable.content {
        levels.append([])
        values.append(ofCell.map { numbers[Int($0)] })
      } else {
        levels.append(ofCell)
        values.append([])
      }
    }
    return (levels, values)
  }

  /// Σw by code, and Σw·y by cell from the origin, under any weights.
  func totals(weights: Bytes, threads: Int?) -> ModelTotals {
    let parts = concurrentMap(count: runs.count, threads: threads) { [self] run in
      var totals = ModelTotals(codes: cellCount * levelCount + 1, hasSums: outcome != nil)
      totals.add(codes[run], from: firstRow(ofRun: run), weights: weights, outcome: outcome, origin)
      return totals
    }
    var whole = parts[0]
    for part in parts.dropFirst() { whole.add(part) }
    return whole
  }

  /// The design position of a run's first row.
  func firstRow(ofRun run: Int) -> Int { codes[..<run].reduce(0) { $0 + $1.count } }
}

/// Weighted totals by code.
struct ModelTotals: Sendable {
  /// Σw by code; the last is of rows outside.
  private(set) var weights: [Double]
  /// Σw·(y − origin) by code; empty where the outcome has levels.
  private(set) var sums: [Double]

  init(codes: Int, hasSums: Bool) {
    weights = Array(repeating: 0, count: codes)
    sums = Array(repeating: 0, count: hasSums ? codes : 0)
  }

  mutating func add(
    _ codes: [UInt32], from first: Int, weights: Bytes, outcome: NumericColumn?, _ origin: Double
  ) {
    // `ModelRows` promises codes up to `outside`, and there are that many totals and one.
    var (allTotals, allSums) = (self.weights, self.sums)
    (self.weights, self.sums) = ([], [])
    weights.withSpan(of: Double.self) { rowWeights in
      var totals = allTotals.mutableSpan
      guard let outcome else {
        for index in codes.indices {
          let weight = unsafe rowWeights[unchecked: first + index]
          unsafe totals[unchecked: Int(codes[index])] += weight
        }
        return
      }
      outcome.withValues { numbers in
        var sums = allSums.mutableSpan
        let outside = UInt32(sums.count - 1)
        for index in codes.indices where codes[index] != outside {
          let weight = unsafe rowWeights[unchecked: first + index]
          let code = Int(codes[index])
          unsafe totals[unchecked: code] += weight
          unsafe sums[unchecked: code] += weight * (numbers[unchecked: first + index] - origin)
        }
      }
    }
    (self.weights, self.sums) = (allTotals, allSums)
  }

  mutating func add(_ other: ModelTotals) {
    for index in weights.indices { weights[index] += other.weights[index] }
    for index in sums.indices { sums[index] += other.sums[index] }
  }
}

extension Design {
  /// The design positions of a run of whole PSUs.
  func rows(ofRun run: Range<Int>) -> Range<Int> {
    stages[0].rowStart(ofUnit: run.lowerBound)..<stages[0].rowStart(ofUnit: run.upperBound)
  }
}
