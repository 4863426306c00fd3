/// The products of the columns of a matrix with each other, Σ x·x′ over rows that come a batch at a time.
///
/// A tile holds four columns, each with the column e + 0, …, e + 3 after it: both factors are then pairs
/// of neighbours in memory, and nothing has to be spread over the lanes of a vector. Eight pairs of sums
/// stay in registers while the rows pass.
struct BandedProducts {
  private typealias Pair = SIMD2<Double>

  /// So many numbers after the last column are read, and come to nothing.
  static let columnsReadBeyond = 7

  private let columns: Int
  /// Four columns each.
  private let bandCount: Int
  /// By band, then four distances, as tiles of sixteen: two columns by four distances, then the next two.
  private var sums: [Double]

  init(columns: Int) {
    self.columns = columns
    bandCount = (columns + 3) / 4
    sums = Array(repeating: 0, count: bandCount * (bandCount + 1) / 2 * 16)
  }

  /// Σ x·x′ of two columns.
  subscript(first: Int, second: Int) -> Double { sums[place(first, second)] }

  mutating func set(_ sum: Double, _ first: Int, _ second: Int) { sums[place(first, second)] = sum }

  private func place(_ first: Int, _ second: Int) -> Int {
    let column = min(first, second)
    let distance = max(first, second) - column
    let tile = Self.firstTile(ofBand: column / 4, bandCount) + distance / 4
    return tile * 16 + column % 4 / 2 * 8 + distance % 4 * 2 + column % 2
  }

  /// A band has a tile fewer than the one before.
  private static func firstTile(ofBand band: Int, _ bandCount: Int) -> Int {
    band * bandCount - band * (band - 1) / 2
  }

  mutating func reset() {
    unsafe sums.withUnsafeMutableBufferPointer { unsafe $0.update(repeating: 0) }
  }

  /// Adds rows.
  ///
  /// - Parameter matrix: rows `stride` numbers apart; `columnsReadBeyond` numbers follow the last.
  mutating func add(_ matrix: UnsafePointer<Double>, stride: Int, rows: Int) {
    let (columns, bandCount) = (self.columns, self.bandCount)
    unsafe sums.withUnsafeMutableBytes { sums in
      var tile = unsafe sums.baseAddress!.assumingMemoryBound(to: Pair.self)
      for band in 0..<bandCount {
        for step in 0..<bandCount - band {
          let kernel = unsafe Tile(
            sums: tile, first: UnsafeRawPointer(matrix + band &* 4),
            distance: step &* 4 &* MemoryLayout<Double>.stride,
            stride: stride &* MemoryLayout<Double>.stride, rows: rows)
          // Of the last, half or three quarters of the sums are of columns that there are not.
          switch columns &- band &* 4 &- step &* 4 {
          case ...2: unsafe kernel.add(near: 2, far: 0)
          case ...4: unsafe kernel.add(near: 4, far: 2)
          default: unsafe kernel.add(near: 4, far: 4)
          }
          unsafe tile += 8
        }
      }
    }
  }

  @unsafe private struct Tile {
    let sums: UnsafeMutablePointer<Pair>
    /// The first column in the first row.
    let first: UnsafeRawPointer
    /// Bytes to the nearest column that it is multiplied with, and to the next row.
    let distance: Int
    let stride: Int
    let rows: Int

    /// - Parameters:
    ///   - near: distances of the first two columns: 2 or 4.
    ///   - far: distances of the next two: 0, 2 or 4.
    @inline(__always)
    func add(near: Int, far: Int) {
      var (a0, a1, a2, a3) = unsafe (sums[0], sums[1], sums[2], sums[3])
      var (b0, b1, b2, b3) = unsafe (sums[4], sums[5], sums[6], sums[7])
      var left = unsafe first
      for _ in unsafe 0..<rows {
        let right = unsafe left + distance
        let a = unsafe left.loadUnaligned(as: Pair.self)
        a0 += unsafe a * right.loadUnaligned(fromByteOffset: 0, as: Pair.self)
        a1 += unsafe a * right.loadUnaligned(fromByteOffset: 8, as: Pair.self)
        if near > 2 {
          let second = unsafe right.loadUnaligned(fromByteOffset: 16, as: Pair.self)
          let third = unsafe right.loadUnaligned(fromByteOffset: 24, as: Pair.self)
          a2 += a * second
          a3 += a * third
          if far > 0 {
            let b = unsafe left.loadUnaligned(fromByteOffset: 16, as: Pair.self)
            b0 += b * second
            b1 += b * third
            if far > 2 {
              b2 += unsafe b * right.loadUnaligned(fromByteOffset: 32, as: Pair.self)
              b3 += unsafe b * right.loadUnaligned(fromByteOffset: 40, as: Pair.self)
            }
          }
        }
        unsafe left += stride
      }
      unsafe (sums[0], sums[1], sums[2], sums[3]) = (a0, a1, a2, a3)
      unsafe (sums[4], sums[5], sums[6], sums[7]) = (b0, b1, b2, b3)
    }
  }
}
