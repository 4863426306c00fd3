/// The respondents of a cell that has some: how many, and the sum of their start weights.
struct CellTotal {
  var cell: Int32
  var count: Int
  var sum: Compensated

  /// The occupied cells of a table, in order.
  ///
  /// - Parameter table: (Σw, rows) by copy, then cell; the last slot of a copy is for rows of no cell.
  static func totals(_ table: consuming [SIMD2<Double>], copies: Int) -> [CellTotal] {
    let stride = table.count / copies
    for copy in 1..<copies {
      for cell in 0..<stride { table[cell] += table[copy * stride + cell] }
    }
    let cells = table.span.extracting(0..<stride - 1)
    var totals: [CellTotal] = []
    totals.reserveCapacity(cells.indices.count { cells[$0].y > 0 })
    for cell in cells.indices where cells[cell].y > 0 {
      totals.append(
        CellTotal(
          cell: Int32(cell), count: Int(cells[cell].y), sum: Compensated(cells[cell].x)))
    }
    return totals
  }

  /// Totals of other rows taken together, both with cells in order.
  static func merged(_ first: [CellTotal], _ second: [CellTotal]) -> [CellTotal] {
    var merged: [CellTotal] = []
    merged.reserveCapacity(max(first.count, second.count))
    var next = 0
    for var total in first {
      while next < second.count, second[next].cell < total.cell {
        merged.append(second[next])
        next += 1
      }
      if next < second.count, second[next].cell == total.cell {
        total.count += second[next].count
        total.sum.add(second[next].sum)
        next += 1
      }
      merged.append(total)
    }
    merged += second[next...]
    return merged
  }
}
