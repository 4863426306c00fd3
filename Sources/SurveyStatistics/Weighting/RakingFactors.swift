/// What raking multiplies start weights by, and the sums of the products.
protocol RakingFactors {
  /// Sets the sums to Σ start · factor by column of one margin; 0 for all other columns.
  ///
  /// Margins are summed and scaled in turn.
  mutating func sum(margin: Int, into sums: inout [Double])

  /// Multiplies the factors of each unit by the ratio of its column in one margin.
  ///
  /// - Parameter ratios: by column.
  mutating func scale(by ratios: [Double], ofMargin margin: Int)

  /// New over start weight, by unit.
  var byUnit: [Double] { get }
}

/// A factor a unit.
struct UnitFactors: RakingFactors {
  private let columns: UnitColumns
  private let starts: [Double]
  private(set) var byUnit: [Double]
  /// Of `margin`: the one after that which was scaled last.
  private var sums: [Double]
  private var margin = 0

  init(_ columns: UnitColumns, starts: [Double]) {
    self.columns = columns
    self.starts = starts
    byUnit = [Double](repeating: 1, count: starts.count)
    sums = columns.sums(of: starts, margin: 0)
  }

  mutating func sum(margin: Int, into sums: inout [Double]) {
    precondition(margin == self.margin, "margins are summed and scaled in turn")
    sums = self.sums
  }

  mutating func scale(by ratios: [Double], ofMargin margin: Int) {
    self.margin = (margin + 1) % columns.marginCount
    sums = columns.scale(
      &byUnit, by: ratios, ofMargin: margin, starts: starts, summing: self.margin)
  }
}

/// A factor a row of a table and one a profile: a margin's step takes the sums of one of the two.
struct TableFactors: RakingFactors {
  private struct Axis {
    var factors: [Double]
    /// Σ start · factor; `nil` where factors of the other axis have changed since.
    var sums: [Double]?

    init(count: Int) { factors = [Double](repeating: 1, count: count) }

    mutating func setSums(_ withoutOwnFactors: [Double]) {
      sums = VectorSums.products(withoutOwnFactors, factors)
    }

    mutating func scale(by ratios: [Double], of columns: [Int32]) {
      precondition(columns.count == factors.count)
      for (index, column) in columns.enumerated() {
        factors[index] *= ratios[Int(column)]
        sums?[index] *= ratios[Int(column)]
      }
    }

    /// Whether a product of two such factors could leave the numbers that there are.
    var isExtreme: Bool {
      factors.contains { $0 > 1e100 || ($0 < 1e-100 && $0 > 0) }
    }
  }

  private let table: ProfileTable
  private let sides: [ProfileTable.Side]
  /// Σ of the start weights by row, then profile, times the factors that were taken in.
  private var starts: [Double]
  private var rows: Axis
  private var profiles: Axis
  /// By row, then profile; `nil`: 1.
  private var takenIn: [Double]?

  init(_ table: ProfileTable, sides: [ProfileTable.Side], starts: [Double]) {
    self.table = table
    self.sides = sides
    self.starts = table.table(of: starts)
    rows = Axis(count: table.rowCount)
    profiles = Axis(count: table.profileCount)
  }

  mutating func sum(margin: Int, into sums: inout [Double]) {
    let side = sides[margin]
    for column in sums.indices { sums[column] = 0 }
    if side.isOfRows {
      if rows.sums == nil { rows.setSums(table.rowSums(starts, times: profiles.factors)) }
      side.add(rows.sums!, to: &sums)
    } else {
      if profiles.sums == nil { profiles.setSums(table.profileSums(starts, times: rows.factors)) }
      side.add(profiles.sums!, to: &sums)
    }
  }

  mutating func scale(by ratios: [Double], ofMargin margin: Int) {
    let side = sides[margin]
    if side.isOfRows {
      rows.scale(by: ratios, of: side.columns)
      profiles.sums = nil
      if rows.isExtreme { takeInFactors() }
    } else {
      profiles.scale(by: ratios, of: side.columns)
      rows.sums = nil
      if profiles.isExtreme { takeInFactors() }
    }
  }

  /// Where targets cannot all be met, factors of rows grow as those of profiles shrink, without end;
  /// their products, which are all that counts, do not.
  private mutating func takeInFactors() {
    var products = takenIn ?? [Double](repeating: 1, count: starts.count)
    table.scale(&products, by: rows.factors, profiles.factors)
    takenIn = products
    table.scale(&starts, by: rows.factors, profiles.factors)
    rows.factors = [Double](repeating: 1, count: table.rowCount)
    profiles.factors = [Double](repeating: 1, count: table.profileCount)
  }

  var byUnit: [Double] {
    var products = takenIn ?? [Double](repeating: 1, count: starts.count)
    table.scale(&products, by: rows.factors, profiles.factors)
    return table.units(of: products)
  }
}
