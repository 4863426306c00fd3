import SurveyData

extension Design {
  /// Resolves a description against data.
  ///
  /// - Parameter keptRows: the rows in the design; others (`--drop`) are out of it. `nil` keeps all.
  /// - Complexity: O(rows), by counting sorts; O(units) where the rows stand in the design's order.
  public init(
    _ description: DesignDescription, in dataset: Dataset, keeping keptRows: Domain? = nil
  ) throws {
    let stageCount = max(1, description.clusters.count)
    guard description.finitePopulation.count <= stageCount else {
      throw DesignError.moreFinitePopulationsThanStages(
        columns: description.finitePopulation.count, stages: stageCount)
    }

    let weighted = try SamplingWeights(description.weight, in: dataset, keeping: keptRows)
    let runs = try DesignRuns(description, kept: weighted.rows, in: dataset)
    let stages = try DesignStages(runs, description: description, in: dataset)
    self.description = description
    datasetRowCount = dataset.rowCount
    rowsWithoutWeight = weighted.missingCount
    rowsOfZeroWeight = weighted.zeroCount
    order = runs.rows.list
    arrangedColumns = runs.rows.list.map { ArrangedColumns(order: $0) }
    weights = weighted.inOrder(runs.rows)
    self.stages = stages.effective
    stratumNames = stages.groupNames[0]
    (psuCount, stratumCount) =
      weighted.zeroCount == 0
      ? (stages.stages[0].unitCount, stages.stages[0].groupStarts.count - 1)
      : Design.countSampled(stages.stages[0], weights: weights)
    // Columns of replicate weights say all there is to say of the variance.
    if description.replicates?.columns.isEmpty ?? true {
      try stages.requireNoLonelyPSU(description.lonelyPSU, in: dataset)
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
        for unit in Int(stage.groupStarts[stratum])..<Int(stage.groupStarts[stratum + 1]) {
          let rows = stage.rowStart(ofUnit: unit)..<stage.rowStart(ofUnit: unit + 1)
          if rows.contains(where: { weights[$0] > 0 }) { psus += 1 }
        }
        if psus > before { strata += 1 }
      }
      return (psus, strata)
    }
  }
}
