/// Cells of a crossing in a table of two ways: a row for each level of the widest column, and for
/// each *profile*, which is a combination of levels of other columns, a place in the row.
///
/// A column that is a function of the widest one (the regions of municipalities) goes with the rows.
/// Sums of a margin then follow from those of rows or of profiles, and raking needs a factor a row
/// and a factor a profile instead of one a cell.
struct ProfileTable: Sendable {
  /// A margin as a function of the rows, or of the profiles.
  struct Side: Sendable {
    var isOfRows: Bool
    /// The column of x of each row, or of each profile.
    var columns: [Int32]

    /// Adds each row's or profile's amount to the sum of its column.
    func add(_ amounts: [Double], to sums: inout [Double]) {
      precondition(amounts.count == columns.count)
      for (column, amount) in zip(columns, amounts) { sums[Int(column)] += amount }
    }
  }

  let rowCount: Int
  let profileCount: Int
  /// By unit: row · `profileCount` + profile.
  let places: [Int32]
  /// For each source of the crossing: its level by row, or `nil`.
  let levelsOfRows: [[Int32]?]
  /// For each source of the crossing: its level by profile, or `nil`.
  let levelsOfProfiles: [[Int32]?]

  var unitCount: Int { places.count }

  /// Nothing where the table would have more than twice as many places as there are cells.
  ///
  /// - Parameters:
  ///   - cells: those that have respondents, as units.
  ///   - levelCounts: of the columns that are crossed, the widest first.
  /// - Complexity: O(cells · columns).
  init?(_ cells: [Int32], levelCounts: [Int]) {
    let restCount = levelCounts.dropFirst().reduce(1, *)
    guard !cells.isEmpty, restCount <= 4 * cells.count else { return nil }
    let (rows, rowLevels, rests) = Self.split(cells, by: restCount)

    // A cell of municipality × sex × region is a row (its municipality) and a rest (sex × region). Region
    // follows from the row, so the rests (1, north) and (1, south) are one combination: sex alone.
    var levelsOfRows: [[Int32]?] = [rowLevels]
    var levelsOfRests: [[Int32]?] = [nil]
    // Combinations of the levels that are not the row's.
    var combinations = [Int32](repeating: 0, count: restCount)
    var combinationCount = 1
    var stride = restCount
    for count in levelCounts.dropFirst() {
      stride /= count
      let levels = Self.levels(count: count, stride: stride, restCount: restCount)
      let ofRows = Self.ofRows(levels, rows, rests, rowCount: rowLevels.count)
      levelsOfRows.append(ofRows)
      levelsOfRests.append(ofRows == nil ? levels : nil)
      guard ofRows == nil else { continue }
      for rest in 0..<restCount {
        combinations[rest] = combinations[rest] * Int32(count) + levels[rest]
      }
      combinationCount *= count
    }

    var firstRests = [Int32](repeating: -1, count: combinationCount)
    for rest in Self.used(rests, count: restCount) {
      firstRests[Int(combinations[Int(rest)])] = rest
    }
    var profileOf = [Int32](repeating: -1, count: combinationCount)
    var profileRests: [Int32] = []
    for combination in firstRests.indices where firstRests[combination] >= 0 {
      profileOf[combination] = Int32(profileRests.count)
      profileRests.append(firstRests[combination])
    }
    guard rowLevels.count * profileRests.count <= 2 * cells.count else { return nil }
    rowCount = rowLevels.count
    profileCount = profileRests.count
    self.levelsOfRows = levelsOfRows
    levelsOfProfiles = levelsOfRests.map { levels in
      levels.map { levels in profileRests.map { levels[Int($0)] } }
    }
    let profileOfRest = combinations.map { profileOf[Int($0)] }
    places = Self.places(rows, rests, profileOfRest, profileCount: profileRests.count)
  }

  /// Each cell as a row, which stands for a level of the first column, and a combination of levels
  /// of the rest.
  private static func split(
    _ cells: [Int32], by restCount: Int
  ) -> (rows: [Int32], rowLevels: [Int32], rests: [Int32]) {
    var rows = [Int32](repeating: 0, count: cells.count)
    var rests = rows
    var rowOf = rows.mutableSpan
    var restOf = rests.mutableSpan
    let cells = cells.span
    let count = Int32(restCount)
    var levels: [Int32] = []
    var (row, first) = (Int32(-1), -count)
    for unit in cells.indices {
      // Cells come in order.
      if cells[unit] &- first >= count {
        levels.append(cells[unit] / count)
        row &+= 1
        first = levels[Int(row)] &* count
      }
      rowOf[unit] = row
      restOf[unit] = cells[unit] &- first
    }
    return (rows, levels, rests)
  }

  /// The combinations that occur, in order.
  private static func used(_ rests: [Int32], count: Int) -> [Int32] {
    var isUsed = [Bool](repeating: false, count: count)
    var span = isUsed.mutableSpan
    for rest in rests { span[Int(rest)] = true }
    return (0..<Int32(count)).filter { span[Int($0)] }
  }

  private static func places(
    _ rows: [Int32], _ rests: [Int32], _ profileOfRest: [Int32], profileCount: Int
  ) -> [Int32] {
    var places = rows
    var span = places.mutableSpan
    let (rests, profileOfRest) = (rests.span, profileOfRest.span)
    for unit in span.indices {
      span[unit] = span[unit] &* Int32(profileCount) &+ profileOfRest[Int(rests[unit])]
    }
    return places
  }

  /// The level of one column in each combination of the rest.
  private static func levels(count: Int, stride: Int, restCount: Int) -> [Int32] {
    var levels: [Int32] = []
    levels.reserveCapacity(restCount)
    while levels.count < restCount {
      for level in 0..<Int32(count) {
        for _ in 0..<stride { levels.append(level) }
      }
    }
    return levels
  }

  /// The level of each row; `nil` where cells of one row have several.
  private static func ofRows(
    _ levels: [Int32], _ rows: [Int32], _ rests: [Int32], rowCount: Int
  ) -> [Int32]? {
    var found = [Int32](repeating: -1, count: rowCount)
    var span = found.mutableSpan
    let (levels, rests, rows) = (levels.span, rests.span, rows.span)
    for unit in rows.indices {
      let row = Int(rows[unit])
      let level = levels[Int(rests[unit])]
      if span[row] != level {
        guard span[row] < 0 else { return nil }
        span[row] = level
      }
    }
    return found
  }
}
