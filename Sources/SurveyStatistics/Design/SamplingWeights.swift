import SurveyData

/// The weights of the rows in the design, as checked numbers.
struct SamplingWeights {
  /// Dataset rows in the design, ascending.
  let rows: DesignRows
  let missingCount: Int
  let zeroCount: Int
  private let values: NumericColumn?

  init(_ column: String?, in dataset: Dataset, keeping keptRows: Domain?) throws {
    let values = try column.map { try dataset.numbers($0) }
    let tally = values.map { WeightTally($0) }
    if keptRows == nil, tally.map({ $0.missing == 0 && $0.negative == 0 }) ?? true {
      rows = DesignRows(all: dataset.rowCount)
      (missingCount, zeroCount) = (0, tally?.zero ?? 0)
    } else {
      let chosen = ChosenRows(values, keptRows, rowCount: dataset.rowCount)
      if let row = chosen.firstNegative, let values, let column {
        throw DesignError.negativeWeight(
          values.withValues { $0[row] }, column: column, place: dataset.source.place(ofRow: row))
      }
      rows = DesignRows(chosen.rows, of: dataset.rowCount)
      (missingCount, zeroCount) = (chosen.missing, chosen.zeros)
    }
    guard rows.count > zeroCount else {
      throw DesignError.noPositiveWeight(column: column, file: dataset.source.path)
    }
    self.values = values
  }

  func inOrder(_ order: DesignRows) -> Bytes {
    guard let values else {
      return Bytes(of: Double.self, count: order.count) { span in
        for position in span.indices { span[position] = 1 }
      }
    }
    guard let list = order.list else { return values.bytes }
    return Bytes(of: Double.self, count: list.count) { span in
      values.withValues { weights in
        for position in list.indices { span[position] = weights[Int(list[position])] }
      }
    }
  }
}

/// How many weights there are of each kind; counted by comparison alone, on several threads.
private struct WeightTally {
  var missing = 0
  var negative = 0
  var zero = 0

  init(_ column: NumericColumn) {
    let count = column.rowCount
    let runs = max(1, min(64, count / 65_536))
    let tallies = concurrentMap(count: runs, threads: nil) { run in
      column.withValues { weights in
        WeightTally(weights.extracting(count * run / runs..<count * (run + 1) / runs))
      }
    }
    for tally in tallies {
      missing += tally.missing
      negative += tally.negative
      zero += tally.zero
    }
  }

  private init(_ weights: Span<Double>) {
    // Nearly always all are positive: one comparison a row, and of vectors.
    var positive = 0
    for row in weights.indices { positive &+= unsafe weights[unchecked: row] > 0 ? 1 : 0 }
    guard positive < weights.count else { return }
    for row in weights.indices {
      let weight = weights[row]
      missing += weight.isNaN ? 1 : 0
      negative += weight < 0 ? 1 : 0
      zero += weight == 0 ? 1 : 0
    }
  }
}

/// The rows that are kept and have a weight, one by one.
private struct ChosenRows {
  var rows: [Int32] = []
  var missing = 0
  var zeros = 0
  var firstNegative: Int?

  init(_ values: NumericColumn?, _ keptRows: Domain?, rowCount: Int) {
    rows.reserveCapacity(rowCount)
    for row in 0..<rowCount {
      if let keptRows, keptRows.mask.withSpan(of: UInt8.self, { $0[row] }) == 0 { continue }
      let weight = values?.withValues { $0[row] } ?? 1
      if weight >= 0 {
        if weight == 0 { zeros += 1 }
        rows.append(Int32(row))
      } else if weight < 0 {
        if firstNegative == nil { firstNegative = row }
      } else {
        missing += 1
      }
    }
  }
}
