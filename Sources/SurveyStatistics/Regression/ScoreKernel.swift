import SurveyData

/// The innermost loops of a score variance: the rows of a unit into its vector.
///
/// Everything it touches is lent to it as pointers for the length of a run, and sums stay in
/// registers for the length of a unit: kept in memory, each row would wait for the last one's store.
/// Codes are at most `outside`, which is what `ModelRows` promises.
@unsafe struct ScoreKernel {
  let codes: UnsafePointer<UInt32>
  /// By design position from the run's first row, as the codes.
  let weights: UnsafePointer<Double>
  let outcome: UnsafePointer<Double>?
  let origin: Double
  let table: UnsafePointer<SIMD4<Double>>
  let residual: ScoreSource.Residual?
  let blocks: Int
  let levelCount: Int
  let outside: UInt32
  /// The vector, `blocks` of it.
  let vector: UnsafeMutablePointer<SIMD4<Double>>

  /// Puts the total of rows, counted from the run's first, into `vector`.
  ///
  /// - Returns: whether some of them are in the model.
  @inline(__always)
  func total(_ rows: Range<Int>) -> Bool {
    guard let residual = unsafe residual else { return unsafe totalByCode(rows) }
    return unsafe total(rows, residual)
  }

  /// Two blocks at a time, the rows anew for each: a unit's codes are few and near.
  @inline(__always)
  private func totalByCode(_ rows: Range<Int>) -> Bool {
    var differences: UInt32 = 0
    var block = 0
    while unsafe block &+ 2 <= blocks {
      var first = SIMD4<Double>.zero
      var second = SIMD4<Double>.zero
      for row in rows {
        let code = unsafe codes[row]
        let z = unsafe table + (Int(code) &* blocks &+ block)
        differences |= unsafe code ^ outside
        unsafe first += weights[row] * z[0]
        unsafe second += weights[row] * z[1]
      }
      unsafe vector[block] = first
      unsafe vector[block &+ 1] = second
      block &+= 2
    }
    if unsafe block < blocks {
      var sum = SIMD4<Double>.zero
      for row in rows {
        let code = unsafe codes[row]
        differences |= unsafe code ^ outside
        unsafe sum += weights[row] * table[Int(code) &* blocks &+ block]
      }
      unsafe vector[block] = sum
    }
    return differences != 0
  }

  private func total(_ rows: Range<Int>, _ residual: ScoreSource.Residual) -> Bool {
    var isTouched = false
    for block in unsafe 0..<blocks { unsafe vector[block] = .zero }
    let entries = unsafe UnsafeMutableRawPointer(vector).assumingMemoryBound(to: Double.self)
    for row in rows {
      let code = unsafe codes[row]
      guard unsafe code != outside else { continue }
      isTouched = true
      let cell = unsafe levelCount == 1 ? Int(code) : Int(code) / levelCount
      let weight = unsafe weights[row]
      let scaled: Double
      switch residual {
      case .number(let means): scaled = unsafe weight * (outcome![row] - origin - means[cell])
      case .byCode(let residuals): scaled = weight * residuals[Int(code)]
      case .one: scaled = weight
      case .ordinal(let scores, let slopes):
        let score = scores[Int(code)]
        scaled = weight * score.x
        let level = unsafe Int(code) % levelCount
        if unsafe level < levelCount - 1 { unsafe entries[slopes + level] += weight * score.y }
        if level > 0 { unsafe entries[slopes + level - 1] += weight * score.z }
      }
      let z = unsafe table + cell &* blocks
      for block in unsafe 0..<blocks { unsafe vector[block] += scaled * z[block] }
    }
    return isTouched
  }
}

/// Σt and Σt·t′ over sibling units.
struct ScoreMoments: Sendable {
  private let width: Int
  private let blocks: Int
  private var totals: [SIMD4<Double>]
  /// The lower triangle, a row of `blocks` each.
  private var products: [SIMD4<Double>]
  /// Units with a respondent of the model.
  private(set) var touching = 0

  init(width: Int) {
    self.width = width
    blocks = (width + 3) / 4
    totals = Array(repeating: .zero, count: blocks)
    products = Array(repeating: .zero, count: width * blocks)
  }

  func total(_ index: Int) -> Double { totals[index / 4][index % 4] }

  /// - Precondition: `column` ≤ `row`.
  func product(_ row: Int, _ column: Int) -> Double {
    products[row * blocks + column / 4][column % 4]
  }

  /// Adds a unit's vector, `blocks` of it.
  @unsafe mutating func add(_ vector: UnsafePointer<SIMD4<Double>>) {
    touching += 1
    unsafe totals.withUnsafeMutableBufferPointer { totals in
      unsafe products.withUnsafeMutableBufferPointer { products in
        unsafe Self.add(
          vector, width: width, blocks: blocks, totals.baseAddress!, products.baseAddress!)
      }
    }
  }

  /// Adds units that follow each other, row by row of the kernel's run.
  ///
  /// - Parameter firstRow: the design position of the kernel's first row.
  @unsafe mutating func add(
    _ units: Range<Int>, of stage: Design.Stage, firstRow: Int, kernel: ScoreKernel
  ) {
    let (width, blocks) = (self.width, self.blocks)
    guard blocks > 0 else { return }
    var found = 0
    unsafe totals.withUnsafeMutableBufferPointer { totals in
      unsafe products.withUnsafeMutableBufferPointer { products in
        func add(_ rows: Range<Int>) {
          guard unsafe kernel.total(rows) else { return }
          found &+= 1
          unsafe Self.add(
            kernel.vector, width: width, blocks: blocks, totals.baseAddress!,
            products.baseAddress!)
        }
        guard let starts = stage.unitStarts else {
          for row in units { add(row &- firstRow..<row &- firstRow &+ 1) }
          return
        }
        var start = Int(starts[units.lowerBound]) &- firstRow
        for unit in units {
          let end = Int(starts[unit &+ 1]) &- firstRow
          add(start..<end)
          start = end
        }
      }
    }
    touching += found
  }

  @inline(__always)
  private static func add(
    _ vector: UnsafePointer<SIMD4<Double>>, width: Int, blocks: Int,
    _ totals: UnsafeMutablePointer<SIMD4<Double>>,
    _ products: UnsafeMutablePointer<SIMD4<Double>>
  ) {
    for block in 0..<blocks { unsafe totals[block] += vector[block] }
    let entries = unsafe UnsafeRawPointer(vector).assumingMemoryBound(to: Double.self)
    var line = unsafe products
    for row in 0..<width {
      let value = unsafe entries[row]
      for block in 0...(row &>> 2) { unsafe line[block] += value * vector[block] }
      unsafe line += blocks
    }
  }

  mutating func merge(_ other: ScoreMoments) {
    touching += other.touching
    for index in totals.indices { totals[index] += other.totals[index] }
    for index in products.indices { products[index] += other.products[index] }
  }

  mutating func reset() {
    guard touching > 0 else { return }
    touching = 0
    for index in totals.indices { totals[index] = .zero }
    for index in products.indices { products[index] = .zero }
  }

  /// Σt, `blocks` of it, into a vector.
  @unsafe func copyTotals(to vector: UnsafeMutablePointer<SIMD4<Double>>) {
    for block in totals.indices { unsafe vector[block] = totals[block] }
  }
}
