/// Model columns moved to a weighted mean of 0 and a deviation of 1, those left out that the ones
/// before them give: what normal equations need to keep their digits.
struct ScaledColumns: Sendable {
  /// Kept columns after the intercept, in order, by their index in the model matrix.
  let kept: [Int]
  let leftOut: [Int]
  let means: [Double]
  let deviations: [Double]
  /// A row a cell: 1, then the kept columns scaled.
  let matrix: ModelMatrix

  /// Columns whose length outside those before them is below this part of their deviation are left
  /// out (R: `lm`, tol = 1e-7).
  private static let tolerance = 1e-7

  init(_ full: ModelMatrix, weights: [Double]) {
    let total = weights.reduce(0, +)
    var kept: [Int] = []
    var leftOut: [Int] = []
    var means: [Double] = []
    var deviations: [Double] = []
    for column in 1..<max(full.columnCount, 1) {
      var mean = 0.0
      for cell in weights.indices { mean += weights[cell] * full[cell, column] }
      mean /= total
      var square = 0.0
      var size = 0.0
      for cell in weights.indices {
        let value = full[cell, column] - mean
        square += weights[cell] * value * value
        size += weights[cell] * full[cell, column] * full[cell, column]
      }
      guard square > 1e-24 * size, square > 0 else {
        leftOut.append(column)
        continue
      }
      kept.append(column)
      means.append(mean)
      deviations.append((square / total).squareRoot())
    }
    if Self.areClose(full, kept, means, deviations, weights: weights) {
      let dependent = Self.dependent(full, kept, means, deviations, weights: weights)
      leftOut = (leftOut + dependent.map { kept[$0] }).sorted()
      for index in dependent.reversed() {
        kept.remove(at: index)
        means.remove(at: index)
        deviations.remove(at: index)
      }
    }
    var matrix = ModelMatrix(rowCount: full.rowCount, columnCount: kept.count + 1)
    for cell in 0..<full.rowCount where weights[cell] != 0 {
      matrix[cell, 0] = 1
      for (index, column) in kept.enumerated() {
        matrix[cell, index + 1] = (full[cell, column] - means[index]) / deviations[index]
      }
    }
    self.kept = kept
    self.leftOut = leftOut
    self.means = means
    self.deviations = deviations
    self.matrix = matrix
  }

  /// Whether correlations alone cannot tell that no column is given by the others.
  private static func areClose(
    _ full: ModelMatrix, _ kept: [Int], _ means: [Double], _ deviations: [Double],
    weights: [Double]
  ) -> Bool {
    let size = kept.count
    let total = weights.reduce(0, +)
    var products = [Double](repeating: 0, count: size * size)
    var scaled = [Double](repeating: 0, count: size)
    for cell in weights.indices where weights[cell] != 0 {
      for (index, column) in kept.enumerated() {
        scaled[index] = (full[cell, column] - means[index]) / deviations[index]
      }
      for row in 0..<size {
        let product = weights[cell] * scaled[row]
        for column in 0...row { products[row * size + column] += product * scaled[column] }
      }
    }
    var factor = products.map { $0 / total }
    for row in 0..<size {
      for column in 0...row {
        var value = factor[row * size + column]
        for inner in 0..<column {
          value -= factor[row * size + inner] * factor[column * size + inner]
        }
        if column < row {
          factor[row * size + column] = value / factor[column * size + column]
        } else {
          guard value > 1e-6 else { return true }
          factor[row * size + row] = value.squareRoot()
        }
      }
    }
    return false
  }

  /// The positions of columns that those before them give, by modified Gram–Schmidt on √w·x, each
  /// column twice.
  private static func dependent(
    _ full: ModelMatrix, _ kept: [Int], _ means: [Double], _ deviations: [Double],
    weights: [Double]
  ) -> [Int] {
    let total = weights.reduce(0, +)
    let roots = weights.map { (max($0, 0) / total).squareRoot() }
    var directions: [[Double]] = []
    var result: [Int] = []
    for (index, column) in kept.enumerated() {
      var vector = weights.indices.map {
        roots[$0] * (full[$0, column] - means[index]) / deviations[index]
      }
      for _ in 0..<2 {
        for direction in directions {
          var product = 0.0
          for cell in vector.indices { product += direction[cell] * vector[cell] }
          for cell in vector.indices { vector[cell] -= product * direction[cell] }
        }
      }
      let rest = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if rest > tolerance {
        directions.append(vector.map { $0 / rest })
      } else {
        result.append(index)
      }
    }
    return result
  }

  /// The scaled counterpart of other rows of the full matrix, as under another level; of slopes the
  /// means do not count.
  func scaled(_ full: ModelMatrix, isSlope: Bool = false) -> ModelMatrix {
    var result = ModelMatrix(rowCount: full.rowCount, columnCount: kept.count + 1)
    for cell in 0..<full.rowCount {
      result[cell, 0] = isSlope ? 0 : 1
      for (index, column) in kept.enumerated() {
        result[cell, index + 1] =
          (full[cell, column] - (isSlope ? 0 : means[index])) / deviations[index]
      }
    }
    return result
  }

  /// What turns coefficients of scaled columns, the intercept first, into those of the columns as
  /// they are: slopes bⱼ/sⱼ and the intercept b₀ − Σ bⱼ·mⱼ/sⱼ.
  var backwards: Matrix {
    var back = Matrix(rowCount: kept.count + 1, columnCount: kept.count + 1)
    back[0, 0] = 1
    for index in kept.indices {
      back[index + 1, index + 1] = 1 / deviations[index]
      back[0, index + 1] = -means[index] / deviations[index]
    }
    return back
  }
}
