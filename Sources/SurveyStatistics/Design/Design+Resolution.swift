import SurveyData

extension Design {
  /// Resolves a description against data.
  ///
  /// - Parameter keptRows: the rows in the design; others (`--drop`) are out of it. `nil` keeps all.
  /// - Complexity: O(rows), by counting sorts.
  public init(
    _ description: DesignDescription, in dataset: Dataset, keeping keptRows: Domain? = nil
  ) throws {
    let stageCount = max(1, description.clusters.count)
    guard description.finitePopulation.count <= stageCount else {
      throw DesignError.moreFinitePopulationsThanStages(
        columns: description.finitePopulation.count, stages: stageCount)
    }

    let weighted = try SamplingWeights(description.weight, in: dataset, keeping: keptRows)
    let strata = try SamplingUnits(
      crossing: description.strata, role: "stratum", in: dataset, rows: weighted.rows)
    var clusters: [SamplingUnits] = []
    for column in description.clusters {
      clusters.append(
        try SamplingUnits(
          crossing: [column], role: "cluster", in: dataset, rows: weighted.rows))
    }
    if let first = clusters.first, !description.isNested {
      try first.requireOneStratum(
        each: strata, column: description.clusters[0], rows: weighted.rows, in: dataset)
    }

    // Design order: a stable counting sort from the innermost key to the outermost.
    var rows = weighted.rows
    for key in clusters.reversed() + [strata] where key.count > 1 {
      rows = key.sorted(rows)
    }
    let isInOrder =
      rows.count == dataset.rowCount && rows.indices.allSatisfy { rows[$0] == Int32($0) }

    let stages = try DesignStages(
      order: rows, strata: strata, clusters: clusters, description: description, in: dataset)
    self.description = description
    datasetRowCount = dataset.rowCount
    rowsWithoutWeight = weighted.missingCount
    rowsOfZeroWeight = weighted.zeroCount
    order = isInOrder ? nil : rows
    arrangedColumns = isInOrder ? nil : ArrangedColumns(order: rows)
    weights = weighted.inOrder(isInOrder ? nil : rows)
    self.stages = stages.effective
    stratumNames = strata.names
    (psuCount, stratumCount) = Design.countSampled(stages.stages[0], weights: weights)
    // Columns of replicate weights say all there is to say of the variance.
    if description.replicates?.columns.isEmpty ?? true {
      try stages.requireNoLonelyPSU(description.lonelyPSU, names: strata.names, in: dataset)
    }
    if let weighting = description.weighting, description.replicates?.columns.isEmpty ?? true {
      marginModel = try MarginModel(weighting, design: self, in: dataset)
    }
    guard let replicates = description.replicates else { return }
    let resolved = try replicates.resolved(for: self, in: dataset)
    self.replicates = resolved
    if let weighting = description.weighting, let marginModel {
      self.replicates = try reweighted(
        resolved, by: weighting, model: marginModel, in: dataset)
    }
    if description.degreesOfFreedom == nil {
      fullReplicateDegreesOfFreedom = replicateDegreesOfFreedom(ofUnits: sampledUnits)
    }
  }

  /// The units of the replicates that have a row of positive weight.
  private var sampledUnits: [Int32] {
    let stage = stages[0]
    return weights.withSpan(of: Double.self) { weights in
      if replicates?.unit == .row {
        return weights.indices.filter { weights[$0] > 0 }.map { Int32($0) }
      }
      return (0..<stage.unitCount).filter { unit in
        (stage.rowStart(ofUnit: unit)..<stage.rowStart(ofUnit: unit + 1))
          .contains { weights[$0] > 0 }
      }.map { Int32($0) }
    }
  }

  /// PSUs and strata that have a row of positive weight.
  private static func countSampled(_ stage: Stage, weights: Bytes) -> (psus: Int, strata: Int) {
    weights.withSpan(of: Double.self) { weights in
      var psus = 0
      var strata = 0
      for stratum in 0..<stage.groupStarts.count - 1 {
        let before = psus
        let units = Int(stage.groupStarts[stratum])..<Int(stage.groupStarts[stratum + 1])
        guard stage.unitStarts != nil else {
          for row in units where weights[row] > 0 { psus += 1 }
          if psus > before { strata += 1 }
          continue
        }
        for unit in units {
          let rows = stage.rowStart(ofUnit: unit)..<stage.rowStart(ofUnit: unit + 1)
          if rows.contains(where: { weights[$0] > 0 }) { psus += 1 }
        }
        if psus > before { strata += 1 }
      }
      return (psus, strata)
    }
  }
}

/// Sorts rows by what their weight is.
private struct WeightSieve {
  var rows: [Int32] = []
  private(set) var missing = 0
  private(set) var zeros = 0
  private(set) var negative: Int?

  @inline(__always)
  mutating func take(_ row: Int, _ weight: Double) {
    if weight > 0 {
      rows.append(Int32(row))
    } else if weight == 0 {
      zeros += 1
      rows.append(Int32(row))
    } else if weight < 0 {
      if negative == nil { negative = row }
    } else {
      missing += 1
    }
  }
}

/// The weights of the rows in the design, as checked numbers.
private struct SamplingWeights {
  /// Dataset rows in the design, ascending.
  let rows: [Int32]
  let missingCount: Int
  let zeroCount: Int
  private let values: NumericColumn?

  init(_ column: String?, in dataset: Dataset, keeping keptRows: Domain?) throws {
    let values = try column.map { try dataset.numbers($0) }
    var sieve = WeightSieve()
    sieve.rows.reserveCapacity(dataset.rowCount)
    if let values {
      values.withValues { weights in
        if let keptRows {
          keptRows.mask.withSpan(of: UInt8.self) { mask in
            for row in weights.indices where mask[row] != 0 { sieve.take(row, weights[row]) }
          }
        } else {
          for row in weights.indices { sieve.take(row, weights[row]) }
        }
      }
    } else if let keptRows {
      keptRows.mask.withSpan(of: UInt8.self) { mask in
        for row in mask.indices where mask[row] != 0 { sieve.take(row, 1) }
      }
    } else {
      sieve.rows = Array(0..<Int32(dataset.rowCount))
    }
    let rows = sieve.rows
    let (missing, zeros, negative) = (sieve.missing, sieve.zeros, sieve.negative)
    if let negative, let values, let column {
      throw DesignError.negativeWeight(
        values.withValues { $0[negative] }, column: column,
        place: dataset.source.place(ofRow: negative))
    }
    guard rows.count > zeros else {
      throw DesignError.noPositiveWeight(column: column, file: dataset.source.path)
    }
    self.rows = rows
    self.values = values
    missingCount = missing
    zeroCount = zeros
  }

  /// - Parameter order: `nil` where every row of the dataset is in the design, and in its order.
  func inOrder(_ order: [Int32]?) -> Bytes {
    // The column itself: ten million weights are not copied where nothing moves.
    if order == nil, let values { return values.bytes }
    return Bytes(of: Double.self, count: rows.count) { span in
      guard let values else {
        for position in rows.indices { span[position] = 1 }
        return
      }
      let order = order ?? rows
      values.withValues { weights in
        for position in order.indices { span[position] = weights[Int(order[position])] }
      }
    }
  }
}
