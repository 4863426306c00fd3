import SurveyData

/// The stages of sampling over rows in design order, with their sampling fractions.
struct DesignStages {
  let stages: [Design.Stage]
  /// The stratum or parent unit of each group, by stage, for messages.
  let groupNames: [[String]]

  init(_ runs: DesignRuns, description: DesignDescription, in dataset: Dataset) throws {
    var stages: [Design.Stage] = []
    var groupNames: [[String]] = []
    // The groups of siblings of the stage at hand, and the columns whose codes they are.
    var parents = runs.strata
    var columns = description.strata
    for (stage, units) in runs.stages.enumerated() {
      let ids = try UnitNames(columns, in: dataset)
      let names = parents.starts.dropLast().map { ids[runs.rows[Int($0)]] }
      let groupStarts = units.firsts(of: parents)
      let column =
        stage < description.finitePopulation.count ? description.finitePopulation[stage] : nil
      let fractions =
        try column.map {
          try SamplingFractions(
            column: $0, order: runs.rows, parents: parents, groupStarts: groupStarts, names: names,
            in: dataset
          ).values
        } ?? [Double](repeating: 0, count: groupStarts.count - 1)
      stages.append(
        Design.Stage(
          unitStarts: units.unitStarts, groupStarts: groupStarts,
          fractions: fractions))
      groupNames.append(names)
      guard stage + 1 < runs.stages.count else { break }
      parents = units
      columns = [description.clusters[stage]]
    }
    self.stages = stages
    self.groupNames = groupNames
  }

  /// Below a first stage drawn from an unknown or infinite population, further stages add nothing.
  var effective: [Design.Stage] {
    stages[0].fractions.contains { $0 > 0 } ? stages : [stages[0]]
  }

  func requireNoLonelyPSU(_ choice: LonelyPSU, in dataset: Dataset) throws {
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

/// Sampling fractions n/N per group of siblings, from a column of N or of fractions.
private struct SamplingFractions {
  let values: [Double]

  init(
    column: String, order: DesignRows, parents: RowRuns, groupStarts: [Int32], names: [String],
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
