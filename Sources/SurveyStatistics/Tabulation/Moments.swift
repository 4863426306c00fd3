/// Sums and cross-products of the totals of sampling units, for one group of siblings (a stratum, or
/// the units within a PSU): Σt and Σt·t′ over units, kept only for what the units touched.
///
/// Both are compensated sums, so that a centred moment keeps its digits, and a total that is the
/// same for every unit has the variance 0.
struct Moments: Sendable {
  let shape: BlockShape
  /// Σt by component, then Σt·t′ of the packed pairs.
  private var values: [Compensated]
  /// Units of the group that touched each group of the block.
  private(set) var unitsTouching: [Int32]
  /// The groups of the block that were touched, in the order of first touch.
  private(set) var touchedGroups: [Int32] = []
  /// The groups that each unit touched, where the block keeps them.
  private(set) var groupSets: GroupSets?
  private var groupsOfUnit: [Int32] = []

  init(_ shape: BlockShape) {
    self.shape = shape
    groupSets = shape.keepsGroupSets ? GroupSets(groupCount: shape.groupCount) : nil
    values = Array(repeating: Compensated(), count: shape.componentCount + shape.pairCount)
    unitsTouching = Array(repeating: 0, count: shape.groupCount)
  }

  var isEmpty: Bool { touchedGroups.isEmpty }

  /// What `UnitKernel` writes to.
  @unsafe struct Pointers {
    let values: UnsafeMutablePointer<Compensated>
    let unitsTouching: UnsafeMutablePointer<Int32>
    /// As many places as groups; the groups first touched through these pointers.
    let newGroups: UnsafeMutablePointer<Int32>
    let newGroupCount: UnsafeMutablePointer<Int>

    @inline(__always)
    func touch(_ group: Int) {
      if unsafe unitsTouching[group] == 0 {
        unsafe newGroups[newGroupCount.pointee] = Int32(truncatingIfNeeded: group)
        unsafe newGroupCount.pointee &+= 1
      }
      unsafe unitsTouching[group] &+= 1
    }
  }

  /// Lends its memory to `body`.
  mutating func withPointers(_ body: (Pointers) -> Void) {
    var count = 0
    let groups = unsafe Array<Int32>(unsafeUninitializedCapacity: shape.groupCount) {
      groups, used in
      unsafe Self.lend(&values, &unitsTouching, groups.baseAddress!, &count, to: body)
      used = count
    }
    touchedGroups += groups
  }

