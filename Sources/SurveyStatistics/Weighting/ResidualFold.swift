import SurveyData

/// The covariances of a block's totals where the weights were fitted to margins: those of the totals
/// of residuals from the margins.
///
/// A residual differs from 0 outside the block's cells too, so every sampling unit has a total of
/// every component; nothing is sparse here.
struct ResidualFold {
  private let shape: BlockShape
  private let design: Design
  private let model: MarginModel
  private let reader: CellReader
  private var buffer: RowBuffer
  /// By column of the model, then component.
  private var coefficients: [Double]
  /// Σw·x of the unit at hand by column of the model, and the columns that have one.
  private var margins: [Double]
  private var touched: [Int32] = []
  private var touchedGroups: [Bool]
  private var covariances: [Compensated]

  init(_ block: TabulationPlan.Block, design: Design, model: MarginModel) {
    shape = BlockShape(block)
    self.design = design
    self.model = model
    reader = CellReader(block, design: design)
    buffer = RowBuffer(sums: block.sums.count)
    margins = Array(repeating: 0, count: model.columnCount)
    touchedGroups = Array(repeating: false, count: shape.groupCount)
    covariances = Array(repeating: Compensated(), count: shape.pairCount)
    coefficients = []
    coefficients = regressions()
  }

  /// B of every component.
  private mutating func regressions() -> [Double] {
    let count = shape.componentCount
    let parts = shape.componentsPerCell
    var products = [Double](repeating: 0, count: model.columnCount * count)
    let outside = UInt32(shape.cellCount)
    for row in 0..<design.rowCount {
      buffer.fill(from: row, reader: reader, design: design)
      let local = row - buffer.rows.lowerBound
      guard buffer.cells[local] != outside else { continue }
      let first = Int(buffer.cells[local]) * parts
      for entry in 0..<model.entryCount {
        let column = Int(model.columns[row * model.entryCount + entry])
        guard column >= 0 else { continue }
        let x = model.starts[row] * model.value(row, entry: entry)
        products[column * count + first] += x
        for part in 1..<max(parts, 1) {
          products[column * count + first + part] +=
            x * buffer.numbers[(part - 1) * CellReader.capacity + local]
        }
      }
    }
    var result = [Double](repeating: 0, count: products.count)
    for component in 0..<count {
      let solved = model.coefficients(
        (0..<model.columnCount).map { products[$0 * count + component] })
      for column in solved.indices { result[column * count + component] = solved[column] }
    }
    return result
  }

  /// The packed covariances of the block, in the order of `FoldedTotals`.
  mutating func folded() -> [Compensated] {
    let stage = design.stages[0]
    var total = [Double](repeating: 0, count: shape.componentCount)
    var moments = DenseMoments(shape)
    for stratum in 0..<stage.groupStarts.count - 1 {
      for psu in Int(stage.groupStarts[stratum])..<Int(stage.groupStarts[stratum + 1]) {
        addUnit(psu, stage: 0, above: 1, into: &total)
        moments.add(total, touching: touchedGroups)
        forgetGroups()
      }
      moments.addVariance(
        to: &covariances, siblings: design.siblings(ofGroup: stratum, stage: 0, above: 1))
      moments.reset()
    }
    return covariances
  }

  /// The totals of a unit's residuals, and the variance between the units within it.
  private mutating func addUnit(
    _ unit: Int, stage: Int, above: Double, into total: inout [Double]
  ) {
    for component in total.indices { total[component] = 0 }
    let here = design.stages[stage]
    guard stage + 1 < design.stages.count else {
      read(here.rowStart(ofUnit: unit)..<here.rowStart(ofUnit: unit + 1), into: &total)
      return
    }
    let fraction = above * here.fractions[here.group(ofUnit: unit)]
    let inner = design.stages[stage + 1]
    var moments = DenseMoments(shape)
    var part = total
    var all = touchedGroups
    for child in Int(inner.groupStarts[unit])..<Int(inner.groupStarts[unit + 1]) {
      forgetGroups()
      addUnit(child, stage: stage + 1, above: fraction, into: &part)
      moments.add(part, touching: touchedGroups)
      for group in all.indices where touchedGroups[group] { all[group] = true }
      for component in total.indices { total[component] += part[component] }
    }
    touchedGroups = all
    moments.addVariance(
      to: &covariances,
      siblings: design.siblings(ofGroup: unit, stage: stage + 1, above: fraction))
  }

  private mutating func forgetGroups() {
    for group in touchedGroups.indices { touchedGroups[group] = false }
  }

