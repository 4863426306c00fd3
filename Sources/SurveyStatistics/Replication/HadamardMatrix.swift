/// A square matrix of ±1 whose columns are orthogonal; the first column and row are all +1.
///
/// Orders are those of Paley's first construction, q + 1 for a prime q with q mod 4 = 3, and their
/// doublings by Sylvester's: 1, 2, 4, 8, 12, 16, 20, 24, 32, 40, … .
struct HadamardMatrix {
  let order: Int
  private let signs: [Bool]

  func isPositive(row: Int, column: Int) -> Bool { signs[row * order + column] }

  /// The smallest matrix of these orders with that many columns or more.
  init(atLeast least: Int) {
    var order = max(least, 1)
    while true {
      if let signs = HadamardMatrix.signs(order: order) {
        self.order = order
        self.signs = signs
        return
      }
      order += 1
    }
  }

  private static func signs(order: Int) -> [Bool]? {
    if order == 1 { return [true] }
    if order % 4 == 0, isPrime(order - 1) { return paley(order: order) }
    guard order % 2 == 0, let half = signs(order: order / 2) else { return nil }
    // [H H; H −H]
    let size = order / 2
    return (0..<order * order).map { index in
      let (row, column) = (index / order, index % order)
      return half[row % size * size + column % size] != (row >= size && column >= size)
    }
  }

  /// With χ the quadratic character modulo q and Q = (χ(i − j)): I + [0 1; −1 Q], its first row and
  /// the signs of its rows turned so that the first column is +1.
  private static func paley(order: Int) -> [Bool] {
    let q = order - 1
    var isSquare = [Bool](repeating: false, count: q)
    for root in 1..<q { isSquare[root * root % q] = true }
    return (0..<order * order).map { index in
      let (row, column) = (index / order, index % order)
      if row == 0 || column == 0 { return true }
      // Row i begins with −1, so all of it is turned: −(δ_ij + χ(i − j)).
      return row == column ? false : !isSquare[(row - column + q) % q]
    }
  }

  private static func isPrime(_ number: Int) -> Bool {
    guard number > 1 else { return false }
    var factor = 2
    while factor * factor <= number {
      if number % factor == 0 { return false }
      factor += 1
    }
    return true
  }
}