  private static func lend(
    _ values: inout [Compensated], _ unitsTouching: inout [Int32],
    _ groups: UnsafeMutablePointer<Int32>, _ count: inout Int, to body: (Pointers) -> Void
  ) {
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe unitsTouching.withUnsafeMutableBufferPointer { unitsTouching in
        unsafe withUnsafeMutablePointer(to: &count) { count in
          unsafe body(
            Pointers(
              values: values.baseAddress!, unitsTouching: unitsTouching.baseAddress!,
              newGroups: groups, newGroupCount: count))
        }
      }
    }
  }

  /// Adds the totals of one unit.
  ///
  /// - Parameters:
  ///   - cells: the cells that the unit touched, ascending.
  ///   - totals: by component, the unit's total in `x`.
  mutating func add(cells: Span<Int32>, totals: Span<SIMD2<Double>>) {
    markTouched(cells)
    let shape = self.shape
    let parts = shape.componentsPerCell
    var values = self.values.mutableSpan
    var position = 0
    while position < cells.count {
      // The touched cells of one scope, from `first` on: each with itself and those before it.
      let first = position
      let scope = shape.scope(ofCell: Int(cells[first]))
      let end = shape.endCell(ofScope: scope)
      let start = scope * shape.scopeSize
      while position < cells.count, cells[position] < end {
        let cell = Int(cells[position])
        for part in 0..<parts {
          let component = cell * parts + part
          let total = totals[component].x
          values[component].add(total)
          guard shape.keepsPairs else { continue }
          let pairs = shape.pairs(ofRow: component - start, scope: scope) - start
          for earlier in first..<position {
            let other = Int(cells[earlier]) * parts
            for partner in other..<other + parts {
              values[pairs + partner].add(total * totals[partner].x)
            }
          }
          for partner in cell * parts...component {
            values[pairs + partner].add(total * totals[partner].x)
          }
        }
        position += 1
      }
    }
  }

  private mutating func markTouched(_ cells: Span<Int32>) {
    groupsOfUnit.removeAll(keepingCapacity: true)
    // The first cell of the group after the one at hand.
    var next: Int32 = 0
    for position in cells.indices where cells[position] >= next {
      let group = shape.group(ofCell: Int(cells[position]))
      next = Int32((group &+ 1) &* shape.levelCount)
      touch(group, units: 1)
      if groupSets != nil { groupsOfUnit.append(Int32(group)) }
    }
    groupSets?.add(unitIn: groupsOfUnit)
  }

  @inline(__always)
  private mutating func touch(_ group: Int, units: Int) {
    if unitsTouching[group] == 0 { touchedGroups.append(Int32(group)) }
    unitsTouching[group] += Int32(units)
  }

  /// Marks groups as touched together by each of some units.
  mutating func touch(_ groups: [Int32], units: Int) {
    for group in groups { touch(Int(group), units: units) }
    groupSets?.add(unitIn: groups, count: units)
  }

  /// Sets Σt of cells, and Σt·t′ of the pairs of a scope, of a block without sums.
  mutating func setSums(
    _ total: (_ cell: Int) -> Compensated,
    products: (_ row: Int, _ column: Int) -> Compensated
  ) {
    let shape = self.shape
    var values = self.values.mutableSpan
    for row in 0..<shape.cellCount {
      values[row] = total(row)
      let scope = shape.scope(ofCell: row)
      let start = scope * shape.scopeSize
      let pairs = shape.pairs(ofRow: row - start, scope: scope) - start
      for column in start...row { values[pairs + column] = products(row, column) }
    }
  }

  /// Adds rows that are units of their own and touch one cell, with Σt and Σt² of its weights.
  mutating func addElements(cell: Int, rows: Int, sum: Compensated, squares: Compensated) {
    let group = shape.group(ofCell: cell)
    touch(group, units: rows)
    groupSets?.add(unitsIn: group, count: rows)
    values[cell].add(sum)
    let scope = shape.scope(ofCell: cell)
    let row = cell - scope * shape.scopeSize
    values[shape.pairs(ofRow: row, scope: scope) + row].add(squares)
  }

  /// Adds rows that are units of their own: each touches one cell, with its weight and its weighted
  /// numbers.
  mutating func addRows(
    _ rows: Range<Int>, of buffer: borrowing RowBuffer, weights: Span<Double>
  ) {
    let cells = buffer.cells.span
    let numbers = buffer.numbers.span
    let stride = CellReader.capacity
    let shape = self.shape
    let parts = shape.componentsPerCell
    let outside = UInt32(shape.cellCount)
    for row in rows where cells[row] != outside {
      let group = shape.group(ofCell: Int(cells[row]))
      touch(group, units: 1)
      groupSets?.add(unitsIn: group, count: 1)
    }
    var values = self.values.mutableSpan
    for row in rows where cells[row] != outside {
      let cell = Int(cells[row])
      let weight = weights[row]
      let scope = shape.scope(ofCell: cell)
      let start = scope * shape.scopeSize
      for part in 0..<parts {
        let component = cell * parts + part
        let total =
          part == 0 ? weight : weight * numbers[(part - 1) * stride + row]
        values[component].add(total)
        guard shape.keepsPairs else { continue }
        let pairs = shape.pairs(ofRow: component - start, scope: scope) - start
        for other in 0...part {
          let otherTotal =
            other == 0 ? weight : weight * numbers[(other - 1) * stride + row]
          values[pairs + cell * parts + other].add(total * otherTotal)
        }
      }
    }
  }

  /// Adds the units of another part of the same group of siblings.
  mutating func merge(_ other: Moments) {
    for group in other.touchedGroups.lazy.map({ Int($0) }) {
      touch(group, units: Int(other.unitsTouching[group]))
    }
    for index in values.indices { values[index].add(other.values[index]) }
    if let sets = other.groupSets { groupSets?.merge(sets) }
  }

  /// Σt of a component.
  func total(_ component: Int) -> Compensated { values[component] }

  /// Adds the products of a scope to packed covariances, times `scale`: Σt·t′, or
  /// Σt·t′ − ΣtΣt′/n over n siblings (the untouched ones have t = 0), which is 0 where the difference
  /// is no larger than its own rounding error.
  ///
  /// - Parameter units: n; `nil` for products about 0.
  func addProducts(
    ofScope scope: Int, units: Double?, times scale: Double,
    to covariances: inout [Compensated]
  ) {
    let (start, size) = (scope * shape.scopeSize, shape.scopeSize)
    let values = self.values.span
    var covariances = covariances.mutableSpan
    // An array a scope took a tenth of W4's instructions.
    unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: size) { means in
      for column in 0..<size {
        unsafe means[column] = units.map { values[start + column].value / $0 } ?? 0
      }
      for row in 0..<size {
        let total = values[start + row].value
        let pairs = shape.pairs(ofRow: row, scope: scope)
        for column in 0...row {
          let raw = values[pairs + column].value
          let ofMeans = unsafe total * means[column]
          let centred = raw - ofMeans
          let isNothing = abs(centred) <= 16 * Double.ulpOfOne * max(abs(raw), abs(ofMeans))
          covariances[pairs - shape.componentCount + column].add(isNothing ? 0 : scale * centred)
        }
      }
    }
  }

  /// Forgets the units, visiting only what they touched where that is little.
  mutating func reset() {
    if shape.isWhole || touchedGroups.count * 2 > shape.groupCount {
      for index in values.indices { values[index] = Compensated() }
    } else {
      for group in touchedGroups.lazy.map({ Int($0) }) {
        for index in 0..<shape.groupSize {
          values[group * shape.groupSize + index] = Compensated()
        }
        let pairs = shape.pairs(ofRow: 0, scope: group)
        for index in pairs..<pairs + shape.pairsPerScope { values[index] = Compensated() }
      }
    }
    for group in touchedGroups { unitsTouching[Int(group)] = 0 }
    touchedGroups.removeAll(keepingCapacity: true)
    groupSets?.reset()
  }
}
