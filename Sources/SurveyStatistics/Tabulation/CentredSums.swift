/// What units of a stratum add to one block, measured from about the means of their totals.
protocol CentredSums {
  var units: Int { get }
  /// About a unit's total, few digits: a number of units times the product of two is exact in halves.
  func mean(_ cell: Int) -> Double
  /// Σ(t − m).
  func sum(_ cell: Int) -> Double
  /// Σ(t − m)(t′ − m′).
  func product(_ first: Int, _ second: Int) -> Double
  /// Units by the set of groups that they touch, a bit a group.
  var unitsByGroups: [Int] { get }
}

extension CentredSums {
  /// The moments about 0 of the units: Σt = Σ(t − m) + n·m, and
  /// Σt·t′ = Σ(t − m)(t′ − m′) + m·Σ(t′ − m′) + m′·Σ(t − m) + n·m·m′, the last to its last digit.
  func moments(_ shape: BlockShape) -> Moments {
    var moments = Moments(shape)
    for (bits, count) in unitsByGroups.enumerated() where bits > 0 && count > 0 {
      let groups = (0..<shape.groupCount).filter { bits >> $0 & 1 == 1 }
      moments.touch(groups.map { Int32($0) }, units: count)
    }
    guard !moments.isEmpty else { return moments }
    let n = Double(units)
    moments.setSums { cell in
      var total = Compensated(sum(cell))
      total.add(n * mean(cell))
      return total
    } products: { row, column in
      var sum = Compensated(product(row, column))
      sum.add(mean(row) * self.sum(column))
      sum.add(mean(column) * self.sum(row))
      // Of the 48 digits of m·m′ each half times n is exact: no fused multiplication is called.
      let product = mean(row) * mean(column)
      let high = product.cut(toBits: UnitSums.digitsOfMeans)
      sum.add(n * high)
      sum.add(n * (product - high))
      return sum
    }
    return moments
  }
}

extension Double {
  /// Its first binary digits, the others cut off.
  func cut(toBits count: Int) -> Double {
    Double(bitPattern: bitPattern & (UInt64.max &<< UInt64(truncatingIfNeeded: 53 &- count)))
  }
}
