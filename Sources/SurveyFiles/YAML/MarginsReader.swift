import SurveyData

/// Reads a margins file: `margins:`, a column (or columns crossed, `region:sex`) with the count or
/// share of each code; `totals:` and `means:` of numbers; `population:`; `variance:`; `groups:`.
///
/// - Throws: a `YAMLError` that names the file, the line and what to do.
public func readMargins(at path: String) throws -> MarginTargets {
  let document = try YAMLDocument(at: path, called: "the margins file")
  return try MarginsReader(path: path).targets(document.root)
}

/// The same from bytes at hand, for tests.
package func margins(of bytes: [UInt8], path: String) throws -> MarginTargets {
  try MarginsReader(path: path).targets(
    YAMLDocument.root(of: bytes, file: path, called: "the margins file"))
}

/// The keys of a margins file and what they mean.
struct MarginsReader {
  let path: String

  func targets(_ cursor: YAMLCursor) throws -> MarginTargets {
    try cursor.mapping { keys in
      var targets = try own(&keys)
      if let groups = keys.take("groups") {
        for entry in try groups.entries() {
          targets.groups[entry.key] = try entry.value.mapping { try own(&$0) }
        }
      } else if targets.margins.isEmpty, targets.totals.isEmpty {
        _ = try keys.require("margins")
      }
      return targets
    }
  }

  private func own(_ keys: inout YAMLKeys) throws -> MarginTargets {
    var targets = MarginTargets(path: path)
    if let margins = keys.take("margins") { targets.margins = try margins.entries().map(margin) }
    for (key, isMean) in [("totals", false), ("means", true)] {
      guard let numbers = keys.take(key) else { continue }
      for entry in try numbers.entries() {
        targets.totals.append(
          MarginTargets.Total(
            column: entry.key, amount: try entry.value.number(), isMean: isMean, place: entry.place)
        )
      }
    }
    if let population = keys.take("population") {
      let size = try amount(population)
      guard size > 0 else {
        throw YAMLError.belowLeast(
          try population.text(), of: population.name, least: "above 0", place: population.place)
      }
      targets.population = size
    }
    targets.variance = try keys.take("variance")?.text()
    return targets
  }

  func margin(_ entry: YAMLEntry) throws -> MarginTargets.Margin {
    let columns = entry.key.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard columns.allSatisfy({ !$0.isEmpty }), Set(columns).count == columns.count else {
      throw YAMLError.crossing(entry.key, columns: nil, place: entry.place)
    }
    let (cursor, amounts) = try content(of: entry.value)
    let cells = try cursor.entries().map { cell in
      let codes =
        columns.count == 1
        ? [cell.key]
        : cell.key.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      guard codes.count == columns.count else {
        throw YAMLError.crossing(cell.key, columns: columns, place: cell.place)
      }
      return MarginTargets.Cell(codes: codes, amount: try amount(cell.value), place: cell.place)
    }
    guard cells.contains(where: { $0.amount > 0 }) else {
      throw YAMLError.tooFew(entry.value.name, place: entry.place)
    }
    return MarginTargets.Margin(
      columns: columns, cells: cells, amounts: amounts, place: entry.place)
  }

  /// The codes of a margin: as they stand, or under `counts:` or `shares:`, which say what the
  /// amounts are.
  private func content(
    of cursor: YAMLCursor
  ) throws -> (YAMLCursor, MarginTargets.Amounts) {
    let entries = try cursor.entries()
    guard entries.count == 1, entries[0].value.kind == .mapping else {
      return (cursor, .asTheyLook)
    }
    switch entries[0].key {
    case "counts": return (entries[0].value, .counts)
    case "shares": return (entries[0].value, .shares)
    default: return (cursor, .asTheyLook)
    }
  }

  private func amount(_ cursor: YAMLCursor) throws -> Double {
    let number = try cursor.number()
    guard number >= 0 else {
      throw YAMLError.belowLeast(
        try cursor.text(), of: cursor.name, least: "0 or more", place: cursor.place)
    }
    return number
  }
}
