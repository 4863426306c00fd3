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
  /// The outcome by design position, where it is a number a row.
  let outcome: NumericColumn?
  /// The number of each level, where the outcome is one of few numbers.
  let levelValues: [Double]?
  /// Where the outcome is measured from.
  let origin: Double
  /// Respondents by cell.
  let counts: [Int]
  /// Level of each categorical variable, or index of the value, by cell; empty for numbers.
  let levels: [[Int32]]
  /// Value of each numeric variable by cell; empty for categories.
  let values: [[Double]]
  /// What the design's weights add up to, and respondents by code, where both were found on reading.
  private let found: (totals: ModelTotals, counts: [Int])?

  var outside: UInt32 { UInt32(cellCount * levelCount) }
  var respondents: Int { counts.reduce(0, +) }

  /// Cells pay where rows are many times as many.
  private static let cellLimit = 1 << 16

  init(
    _ variables: [ModelVariable], outcome: ModelOutcome, family: ModelFamily, domain: Domain?,
    dataset: Dataset, design: Design, threads: Int?, usesCells: Bool? = nil
  ) throws {
    let few = variables.compactMap(\.factor)
    func areFew(_ outcome: ModelOutcome) -> Bool {
      let product = few.reduce(outcome.factor?.levelCount ?? 1) { product, factor in
        min(product * max(factor.levelCount, 1), 1 << 30)
      }
      return few.count == variables.count
        && (usesCells ?? (product <= Self.cellLimit && product * 4 <= design.rowCount))
    }
    let outcome = areFew(outcome) ? outcome : outcome.withoutLevels
    let byCells = areFew(outcome)
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
    if case .fewNumbers(_, let values, _) = outcome {
      levelValues = values
    } else {
      levelValues = nil
    }
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
    runs = design.psuRuns(rowsPerRun: 32_768)
    if byCells {
      let (runs, numbers, codeCount) = (self.runs, self.outcome, block.cellCount + 1)
      let start = origin
      let read = concurrentMap(count: runs.count, threads: threads) { run in
        CountedRun(
          design.rows(ofRun: runs[run]), reader: reader, design: design, codeCount: codeCount,
          outcome: numbers, origin: start)
      }
      cellCount = block.groupCount
      codes = read.map(\.codes)
      var totals = ModelTotals(codes: codeCount, hasSums: numbers != nil)
      var codeCounts = [Int](repeating: 0, count: codeCount)
      for part in read {
        totals.add(part.totals)
        for code in codeCounts.indices { codeCounts[code] += part.counts[code] }
      }
      if let levelValues, family == .linear {
        // Measured from the answer that most give.
        var answers = [Int](repeating: 0, count: levelCount)
        for code in 0..<block.cellCount { answers[code % levelCount] += codeCounts[code] }
        origin = answers.indices.max { answers[$0] < answers[$1] }.map { levelValues[$0] } ?? 0
      }
      var counts = [Int](repeating: 0, count: cellCount)
      for code in 0..<block.cellCount { counts[code / levelCount] += codeCounts[code] }
      self.counts = counts
      found = (totals, codeCounts)
      (levels, values) = Self.ofCells(variables, count: cellCount)
    } else {
      found = nil
      let read = Self.read(block, by: reader, runs: runs, numbers: numeric.count, design, threads)
      let outside = UInt32(block.cellCount)
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
    self.origin = origin
  }

  /// Codes and numbers of runs of rows, respondent by respondent.
  private static func read(
    _ block: TabulationPlan.Block, by reader: CellReader, runs: [Range<Int>], numbers count: Int,
    _ design: Design, _ threads: Int?
  ) -> [(codes: [UInt32], numbers: [[Double]])] {
    let outside = UInt32(block.cellCount)
    let sums = block.sums.count
    return concurrentMap(count: runs.count, threads: threads) { run in
      let rows = design.rows(ofRun: runs[run])
      var codes = [UInt32](repeating: outside, count: rows.count)
      var numbers: [[Double]] = Array(repeating: [], count: count)
      var buffer = RowBuffer(sums: sums)
      var row = rows.lowerBound
      while row < rows.upperBound {
        buffer.fill(from: row, reader: reader, design: design)
        let end = min(rows.upperBound, buffer.rows.upperBound)
        let (start, offset) = (row - buffer.rows.lowerBound, row - rows.lowerBound)
        for position in 0..<end - row {
          let code = buffer.cells[start + position]
          codes[offset + position] = code
          guard code != outside else { continue }
          for index in 0..<count {
            let sum = sums - count + index
            numbers[index].append(buffer.numbers[sum * CellReader.capacity + start + position])
          }
        }
        row = end
      }
      return (codes: codes, numbers: numbers)
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

  /// Σw by code, and Σw·y by cell from the origin, under the design's weights.
  func totals(of design: Design, threads: Int?) -> ModelTotals {
    found?.totals ?? totals(weights: design.weights, threads: threads)
  }

  /// The same under any weights.
  func totals(weights: Bytes, threads: Int?) -> ModelTotals {
    let starts = firstRows
    let parts = concurrentMap(count: runs.count, threads: threads) { [self] run in
      var totals = ModelTotals(codes: cellCount * levelCount + 1, hasSums: outcome != nil)
      totals.add(codes[run], from: starts[run], weights: weights, outcome: outcome, origin)
      return totals
    }
    var whole = parts[0]
    for part in parts.dropFirst() { whole.add(part) }
    return whole
  }

  /// The design position of each run's first row.
  var firstRows: [Int] {
    var next = 0
    return codes.map { run in
      defer { next += run.count }
      return next
    }
  }

  /// Respondents by code, unweighted; the last is of rows outside.
  func respondentsByCode() -> [Int] {
    if let found { return found.counts }
    var counts = [Int](repeating: 0, count: cellCount * levelCount + 1)
    for run in codes {
      for code in run { counts[Int(code)] += 1 }
    }
    return counts
  }
}

extension Design {
  /// The design positions of a run of whole PSUs.
  func rows(ofRun run: Range<Int>) -> Range<Int> {
    stages[0].rowStart(ofUnit: run.lowerBound)..<stages[0].rowStart(ofUnit: run.upperBound)
  }
}
