/// Sums over a table of amounts by row, then profile.
extension ProfileTable {
  /// Σ of the amounts in each place.
  ///
  /// - Parameter amounts: by unit.
  func table(of amounts: [Double]) -> [Double] {
    precondition(amounts.count == places.count)
    var table = [Double](repeating: 0, count: rowCount * profileCount)
    var span = table.mutableSpan
    let (amounts, places) = (amounts.span, places.span)
    // Places are below the number of them, by the initialiser.
    for unit in places.indices {
      unsafe span[unchecked: Int(places[unchecked: unit])] += amounts[unchecked: unit]
    }
    return table
  }

  /// What stands in the place of each unit.
  func units(of table: [Double]) -> [Double] {
    precondition(table.count == rowCount * profileCount)
    var units = [Double](repeating: 0, count: places.count)
    var span = units.mutableSpan
    let (table, places) = (table.span, places.span)
    for unit in places.indices {
      unsafe span[unchecked: unit] = table[unchecked: Int(places[unchecked: unit])]
    }
    return units
  }

  /// Σ of the amounts by row, and by profile.
  ///
  /// - Parameter amounts: by unit.
  func sums(of amounts: [Double]) -> (ofRows: [Double], ofProfiles: [Double]) {
    let table = table(of: amounts)
    return (
      rowSums(table, times: [Double](repeating: 1, count: profileCount)),
      profileSums(table, times: [Double](repeating: 1, count: rowCount))
    )
  }

  /// Σ table · factor over the profiles, by row.
  ///
  /// - Parameter factors: by profile.
  func rowSums(_ table: [Double], times factors: [Double]) -> [Double] {
    precondition(table.count == rowCount * profileCount && factors.count == profileCount)
    var sums = [Double](repeating: 0, count: rowCount)
    var span = sums.mutableSpan
    let (table, factors) = (table.span, factors.span)
    for row in span.indices {
      span[row] = VectorSums.sum(
        table.extracting(row * profileCount..<(row + 1) * profileCount), times: factors)
    }
    return sums
  }

  /// Σ table · factor over the rows, by profile.
  ///
  /// - Parameter factors: by row.
  func profileSums(_ table: [Double], times factors: [Double]) -> [Double] {
    precondition(table.count == rowCount * profileCount && factors.count == rowCount)
    var sums = [Double](repeating: 0, count: profileCount)
    var span = sums.mutableSpan
    let (table, factors) = (table.span, factors.span)
    for row in factors.indices {
      let factor = factors[row]
      let ofRow = table.extracting(row * profileCount..<(row + 1) * profileCount)
      for profile in ofRow.indices {
        unsafe span[unchecked: profile] += ofRow[unchecked: profile] * factor
      }
    }
    return sums
  }

  /// Multiplies what stands in each place by a factor of its row and one of its profile.
  func scale(_ table: inout [Double], by ofRows: [Double], _ ofProfiles: [Double]) {
    precondition(
      table.count == rowCount * profileCount && ofRows.count == rowCount
        && ofProfiles.count == profileCount)
    var span = table.mutableSpan
    let ofProfiles = ofProfiles.span
    for (row, factor) in ofRows.enumerated() {
      let first = row &* profileCount
      for profile in ofProfiles.indices {
        unsafe span[unchecked: first &+ profile] *= factor * ofProfiles[unchecked: profile]
      }
    }
  }
}
