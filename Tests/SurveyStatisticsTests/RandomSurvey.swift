import SurveyData
import SurveyStatistics
import SurveyTestSupport

/// A survey drawn from a seed, in the forms that the library and the slow reference take.
struct RandomSurvey {
  let dataset: Dataset
  let design: Design
  let slow: SlowDesign
  /// The code of each row, −1 where the item is missing.
  let item: [Int]
  let group: [Int]
  let inDomain: [Bool]
  let x: [Double]
  let categories: Int
  let groups: Int

  /// Shapes that break tabulators: every seed draws one, extremes included.
  enum Extreme: Int, CaseIterable {
    case none, wideWeights, zeroWeights, oneCategory, oneRespondent, rowsAsUnits, manyCells,
      allMissingInAGroup
  }

  init(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let extreme = Extreme(rawValue: Int(seed) % Extreme.allCases.count)!
    let stages = extreme == .rowsAsUnits ? 0 : 1 + Int(seed / 8) % 3
    let isFinite = stages > 1 || generator.chance(0.4)
    let strataCount = generator.integer(in: 1...6)
    categories =
      extreme == .oneCategory ? 1 : extreme == .manyCells ? 90 : generator.integer(in: 2...7)
    groups = extreme == .manyCells ? 30 : generator.integer(in: 1...4)

    var strata: [Int] = []
    var clusters = [[Int]](repeating: [], count: stages)
    var population = [[Double]](repeating: [], count: isFinite ? max(stages, 1) : 0)
    func populate(_ stratum: Int, path: [Int], sizes: [Double]) {
      if path.count == max(stages, 1) {
        let rows = stages == 0 ? 1 : generator.integer(in: 1...4)
        for _ in 0..<rows {
          strata.append(stratum)
          for stage in 0..<stages { clusters[stage].append(path[stage]) }
          for stage in population.indices { population[stage].append(sizes[stage]) }
        }
        return
      }
      let units = generator.integer(in: 2...(path.isEmpty ? 9 : 4))
      let size = Double(units + generator.integer(in: 0...20))
      for unit in 0..<units {
        let id = path.isEmpty ? stratum * 100 + unit : unit
        populate(stratum, path: path + [id], sizes: sizes + [size])
      }
    }
    for stratum in 0..<strataCount { populate(stratum, path: [], sizes: []) }
    // Rows come in any order.
    let order = strata.indices.shuffled(using: &generator)
    strata = order.map { strata[$0] }
    clusters = clusters.map { column in order.map { column[$0] } }
    population = population.map { column in order.map { column[$0] } }

    let rows = strata.count
    let count = categories
    let groupCount = groups
    let respondent = generator.integer(in: 0...rows - 1)
    var item: [Int] = []
    var group: [Int] = []
    var weights: [Double] = []
    var x: [Double] = []
    var inDomain: [Bool] = []
    for row in 0..<rows {
      let g = generator.integer(in: 0...groupCount - 1)
      group.append(g)
      let isMissing =
        extreme == .oneRespondent
        ? row != respondent
        : extreme == .allMissingInAGroup && g == 0 ? true : generator.chance(0.1)
      item.append(isMissing ? -1 : generator.integer(in: 0...count - 1))
      let weight =
        extreme == .wideWeights
        ? RandomSurvey.exp10(generator.uniform(in: -4.5...4.5)) : generator.uniform(in: 0.3...3)
      weights.append(extreme == .zeroWeights && generator.chance(0.3) ? 0 : weight)
      x.append(generator.normal() * 10 + 40)
      inDomain.append(generator.chance(0.8))
    }
    if !weights.contains(where: { $0 > 0 }) { weights[0] = 1 }

    func codes(_ values: [Int], _ count: Int) -> Column.Values {
      .categorical(
        CategoricalColumn(
          categories: (0..<count).map { SurveyData.Category(code: "\($0)") }
            + [SurveyData.Category(code: "", missing: .noAnswer)],
          indices: values.map { $0 < 0 ? count : $0 }))
    }
    var columns = [
      Column(name: "item", values: codes(item, count)),
      Column(name: "group", values: codes(group, groupCount)),
      Column(name: "stratum", values: codes(strata, strataCount)),
      Column(name: "weight", values: .numeric(NumericColumn(weights))),
      Column(name: "x", values: .numeric(NumericColumn(x))),
    ]
    for (stage, ids) in clusters.enumerated() {
      columns.append(Column(name: "cluster\(stage)", values: codes(ids, (ids.max() ?? 0) + 1)))
    }
    for (stage, sizes) in population.enumerated() {
      columns.append(
        Column(name: "population\(stage)", values: .numeric(NumericColumn(sizes))))
    }
    dataset = Dataset(rowCount: rows, columns: columns)
    design = try Design(
      DesignDescription(
        weight: "weight", strata: ["stratum"], clusters: clusters.indices.map { "cluster\($0)" },
        finitePopulation: population.indices.map { "population\($0)" }, lonelyPSU: .remove),
      in: dataset)
    slow = SlowDesign(
      strata: strata, clusters: clusters, weights: weights, population: population)
    self.item = item
    self.group = group
    self.inDomain = inDomain
    self.x = x
  }

  private static func exp10(_ power: Double) -> Double {
    var value = 1.0
    let whole = Int(power.rounded(.down))
    for _ in 0..<abs(whole) { value *= 10 }
    return (whole < 0 ? 1 / value : value) * (1 + (power - Double(whole)) * 9)
  }

  /// The rows of a group that are in the domain and answered.
  func answered(group wanted: Int) -> [Bool] {
    item.indices.map {
      inDomain[$0] && group[$0] == wanted && item[$0] >= 0 && slow.weights[$0] > 0
    }
  }
}
