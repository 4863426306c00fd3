/// The factor L of a symmetric positive definite matrix A = L·L′.
package struct Cholesky: Sendable {
  private var factor: Matrix

  /// - Returns: `nil` where the matrix is singular to working precision: a pivot is no more than
  ///   1e-13 of its diagonal element.
  package init?(_ matrix: Matrix) {
    precondition(matrix.rowCount == matrix.columnCount)
    var factor = Matrix(rowCount: matrix.rowCount, columnCount: matrix.rowCount)
    for row in 0..<matrix.rowCount {
      for column in 0...row {
        var value = matrix[row, column]
        for inner in 0..<column { value -= factor[row, inner] * factor[column, inner] }
        if column < row {
          factor[row, column] = value / factor[column, column]
        } else {
          guard value > 1e-13 * matrix[row, row] else { return nil }
          factor[row, row] = value.squareRoot()
        }
      }
    }
    self.factor = factor
  }

  /// L⁻¹·b. The sum of its squares is b′·A⁻¹·b.
  package func halfSolve(_ b: [Double]) -> [Double] {
    var x = b
    for row in b.indices {
      for inner in 0..<row { x[row] -= factor[row, inner] * x[inner] }
      x[row] /= factor[row, row]
    }
    return x
  }

  /// L⁻¹·B·L′⁻¹ of a symmetric B: symmetric, with the eigenvalues of A⁻¹·B.
  package func whiten(_ matrix: Matrix) -> Matrix {
    let count = matrix.rowCount
    var half = Matrix(rowCount: count, columnCount: count)
    for row in 0..<count {
      let solved = halfSolve((0..<count).map { matrix[row, $0] })
      for column in 0..<count { half[row, column] = solved[column] }
    }
    // The rows of `half` are those of B·L′⁻¹; its columns remain.
    var whole = Matrix(rowCount: count, columnCount: count)
    for column in 0..<count {
      let solved = halfSolve((0..<count).map { half[$0, column] })
      for row in 0..<count { whole[row, column] = solved[row] }
    }
    return whole
  }
}
