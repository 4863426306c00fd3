/// The triangular factor R of √w·X, so that X′WX = R′R: by Cholesky on the normal equations, or by
/// orthogonalisation of the columns where they are close to each other.
struct TriangularFactor: Sendable {
  /// Upper triangle by rows.
  private var factor: Matrix
  let isOrthogonalised: Bool
  private var size: Int { factor.rowCount }
  /// The number of columns.
  var order: Int { factor.rowCount }

  /// Pivots below this part of the diagonal leave normal equations too few digits.
  private static let poorPivot = 1e-7

  /// - Parameters:
  ///   - gram: X′WX, of which the lower triangle is read.
  ///   - rows: √w·X by columns, worked out only where it is needed.
  /// - Returns: `nil` where the columns are dependent.
  init?(gram: Matrix, columns: () -> [[Double]]) {
    let size = gram.rowCount
    var factor = Matrix(rowCount: size, columnCount: size)
    var isPoor = false
    rows: for row in 0..<size {
      for column in 0...row {
        var value = gram[row, column]
        for inner in 0..<column { value -= factor[inner, row] * factor[inner, column] }
        if column < row {
          factor[column, row] = value / factor[column, column]
        } else {
          guard value > Self.poorPivot * gram[row, row] else {
            isPoor = true
            break rows
          }
          factor[row, row] = value.squareRoot()
        }
      }
    }
    if isPoor {
      guard let orthogonalised = Self.orthogonalised(columns()) else { return nil }
      factor = orthogonalised
    }
    self.factor = factor
    isOrthogonalised = isPoor
  }

  /// Modified Gram–Schmidt, each column twice: as good as Householder's for R.
  private static func orthogonalised(_ columns: [[Double]]) -> Matrix? {
    var factor = Matrix(rowCount: columns.count, columnCount: columns.count)
    var directions: [[Double]] = []
    for (index, column) in columns.enumerated() {
      var vector = column
      let length = column.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for _ in 0..<2 {
        for (other, direction) in directions.enumerated() {
          var product = 0.0
          for row in vector.indices { product += direction[row] * vector[row] }
          for row in vector.indices { vector[row] -= product * direction[row] }
          factor[other, index] += product
        }
      }
      let rest = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard rest > 1e-12 * length, rest > 0 else { return nil }
      factor[index, index] = rest
      directions.append(vector.map { $0 / rest })
    }
    return factor
  }

  /// (X′WX)⁻¹·b.
  func solve(_ b: [Double]) -> [Double] {
    var x = b
    for row in 0..<size {
      for inner in 0..<row { x[row] -= factor[inner, row] * x[inner] }
      x[row] /= factor[row, row]
    }
    for row in (0..<size).reversed() {
      for inner in row + 1..<max(size, row + 1) { x[row] -= factor[row, inner] * x[inner] }
      x[row] /= factor[row, row]
    }
    return x
  }
}

extension TriangularFactor {
  /// Whether it is of a matrix of that size: one made from no columns is not.
  func isWhole(_ size: Int) -> Bool { order == size }
}
