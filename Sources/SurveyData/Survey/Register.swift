/// Margins counted from a register: a row for each person of the population.
extension Dataset {
  /// - Parameters:
  ///   - margins: the columns of each margin; more than one are crossed.
  ///   - within: a column whose groups get targets of their own, where the register has it.
  ///   - amounts: what each row counts, where not 1; a row of 0 is out of the population.
  package func marginTargets(
    _ margins: [[String]], within: String?, counting amounts: [Double]? = nil
  ) throws -> MarginTargets {
    guard let within, self[within] != nil else {
      return MarginTargets(
        path: source.path, margins: try margins.map { try counted($0, in: nil, amounts) })
    }
    let column = try categories(within)
    var targets = MarginTargets(path: source.path)
    for (index, category) in column.categories.enumerated() where category.missing == nil {
      let own = try margins.map { try counted($0, in: (column, index), amounts) }
      if own.contains(where: { !$0.cells.isEmpty }) {
        targets.groups[category.code] = MarginTargets(path: source.path, margins: own)
      }
    }
    return targets
  }

  private func counted(
    _ columns: [String], in group: (column: CategoricalColumn, index: Int)?, _ amounts: [Double]?
  ) throws -> MarginTargets.Margin {
    let totals = try totals(by: columns, of: amounts, in: group)
    let place = SourcePlace(file: source.path)
    return MarginTargets.Margin(
      columns: columns,
      cells: totals.map { .init(codes: $0.codes, amount: $0.total, place: place) },
      amounts: .counts, place: place)
  }

  /// The rows by the codes of some columns, in the order of their dictionaries.
  package func counts(by columns: [String]) throws -> [(codes: [String], count: Int)] {
    try totals(by: columns, of: nil).map { ($0.codes, Int($0.total)) }
  }

  /// Sums of what rows count (1 where nothing is said) by the codes of some columns.
  private func totals(
    by columns: [String], of amounts: [Double]?,
    in group: (column: CategoricalColumn, index: Int)? = nil
  ) throws -> [(codes: [String], total: Double)] {
    let sources = try columns.map { try categories($0) }
    var totals: [[Int]: Double] = [:]
    for row in 0..<rowCount {
      let amount = amounts?[row] ?? 1
      if amount == 0 { continue }
      if let group, group.column.index(at: row) != group.index { continue }
      let indices = sources.map { $0.index(at: row) }
      if let empty = indices.indices.first(where: {
        sources[$0].categories[indices[$0]].missing != nil
      }) {
        throw RegisterError.missing(column: columns[empty], place: source.place(ofRow: row))
      }
      totals[indices, default: 0] += amount
    }
    return totals.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { indices, total in
      (zip(sources, indices).map { $0.categories[$1].code }, total)
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
