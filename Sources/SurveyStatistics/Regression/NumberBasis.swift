import Glibc

/// The columns that a numeric variable has in a model: itself, its logarithm, polynomials, a spline.
enum NumberBasis: Sendable {
  case plain
  case log
  case poly(OrthogonalPolynomials)
  case spline(NaturalSpline)

  var columnCount: Int {
    switch self {
    case .plain, .log: 1
    case .poly(let polynomials): polynomials.degree
    case .spline(let spline): spline.columnCount
    }
  }

  /// The values of all columns at x, or their derivatives.
  func values(at x: Double, derivative: Bool = false) -> [Double] {
    switch self {
    case .plain: [derivative ? 1 : x]
    case .log: [derivative ? 1 / x : Glibc.log(x)]
    case .poly(let polynomials): polynomials.values(at: x, derivative: derivative)
    case .spline(let spline): spline.values(at: x, derivative: derivative)
    }
  }
}

/// Polynomials that are orthogonal over the respondents, each of length 1 there (R: `poly`).
///
/// p₀ = 1, pₖ₊₁ = (x − αₖ₊₁)·pₖ − (‖pₖ‖²/‖pₖ₋₁‖²)·pₖ₋₁; the columns are pₖ/‖pₖ‖ for k = 1 … degree
/// (Kennedy and Gentle 1980, Statistical Computing, 343–4).
struct OrthogonalPolynomials: Sendable {
  let degree: Int
  private var centres: [Double] = []
  /// ‖p₀‖², ‖p₁‖², …
  private var squares: [Double] = []

  /// - Parameter values: the respondents' different values, and how many have each.
  /// - Returns: `nil` where there are no more values than the degree.
  init?(degree: Int, over values: [(value: Double, count: Double)]) {
    guard values.count > degree else { return nil }
    self.degree = degree
    var before = [Double](repeating: 0, count: values.count)
    var current = [Double](repeating: 1, count: values.count)
    squares = [values.reduce(0) { $0 + $1.count }]
    for k in 0..<degree {
      var weighted = 0.0
      for (p, entry) in zip(current, values) { weighted += entry.count * entry.value * p * p }
      let centre = weighted / squares[k]
      let ratio = k == 0 ? 0 : squares[k] / squares[k - 1]
      var square = 0.0
      for index in values.indices {
        let next = (values[index].value - centre) * current[index] - ratio * before[index]
        before[index] = current[index]
        current[index] = next
        square += values[index].count * next * next
      }
      centres.append(centre)
      squares.append(square)
    }
  }

  func values(at x: Double, derivative: Bool) -> [Double] {
    var (p0, p1, d0, d1) = (0.0, 1.0, 0.0, 0.0)
    return (0..<degree).map { k in
      let ratio = k == 0 ? 0 : squares[k] / squares[k - 1]
      let next = (x - centres[k]) * p1 - ratio * p0
      let slope = p1 + (x - centres[k]) * d1 - ratio * d0
      (p0, p1, d0, d1) = (p1, next, d1, slope)
      return (derivative ? slope : next) / squares[k + 1].squareRoot()
    }
  }
}

/// A natural cubic spline: cubic between its knots, linear beyond the outer ones (R: `splines::ns`
/// without an intercept).
///
/// Cubic B-splines, the first left out, are turned so that the two directions with curvature at the
/// outer knots come first; the others are the columns (de Boor 1978; Hastie 1992).
struct NaturalSpline: Sendable {
  let columnCount: Int
  /// The outer knots four times each, the inner ones once.
  private let knots: [Double]
  /// Householder vectors of the two curvature conditions.
  private let reflections: [[Double]]
  private let boundary: ClosedRange<Double>

