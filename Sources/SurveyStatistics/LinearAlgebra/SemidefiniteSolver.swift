/// Solves A·x = b for a symmetric positive semidefinite A, by Cholesky's factorisation without the
/// columns that are linear combinations of those before them: their x is 0.
///
/// Where b is in the range of A (normal equations are), the solution is one of many, all of which
/// give the same A·x.
package struct SemidefiniteSolver: Sendable {
  private let count: Int
  /// Lower triangle by rows, columns that were left out included.
  private var factor: [Double]
  /// Whether a column has a pivot of its own.
  package private(set) var isKept: [Bool]

  /// - Parameter tolerance: a pivot no larger than this times its diagonal element is none.
  package init(_ matrix: Matrix, tolerance: Double = 1e-11) {
    precondition(matrix.rowCount == matrix.columnCount)
    let count = matrix.rowCount
    self.count = count
    var factor = [Double](repeating: 0, count: count * count)
    var isKept = [Bool](repeating: true, count: count)
    for row in 0..<count {
      let start = row * count
      for column in 0...row {
        var value = matrix[row, column]
        for inner in 0..<column { value -= factor[start + inner] * factor[column * count + inner] }
        if column < row {
          factor[start + column] = isKept[column] ? value / factor[column * count + column] : 0
        } else if value > tolerance * matrix[row, row] {
          factor[start + row] = value.squareRoot()
        } else {
          isKept[row] = false
        }
      }
    }
    self.factor = factor
    self.isKept = isKept
  }

  package func solve(_ b: [Double]) -> [Double] {
    precondition(b.count == count)
    var x = b
    for row in 0..<count {
      guard isKept[row] else {
        x[row] = 0
        continue
      }
      for inner in 0..<row { x[row] -= factor[row * count + inner] * x[inner] }
      x[row] /= factor[row * count + row]
    }
    for row in (0..<count).reversed() where isKept[row] {
      for later in row + 1..<max(count, row + 1) where isKept[later] {
        x[row] -= factor[later * count + row] * x[later]
      }
      x[row] /= factor[row * count + row]
    }
    return x
  }
}
