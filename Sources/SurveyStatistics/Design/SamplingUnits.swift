import SurveyData

/// Strata or clusters as dense integers, one a dataset row.
struct SamplingUnits {
  /// The number of different units.
  let count: Int
  /// The unit of each dataset row, `Int32`. Empty where there is one unit.
  private let ids: Bytes

  /// - Parameter rows: the dataset rows in the design; each must have an id in every column.
  init(crossing columns: [String], role: String, in dataset: Dataset, rows: DesignRows) throws {
    guard let first = columns.first else {
      (count, ids) = (1, Bytes([Int32]()))
      return
    }
    var units = try SamplingUnits(column: first, role: role, in: dataset, rows: rows)
    for column in columns.dropFirst() {
      let next = try SamplingUnits(column: column, role: role, in: dataset, rows: rows)
      units = units.crossed(with: next, rows: rows)
    }
    self = units
  }

  private init(count: Int, ids: Bytes) {
    self.count = count
    self.ids = ids
  }

  private init(column name: String, role: String, in dataset: Dataset, rows: DesignRows) throws {
    let column = try dataset.categories(name)
    let ids = column.wideIndices
    let isMissing = column.categories.map { $0.missing != nil }
    if isMissing.contains(true) {
      let row = ids.withSpan(of: Int32.self) { ids in
        (0..<rows.count).first { isMissing[Int(ids[rows[$0]])] }.map { rows[$0] }
      }
      if let row {
        throw DesignError.missingID(
          column: name, role: role, place: dataset.source.place(ofRow: row))
      }
    }
    self.init(count: column.categories.count, ids: ids)
  }

  /// The pairs that occur, in the order of their codes, whatever the order of the rows.
  private func crossed(with other: SamplingUnits, rows: DesignRows) -> SamplingUnits {
    let pairCount = count.multipliedReportingOverflow(by: other.count)
    // A table of all pairs is quicker than a dictionary as long as it is no longer than the rows.
    guard !pairCount.overflow, pairCount.partialValue <= max(4096, rows.count) else {
      return sparselyCrossed(with: other, rows: rows)
    }
    return ids.withSpan(of: Int32.self) { mine in
      other.ids.withSpan(of: Int32.self) { others in
        var rank = [Int32](repeating: -1, count: pairCount.partialValue)
        for position in 0..<rows.count {
          let row = rows[position]
          rank[Int(mine[row]) * other.count + Int(others[row])] = 0
        }
        var count: Int32 = 0
        for pair in rank.indices where rank[pair] == 0 {
          rank[pair] = count
          count += 1
        }
        let ids = Bytes(of: Int32.self, count: mine.count) { ids in
          // Rows out of the design may have a pair that no other has.
          for row in mine.indices {
            ids[row] = max(rank[Int(mine[row]) * other.count + Int(others[row])], 0)
          }
        }
        return SamplingUnits(count: Int(count), ids: ids)
      }
    }
  }

  private func sparselyCrossed(with other: SamplingUnits, rows: DesignRows) -> SamplingUnits {
    ids.withSpan(of: Int32.self) { mine in
      other.ids.withSpan(of: Int32.self) { others in
        var found: [Int: Int32] = [:]
        func key(_ row: Int) -> Int { Int(mine[row]) * other.count + Int(others[row]) }
        for position in 0..<rows.count { found[key(rows[position])] = 0 }
        let keys = found.keys.sorted()
        for (rank, key) in keys.enumerated() { found[key] = Int32(rank) }
        let ids = Bytes(of: Int32.self, count: mine.count) { ids in
          for row in mine.indices { ids[row] = found[key(row)] ?? 0 }
        }
        return SamplingUnits(count: keys.count, ids: ids)
      }
    }
  }

  /// The unit of a dataset row.
  func id(ofRow row: Int) -> Int {
    ids.count == 0 ? 0 : ids.withSpan(of: Int32.self) { Int($0[row]) }
  }

