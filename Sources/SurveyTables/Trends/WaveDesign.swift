import SurveyData
import SurveyStatistics

/// The design of several waves together.
///
/// Waves with samples of their own are strata of their own, and their clusters start over. Where an
/// id stands in several waves it is one sampling unit throughout, in the stratum of its first wave:
/// its answers hang together, and the covariance between waves is that of the unit's totals.
public struct WaveDesign: Sendable {
  public let dataset: Dataset
  public let description: DesignDescription
  /// Units that answer in more than one wave; `nil` where they are not known.
  public let repeated: Int?
  public let warnings: [String]

  public init(
    _ dataset: Dataset, design: DesignDescription, time: String, overlap: TrendQuestion.Overlap
  ) throws {
    var description = design
    // Replicate weights say all there is to say of the variance, the overlap included.
    if let replicates = design.replicates, !replicates.columns.isEmpty {
      self.init(dataset, description, repeated: nil, warnings: [])
      return
    }
    switch overlap {
    case .independent, .unknown:
      self.init(
        dataset, description.crossing(time), repeated: nil,
        warnings: overlap == .unknown
          ? [
            "Who answered in more than one wave is not known: the error of a difference lies between "
              + "|s1 − s2| and s1 + s2 of its two waves. Intervals and p-values take the larger. The "
              + "trend and the tests take the waves as samples of their own: on the safe side where "
              + "those who answer again answer alike."
          ] : [])
      return
    case .column(let id): if description.clusters.isEmpty { description.clusters = [id] }
    case .asInData: break
    }
    guard let unit = description.clusters.first else {
      self.init(
        dataset, description.crossing(time), repeated: nil,
        warnings: [
          "Waves are taken as samples of their own. If the same may have answered again, name their "
            + "id by --overlap COL, or say --overlap unknown."
        ])
      return
    }
    let units = try UnitsOverTime(dataset, unit: unit, time: time)
    guard units.repeated > 0 else {
      self.init(dataset, description.crossing(time), repeated: 0, warnings: [])
      return
    }
    var prepared = dataset
    if !description.strata.isEmpty,
      let column = try units.stratumOfFirstWave(description.strata, in: dataset)
    {
      prepared = dataset.with([column])
      description.strata = [column.name]
    }
    var warnings: [String] = []
    if let population = description.finitePopulation.first,
      let column = try units.largestPopulation(population, strata: description.strata, in: prepared)
    {
      prepared = prepared.with([column])
      description.finitePopulation[0] = column.name
      warnings.append(
        "'\(population)' differs between the waves of a stratum whose units answer again; the largest "
          + "population counts, so that errors are not too small.")
    }
    self.init(prepared, description, repeated: units.repeated, warnings: warnings)
  }

  private init(
    _ dataset: Dataset, _ description: DesignDescription, repeated: Int?, warnings: [String]
  ) {
    self.dataset = dataset
    self.description = description
    self.repeated = repeated
    self.warnings = warnings
  }
}

extension DesignDescription {
  /// Strata crossed with a column, clusters starting over in each.
  fileprivate func crossing(_ column: String) -> DesignDescription {
    var result = self
    if !strata.contains(column) { result.strata.append(column) }
    if !clusters.isEmpty { result.isNested = true }
    return result
  }
}

/// Sampling units over time.
private struct UnitsOverTime {
  private let ids: CategoricalColumn
  private let times: NumericColumn
  /// Units that stand in more than one wave.
  let repeated: Int

  init(_ dataset: Dataset, unit: String, time: String) throws {
    let ids = try dataset.categories(unit)
    let times = try dataset.numbers(time)
    self.ids = ids
    self.times = times
    var first = [Double](repeating: .nan, count: ids.categories.count)
    var isRepeated = [Bool](repeating: false, count: ids.categories.count)
    times.withValues { times in
      ids.forEachIndex { row, id in
        guard !times[row].isNaN else { return }
        if first[id].isNaN {
          first[id] = times[row]
        } else if first[id] != times[row] {
          isRepeated[id] = true
        }
      }
    }
    repeated = zip(ids.categories, isRepeated).count { $0.missing == nil && $1 }
  }

  /// Strata where each unit keeps that of its first wave; `nil` where none moves.
  func stratumOfFirstWave(_ strata: [String], in dataset: Dataset) throws -> Column? {
    let columns = try strata.map { try dataset.categories($0) }
    var rowCodes = [String](repeating: "", count: dataset.rowCount)
    var isMissing = [Bool](repeating: false, count: dataset.rowCount)
    for (index, column) in columns.enumerated() {
      column.forEachIndex { row, code in
        rowCodes[row] += (index > 0 ? ":" : "") + column.categories[code].code
        if column.categories[code].missing != nil { isMissing[row] = true }
      }
    }
    // A stratum that is missing is the design's to complain of.
    guard !isMissing.contains(true) else { return nil }
    var firstTime = [Double](repeating: .infinity, count: ids.categories.count)
    var firstCode = [String](repeating: "", count: ids.categories.count)
    var moves = false
    times.withValues { times in
      ids.forEachIndex { row, id in
        if times[row] < firstTime[id] {
          firstTime[id] = times[row]
          firstCode[id] = rowCodes[row]
        }
      }
      ids.forEachIndex { row, id in
        if !firstCode[id].isEmpty, firstCode[id] != rowCodes[row] { moves = true }
      }
    }
    guard moves else { return nil }
    var codes: [String] = []
    ids.forEachIndex { row, id in
      codes.append(firstCode[id].isEmpty ? rowCodes[row] : firstCode[id])
    }
    let categories = Set(codes).sorted()
    let positions = Dictionary(
      uniqueKeysWithValues: categories.enumerated().map { ($0.element, $0.offset) })
    let column = CategoricalColumn(
      categories: categories.map { SurveyData.Category(code: $0) },
      indices: codes.map { positions[$0]! })
    return Column(
      name: strata.joined(separator: ":") + " (first wave)", values: .categorical(column))
  }

  /// The largest population of each stratum over its waves, or the smallest sampling fraction; `nil`
  /// where none differs between waves, or where one differs within a wave: that is the design's to
  /// complain of.
  func largestPopulation(
    _ name: String, strata: [String], in dataset: Dataset
  ) throws -> Column? {
    let numbers = try dataset.numbers(name)
    var stratumOfRow = [String](repeating: "", count: dataset.rowCount)
    for stratum in strata {
      let column = try dataset.categories(stratum)
      column.forEachIndex { row, code in
        stratumOfRow[row] += ":" + column.categories[code].code
      }
    }
    return numbers.withValues { numbers -> Column? in
      times.withValues { times -> Column? in
        guard numbers.indices.allSatisfy({ numbers[$0] > 0 && !times[$0].isNaN }) else {
          return nil
        }
        let areFractions = numbers.indices.allSatisfy { numbers[$0] <= 1 }
        var ofWave: [String: [Double: Double]] = [:]
        for row in numbers.indices {
          let found = ofWave[stratumOfRow[row]]?[times[row]]
          guard found == nil || found == numbers[row] else { return nil }
          ofWave[stratumOfRow[row], default: [:]][times[row]] = numbers[row]
        }
        guard ofWave.values.contains(where: { Set($0.values).count > 1 }) else { return nil }
        let ofStratum = ofWave.mapValues { areFractions ? $0.values.min()! : $0.values.max()! }
        return Column(
          name: name + " (largest wave)",
          values: .numeric(NumericColumn(stratumOfRow.map { ofStratum[$0]! })))
      }
    }
  }
}
