/// What the units of a stratum add to one block: sums and products of what their totals differ by from
/// about their means, and which groups they touch.
struct UnitSums: CentredSums {
  /// Binary digits of a mean.
  static let digitsOfMeans = 24

  private let shape: BlockShape
  /// Of the first batch: about what a unit's total is.
  private var means: [Double]
  /// Σ(t − m).
  private var sums: [Double]
  /// Σ(t − m)(t′ − m′).
  private var products: BandedProducts
  /// Units by the set of groups that they touch, a bit a group.
  private(set) var unitsByGroups: [Int]
  private(set) var units = 0

  init(_ shape: BlockShape) {
    self.shape = shape
    means = Array(repeating: 0, count: shape.cellCount)
    sums = means
    products = BandedProducts(columns: shape.cellCount)
    unitsByGroups = Array(repeating: 0, count: 1 << shape.groupCount)
  }

  /// The units of another block with all groups together.
  ///
  /// - Parameters:
  ///   - shape: one group, with the levels of the other.
  ///   - groupCount: groups of the other.
  init(_ shape: BlockShape, marginOf whole: some CentredSums, groupCount groups: Int) {
    self.init(shape)
    units = whole.units
    let levels = shape.levelCount
    for level in 0..<levels {
      for group in 0..<groups {
        means[level] += whole.mean(group * levels + level)
        sums[level] += whole.sum(group * levels + level)
      }
      for other in 0...level {
        var product = 0.0
        for group in 0..<groups {
          for second in 0..<groups {
            product += whole.product(group * levels + level, second * levels + other)
          }
        }
        products.set(product, level, other)
      }
    }
    unitsByGroups[0] = whole.unitsByGroups[0]
    unitsByGroups[1] = units - unitsByGroups[0]
  }

  func mean(_ cell: Int) -> Double { means[cell] }
  func sum(_ cell: Int) -> Double { sums[cell] }
  func product(_ first: Int, _ second: Int) -> Double { products[first, second] }

  /// About the mean of units with a total.
  static func mean(_ total: Double, units: Int) -> Double {
    (total / Double(units)).cut(toBits: digitsOfMeans)
  }

  /// Adds a batch of units. Of their totals, what they differ by from the means is left.
  ///
  /// - Parameter matrix: by unit, `stride` numbers apart, a total a cell; others follow
  ///   (`BandedProducts.columnsReadBeyond`).
  mutating func add(_ matrix: UnsafeMutablePointer<Double>, stride: Int, units: Int) {
    unsafe addTouched(matrix, stride: stride, units: units)
    if self.units == 0 { unsafe setMeans(matrix, stride: stride, units: units) }
    self.units += units
    unsafe centre(matrix, stride: stride, units: units)
    unsafe products.add(UnsafePointer(matrix), stride: stride, rows: units)
  }

  /// A group is touched where a level has weight.
  private mutating func addTouched(
    _ matrix: UnsafePointer<Double>, stride: Int, units: Int
  ) {
    let groupCount = shape.groupCount
    let levelCount = shape.levelCount
    unsafe unitsByGroups.withUnsafeMutableBufferPointer { unitsByGroups in
      var row = unsafe matrix
      for _ in 0..<units {
        // Nearly always every group has weight in its first level.
        var least = unsafe row[0]
        for group in 1..<max(groupCount, 1) {
          unsafe least = min(least, row[group &* levelCount])
        }
        var touched = 1 &<< groupCount &- 1
        if least == 0 {
          touched = 0
          for group in 0..<groupCount {
            // Without a branch, which small units would take now this way, now that.
            var digits: UInt64 = 0
            for level in 0..<levelCount {
              unsafe digits |= row[group &* levelCount &+ level].bitPattern
            }
            touched |= (digits == 0 ? 0 : 1) &<< group
          }
        }
        unsafe unitsByGroups[touched] &+= 1
        unsafe row += stride
      }
    }
  }

  private mutating func setMeans(
    _ matrix: UnsafePointer<Double>, stride: Int, units: Int
  ) {
    for cell in means.indices {
      var total = 0.0
      for unit in 0..<units { unsafe total += matrix[unit * stride + cell] }
      means[cell] = Self.mean(total, units: units)
    }
  }

  private mutating func centre(
    _ matrix: UnsafeMutablePointer<Double>, stride: Int, units: Int
  ) {
    unsafe means.withUnsafeBufferPointer { means in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        unsafe Self.centre(
          matrix, stride: stride, units: units, cells: means.count, means.baseAddress!,
          sums.baseAddress!)
      }
    }
  }

  private static func centre(
    _ matrix: UnsafeMutablePointer<Double>, stride: Int, units: Int, cells: Int,
    _ means: UnsafePointer<Double>, _ sums: UnsafeMutablePointer<Double>
  ) {
    typealias Pair = SIMD2<Double>
    let bytes = stride &* MemoryLayout<Double>.stride
    var cell = 0
    while cell &+ 1 < cells {
      let mean = unsafe Pair(means[cell], means[cell &+ 1])
      var sum = unsafe Pair(sums[cell], sums[cell &+ 1])
      var place = unsafe UnsafeMutableRawPointer(matrix + cell)
      for _ in 0..<units {
        let difference = unsafe place.loadUnaligned(as: Pair.self) - mean
        sum += difference
        unsafe place.storeBytes(of: difference, as: Pair.self)
        unsafe place += bytes
      }
      unsafe sums[cell] = sum.x
      unsafe sums[cell &+ 1] = sum.y
      cell &+= 2
    }
    guard cell < cells else { return }
    for unit in 0..<units {
      unsafe matrix[unit &* stride &+ cell] -= means[cell]
      unsafe sums[cell] += matrix[unit &* stride &+ cell]
    }
  }

  mutating func reset() {
    units = 0
    unsafe sums.withUnsafeMutableBufferPointer { unsafe $0.update(repeating: 0) }
    products.reset()
    unsafe unitsByGroups.withUnsafeMutableBufferPointer { unsafe $0.update(repeating: 0) }
  }
}