  /// The rows by unit, within a unit as they came: a stable counting sort.
  ///
  /// - Parameter total: the rows of the dataset.
  func sorted(_ rows: DesignRows, of total: Int) -> DesignRows {
    ids.withSpan(of: Int32.self) { ids in
      var isSorted = true
      var last: Int32 = 0
      for position in 0..<rows.count {
        let id = ids[rows[position]]
        if id < last {
          isSorted = false
          break
        }
        last = id
      }
      if isSorted { return rows }
      var starts = [Int32](repeating: 0, count: count + 1)
      for position in 0..<rows.count { starts[Int(ids[rows[position]]) + 1] += 1 }
      for unit in 0..<count { starts[unit + 1] += starts[unit] }
      var sorted = [Int32](repeating: 0, count: rows.count)
      for position in 0..<rows.count {
        let row = rows[position]
        let id = Int(ids[row])
        sorted[Int(starts[id])] = Int32(row)
        starts[id] += 1
      }
      return DesignRows(sorted, of: total)
    }
  }

  /// The runs of one unit within each of `parents`; without, within all rows.
  func runs(in order: DesignRows, splitting parents: RowRuns?) -> RowRuns {
    let within = parents?.starts ?? [0, Int32(order.count)]
    return RowRuns(
      starts: count > 1 ? runStarts(in: order, parents: within) : within, rowCount: order.count)
  }

  /// The first position of each run of one unit within each run of `parents`, and the end.
  ///
  /// - Parameter parents: the first positions of the parents' runs, ascending from 0.
  private func runStarts(in order: DesignRows, parents: [Int32]) -> [Int32] {
    ids.withSpan(of: Int32.self) { ids in
      var starts: [Int32] = []
      var parent = 0
      var nextParent = Int(parents[0])
      var last: Int32 = -1
      for position in 0..<order.count {
        let id = ids[order[position]]
        if position == nextParent {
          parent += 1
          nextParent = parent < parents.count ? Int(parents[parent]) : -1
          starts.append(Int32(position))
        } else if id != last {
          starts.append(Int32(position))
        }
        last = id
      }
      starts.append(Int32(order.count))
      return starts
    }
  }

  /// Throws where a cluster id stands in two strata although ids are said to be unique.
  ///
  /// - Parameters:
  ///   - runStarts: the first position of each cluster of each stratum in `order`; empty where every
  ///     row is one.
  ///   - columns: of the strata and of this cluster.
  ///   - rows: the rows of the design, ascending: the first one at fault is named.
  func requireOneStratum(
    each strata: SamplingUnits, runStarts: [Int32], order: DesignRows,
    columns: (strata: [String], cluster: String), rows: DesignRows, in dataset: Dataset
  ) throws {
    guard strata.count > 1 else { return }
    var stratumOf = [Int](repeating: -1, count: count)
    /// Whether the unit was in another stratum before.
    func isElsewhere(_ row: Int) -> Bool {
      let unit = id(ofRow: row)
      let stratum = strata.id(ofRow: row)
      if stratumOf[unit] < 0 { stratumOf[unit] = stratum }
      return stratumOf[unit] != stratum
    }
    let isFine =
      !runStarts.isEmpty
      && runStarts.dropLast().allSatisfy { !isElsewhere(order[Int($0)]) }
    if isFine { return }
    let names = try UnitNames(columns.strata, in: dataset)
    var firstRow = [Int](repeating: -1, count: count)
    for position in 0..<rows.count {
      let row = rows[position]
      let unit = id(ofRow: row)
      if firstRow[unit] < 0 { firstRow[unit] = row }
      guard strata.id(ofRow: row) != strata.id(ofRow: firstRow[unit]) else { continue }
      throw DesignError.clusterInSeveralStrata(
        column: columns.cluster, cluster: try UnitNames([columns.cluster], in: dataset)[row],
        strata: [names[firstRow[unit]], names[row]], place: dataset.source.place(ofRow: row))
    }
  }
}

extension CategoricalColumn {
  /// The index of each row as `Int32`.
  fileprivate var wideIndices: Bytes {
    func widened<Code: FixedWidthInteger & BitwiseCopyable & Sendable>(_ type: Code.Type) -> Bytes {
      Bytes(of: Int32.self, count: rowCount, threads: nil) { rows, part in
        bytes.withSpan(of: Code.self) { codes in
          for row in rows { part[row - rows.lowerBound] = Int32(truncatingIfNeeded: codes[row]) }
        }
      }
    }
    return switch width {
    case .one: widened(UInt8.self)
    case .two: widened(UInt16.self)
    // Both are four bytes, and there are fewer categories than an Int32 holds.
    case .four: bytes
    }
  }
}
