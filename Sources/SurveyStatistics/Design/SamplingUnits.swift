import SurveyData

/// Strata or clusters as dense integers, one a dataset row.
struct SamplingUnits {
  /// The number of different units.
  let count: Int
  /// The unit's name for messages: its codes, crossed ones joined by `:`.
  let names: [String]
  /// The unit of each dataset row; rows out of the design hold 0. Empty where there is one unit.
  private let ids: [Int32]

  /// - Parameter rows: the dataset rows in the design; each must have an id in every column.
  init(crossing columns: [String], role: String, in dataset: Dataset, rows: [Int32]) throws {
    guard let first = columns.first else {
      (count, names, ids) = (1, ["(all)"], [])
      return
    }
    var units = try SamplingUnits(column: first, role: role, in: dataset, rows: rows)
    for column in columns.dropFirst() {
      let next = try SamplingUnits(column: column, role: role, in: dataset, rows: rows)
      units = units.crossed(with: next, rows: rows)
    }
    self = units
  }

  private init(count: Int, names: [String], ids: [Int32]) {
    self.count = count
    self.names = names
    self.ids = ids
  }

  private init(column name: String, role: String, in dataset: Dataset, rows: [Int32]) throws {
    let column = try dataset.categories(name)
    var ids = [Int32](repeating: 0, count: dataset.rowCount)
    column.forEachIndex { row, index in ids[row] = Int32(index) }
    let isMissing = column.categories.map { $0.missing != nil }
    if let row = rows.first(where: { isMissing[Int(ids[Int($0)])] }) {
      throw DesignError.missingID(
        column: name, role: role, place: dataset.source.place(ofRow: Int(row)))
    }
    self.init(count: column.categories.count, names: column.categories.map(\.code), ids: ids)
  }

  private func crossed(with other: SamplingUnits, rows: [Int32]) -> SamplingUnits {
    var ids = [Int32](repeating: 0, count: self.ids.count)
    var dense: [Int: Int32] = [:]
    var pairs: [(Int, Int)] = []
    for row in rows.lazy.map({ Int($0) }) {
      let pair = (Int(self.ids[row]), Int(other.ids[row]))
      let key = pair.0 * other.count + pair.1
      if let id = dense[key] {
        ids[row] = id
      } else {
        ids[row] = Int32(pairs.count)
        dense[key] = ids[row]
        pairs.append(pair)
      }
    }
    // Units in the order of their codes, whatever the order of the rows.
    let ranked = pairs.indices.sorted { pairs[$0] < pairs[$1] }
    var rank = [Int32](repeating: 0, count: pairs.count)
    for (position, id) in ranked.enumerated() { rank[id] = Int32(position) }
    for row in rows { ids[Int(row)] = rank[Int(ids[Int(row)])] }
    return SamplingUnits(
      count: pairs.count,
      names: ranked.map { names[pairs[$0].0] + ":" + other.names[pairs[$0].1] }, ids: ids)
  }

  /// The unit of a dataset row.
  func id(ofRow row: Int32) -> Int32 { ids.isEmpty ? 0 : ids[Int(row)] }

  /// The rows by unit, within a unit as they came: a stable counting sort.
  func sorted(_ rows: [Int32]) -> [Int32] {
    var starts = [Int32](repeating: 0, count: count + 1)
    var isSorted = true
    var last: Int32 = 0
    for row in rows {
      let id = ids[Int(row)]
      starts[Int(id) + 1] += 1
      if id < last { isSorted = false }
      last = id
    }
    if isSorted { return rows }
    for unit in 0..<count { starts[unit + 1] += starts[unit] }
    var sorted = [Int32](repeating: 0, count: rows.count)
    for row in rows {
      let id = Int(ids[Int(row)])
      sorted[Int(starts[id])] = row
      starts[id] += 1
    }
    return sorted
  }

  /// Throws where a cluster id stands in two strata although ids are said to be unique.
  func requireOneStratum(
    each strata: SamplingUnits, column: String, rows: [Int32], in dataset: Dataset
  ) throws {
    guard strata.count > 1 else { return }
    var stratumOf = [Int32](repeating: -1, count: count)
    for row in rows {
      let stratum = strata.id(ofRow: row)
      let unit = Int(ids[Int(row)])
      if stratumOf[unit] < 0 {
        stratumOf[unit] = stratum
      } else if stratumOf[unit] != stratum {
        throw DesignError.clusterInSeveralStrata(
          column: column, cluster: names[unit],
          strata: [strata.names[Int(stratumOf[unit])], strata.names[Int(stratum)]],
          place: dataset.source.place(ofRow: Int(row)))
      }
    }
  }
}
