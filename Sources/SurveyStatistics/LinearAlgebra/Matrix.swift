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

extension Matrix {
  /// The product with another matrix.
  func times(_ other: Matrix) -> Matrix {
    precondition(columnCount == other.rowCount)
    var product = Matrix(rowCount: rowCount, columnCount: other.columnCount)
    for row in 0..<rowCount {
      for inner in 0..<columnCount where self[row, inner] != 0 {
        for column in 0..<other.columnCount {
          product[row, column] += self[row, inner] * other[inner, column]
        }
      }
    }
    return product
  }

  var transposed: Matrix {
    var result = Matrix(rowCount: columnCount, columnCount: rowCount)
    for row in 0..<rowCount {
      for column in 0..<columnCount { result[column, row] = self[row, column] }
    }
    return result
  }

  /// A·B·A′ of a symmetric B.
  func conjugating(_ other: Matrix) -> Matrix {
    let half = times(other).times(transposed)
    return Matrix(symmetric: rowCount) { (half[$0, $1] + half[$1, $0]) / 2 }
  }

  func times(_ vector: [Double]) -> [Double] {
    (0..<rowCount).map { row in
      var sum = 0.0
      for column in 0..<columnCount { sum += self[row, column] * vector[column] }
      return sum
    }
  }
}
