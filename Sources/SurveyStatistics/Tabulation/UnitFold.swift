import SurveyData

/// The fold of fused blocks over a run of whole PSUs, a batch of PSUs at a time.
///
/// A batch's totals are a matrix, a row a PSU and a column a cell; what they differ by from about their
/// means is multiplied with itself. The differences have nearly all their digits in plain sums, and the
/// moments about 0 are made of them exactly.
struct UnitFold {
  /// A batch has few units, so that its matrix stays in the nearest cache, or in the second where items
  /// go abreast; more where they are so small that what a batch costs would show.
  private let fewUnits: Int
  private static let batchUnits = 64
  private static let enoughRows = 2048
  private static let batchRows = 8192

  private let tables: UnitTables
  private let design: Design
  /// By table; `nil` for margins and tables of `lanes`.
  private var sums: [UnitSums?]
  /// By table: rows of positive weight by cell, whole numbers.
  private var counts: [[Double]]
  /// By panel: its items abreast, where it has any.
  private var lanes: [LaneFold?]

  // Of the batch at hand.
  private var terms: [SIMD2<Double>] = []
  /// By row, then banner of the panel at hand.
  private var bannerPlaces: [UInt16] = []
  /// The codes of an item with one level for all.
  private var noCodes: [UInt8] = []
  /// The first row of each unit, and of the one after the last.
  private var starts: [Int] = []
  /// The cells of a panel, and the places outside.
  private var cells: [SIMD2<Double>]
  /// By unit, then cell of the panel's tables.
  private var matrix: [Double]

  init(_ tables: UnitTables, design: Design) {
    self.tables = tables
    self.design = design
    let isFilled = zip(tables.tables, tables.placesAbreast).map { $0.whole == nil && $1 == nil }
    sums = zip(tables.tables, isFilled).map { $1 ? UnitSums($0.shape) : nil }
    counts = zip(tables.tables, isFilled).map {
      Array(repeating: 0, count: $1 ? $0.shape.cellCount : 0)
    }
    fewUnits = tables.lanePanels.contains { $0 != nil } ? 32 : 16
    lanes = tables.lanePanels.map { $0.map { LaneFold($0, batchUnits: Self.batchUnits) } }
    cells = Array(repeating: .zero, count: tables.placeCount)
    let stride = tables.panels.filter { !$0.items.isEmpty }.map(\.stride).max() ?? 0
    matrix = Array(
      repeating: 0, count: Self.batchUnits * stride + BandedProducts.columnsReadBeyond)
    makeRoom(forRows: Self.batchRows)
  }

  private mutating func makeRoom(forRows rows: Int) {
    guard rows > terms.count else { return }
    terms = Array(repeating: .zero, count: rows)
    noCodes = Array(repeating: 0, count: rows)
    let banners =
      tables.panels.filter { !$0.items.isEmpty }.map(\.banners.count).max() ?? 0
    bannerPlaces = Array(repeating: 0, count: rows * banners)
  }

  /// What the run comes to, by table.
  mutating func parts(psus run: Range<Int>) -> [BlockFold.Part] {
    var folded = tables.tables.map { FoldedTotals($0.shape) }
    var open = folded.map { _ in [(stratum: Int, moments: Moments)]() }
    let stage = design.stages[0]
    let unitStarts = stage.unitStarts ?? []
    var psu = run.lowerBound
    var stratum = stage.group(ofUnit: psu)
    while psu < run.upperBound {
      let first = psu
      let end = min(Int(stage.groupStarts[stratum + 1]), run.upperBound)
      while psu < end {
        let next = batchEnd(from: psu, to: end, unitStarts)
        add(psu..<next, unitStarts)
        psu = next
      }
      let isOpen = first == run.lowerBound || end == run.upperBound
      for index in folded.indices {
        let moments = moments(ofTable: index)
        guard !moments.isEmpty else { continue }
        if isOpen {
          open[index].append((stratum, moments))
        } else {
          folded[index].close(
            moments, siblings: design.siblings(ofGroup: stratum, stage: 0, above: 1))
        }
      }
      for index in sums.indices { sums[index]?.reset() }
      for index in lanes.indices { lanes[index]?.reset() }
      stratum += 1
    }
    for index in folded.indices { folded[index].counts = counts(ofTable: index) }
    return zip(folded, open).map { BlockFold.Part(folded: $0, openStrata: $1) }
  }

  private func batchEnd(from first: Int, to end: Int, _ unitStarts: [Int32]) -> Int {
    var next = first + 1
    while next < end, next - first < Self.batchUnits,
      Int(unitStarts[next + 1] - unitStarts[first]) <= Self.batchRows,
      next - first < fewUnits || Int(unitStarts[next] - unitStarts[first]) < Self.enoughRows
    { next += 1 }
    return next
  }

  private func moments(ofTable index: Int) -> Moments {
    let filled = tables.tables[index].whole ?? index
    if let place = tables.placesAbreast[filled] {
      return moments(ofTable: index, lanes[place.panel]!.sums[place.eight].sums(of: place))
    }
    return moments(ofTable: index, sums[filled]!)
  }

  private func moments(ofTable index: Int, _ sums: some CentredSums) -> Moments {
    let table = tables.tables[index]
    guard let whole = table.whole else { return sums.moments(table.shape) }
    return UnitSums(
      table.shape, marginOf: sums, groupCount: tables.tables[whole].shape.groupCount
    ).moments(table.shape)
  }

