/// A small dense matrix, by rows: what tests of tables need. Large ones are for OpenBLAS.
package struct Matrix: Sendable {
  package let rowCount: Int
  package let columnCount: Int
  private var values: [Double]

  package init(rowCount: Int, columnCount: Int) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    values = Array(repeating: 0, count: rowCount * columnCount)
  }

  /// A symmetric matrix from its lower triangle: `body` is called with `column` ≤ `row`.
  package init(symmetric count: Int, _ body: (_ row: Int, _ column: Int) -> Double) {
    self.init(rowCount: count, columnCount: count)
    for row in 0..<count {
      for column in 0...row {
        let value = body(row, column)
        self[row, column] = value
        self[column, row] = value
      }
    }
  }

  package subscript(row: Int, column: Int) -> Double {
    get { values[row * columnCount + column] }
    set { values[row * columnCount + column] = newValue }
  }
}
