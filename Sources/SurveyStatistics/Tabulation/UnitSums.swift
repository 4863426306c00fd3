/// What the units of a stratum add to one block: sums and products of what their totals differ by from
/// given means, and which groups they touch.
struct UnitSums {
  private let shape: BlockShape
  private let means: [Double]
  /// Cells, filled up to whole tiles.
  let width: Int
  /// Σ(t − m).
  private var sums: [Double]
  /// Σ(t − m)(t′ − m′) by tiles of four by four, those on and below the diagonal.
  private var products: [Double]
  /// Units by the set of groups that they touch, a bit a group.
  private var unitsByGroups: [Int]

  init(_ shape: BlockShape, means: [Double]) {
    self.shape = shape
    self.means = means
    width = (shape.cellCount + 3) / 4 * 4
    sums = Array(repeating: 0, count: width)
    products = Array(repeating: 0, count: width / 4 * (width / 4 + 1) / 2 * 16)
    unitsByGroups = Array(repeating: 0, count: 1 << shape.groupCount)
  }

  /// Adds a batch of units, and empties their totals.
  ///
  /// - Parameters:
  ///   - totals: by unit two tables, `placeCount` apart, with a place at group · 2^shift + level.
  ///   - matrix: memory for `width` numbers a unit.
  mutating func add(
    _ totals: UnsafeMutablePointer<Double>, width placeCount: Int, shift: Int, units: Int,
    matrix: UnsafeMutablePointer<Double>
  ) {
    let groupCount = shape.groupCount
    let levelCount = shape.levelCount
    let width = self.width
    let cellCount = shape.cellCount
    unsafe means.withUnsafeBufferPointer { means in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        unsafe unitsByGroups.withUnsafeMutableBufferPointer { unitsByGroups in
          for unit in 0..<units {
            let even = unsafe totals + unit &* 2 &* placeCount
            let odd = unsafe even + placeCount
            let row = unsafe matrix + unit &* width
            var touched = 0
            var cell = 0
            for group in 0..<groupCount {
              let first = group &<< shift
              var weight = 0.0
              for level in 0..<levelCount {
                let total = unsafe even[first &+ level] + odd[first &+ level]
                let difference = unsafe total - means[cell]
                weight += total
                unsafe row[cell] = difference
                unsafe sums[cell] += difference
                cell &+= 1
              }
              touched |= (weight > 0 ? 1 : 0) &<< group
            }
            for cell in cellCount..<width { unsafe row[cell] = 0 }
            unsafe unitsByGroups[touched] &+= 1
          }
        }
      }
    }
    unsafe totals.update(repeating: 0, count: units &* 2 &* placeCount)
    unsafe products.withUnsafeMutableBufferPointer { products in
      unsafe Self.addProducts(
        UnsafePointer(matrix), units: units, width: width, to: products.baseAddress!)
    }
  }

  /// Adds the product of the transposed matrix with itself, a tile at a time.
  private static func addProducts(
    _ matrix: UnsafePointer<Double>, units: Int, width: Int,
    to products: UnsafeMutablePointer<Double>
  ) {
    var tile = unsafe UnsafeMutableRawPointer(products).assumingMemoryBound(
      to: SIMD2<Double>.self)
    for major in 0..<width &>> 2 {
      for minor in 0...major {
        var left = unsafe matrix + major &<< 2
        var right = unsafe matrix + minor &<< 2
        var (a0, a1) = unsafe (tile[0], tile[1])
        var (b0, b1) = unsafe (tile[2], tile[3])
        var (c0, c1) = unsafe (tile[4], tile[5])
        var (d0, d1) = unsafe (tile[6], tile[7])
        for _ in 0..<units {
          let first = unsafe SIMD2(right[0], right[1])
          let second = unsafe SIMD2(right[2], right[3])
          let a = unsafe SIMD2(repeating: left[0])
          a0 += a * first
          a1 += a * second
          let b = unsafe SIMD2(repeating: left[1])
          b0 += b * first
          b1 += b * second
          let c = unsafe SIMD2(repeating: left[2])
          c0 += c * first
          c1 += c * second
          let d = unsafe SIMD2(repeating: left[3])
          d0 += d * first
          d1 += d * second
          unsafe left += width
          unsafe right += width
        }
        unsafe (tile[0], tile[1]) = (a0, a1)
        unsafe (tile[2], tile[3]) = (b0, b1)
        unsafe (tile[4], tile[5]) = (c0, c1)
        unsafe (tile[6], tile[7]) = (d0, d1)
        unsafe tile += 8
      }
    }
  }

  /// The moments about 0 of the units added.
  func moments(units: Int) -> Moments {
    var moments = Moments(shape)
    moments.addUnits(units, byGroups: unitsByGroups, means: means, sums: sums) { row, column in
      let (major, minor) = (row / 4, column / 4)
      return products[(major * (major + 1) / 2 + minor) * 16 + row % 4 * 4 + column % 4]
    }
    return moments
  }

  mutating func reset() {
    for index in sums.indices { sums[index] = 0 }
    for index in products.indices { products[index] = 0 }
    for index in unitsByGroups.indices { unitsByGroups[index] = 0 }
  }
}

extension Moments {
  /// Adds units from sums about means: Σt = Σ(t − m) + n·m, and
  /// Σt·t′ = Σ(t − m)(t′ − m′) + m·Σ(t′ − m′) + m′·Σ(t − m) + n·m·m′, each term to its last digit.
  ///
  /// - Parameters:
  ///   - byGroups: how many of the units touch which set of groups, a bit a group.
  ///   - product: Σ(t − m)(t′ − m′) of a cell and one not after it.
  mutating func addUnits(
    _ units: Int, byGroups: [Int], means: [Double], sums: [Double],
    product: (_ row: Int, _ column: Int) -> Double
  ) {
    for (bits, count) in byGroups.enumerated() where bits > 0 && count > 0 {
      let groups = (0..<shape.groupCount).filter { bits >> $0 & 1 == 1 }
      touch(groups.map { Int32($0) }, units: count)
    }
    guard !isEmpty else { return }
    let n = Double(units)
    for row in 0..<shape.cellCount {
      var total = Compensated(sums[row])
      total.add(product: means[row], n)
      addTotal(total, to: row)
      let scope = shape.scope(ofCell: row)
      let start = scope * shape.scopeSize
      // n·m with its rounding error, to be multiplied by the other mean.
      var weighted = Compensated()
      weighted.add(product: n, means[row])
      for column in start...row {
        var sum = Compensated(product(row, column))
        sum.add(product: means[row], sums[column])
        sum.add(product: means[column], sums[row])
        sum.add(product: weighted.sum, means[column])
        sum.add(product: weighted.error, means[column])
        addProduct(sum, scope: scope, row - start, column - start)
      }
    }
  }
}

extension Compensated {
  /// Adds a product with its rounding error.
  @inline(__always)
  fileprivate mutating func add(product a: Double, _ b: Double) {
    let product = a * b
    add(product)
    error += (-product).addingProduct(a, b)
  }
}