  private func counts(ofTable index: Int) -> [Int] {
    let table = tables.tables[index]
    let filled = table.whole ?? index
    let ofCells =
      tables.placesAbreast[filled].map { lanes[$0.panel]!.counts(of: $0) }
      ?? counts[filled].map { Int($0) }
    guard table.whole != nil else { return ofCells }
    var margin = [Int](repeating: 0, count: table.shape.cellCount)
    for (cell, count) in ofCells.enumerated() { margin[cell % table.shape.levelCount] += count }
    return margin
  }

  private mutating func add(_ units: Range<Int>, _ unitStarts: [Int32]) {
    let rows = Int(unitStarts[units.lowerBound])..<Int(unitStarts[units.upperBound])
    starts = units.map { Int(unitStarts[$0]) - rows.lowerBound } + [rows.count]
    makeRoom(forRows: rows.count)
    readTerms(rows)
    for index in lanes.indices {
      unsafe terms.withUnsafeBufferPointer { terms in
        unsafe lanes[index]?.add(rows, starts: starts, terms: terms.baseAddress!)
      }
    }
    for panel in tables.panels where !panel.items.isEmpty {
      unsafe bannerPlaces.withUnsafeMutableBufferPointer { places in
        for (index, banner) in panel.banners.enumerated() {
          unsafe banner.read(rows, to: places.baseAddress! + index, stride: panel.banners.count)
        }
      }
      for item in panel.items {
        fill(panel, item, rows)
        for (table, start) in zip(item.tables, panel.starts) {
          unsafe matrix.withUnsafeMutableBufferPointer { matrix in
            unsafe sums[table]!.add(
              matrix.baseAddress! + start, stride: panel.stride, units: units.count)
          }
          Self.moveRows(of: &cells, from: start, to: &counts[table])
        }
      }
    }
  }

  /// Weights and ones, those of rows outside the domain as 0: they change no total.
  private mutating func readTerms(_ rows: Range<Int>) {
    let domain = tables.domain
    unsafe terms.withUnsafeMutableBufferPointer { terms in
      design.weights.withSpan(of: Double.self) { weights in
        let weights = weights.extracting(rows)
        for row in weights.indices {
          unsafe terms[row] = SIMD2(weights[row], weights[row] > 0 ? 1 : 0)
        }
      }
      domain?.withSpan(of: UInt8.self) { mask in
        let mask = mask.extracting(rows)
        for row in mask.indices where mask[row] == 0 { unsafe terms[row] = .zero }
      }
    }
  }

  /// Fills the matrix with the totals of the units, and the cells with their rows.
  private mutating func fill(
    _ panel: UnitPanel, _ item: UnitPanel.Item, _ rows: Range<Int>
  ) {
    let codes = item.column?.bytes
    unsafe noCodes.withUnsafeBufferPointer { noCodes in
      guard let codes else {
        unsafe fill(panel, item.places, noCodes.baseAddress!)
        return
      }
      codes.withSpan(of: UInt8.self) { codes in
        unsafe codes.extracting(rows).withUnsafeBufferPointer { codes in
          unsafe fill(panel, item.places, codes.baseAddress!)
        }
      }
    }
  }

  private mutating func fill(
    _ panel: UnitPanel, _ itemPlaces: UnitPlaces, _ itemCodes: UnsafePointer<UInt8>
  ) {
    unsafe terms.withUnsafeBufferPointer { terms in
      unsafe itemPlaces.places.withUnsafeBufferPointer { itemPlaces in
        unsafe bannerPlaces.withUnsafeBufferPointer { bannerPlaces in
          unsafe cells.withUnsafeMutableBufferPointer { cells in
            let kernel = unsafe PanelKernel(
              terms: terms.baseAddress!, itemCodes: itemCodes,
              itemPlaces: itemPlaces.baseAddress!, bannerPlaces: bannerPlaces.baseAddress!,
              bannerCount: panel.banners.count, cells: cells.baseAddress!)
            unsafe matrix.withUnsafeMutableBufferPointer { matrix in
              for unit in 0..<starts.count - 1 {
                unsafe kernel.add(starts[unit]..<starts[unit + 1])
                for joint in panel.joints {
                  unsafe kernel.sumOut(joint, levelCount: panel.levelCount)
                }
                unsafe kernel.moveTotals(
                  of: panel.stride, to: matrix.baseAddress! + unit * panel.stride)
              }
            }
          }
        }
      }
    }
  }

  /// Moves the rows of a table's cells to its counts.
  private static func moveRows(
    of cells: inout [SIMD2<Double>], from start: Int, to counts: inout [Double]
  ) {
    unsafe cells.withUnsafeMutableBufferPointer { cells in
      let cells = unsafe cells.baseAddress! + start
      unsafe counts.withUnsafeMutableBufferPointer { counts in
        for cell in 0..<counts.count {
          unsafe counts[cell] += cells[cell].y
          unsafe cells[cell].y = 0
        }
      }
    }
  }
}

extension UnitPanel {
  /// Numbers in a row of the matrix: cells are moved two at a time.
  fileprivate var stride: Int { (tableCells + 1) / 2 * 2 }
}