  /// Σw·y − (Σw·x)′B over rows.
  private mutating func read(_ rows: Range<Int>, into total: inout [Double]) {
    let parts = shape.componentsPerCell
    let count = shape.componentCount
    let outside = UInt32(shape.cellCount)
    design.weights.withSpan(of: Double.self) { weights in
      for row in rows where weights[row] != 0 {
        for entry in 0..<model.entryCount {
          let column = model.columns[row * model.entryCount + entry]
          guard column >= 0 else { continue }
          if margins[Int(column)] == 0 { touched.append(column) }
          margins[Int(column)] += weights[row] * model.value(row, entry: entry)
        }
        buffer.fill(from: row, reader: reader, design: design)
        let local = row - buffer.rows.lowerBound
        guard buffer.cells[local] != outside else { continue }
        let cell = Int(buffer.cells[local])
        touchedGroups[shape.group(ofCell: cell)] = true
        total[cell * parts] += weights[row]
        for part in 1..<max(parts, 1) {
          total[cell * parts + part] +=
            weights[row] * buffer.numbers[(part - 1) * CellReader.capacity + local]
        }
      }
    }
    // A column can stand here twice where its sum passed through 0; the second time it adds 0.
    for column in touched.lazy.map({ Int($0) }) {
      let sum = margins[column]
      margins[column] = 0
      guard sum != 0 else { continue }
      for component in 0..<count {
        total[component] -= sum * coefficients[column * count + component]
      }
    }
    touched.removeAll(keepingCapacity: true)
  }
}

/// Sums and cross-products of siblings' totals, measured from the first of them.
private struct DenseMoments {
  private let shape: BlockShape
  private var count = 0
  private var origin: [Double]
  private var sums: [Double]
  private var products: [Double]
  private var unitsTouching: [Int32]

  init(_ shape: BlockShape) {
    self.shape = shape
    origin = Array(repeating: 0, count: shape.componentCount)
    sums = origin
    products = Array(repeating: 0, count: shape.pairCount)
    unitsTouching = Array(repeating: 0, count: shape.groupCount)
  }

  mutating func add(_ total: [Double], touching: [Bool]) {
    count += 1
    for group in touching.indices where touching[group] { unitsTouching[group] += 1 }
    guard count > 1 else {
      origin = total
      return
    }
    for scope in 0..<shape.scopeCount {
      let start = scope * shape.scopeSize
      for row in 0..<shape.scopeSize {
        let difference = total[start + row] - origin[start + row]
        sums[start + row] += difference
        let pairs = shape.pairs(ofRow: row, scope: scope) - shape.componentCount
        for column in 0...row {
          products[pairs + column] += difference * (total[start + column] - origin[start + column])
        }
      }
    }
  }

  func addVariance(to covariances: inout [Compensated], siblings: Siblings) {
    let n = Double(count)
    for scope in 0..<shape.scopeCount {
      let start = scope * shape.scopeSize
      let term = siblings.term(
        unitsTouching: shape.isWhole ? Int32(siblings.count) : unitsTouching[scope])
      for row in 0..<shape.scopeSize {
        let pairs = shape.pairs(ofRow: row, scope: scope) - shape.componentCount
        for column in 0...row {
          let (a, b) = (start + row, start + column)
          let product = products[pairs + column]
          switch term {
          case .centred(let scale):
            covariances[pairs + column].add(scale * (product - sums[a] * sums[b] / n))
          case .uncentred(let scale):
            covariances[pairs + column].add(
              scale
                * (product + origin[a] * sums[b] + sums[a] * origin[b] + n * origin[a] * origin[b]))
          case .nothing, .averaged: break
          }
        }
      }
    }
  }

  mutating func reset() {
    count = 0
    for index in sums.indices { sums[index] = 0 }
    for index in products.indices { products[index] = 0 }
    for index in unitsTouching.indices { unitsTouching[index] = 0 }
  }
}

extension FoldedTotals {
  /// Puts the covariances of residuals in the place of those of totals.
  ///
  /// What is left of a total that the margins fix is rounding, and becomes 0: a standard error below
  /// 1e-11 of the total's own.
  mutating func takeResiduals(_ residuals: [Compensated]) {
    for scope in 0..<shape.scopeCount {
      let start = scope * shape.scopeSize
      let isFixed = (0..<shape.scopeSize).map { row in
        let pair = shape.pairs(ofRow: row, scope: scope) - shape.componentCount + row
        let units = Double(max(psus.reduce(0, +), 1))
        let total = totals[start + row].value
        let square = covariance(ofPair: pair).value + total * total / units
        return residuals[pair].value <= 1e-22 * square
      }
      for row in 0..<shape.scopeSize {
        let pairs = shape.pairs(ofRow: row, scope: scope) - shape.componentCount
        for column in 0...row {
          setCovariance(
            isFixed[row] || isFixed[column] ? Compensated() : residuals[pairs + column],
            ofPair: pairs + column)
        }
      }
    }
  }
}
