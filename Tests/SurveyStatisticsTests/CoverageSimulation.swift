import Foundation
import SurveyData
import SurveyStatistics
import SurveyTestSupport

/// How often the intervals of a share hold the share of the population, over many samples from one
/// finite population: clusters drawn without replacement within strata, everybody in a drawn cluster
/// asked, estimated as a command would.
package struct CoverageSimulation {
  package static let shares = [0.03, 0.1, 0.3, 0.5, 0.7, 0.9]
  package static let strata = 8
  package static let clustersPerStratum = 60
  package static let drawnPerStratum = 6

  /// What became of one method's intervals for one share.
  package struct Outcome: Sendable {
    package let share: Double
    package let method: IntervalMethod
    package let samples: Int
    package var covered = 0
    /// Intervals that lie above, and below, the population's share.
    package var above = 0
    package var below = 0
    package var width = 0.0

    package var coverage: Double { Double(covered) / Double(samples) }
  }

  /// A cluster: by person, whether each of the items is agreed to.
  private typealias Cluster = [[Bool]]

  private let population: [[Cluster]]
  /// The population's shares: those asked for, to a person.
  private let truth: [Double]

  /// Clusters of 8 to 16 people who resemble each other: a person's leaning is logistic, with a
  /// normal spread of 0.4 between clusters and 0.2 between strata, and those who lean most agree.
  package init(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let leanings = (0..<Self.strata).map { _ in
      let ofStratum = 0.2 * generator.normal()
      return (0..<Self.clustersPerStratum).map { _ in
        let ofCluster = ofStratum + 0.4 * generator.normal()
        return (0..<generator.integer(in: 8...16)).map { _ in
          Self.shares.map { _ in
            let u = generator.uniform(in: 1e-9...1 - 1e-9)
            return ofCluster + log(u / (1 - u))
          }
        }
      }
    }
    let people = leanings.joined().joined()
    let agreeing = Self.shares.map { Int(($0 * Double(people.count)).rounded()) }
    let thresholds = Self.shares.indices.map { item in
      people.map { $0[item] }.sorted(by: >)[agreeing[item]]
    }
    population = leanings.map { clusters in
      clusters.map { cluster in cluster.map { zip($0, thresholds).map { $0 > $1 } } }
    }
    truth = agreeing.map { Double($0) / Double(people.count) }
  }

  /// The outcomes by share, then method.
  package func outcomes(samples: Int, seed: UInt64) throws -> [Outcome] {
    var generator = SeededGenerator(seed: seed)
    var outcomes = truth.flatMap { share in
      IntervalMethod.allCases.map { Outcome(share: share, method: $0, samples: samples) }
    }
    for _ in 0..<samples {
      let estimates = try intervals(of: sample(&generator))
      for (index, interval) in estimates.enumerated() {
        let share = outcomes[index].share
        outcomes[index].width += (interval.high - interval.low) / Double(samples)
        if interval.low > share {
          outcomes[index].above += 1
        } else if interval.high < share {
          outcomes[index].below += 1
        } else {
          outcomes[index].covered += 1
        }
      }
    }
    return outcomes
  }

  private func sample(_ generator: inout SeededGenerator) -> Dataset {
    var strata: [Int] = []
    var clusters: [Int] = []
    var answers = Array(repeating: [Int](), count: Self.shares.count)
    for (stratum, all) in population.enumerated() {
      // The first places of a shuffle (Fisher and Yates).
      var order = Array(all.indices)
      for place in 0..<Self.drawnPerStratum {
        order.swapAt(place, generator.integer(in: place...order.count - 1))
        for person in all[order[place]] {
          strata.append(stratum)
          clusters.append(place)
          for (item, agrees) in person.enumerated() { answers[item].append(agrees ? 1 : 0) }
        }
      }
    }
    func codes(_ name: String, _ values: [Int], _ count: Int) -> Column {
      Column(
        name: name,
        values: .categorical(
          CategoricalColumn(
            categories: (0..<count).map { SurveyData.Category(code: "\($0)") }, indices: values)))
    }
    func constant(_ name: String, _ value: Double) -> Column {
      Column(
        name: name,
        values: .numeric(NumericColumn(Array(repeating: value, count: strata.count))))
    }
    return Dataset(
      rowCount: strata.count,
      columns: [
        codes("stratum", strata, Self.strata), codes("cluster", clusters, Self.drawnPerStratum),
        constant("weight", Double(Self.clustersPerStratum) / Double(Self.drawnPerStratum)),
        constant("clusters", Double(Self.clustersPerStratum)),
      ] + answers.enumerated().map { codes("item\($0.offset)", $0.element, 2) })
  }

  /// The intervals by share, then method.
  private func intervals(of sample: Dataset) throws -> [Interval] {
    let design = try Design(
      DesignDescription(
        weight: "weight", strata: ["stratum"], clusters: ["cluster"],
        finitePopulation: ["clusters"], isNested: true), in: sample)
    let plan = TabulationPlan(
      try Self.shares.indices.map {
        .init(cells: TabulationPlan.Factor(try sample.categories("item\($0)")))
      })
    return design.tabulate(plan, threads: 1).flatMap { tabulation in
      IntervalMethod.allCases.map { method in
        ShareEstimator(
          tabulation, group: 0, design: design, inference: Inference(intervalMethod: method)
        ).estimate(of: [1]).interval!
      }
    }
  }
}

extension [CoverageSimulation.Outcome] {
  /// The table of a documentation page.
  package var markdown: String {
    func percent(_ value: Double, _ decimals: Int) -> String {
      String(format: "%.\(decimals)f", 100 * value)
    }
    var lines = [
      "| share | interval | covers | too high | too low | mean width |",
      "|--:|---|--:|--:|--:|--:|",
    ]
    for outcome in self {
      let count = Double(outcome.samples)
      lines.append(
        "| \(percent(outcome.share, 1)) % | \(outcome.method.rawValue) "
          + "| \(percent(outcome.coverage, 1)) % | \(percent(Double(outcome.above) / count, 1)) % "
          + "| \(percent(Double(outcome.below) / count, 1)) % | \(percent(outcome.width, 1)) pp |")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
