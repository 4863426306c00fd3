/// The sizes of a block, and where its components and their pairs stand in memory.
///
/// A *scope* is a run of components whose cross-products are kept: a group, or the whole block.
struct BlockShape: Sendable {
  let groupCount: Int
  let levelCount: Int
  let componentsPerCell: Int
  let moments: TabulationPlan.Moments
  let cellCount: Int
  let componentCount: Int
  /// Components of a group.
  let groupSize: Int
  /// Components of a scope.
  let scopeSize: Int
  /// The upper triangle of a scope.
  let pairsPerScope: Int
  let scopeCount: Int

  /// 2⁴⁰/levelCount, rounded up: exact for the 2²⁴ cells that a block may have at most, since
  /// cell · levelCount < 2⁴⁰.
  private let reciprocal: UInt64

  /// Whether all components share one scope.
  let isWhole: Bool

  /// Whether to remember which groups a unit touches: for the degrees of freedom of contrasts.
  var keepsGroupSets: Bool { isWhole && groupCount > 1 }

  var pairCount: Int { scopeCount * pairsPerScope }
  var keepsPairs: Bool { pairsPerScope > 0 }

  init(_ block: TabulationPlan.Block) {
    groupCount = block.groupCount
    levelCount = block.levelCount
    componentsPerCell = block.componentsPerCell
    precondition(levelCount < 65_536, "more than 65,535 levels in a group")
    reciprocal = ((1 << 40) + UInt64(levelCount) - 1) / UInt64(max(levelCount, 1))
    moments = block.moments
    isWhole = block.moments == .all
    cellCount = block.cellCount
    componentCount = block.componentCount
    groupSize = levelCount * componentsPerCell
    scopeSize = isWhole ? componentCount : groupSize
    scopeCount = isWhole ? 1 : groupCount
    pairsPerScope = !moments.keepsSome ? 0 : scopeSize * (scopeSize + 1) / 2
  }

  @inline(__always)
  func group(ofCell cell: Int) -> Int {
    // A division would be half of what a small unit costs.
    Int(truncatingIfNeeded: (UInt64(truncatingIfNeeded: cell) &* reciprocal) &>> 40)
  }

  @inline(__always)
  func scope(ofCell cell: Int) -> Int { isWhole ? 0 : group(ofCell: cell) }

  @inline(__always)
  func endCell(ofScope scope: Int) -> Int { isWhole ? cellCount : (scope + 1) * levelCount }

  /// Where the pairs of a component with itself and the components before it in its scope begin,
  /// among the sums and pairs of a block. `row` is counted within the scope.
  @inline(__always)
  func pairs(ofRow row: Int, scope: Int) -> Int {
    componentCount + scope * pairsPerScope + row * (row + 1) / 2
  }
}
