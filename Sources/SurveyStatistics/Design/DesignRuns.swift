import SurveyData

/// The rows of a design in its order, and the runs of them that are its strata and the units of each
/// stage.
struct DesignRuns {
  let rows: DesignRows
  let strata: RowRuns
  /// By stage: without clusters one, of rows.
  let stages: [RowRuns]

  /// - Parameter kept: the dataset rows in the design, ascending.
  init(_ description: DesignDescription, kept: DesignRows, in dataset: Dataset) throws {
    if let order = dataset.source.designOrder, kept.last < order.rowCount,
      order.isOrder(of: description, in: dataset)
    {
      self.init(order, stageCount: description.clusters.count, kept: kept)
    } else {
      try self.init(sorting: kept, by: description, in: dataset)
    }
  }

  /// Rows that stand in design order already.
  private init(_ order: DesignOrder, stageCount: Int, kept: DesignRows) {
    rows = kept
    strata = RowRuns(starts: order.stratumStarts, rowCount: order.rowCount).keeping(kept)
    let stages = order.unitStarts.prefix(stageCount).enumerated().map { stage, starts in
      // Rows that are units have units below them: these are to be found within listed runs.
      let isListed = !starts.isEmpty || stage == stageCount - 1
      return RowRuns(
        starts: isListed ? starts : (0...Int32(order.rowCount)).map { $0 },
        rowCount: order.rowCount
      ).keeping(kept)
    }
    self.stages = stages.isEmpty ? [RowRuns(rowByRow: kept.count)] : stages
  }

  /// A stable counting sort from the innermost key to the outermost.
  private init(
    sorting kept: DesignRows, by description: DesignDescription, in dataset: Dataset
  ) throws {
    let strata = try SamplingUnits(
      crossing: description.strata, role: "stratum", in: dataset, rows: kept)
    let clusters = try description.clusters.map {
      try SamplingUnits(crossing: [$0], role: "cluster", in: dataset, rows: kept)
    }
    var rows = kept
    for key in clusters.reversed() + [strata] where key.count > 1 {
      rows = key.sorted(rows, of: dataset.rowCount)
    }
    self.rows = rows
    self.strata = strata.runs(in: rows, splitting: nil)
    var stages: [RowRuns] = []
    for units in clusters {
      stages.append(units.runs(in: rows, splitting: stages.last ?? self.strata))
    }
    self.stages = stages.isEmpty ? [RowRuns(rowByRow: rows.count)] : stages
    if let first = clusters.first, !description.isNested {
      try first.requireOneStratum(
        each: strata, runStarts: self.stages[0].starts, order: rows,
        columns: (strata: description.strata, cluster: description.clusters[0]), rows: kept,
        in: dataset)
    }
  }
}

extension Design {
  /// The design's strata and units as a store keeps them.
  package static func order(
    _ description: DesignDescription, in dataset: Dataset, keeping keptRows: Domain?
  ) throws -> (rows: [Int32], order: DesignOrder) {
    let weighted = try SamplingWeights(description.weight, in: dataset, keeping: keptRows)
    let runs = try DesignRuns(description, kept: weighted.rows, in: dataset)
    var rows = (0..<runs.rows.count).map { Int32(runs.rows[$0]) }
    if rows.count < dataset.rowCount {
      var isInDesign = [Bool](repeating: false, count: dataset.rowCount)
      for row in rows { isInDesign[Int(row)] = true }
      rows += (0..<Int32(dataset.rowCount)).filter { !isInDesign[Int($0)] }
    }
    let order = DesignOrder(
      strata: description.strata, clusters: description.clusters, isNested: description.isNested,
      rowCount: runs.rows.count, stratumStarts: runs.strata.starts,
      unitStarts: description.clusters.isEmpty ? [] : runs.stages.map { $0.unitStarts ?? [] })
    return (rows, order)
  }
}
