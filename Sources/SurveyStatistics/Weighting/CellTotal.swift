/// The respondents of a cell that has some: how many, and the sum of their start weights.
struct CellTotal {
  var cell: Int32
  var count: Int
  var sum: Compensated

  /// The occupied cells of a table, in order.
  ///
  /// - Parameter table: (Σw, rows) by copy, then cell; the last slot of a copy is for rows of no cell.
  static func totals(_ table: [SIMD2<Double>], copies: Int) -> [CellTotal] {
    let stride = table.count / copies
    let table = table.span
    func total(_ cell: Int) -> SIMD2<Double> {
      var total = table[cell]
      for copy in 1..<copies { total += table[copy * stride + cell] }
      return total
    }
    var totals: [CellTotal] = []
    totals.reserveCapacity((0..<stride - 1).count { total($0).y > 0 })
    for cell in 0..<stride - 1 {
      let total = total(cell)
      guard total.y > 0 else { continue }
      totals.append(
        CellTotal(cell: Int32(cell), count: Int(total.y), sum: Compensated(total.x)))
    }
    return totals
  }

  /// Totals of other rows taken together, both with cells in order.
  static func merged(_ first: [CellTotal], _ second: [CellTotal]) -> [CellTotal] {
    var merged: [CellTotal] = []
    merged.reserveCapacity(max(first.count, second.count))
    var rest = second[...]
    for var total in first {
      while let next = rest.first, next.cell < total.cell { merged.append(rest.removeFirst()) }
      if let next = rest.first, next.cell == total.cell {
        total.count += next.count
        total.sum.add(next.sum)
        rest.removeFirst()
      }
      merged.append(total)
    }
    return merged + rest
  }
}
