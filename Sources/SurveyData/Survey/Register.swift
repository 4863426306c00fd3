/// Margins counted from a register: a row for each person of the population.
extension Dataset {
  /// - Parameters:
  ///   - margins: the columns of each margin; more than one are crossed.
  ///   - within: a column whose groups get targets of their own, where the register has it.
  package func marginTargets(
    _ margins: [[String]], within: String?
  ) throws -> MarginTargets {
    guard let within, self[within] != nil else {
      return MarginTargets(
        path: source.path, margins: try margins.map { try counted($0, in: nil) })
    }
    let column = try categories(within)
    var targets = MarginTargets(path: source.path)
    for (index, category) in column.categories.enumerated() where category.missing == nil {
      let own = try margins.map { try counted($0, in: (column, index)) }
      if own.contains(where: { !$0.cells.isEmpty }) {
        targets.groups[category.code] = MarginTargets(path: source.path, margins: own)
      }
    }
    return targets
  }

  private func counted(
    _ columns: [String], in group: (column: CategoricalColumn, index: Int)?
  ) throws -> MarginTargets.Margin {
    let counts = try counts(by: columns, in: group)
    let place = SourcePlace(file: source.path)
    return MarginTargets.Margin(
      columns: columns,
      cells: counts.map { .init(codes: $0.codes, amount: Double($0.count), place: place) },
      place: place)
  }

  /// The rows by the codes of some columns, in the order of their dictionaries.
  package func counts(
    by columns: [String], in group: (column: CategoricalColumn, index: Int)? = nil
  ) throws -> [(codes: [String], count: Int)] {
    let sources = try columns.map { try categories($0) }
    var counts: [[Int]: Int] = [:]
    for row in 0..<rowCount {
      if let group, group.column.index(at: row) != group.index { continue }
      let indices = sources.map { $0.index(at: row) }
      if let empty = indices.indices.first(where: {
        sources[$0].categories[indices[$0]].missing != nil
      }) {
        throw RegisterError.missing(column: columns[empty], place: source.place(ofRow: row))
      }
      counts[indices, default: 0] += 1
    }
    return counts.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { indices, count in
      (zip(sources, indices).map { $0.categories[$1].code }, count)
    }
  }
}

extension Dataset {
  /// For each row the members of its stratum in a register.
  package func finitePopulation(
    of strata: [String], countedIn register: Dataset
  ) throws -> NumericColumn {
    let members = Dictionary(
      uniqueKeysWithValues: try register.counts(by: strata).map { ($0.codes, $0.count) })
    let columns = try strata.map { try categories($0) }
    var respondents: [[String]: Int] = [:]
    var values: [Double?] = []
    for row in 0..<rowCount {
      let cells = columns.map { $0.categories[$0.index(at: row)] }
      guard !cells.contains(where: { $0.missing != nil }) else {
        values.append(nil)
        continue
      }
      let codes = cells.map(\.code)
      respondents[codes, default: 0] += 1
      values.append(Double(members[codes] ?? 0))
    }
    for (codes, count) in respondents.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) })
    where count > members[codes] ?? 0 {
      throw RegisterError.moreRespondentsThanMembers(
        stratum: codes.joined(separator: ":"), respondents: count, members: members[codes] ?? 0,
        file: register.source.path)
    }
    return NumericColumn(values)
  }
}

/// A register that cannot be counted.
public enum RegisterError: InputFault {
  case missing(column: String, place: RowPlace)
  case moreRespondentsThanMembers(stratum: String, respondents: Int, members: Int, file: String)

  public var fault: Fault { .data }

  public var description: String {
    switch self {
    case .missing(let column, let place):
      "\(place): '\(column)' is empty or missing in the register. Fill it in: everyone counts in a "
        + "margin."
    case .moreRespondentsThanMembers(let stratum, let respondents, let members, let file):
      "\(file): the register has \(members) in stratum '\(stratum)', but \(respondents) answered. "
        + "Correct the strata or the register."
    }
  }
}
