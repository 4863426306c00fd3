/// The categories that units are in, one a margin, as columns of x.
struct UnitCategories: Sendable {
  enum Form: Sendable {
    /// Unit by unit.
    case columns(UnitColumns)
    /// By row and profile of a table: for raking.
    case table(ProfileTable, sides: [ProfileTable.Side])
  }

  let form: Form
  let unitCount: Int
  let marginCount: Int
  /// Columns of x, those of numbers included.
  let columnCount: Int
  /// By margin: the columns that have units, in order.
  let usedColumns: [[Int]]

  /// - Parameter columns: by margin, then unit; each below `columnCount`.
  init(_ columns: [Int32], unitCount: Int, marginCount: Int, columnCount: Int) {
    let columns = UnitColumns(
      columns, unitCount: unitCount, marginCount: marginCount, columnCount: columnCount)
    form = .columns(columns)
    usedColumns = columns.usedColumns
    self.unitCount = unitCount
    self.marginCount = marginCount
    self.columnCount = columnCount
  }

  /// - Parameter sides: by margin; columns below `columnCount`.
  init(_ table: ProfileTable, sides: [ProfileTable.Side], columnCount: Int) {
    form = .table(table, sides: sides)
    usedColumns = sides.map { side in
      var isUsed = [Bool](repeating: false, count: columnCount)
      for column in side.columns { isUsed[Int(column)] = true }
      return isUsed.indices.filter { isUsed[$0] }
    }
    unitCount = table.unitCount
    marginCount = sides.count
    self.columnCount = columnCount
  }

  /// Σ of the amounts by column, of all margins; 0 for the columns of numbers.
  ///
  /// - Parameter amounts: by unit.
  func sums(of amounts: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: columnCount)
    switch form {
    case .columns(let columns):
      for margin in 0..<marginCount {
        for (column, sum) in columns.sums(of: amounts, margin: margin).enumerated() {
          sums[column] += sum
        }
      }
    case .table(let table, let sides):
      let (ofRows, ofProfiles) = table.sums(of: amounts)
      for side in sides { side.add(side.isOfRows ? ofRows : ofProfiles, to: &sums) }
    }
    return sums
  }
}
