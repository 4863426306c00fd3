import SurveyData
import SurveyStatistics
import SurveyTestSupport
import Testing

/// A survey of PSUs in strata drawn from a seed, and its designs by linearisation and by replicates.
struct ReplicatedSurvey {
  var dataset: Dataset
  let isFinite: Bool

  init(seed: UInt64, pairs: Bool = false) throws {
    var generator = SeededGenerator(seed: seed)
    isFinite = generator.chance(0.5)
    let strataCount = generator.integer(in: 1...(pairs ? 25 : 6))
    var strata: [Int] = []
    var psus: [Int] = []
    var population: [Double] = []
    for stratum in 0..<strataCount {
      let count = pairs ? 2 : generator.integer(in: 2...9)
      let size = Double(count + generator.integer(in: (pairs ? 1 : 0)...20))
      for psu in 0..<count {
        for _ in 0..<generator.integer(in: 1...6) {
          strata.append(stratum)
          psus.append(psu)
          population.append(size)
        }
      }
    }
    let rows = strata.count
    let order = strata.indices.shuffled(using: &generator)
    func codes(_ name: String, _ values: [Int]) -> Column {
      Column(
        name: name,
        values: .categorical(
          CategoricalColumn(
            categories: (0...max(values.max() ?? 0, 3)).map { SurveyData.Category(code: "\($0)") },
            indices: values)))
    }
    func numbers(_ name: String, _ values: [Double]) -> Column {
      Column(name: name, values: .numeric(NumericColumn(values)))
    }
    dataset = Dataset(
      rowCount: rows,
      columns: [
        codes("stratum", order.map { strata[$0] }), codes("psu", order.map { psus[$0] }),
        codes("group", (0..<rows).map { _ in generator.integer(in: 0...2) }),
        codes("item", (0..<rows).map { _ in generator.integer(in: 0...3) }),
        numbers("population", order.map { population[$0] }),
        numbers("weight", (0..<rows).map { _ in generator.uniform(in: 0.3...3) }),
        numbers("x", (0..<rows).map { _ in 40 + 10 * generator.normal() }),
        numbers("y", (0..<rows).map { _ in 10 + 3 * generator.normal() }),
      ])
  }

  func design(_ replicates: ReplicateDescription? = nil) throws -> Design {
    try Design(
      DesignDescription(
        weight: "weight", strata: ["stratum"], clusters: ["psu"],
        finitePopulation: isFinite ? ["population"] : [], isNested: true, replicates: replicates),
      in: dataset)
  }

  func made(_ method: ReplicateMethod, rho: Double? = nil, count: Int = 500) throws -> Design {
    try design(ReplicateDescription(.design(count: count, seed: 7), method: method, rho: rho))
  }

  /// The design that has another's replicates as columns.
  func reading(_ design: Design) throws -> Design {
    let replicates = try #require(design.replicates)
    let columns = (0..<replicates.count).map { replicate in
      let values = design.weights(ofReplicate: replicate)
      var inFile = [Double](repeating: 0, count: values.count)
      for position in values.indices {
        inFile[design.order.map { Int($0[position]) } ?? position] = values[position]
      }
      return Column(name: "w_\(replicate)", values: .numeric(NumericColumn(inFile)))
    }
    return try Design(
      DesignDescription(
        weight: "weight",
        replicates: ReplicateDescription(
          .columns(["w_*"]), method: replicates.method, scale: replicates.scale,
          rscales: replicates.rscales)),
      in: dataset.with(columns))
  }

  /// Shares, means, ratios and totals of the groups.
  func estimates(_ design: Design, threads: Int? = nil) throws -> [Estimate] {
    let group = TabulationPlan.Factor(try dataset.categories("group"))
    let tabulations = design.tabulate(
      TabulationPlan([
        .init(groups: [group], cells: .init(try dataset.categories("item"))),
        .init(
          groups: [group],
          sums: [.init(try dataset.numbers("x")), .init(try dataset.numbers("y"))]),
      ]), threads: threads, rowsPerRun: 10)
    let inference = Inference()
    return (0..<3).flatMap { group in
      let share = ShareEstimator(
        tabulations[0], group: group, design: design, inference: inference)
      return [
        TotalEstimator(design: design, inference: inference)
          .estimate(tabulations[1], group: group),
        MeanEstimator(design: design, inference: inference)
          .estimate(tabulations[1], group: group, origin: 0),
        RatioEstimator(design: design, inference: inference)
          .estimate(tabulations[1], group: group),
        share.estimate(of: [0]), share.estimate(of: [1, 3]),
      ]
    }
  }

  /// The totals among `estimates`.
  static func totals(_ estimates: [Estimate]) -> [Estimate] {
    stride(from: 0, to: estimates.count, by: 5).map { estimates[$0] }
  }
}

extension Dataset {
  func taking(rows: [Int]) -> Dataset {
    Dataset(
      rowCount: rows.count,
      columns: columns.map { column in
        switch column.values {
        case .categorical(let values):
          Column(
            name: column.name,
            values: .categorical(
              CategoricalColumn(
                categories: values.categories, indices: rows.map { values.index(at: $0) })))
        case .numeric(let values):
          Column(
            name: column.name,
            values: .numeric(NumericColumn(values.withValues { v in rows.map { v[$0] } })))
        }
      })
  }
}
