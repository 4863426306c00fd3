/// What each respondent adds to a vector of totals whose covariance is wanted: scores of a model, or
/// deviations of predictions from their mean.
///
/// A row of weight w in cell c adds w·r·z_c, r its residual; an ordinal outcome adds to its two
/// thresholds too.
struct ScoreSource: Sendable {
  enum Residual: Sendable {
    /// y − origin − μ_c.
    case number(means: [Double])
    /// By code.
    case byCode([Double])
    /// By code, with what the level's two thresholds get: thresholds stand after the first
    /// `slopes` entries.
    case ordinal([SIMD4<Double>], slopes: Int)
    /// 1.
    case one
  }

  let residual: Residual
  /// z by cell, rows of `stride` values of which `width` count.
  let table: [Double]
  let stride: Int
  /// The length of the vector.
  let width: Int

  init(_ residual: Residual, table: ModelMatrix, width: Int? = nil) {
    self.residual = residual
    self.width = width ?? table.columnCount
    stride = (table.columnCount + 3) / 4 * 4
    var padded = [Double](repeating: 0, count: table.rowCount * stride)
    for row in 0..<table.rowCount {
      for column in 0..<table.columnCount {
        padded[row * stride + column] = table[row, column]
      }
    }
    self.table = padded
  }

  /// Room for a vector, with what the padded rows write.
  var paddedWidth: Int { max(width, stride) }

  /// Adds a run of rows to a vector.
  ///
  /// - Parameter first: the design position of the first code.
  /// - Returns: the rows of positive weight that are in the model.
  @inline(__always)
  func add(
    _ codes: Span<UInt32>, first: Int, weights: Span<Double>, outcome: Span<Double>?,
    origin: Double, levelCount: Int, outside: UInt32, to vector: inout MutableSpan<Double>
  ) -> Int {
    var touched = 0
    let table = table.span
    let blocks = stride / 4
    for index in codes.indices {
      let code = unsafe codes[unchecked: index]
      let weight = unsafe weights[unchecked: first + index]
      guard code != outside, weight != 0 else { continue }
      touched += 1
      let cell = levelCount == 1 ? Int(code) : Int(code) / levelCount
      let scaled: Double
      switch residual {
      case .number(let means): scaled = weight * (outcome![first + index] - origin - means[cell])
      case .byCode(let residuals):
        scaled = unsafe weight * residuals.span[unchecked: Int(code)]
      case .one: scaled = weight
      case .ordinal(let scores, let slopes):
        let score = scores[Int(code)]
        scaled = weight * score.x
        let level = Int(code) % levelCount
        if level < levelCount - 1 { vector[slopes + level] += weight * score.y }
        if level > 0 { vector[slopes + level - 1] += weight * score.z }
      }
      // Rows of the table are whole blocks, and the vector has room for one.
      let row = cell * stride
      for block in 0..<blocks {
        for lane in 0..<4 {
          let column = block * 4 + lane
          unsafe vector[unchecked: column] += scaled * table[unchecked: row + column]
        }
      }
    }
    return touched
  }
}
