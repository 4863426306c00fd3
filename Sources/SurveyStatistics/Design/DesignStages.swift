import SurveyData

/// The stages of sampling over rows in design order, with their sampling fractions.
struct DesignStages {
  let stages: [Design.Stage]
  /// The stratum or parent unit of each group, for messages.
  private let groupNames: [[String]]

  /// - Parameters:
  ///   - order: the rows in design order.
  ///   - kept: the same rows, ascending.
  init(
    order: DesignRows, strata: SamplingUnits, clusters: [SamplingUnits],
    description: DesignDescription, kept: DesignRows, in dataset: Dataset
  ) throws {
    var stages: [Design.Stage] = []
    var groupNames: [[String]] = []
    // The runs of rows that are the groups of siblings of the stage at hand.
    var parents = Runs(order: order, splitting: nil, by: strata)
    var names = parents.starts.dropLast().map {
      strata.names[strata.id(ofRow: order[Int($0)])]
    }
    for stage in 0..<max(1, clusters.count) {
      let units =
        stage < clusters.count
        ? Runs(order: order, splitting: parents, by: clusters[stage])
        : Runs(rowByRow: order.count)
      if stage == 0, let first = clusters.first, !description.isNested {
        try first.requireOneStratum(
          each: strata, runStarts: units.starts, order: order, column: description.clusters[0],
          rows: kept, in: dataset)
      }
      let groupStarts = units.firsts(of: parents)
      let column =
        stage < description.finitePopulation.count ? description.finitePopulation[stage] : nil
      let fractions =
        try column.map {
          try SamplingFractions(
            column: $0, order: order, parents: parents, groupStarts: groupStarts, names: names,
            in: dataset
          ).values
        } ?? [Double](repeating: 0, count: groupStarts.count - 1)
      stages.append(
        Design.Stage(
          unitStarts: units.unitStarts, groupStarts: groupStarts,
          fractions: fractions))
      groupNames.append(names)
      guard stage + 1 < clusters.count else { break }
      names = units.starts.dropLast().map {
        clusters[stage].names[clusters[stage].id(ofRow: order[Int($0)])]
      }
      parents = units
    }
    self.stages = stages
    self.groupNames = groupNames
  }

  /// Below a first stage drawn from an unknown or infinite population, further stages add nothing.
  var effective: [Design.Stage] {
    stages[0].fractions.contains { $0 > 0 } ? stages : [stages[0]]
  }

  func requireNoLonelyPSU(
    _ choice: LonelyPSU, names: [String], in dataset: Dataset
  ) throws {
    guard choice == .fail else { return }
    for (stage, values) in effective.enumerated() {
      let lonely = values.fractions.indices.filter { group in
        values.groupStarts[group + 1] - values.groupStarts[group] == 1
          && !isCensus(values.fractions[group])
      }
      if let first = lonely.first {
        throw DesignError.lonelyPSU(
          stratum: groupNames[stage][first], stage: stage + 1, others: lonely.count - 1,
          file: dataset.source.path)
      }
    }
  }
}

/// Whether a group was taken in full, so that it has no sampling variance.
func isCensus(_ fraction: Double) -> Bool { 1 - fraction < 1e-7 }

/// Consecutive runs of rows in design order.
private struct Runs {
  /// The first row of each run, and at the end the number of rows; empty where every row is a run.
  let starts: [Int32]
  private let rowCount: Int

  /// As a stage wants them: `nil` where every row is a run.
  var unitStarts: [Int32]? { starts.isEmpty || starts.count == rowCount + 1 ? nil : starts }

  /// Every row a run.
  init(rowByRow count: Int) {
    starts = []
    rowCount = count
  }

  /// A run for each unit within each of `parents`.
  init(order: DesignRows, splitting parents: Runs?, by units: SamplingUnits) {
    rowCount = order.count
    starts =
      units.count > 1
      ? units.runStarts(in: order, parents: parents?.starts ?? [0])
      : parents?.starts ?? [0, Int32(order.count)]
  }

  /// For each run of `parents`, the index of the first of these runs in it; their number at the end.
  func firsts(of parents: Runs) -> [Int32] {
    if starts.isEmpty { return parents.starts }
    var firsts: [Int32] = []
    firsts.reserveCapacity(parents.starts.count)
    var run = 0
    for start in parents.starts {
      while starts[run] < start { run += 1 }
      firsts.append(Int32(run))
    }
    return firsts
  }
}

/// Sampling fractions n/N per group of siblings, from a column of N or of fractions.
private struct SamplingFractions {
  let values: [Double]

  init(
    column: String, order: DesignRows, parents: Runs, groupStarts: [Int32], names: [String],
    in dataset: Dataset
  ) throws {
    let numbers = try dataset.numbers(column)
    let groups = 0..<groupStarts.count - 1
    var population: [Double] = []
    try numbers.withValues { numbers in
      for group in groups {
        let rows = Int(parents.starts[group])..<Int(parents.starts[group + 1])
        let first = numbers[order[rows.lowerBound]]
        for position in rows {
          let row = order[position]
          guard numbers[row] > 0 else {
            throw DesignError.finitePopulationMissing(
              column: column, place: dataset.source.place(ofRow: row))
          }
          guard numbers[row] == first else {
            throw DesignError.finitePopulationVaries(
              column: column, unit: names[group], values: [first, numbers[row]],
              place: dataset.source.place(ofRow: row))
          }
        }
        population.append(first)
      }
    }
    let areFractions = population.allSatisfy { $0 <= 1 }
    var fractions: [Double] = []
    for group in groups {
      let sampled = Int(groupStarts[group + 1] - groupStarts[group])
      let fraction = areFractions ? population[group] : Double(sampled) / population[group]
      guard fraction <= 1 + 1e-12 else {
        throw DesignError.finitePopulationTooSmall(
          column: column, unit: names[group], population: population[group], sampled: sampled,
          place: dataset.source.place(ofRow: order[Int(parents.starts[group])]))
      }
      fractions.append(min(fraction, 1))
    }
    values = fractions
  }
}
