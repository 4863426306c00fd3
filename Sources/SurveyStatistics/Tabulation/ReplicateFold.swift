import SurveyData

/// The fold of one block over a run of whole PSUs by replicates: what each replicate adds to the
/// total of each component.
///
/// A sum over units of the unit's total times its deviations: the product of two matrices, a unit at
/// a time.
struct ReplicateFold: Sendable {
  /// By component, then replicate: T_r − T.
  private(set) var deviations: [Double]
  /// Rows or PSUs with a row in the group, ascending, by group.
  private(set) var units: [[Int32]]

  private let shape: BlockShape
  private let reader: CellReader
  private let design: Design
  private let replicates: ReplicateWeights
  private var buffer: RowBuffer
  /// Totals of the unit at hand by component, and the cells that have one.
  private var totals: [Double]
  private var isTouched: [Bool]
  private var touched: [Int] = []

  init(_ block: TabulationPlan.Block, replicates: ReplicateWeights, design: Design) {
    shape = BlockShape(block)
    reader = CellReader(block, design: design)
    self.design = design
    self.replicates = replicates
    buffer = RowBuffer(sums: block.sums.count)
    deviations = Array(repeating: 0, count: shape.componentCount * replicates.count)
    units = Array(repeating: [], count: shape.groupCount)
    totals = Array(repeating: 0, count: shape.componentCount)
    isTouched = Array(repeating: false, count: shape.cellCount)
  }

  mutating func fold(psus run: Range<Int>) {
    let stage = design.stages[0]
    let ends = stage.rowStart(ofUnit: run.lowerBound)..<stage.rowStart(ofUnit: run.upperBound)
    switch replicates.unit {
    case .row:
      // A replicate weight stands in the place of the weight: the number itself is multiplied.
      for row in ends {
        read(row..<row + 1, isWeighted: false)
        addUnit(row)
      }
    case .psu:
      for psu in run {
        read(stage.rowStart(ofUnit: psu)..<stage.rowStart(ofUnit: psu + 1), isWeighted: true)
        addUnit(psu)
      }
    }
  }

  /// Adds rows to the totals of the unit at hand.
  private mutating func read(_ rows: Range<Int>, isWeighted: Bool) {
    let outside = UInt32(shape.cellCount)
    let parts = shape.componentsPerCell
    design.weights.withSpan(of: Double.self) { weights in
      for row in rows {
        buffer.fill(from: row, reader: reader, design: design)
        let local = row - buffer.rows.lowerBound
        guard buffer.cells[local] != outside else { continue }
        let cell = Int(buffer.cells[local])
        if !isTouched[cell] {
          isTouched[cell] = true
          touched.append(cell)
        }
        let weight = isWeighted ? weights[row] : 1
        totals[cell * parts] += weight
        for part in 1..<max(parts, 1) {
          totals[cell * parts + part] +=
            weight * buffer.numbers[(part - 1) * CellReader.capacity + local]
        }
      }
    }
  }

  /// Adds the unit at hand, and forgets it.
  private mutating func addUnit(_ unit: Int) {
    guard !touched.isEmpty else { return }
    let parts = shape.componentsPerCell
    for cell in touched {
      for component in cell * parts..<(cell + 1) * parts {
        ReplicateFold.add(
          totals[component], ofUnit: unit, replicates: replicates, to: &deviations, at: component)
        totals[component] = 0
      }
    }
    for cell in touched {
      isTouched[cell] = false
      let group = cell / shape.levelCount
      if units[group].last != Int32(unit) { units[group].append(Int32(unit)) }
    }
    touched.removeAll(keepingCapacity: true)
  }

  private static func add(
    _ total: Double, ofUnit unit: Int, replicates: ReplicateWeights,
    to deviations: inout [Double], at component: Int
  ) {
    let count = replicates.count
    let start = component * count
    precondition(start + count <= deviations.count)
    var deviations = deviations.mutableSpan
    replicates.deviations.withSpan(of: Double.self) { multipliers in
      let multipliers = multipliers.extracting(unit * count..<(unit + 1) * count)
      // Both have `count` places from where they begin.
      for replicate in 0..<count {
        unsafe deviations[unchecked: start &+ replicate] +=
          total * multipliers[unchecked: replicate]
      }
    }
  }

  /// Adds the fold of the next run.
  mutating func merge(_ next: ReplicateFold) {
    for index in deviations.indices { deviations[index] += next.deviations[index] }
    for group in units.indices { units[group] += next.units[group] }
  }
}
