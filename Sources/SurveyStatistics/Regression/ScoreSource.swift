/// What each respondent adds to a vector of totals whose covariance is wanted: scores of a model, or
/// deviations of predictions from their mean.
///
/// A row of weight w and code k adds w·z_k. Where the outcome is a number a row, or the cells are as
/// many as the respondents, z_k is not kept but made: r·z_c, r the row's residual and c its cell.
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

  /// z by cell, or by code where `residual` is `nil`: a row of `blocks` entries.
  let table: [SIMD4<Double>]
  let residual: Residual?
  let levelCount: Int
  /// The length of the vector, and of one in blocks of four.
  let width: Int
  let blocks: Int

  /// Tables by code up to this many blocks stay in the second-level cache.
  private static let blockLimit = 1 << 14

  init(_ residual: Residual, table: ModelMatrix, rows: ModelRows, width: Int? = nil) {
    self.width = width ?? table.columnCount
    levelCount = rows.levelCount
    let blocks = (self.width + 3) / 4
    self.blocks = blocks
    func padded(_ count: Int, _ value: (_ row: Int, _ column: Int) -> Double) -> [SIMD4<Double>] {
      var result = [SIMD4<Double>](repeating: .zero, count: count * blocks)
      for row in 0..<count {
        for column in 0..<table.columnCount {
          result[row * blocks + column / 4][column % 4] = value(row, column)
        }
      }
      return result
    }
    let codeCount = Int(rows.outside)
    let levelCount = self.levelCount
    guard (codeCount + 1) * blocks <= Self.blockLimit else {
      self.table = padded(table.rowCount) { table[$0, $1] }
      self.residual = residual
      return
    }
    var byCode: [SIMD4<Double>]
    switch residual {
    case .number:
      self.table = padded(table.rowCount) { table[$0, $1] }
      self.residual = residual
      return
    case .byCode(let residuals):
      byCode = padded(codeCount) { residuals[$0] * table[$0 / levelCount, $1] }
    case .one: byCode = padded(codeCount) { table[$0 / levelCount, $1] }
    case .ordinal(let scores, let slopes):
      byCode = padded(codeCount) { scores[$0].x * table[$0 / levelCount, $1] }
      for code in 0..<codeCount {
        let level = code % levelCount
        func add(_ value: Double, threshold: Int) {
          let column = slopes + threshold
          byCode[code * blocks + column / 4][column % 4] += value
        }
        if level < levelCount - 1 { add(scores[code].y, threshold: level) }
        if level > 0 { add(scores[code].z, threshold: level - 1) }
      }
    }
    // Rows outside add nothing.
    self.table = byCode + [SIMD4<Double>](repeating: .zero, count: blocks)
    self.residual = nil
  }
}
