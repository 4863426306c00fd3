import SurveyData

extension Design {
  /// The answers to a numeric column by group: rows in the domain, of positive weight, that have a
  /// number.
  ///
  /// Runs of rows are parted by group, then each group is gathered from the runs, on several threads;
  /// the runs depend on the data alone.
  package func orderedAnswers(
    _ column: NumericColumn, groups: [TabulationPlan.Factor], domain: Domain?, threads: Int? = nil
  ) -> [OrderedAnswers] {
    let block = TabulationPlan.Block(groups: groups, domain: domain, moments: .none)
    let reader = CellReader(block, design: self)
    let runCount = max(1, min(64, rowCount / 16_384))
    let runs = concurrentMap(count: runCount, threads: threads) { run in
      PartedRows(
        rowCount * run / runCount..<rowCount * (run + 1) / runCount, of: column,
        groupCount: block.groupCount, reader: reader, design: self)
    }
    return concurrentMap(count: block.groupCount, threads: threads) { group in
      var values: [Double] = []
      var weights: [Double] = []
      var rows: [Int32] = []
      let count = runs.reduce(0) { $0 + $1.rows(ofGroup: group).count }
      values.reserveCapacity(count)
      weights.reserveCapacity(count)
      rows.reserveCapacity(count)
      for run in runs {
        let part = run.rows(ofGroup: group)
        values.append(contentsOf: run.values[part])
        weights.append(contentsOf: run.weights[part])
        rows.append(contentsOf: run.rows[part])
      }
      var answers = OrderedAnswers(values: values, weights: weights, rows: rows)
      answers.prepare()
      return answers
    }
  }
}

/// The answers of a run of rows, those of one group together.
private struct PartedRows: Sendable {
  private(set) var values: [Double]
  private(set) var weights: [Double]
  private(set) var rows: [Int32]
  private let starts: [Int]

  func rows(ofGroup group: Int) -> Range<Int> { starts[group]..<starts[group + 1] }

  init(
    _ positions: Range<Int>, of column: NumericColumn, groupCount: Int, reader: CellReader,
    design: Design
  ) {
    // One group more for rows outside, which stays last and unread.
    var groups = [UInt32](repeating: 0, count: positions.count)
    var starts = [Int](repeating: 0, count: groupCount + 2)
    var unparted = [Double](repeating: 0, count: positions.count)
    var unpartedRows = [Int32](repeating: 0, count: positions.count)
    PartedRows.read(
      column, positions, order: design.order, to: &unparted, rows: &unpartedRows)
    var buffer = [UInt32](repeating: 0, count: CellReader.capacity)
    let outside = UInt32(truncatingIfNeeded: groupCount)
    for start in stride(from: 0, to: positions.count, by: CellReader.capacity) {
      let count = min(CellReader.capacity, positions.count - start)
      reader.read(from: positions.lowerBound + start, count: count, into: &buffer)
      let (cells, answers) = (buffer.span, unparted.span)
      var group = groups.mutableSpan
      var size = starts.mutableSpan
      for index in 0..<count {
        let cell = answers[start + index].isNaN ? outside : cells[index]
        group[start + index] = cell
        size[Int(cell) + 1] += 1
      }
    }
    for group in 0...groupCount { starts[group + 1] += starts[group] }
    var nextSlots = starts
    var values = [Double](repeating: 0, count: positions.count)
    var weights = values
    var rows = [Int32](repeating: 0, count: positions.count)
    design.weights.withSpan(of: Double.self) { weightOf in
      let weightOf = weightOf.extracting(positions)
      let (group, answers, rowOf) = (groups.span, unparted.span, unpartedRows.span)
      var next = nextSlots.mutableSpan
      var value = values.mutableSpan
      var weight = weights.mutableSpan
      var row = rows.mutableSpan
      for index in group.indices {
        let slot = next[Int(group[index])]
        next[Int(group[index])] = slot + 1
        value[slot] = answers[index]
        weight[slot] = weightOf[index]
        row[slot] = rowOf[index]
      }
    }
    self.starts = starts
    self.values = values
    self.weights = weights
    self.rows = rows
  }
  private static func read(
    _ column: NumericColumn, _ positions: Range<Int>, order: [Int32]?, to answers: inout [Double],
    rows: inout [Int32]
  ) {
    var answer = answers.mutableSpan
    var row = rows.mutableSpan
    column.withValues { numbers in
      if let order {
        let order = order.span.extracting(positions)
        for index in order.indices {
          row[index] = order[index]
          answer[index] = numbers[Int(order[index])]
        }
      } else {
        let numbers = numbers.extracting(positions)
        for index in numbers.indices {
          row[index] = Int32(truncatingIfNeeded: positions.lowerBound + index)
          answer[index] = numbers[index]
        }
      }
    }
  }
}
