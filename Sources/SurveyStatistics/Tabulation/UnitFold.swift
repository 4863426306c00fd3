import SurveyData

/// The fold of fused blocks over a run of whole PSUs, a batch of PSUs at a time.
///
/// A batch's totals are a matrix, a row a PSU and a column a cell; what they differ by from the run's
/// means is multiplied with itself, in tiles that stay in registers. The differences have nearly all
/// their digits in plain sums, and the moments about 0 are made of them exactly.
struct UnitFold {
  private static let batchRows = 8192
  private static let batchUnits = 64

  private let tables: UnitTables
  private let design: Design
  private var sums: [UnitSums]

  // Of the batch at hand.
  private var weights: [Double]
  private var itemLevels: [UInt8]
  /// By banner, then row.
  private var bannerLevels: [UInt8]
  private var capacity: Int
  /// The first row of each unit, and of the one after the last.
  private var starts: [Int] = []
  /// By unit: two tables of a place for each banner level and item level, filled in turn.
  private var totals: [Double]
  /// By unit, then cell.
  private var matrix: [Double]

  /// - Parameter means: by member of the fused tables and cell, about what a unit's total is.
  init(_ tables: UnitTables, design: Design, means: [[Double]]) {
    self.tables = tables
    self.design = design
    sums = tables.tables.map { UnitSums($0.shape, means: means[$0.member]) }
    capacity = Self.batchRows
    weights = Array(repeating: 0, count: capacity)
    itemLevels = Array(repeating: 0, count: capacity)
    bannerLevels = Array(repeating: 0, count: capacity * tables.banners.count)
    let width =
      tables.items.flatMap { item in
        item.tables.map { tables.banners[$0.banner].width << item.shift }
      }.max() ?? 0
    totals = Array(repeating: 0, count: Self.batchUnits * 2 * width)
    matrix = Array(
      repeating: 0, count: Self.batchUnits * (sums.map(\.width).max() ?? 0))
  }

  /// What the run comes to, by table; counts are not among it.
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
        var next = psu + 1
        while next < end, next - psu < Self.batchUnits,
          Int(unitStarts[next + 1] - unitStarts[psu]) <= Self.batchRows
        { next += 1 }
        add(psu..<next, unitStarts)
        psu = next
      }
      let isOpen = first == run.lowerBound || end == run.upperBound
      for index in sums.indices {
        let moments = sums[index].moments(units: end - first)
        sums[index].reset()
        guard !moments.isEmpty else { continue }
        if isOpen {
          open[index].append((stratum, moments))
        } else {
          folded[index].close(
            moments, siblings: design.siblings(ofGroup: stratum, stage: 0, above: 1))
        }
      }
      stratum += 1
    }
    return zip(folded, open).map { BlockFold.Part(folded: $0, openStrata: $1) }
  }

  private mutating func add(_ units: Range<Int>, _ unitStarts: [Int32]) {
    let rows = Int(unitStarts[units.lowerBound])..<Int(unitStarts[units.upperBound])
    starts = units.map { Int(unitStarts[$0]) - rows.lowerBound } + [rows.count]
    if rows.count > capacity {
      capacity = rows.count
      weights = Array(repeating: 0, count: capacity)
      itemLevels = Array(repeating: 0, count: capacity)
      bannerLevels = Array(repeating: 0, count: capacity * tables.banners.count)
    }
    readWeights(rows)
    unsafe bannerLevels.withUnsafeMutableBufferPointer { levels in
      for (index, banner) in tables.banners.enumerated() {
        unsafe banner.read(rows, to: levels.baseAddress! + index * capacity)
      }
    }
    var index = 0
    for item in tables.items {
      unsafe itemLevels.withUnsafeMutableBufferPointer { levels in
        unsafe item.reading.read(rows, to: levels.baseAddress!)
      }
      for table in item.tables {
        addTable(index, banner: table.banner, of: item, units: units.count)
        index += 1
      }
    }
  }

  /// Weights, those of rows outside the domain as 0: they change no total.
  private mutating func readWeights(_ rows: Range<Int>) {
    let domain = tables.domain
    unsafe weights.withUnsafeMutableBufferPointer { weights in
      design.weights.withSpan(of: Double.self) { source in
        for row in rows { unsafe weights[row - rows.lowerBound] = source[row] }
      }
      domain?.withSpan(of: UInt8.self) { mask in
        for row in rows where mask[row] == 0 { unsafe weights[row - rows.lowerBound] = 0 }
      }
    }
  }

  private mutating func addTable(
    _ index: Int, banner: Int, of item: UnitTables.Item, units: Int
  ) {
    let width = tables.banners[banner].width << item.shift
    unsafe totals.withUnsafeMutableBufferPointer { totals in
      unsafe matrix.withUnsafeMutableBufferPointer { matrix in
        unsafe weights.withUnsafeBufferPointer { weights in
          unsafe itemLevels.withUnsafeBufferPointer { items in
            unsafe bannerLevels.withUnsafeBufferPointer { banners in
              unsafe starts.withUnsafeBufferPointer { starts in
                unsafe UnitFold.fill(
                  totals.baseAddress!, width: width, shift: item.shift, units: units,
                  starts: starts.baseAddress!, weights: weights.baseAddress!,
                  items: items.baseAddress!, banners: banners.baseAddress! + banner * capacity)
              }
            }
          }
        }
        unsafe sums[index].add(
          totals.baseAddress!, width: width, shift: item.shift, units: units,
          matrix: matrix.baseAddress!)
      }
    }
  }

  /// Adds the rows of each unit to its two tables in turn, so that equal neighbours wait less for each
  /// other. Levels are below the places of the tables: what `Reading` promises.
  private static func fill(
    _ totals: UnsafeMutablePointer<Double>, width: Int, shift: Int, units: Int,
    starts: UnsafePointer<Int>, weights: UnsafePointer<Double>, items: UnsafePointer<UInt8>,
    banners: UnsafePointer<UInt8>
  ) {
    for unit in 0..<units {
      let even = unsafe totals + unit &* 2 &* width
      let odd = unsafe even + width
      var row = unsafe starts[unit]
      let end = unsafe starts[unit &+ 1]
      while row &+ 1 < end {
        let first = unsafe Int(banners[row]) &<< shift | Int(items[row])
        unsafe even[first] += weights[row]
        let second = unsafe Int(banners[row &+ 1]) &<< shift | Int(items[row &+ 1])
        unsafe odd[second] += weights[row &+ 1]
        row &+= 2
      }
      if row < end {
        let place = unsafe Int(banners[row]) &<< shift | Int(items[row])
        unsafe even[place] += weights[row]
      }
    }
  }
}

extension UnitTables.Item {
  /// Item levels take this many bits of a place.
  fileprivate var shift: Int { Int.bitWidth - (reading.width - 1).leadingZeroBitCount }
}
