/// Sums and products of many numbers, several at a time.
enum VectorSums {
  /// Each first · second.
  static func products(_ first: [Double], _ second: [Double]) -> [Double] {
    precondition(first.count == second.count)
    var products = first
    var span = products.mutableSpan
    let second = second.span
    for place in span.indices { unsafe span[unchecked: place] *= second[unchecked: place] }
    return products
  }

  /// Σ of the amounts, in four lanes whose additions do not wait for each other.
  static func sum(_ amounts: [Double]) -> Double {
    let amounts = amounts.span
    var lanes = SIMD4<Double>.zero
    var place = 0
    while place &+ 4 <= amounts.count {
      lanes += unsafe SIMD4(
        amounts[unchecked: place], amounts[unchecked: place &+ 1],
        amounts[unchecked: place &+ 2], amounts[unchecked: place &+ 3])
      place &+= 4
    }
    var sum = lanes.sum()
    while place < amounts.count {
      sum += amounts[place]
      place &+= 1
    }
    return sum
  }

  /// Σ first · second, in eight lanes.
  @inline(__always)
  static func sum(_ first: Span<Double>, times second: Span<Double>) -> Double {
    precondition(first.count == second.count)
    @inline(__always)
    func pair(_ place: Int) -> SIMD2<Double> {
      unsafe SIMD2(first[unchecked: place], first[unchecked: place &+ 1])
        * SIMD2(second[unchecked: place], second[unchecked: place &+ 1])
    }
    var (a, b) = (SIMD2<Double>.zero, SIMD2<Double>.zero)
    var (c, d) = (a, b)
    var place = 0
    while place &+ 8 <= first.count {
      a += pair(place)
      b += pair(place &+ 2)
      c += pair(place &+ 4)
      d += pair(place &+ 6)
      place &+= 8
    }
    var sum = ((a + b) + (c + d)).sum()
    while place < first.count {
      sum += first[place] * second[place]
      place &+= 1
    }
    return sum
  }
}