  /// - Parameter values: the respondents' different values, ascending, and how many have each.
  /// - Returns: `nil` where the values leave no room for the knots.
  init?(columns: Int, over values: [(value: Double, count: Double)]) {
    guard let low = values.first?.value, let high = values.last?.value, low < high else {
      return nil
    }
    let inner = (1..<max(columns, 1)).map {
      quantile(Double($0) / Double(columns), of: values)
    }
    let all = [low] + inner + [high]
    guard zip(all, all.dropFirst()).allSatisfy({ $0 < $1 }) else { return nil }
    columnCount = columns
    boundary = low...high
    let knots = Array(repeating: low, count: 4) + inner + Array(repeating: high, count: 4)
    self.knots = knots
    var conditions = [low, high].map { x in
      Array(splines(at: x, knots: knots, derivative: 2).dropFirst())
    }
    var reflections: [[Double]] = []
    for step in 0..<2 {
      var vector = conditions[step]
      for index in 0..<step { vector[index] = 0 }
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      vector[step] += vector[step] < 0 ? -length : length
      for index in conditions.indices { reflect(&conditions[index], by: vector) }
      reflections.append(vector)
    }
    self.reflections = reflections
  }

  func values(at x: Double, derivative: Bool) -> [Double] {
    let inside = min(max(x, boundary.lowerBound), boundary.upperBound)
    var basis = Array(
      splines(at: inside, knots: knots, derivative: derivative || x != inside ? 1 : 0).dropFirst())
    if x != inside, !derivative {
      // Straight on beyond the outer knot.
      let at = splines(at: inside, knots: knots, derivative: 0).dropFirst()
      basis = zip(at, basis).map { $0 + (x - inside) * $1 }
    }
    for vector in reflections { reflect(&basis, by: vector) }
    return Array(basis.dropFirst(2))
  }
}

private func reflect(_ values: inout [Double], by vector: [Double]) {
  let square = vector.reduce(0) { $0 + $1 * $1 }
  guard square > 0 else { return }
  let scale = 2 * zip(values, vector).reduce(0) { $0 + $1.0 * $1.1 } / square
  for index in values.indices { values[index] -= scale * vector[index] }
}

/// All cubic B-splines on the knots at x, or a derivative of them (Cox and de Boor).
private func splines(at x: Double, knots: [Double], derivative: Int) -> [Double] {
  // The last interval is closed at its end.
  let last = knots.lastIndex { $0 < knots[knots.count - 1] }!
  let interval = min(knots.lastIndex { $0 <= x } ?? 3, last)
  func splines(order: Int) -> [Double] {
    var values = [Double](repeating: 0, count: knots.count - 1)
    values[interval] = 1
    guard order > 1 else { return values }
    for k in 2...order {
      for i in 0..<(knots.count - k) {
        let left = knots[i + k - 1] - knots[i]
        let right = knots[i + k] - knots[i + 1]
        values[i] =
          (left > 0 ? (x - knots[i]) / left * values[i] : 0)
          + (right > 0 ? (knots[i + k] - x) / right * values[i + 1] : 0)
      }
    }
    return values
  }
  var values = splines(order: 4 - derivative)
  for step in 0..<derivative {
    let order = 4 - derivative + step + 1
    for i in 0..<(knots.count - order) {
      let left = knots[i + order - 1] - knots[i]
      let right = knots[i + order] - knots[i + 1]
      values[i] =
        Double(order - 1)
        * ((left > 0 ? values[i] / left : 0) - (right > 0 ? values[i + 1] / right : 0))
    }
  }
  return Array(values.prefix(knots.count - 4))
}

/// Hyndman and Fan's seventh quantile.
private func quantile(_ p: Double, of values: [(value: Double, count: Double)]) -> Double {
  let total = values.reduce(0) { $0 + $1.count }
  let position = p * (total - 1)
  let below = position.rounded(.down)
  func value(_ rank: Double) -> Double {
    var run = 0.0
    for entry in values {
      run += entry.count
      if rank < run { return entry.value }
    }
    return values[values.count - 1].value
  }
  let low = value(below)
  let high = value(min(below + 1, total - 1))
  // R's rounding: a position within 4 ulps of a rank is that rank.
  let part = position - below
  return abs(part) < 4 * Double.ulpOfOne * position ? low : low + part * (high - low)
}
