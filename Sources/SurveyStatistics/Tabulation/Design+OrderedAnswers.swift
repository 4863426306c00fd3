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
    var buffer = [UInt32](repeating: 0, count: CellReader.capacity)
    var starts = [Int](repeating: 0, count: groupCount + 2)
    var answers = [Double](repeating: 0, count: positions.count)
    func row(_ position: Int) -> Int { design.order.map { Int($0[position]) } ?? position }
    column.withValues { numbers in
      for start in stride(from: 0, to: positions.count, by: CellReader.capacity) {
        let count = min(CellReader.capacity, positions.count - start)
        reader.read(from: positions.lowerBound + start, count: count, into: &buffer)
        for index in start..<start + count {
          let answer = numbers[row(positions.lowerBound + index)]
          let group = answer.isNaN ? UInt32(groupCount) : buffer[index - start]
          answers[index] = answer
          groups[index] = group
          starts[Int(group) + 1] += 1
        }
      }
    }
    for group in 0...groupCount { starts[group + 1] += starts[group] }
    var next = starts
    var values = [Double](repeating: 0, count: positions.count)
    var weights = values
    var rows = [Int32](repeating: 0, count: positions.count)
    design.weights.withSpan(of: Double.self) { weightOf in
      for index in groups.indices {
        let group = Int(groups[index])
        let slot = next[group]
        next[group] = slot + 1
        values[slot] = answers[index]
        weights[slot] = weightOf[positions.lowerBound + index]
        rows[slot] = Int32(truncatingIfNeeded: row(positions.lowerBound + index))
      }
    }
    self.starts = starts
    self.values = values
    self.weights = weights
    self.rows = rows
  }
}
