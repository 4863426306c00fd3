import SurveyData

/// What a run of rows adds to one place of a fused table: one pair of codes.
struct FusedSums: Sendable, BitwiseCopyable {
  /// Rows of positive weight.
  var rows = 0
  var sum = Compensated()
  /// Σw², where it is wanted.
  var squares = Compensated()

  mutating func add(_ other: FusedSums) {
    rows += other.rows
    sum.add(other.sum)
    squares.add(other.squares)
  }
}

/// Counts the rows of fused tables, a chunk at a time.
///
/// The codes and weights of a chunk stay in the second cache while every joint table passes by. Rows
/// of its four quarters are taken in turn: neighbours often have equal codes, and each would wait for
/// the one before.
struct FusedCounts: Sendable {
  /// Rows of a chunk: short plain sums that keep their digits.
  static let capacity = 32_768

  private let tables: FusedTables
  /// (w, 1), or 0 for rows outside; where squares are wanted, `weights` and `inside` instead.
  private var terms: [SIMD2<Double>]
  /// Half the size of (w, w²), which stream by for every joint table.
  private var weights: [Double]
  /// 1, or 0 for rows outside.
  private var inside: [UInt8]
  /// Whether no row of the chunk is outside.
  private var isWhole = false
  /// By pack, then row: the code times `stride`.
  private var packCodes: [UInt16]
  private var itemCodes: [UInt16]
  /// A joint table, and its rows where `terms` do not count them.
  private var slots: [SIMD2<Double>]
  private var rows: [UInt32]
  /// The joint table with one item alone, and a single table.
  private var margins: [SIMD2<Double>]
  private var marginRows: [UInt32]
  /// The weight of all rows of the chunk, where they have the same.
  private var commonWeight: Double?

  init(_ tables: FusedTables) {
    self.tables = tables
    let slotCount = tables.stride * (tables.packSizes.max() ?? 1)
    terms = Array(repeating: .zero, count: tables.needsSquares ? 0 : Self.capacity)
    weights = Array(repeating: 0, count: Self.capacity)
    inside = Array(repeating: 0, count: tables.needsSquares ? Self.capacity : 0)
    packCodes = Array(repeating: 0, count: Self.capacity * tables.packs.count)
    itemCodes = Array(repeating: 0, count: Self.capacity)
    slots = Array(repeating: .zero, count: slotCount)
    rows = Array(repeating: 0, count: slotCount)
    margins = Array(repeating: .zero, count: slotCount)
    marginRows = Array(repeating: 0, count: slotCount)
  }

  /// The sums of rows by place.
  mutating func sums(of rows: Range<Int>, design: Design) -> [FusedSums] {
    var sums = [FusedSums](repeating: FusedSums(), count: tables.placeCount)
    // Chunks of about equal length.
    let chunks = max(1, (rows.count + Self.capacity - 1) / Self.capacity)
    for chunk in 0..<chunks {
      let start = rows.lowerBound + rows.count * chunk / chunks
      let end = rows.lowerBound + rows.count * (chunk + 1) / chunks
      if end > start { add(start..<end, design: design, to: &sums) }
    }
    return sums
  }

  private mutating func add(_ rows: Range<Int>, design: Design, to sums: inout [FusedSums]) {
    readTerms(rows, design: design)
    for pack in tables.packs.indices {
      let columns = tables.packs[pack].flatMap { tables.banners[$0].columns }
      unsafe packCodes.withUnsafeMutableBufferPointer { codes in
        unsafe Self.readCodes(
          columns, rows, scale: tables.stride, to: codes.baseAddress! + pack * Self.capacity)
      }
    }
    for (group, items) in tables.groups.enumerated() {
      let columns = items.flatMap { tables.items[$0].columns }
      unsafe itemCodes.withUnsafeMutableBufferPointer { codes in
        unsafe Self.readCodes(columns, rows, scale: 1, to: codes.baseAddress!)
      }
      for pack in tables.packs.indices where isWanted(group, pack) {
        count(rows.count, pack: pack)
        for position in items.indices {
          empty(position, of: items, pack: pack, into: &sums)
        }
        clear(pack: pack)
      }
    }
  }

  private func isWanted(_ group: Int, _ pack: Int) -> Bool {
    tables.groups[group].contains { item in
      tables.packs[pack].contains { tables.starts[item][$0] >= 0 }
    }
  }

  /// Weights, with the rows outside at 0, and what is counted beside them.
  private mutating func readTerms(_ rows: Range<Int>, design: Design) {
    let needsSquares = tables.needsSquares
    let domain = tables.domain
    var lowest = Double.infinity
    var highest = 0.0
    var outside = 0
    unsafe weights.withUnsafeMutableBufferPointer { kept in
      design.weights.withSpan(of: Double.self) { weights in
        let weights = weights.extracting(rows)
        for row in weights.indices { unsafe kept[row] = weights[row] }
      }
      domain?.withSpan(of: UInt8.self) { mask in
        let mask = mask.extracting(rows)
        for row in mask.indices where mask[row] == 0 { unsafe kept[row] = 0 }
      }
      unsafe terms.withUnsafeMutableBufferPointer { terms in
        unsafe inside.withUnsafeMutableBufferPointer { inside in
          for row in 0..<rows.count {
            let weight = unsafe kept[row]
            let isInside = weight > 0
            lowest = min(lowest, isInside ? weight : lowest)
            highest = max(highest, weight)
            if needsSquares {
              unsafe inside[row] = isInside ? 1 : 0
              outside += isInside ? 0 : 1
            } else {
              unsafe terms[row] = SIMD2(weight, isInside ? 1 : 0)
            }
          }
        }
      }
    }
    isWhole = outside == 0
    commonWeight = lowest == highest ? lowest : nil
  }

  /// The codes of columns as one, the first varying slowest, times `scale`.
  private static func readCodes(
    _ columns: [CategoricalColumn], _ rows: Range<Int>, scale: Int,
    to codes: UnsafeMutablePointer<UInt16>
  ) {
    // Below 65,536: what `FusedTables` sees to.
    var factor = scale
    for (index, column) in columns.reversed().enumerated() {
      let by = UInt16(truncatingIfNeeded: factor)
      column.bytes.withSpan(of: UInt8.self) { bytes in
        let bytes = bytes.extracting(rows)
        if index == 0 {
          for row in bytes.indices {
            unsafe codes[row] = UInt16(bytes[unchecked: row]) &* by
          }
        } else {
          for row in bytes.indices {
            unsafe codes[row] &+= UInt16(bytes[unchecked: row]) &* by
          }
        }
      }
      factor *= column.categories.count
    }
  }

  /// Adds the chunk to the joint table of the items at hand and a pack.
  private mutating func count(_ count: Int, pack: Int) {
    let needsSquares = tables.needsSquares
    let isWhole = self.isWhole
    unsafe packCodes.withUnsafeBufferPointer { packCodes in
      unsafe itemCodes.withUnsafeBufferPointer { itemCodes in
        unsafe slots.withUnsafeMutableBufferPointer { slots in
          let kernel = unsafe JointKernel(
            packCodes: packCodes.baseAddress! + pack * Self.capacity,
            itemCodes: itemCodes.baseAddress!, slots: slots.baseAddress!)
          guard needsSquares else {
            unsafe terms.withUnsafeBufferPointer {
              unsafe kernel.add(count, terms: $0.baseAddress!)
            }
            return
          }
          unsafe weights.withUnsafeBufferPointer { weights in
            unsafe rows.withUnsafeMutableBufferPointer { rows in
              if isWhole {
                unsafe kernel.add(count, weights: weights.baseAddress!, rows: rows.baseAddress!)
                return
              }
              unsafe inside.withUnsafeBufferPointer { inside in
                unsafe kernel.add(
                  count, weights: weights.baseAddress!, inside: inside.baseAddress!,
                  rows: rows.baseAddress!)
              }
            }
          }
        }
      }
    }
  }

  /// Sums the joint table out into the single tables of one of its items.
  private mutating func empty(
    _ position: Int, of items: [Int], pack: Int, into sums: inout [FusedSums]
  ) {
    let item = items[position]
    let size = tables.items[item].size
    // The other item, before this one or after it.
    let before = position == 0 ? 1 : tables.items[items[0]].size
    let after = position == 0 && items.count == 2 ? tables.items[items[1]].size : 1
    let packSize = tables.packSizes[pack]
    let stride = tables.stride
    let needsSquares = tables.needsSquares
    unsafe slots.withUnsafeBufferPointer { slots in
      unsafe margins.withUnsafeMutableBufferPointer { margins in
        for code in 0..<packSize {
          for level in 0..<size {
            var total = SIMD2<Double>.zero
            for major in 0..<before {
              let first = code &* stride &+ (major &* size &+ level) &* after
              for minor in 0..<after { unsafe total += slots[first &+ minor] }
            }
            unsafe margins[code &* size &+ level] = total
          }
        }
      }
    }
    if needsSquares {
      for code in 0..<packSize {
        for level in 0..<size {
          var total: UInt32 = 0
          for major in 0..<before {
            let first = code * stride + (major * size + level) * after
            for minor in 0..<after { total &+= rows[first + minor] }
          }
          marginRows[code * size + level] = total
        }
      }
    }
    addMargins(item: item, pack: pack, into: &sums)
  }

  /// Adds the joint table of one item and the pack to the item's tables.
  private func addMargins(item: Int, pack: Int, into sums: inout [FusedSums]) {
    let size = tables.items[item].size
    let banners = tables.packs[pack]
    // The codes after an axis in the pack.
    var after = tables.packSizes[pack]
    for banner in banners {
      let width = tables.banners[banner].size
      after /= width
      let start = tables.starts[item][banner]
      guard start >= 0 else { continue }
      var table = [SIMD2<Double>](repeating: .zero, count: size * width)
      var tableRows = [UInt32](repeating: 0, count: tables.needsSquares ? size * width : 0)
      for code in 0..<tables.packSizes[pack] {
        let column = code / after % width
        for level in 0..<size {
          table[level * width + column] += margins[code * size + level]
          if tables.needsSquares {
            tableRows[level * width + column] &+= marginRows[code * size + level]
          }
        }
      }
      for place in table.indices {
        let count = tables.needsSquares ? Int(tableRows[place]) : Int(table[place].y)
        guard count > 0 else { continue }
        sums[start + place].rows += count
        if let commonWeight {
          sums[start + place].sum.add(Compensated(commonWeight, times: count))
          sums[start + place].squares.add(
            Compensated(commonWeight * commonWeight, times: count))
        } else {
          sums[start + place].sum.add(table[place].x)
          if tables.needsSquares { sums[start + place].squares.add(table[place].y) }
        }
      }
    }
  }

  private mutating func clear(pack: Int) {
    let count = tables.packSizes[pack] * tables.stride
    unsafe slots.withUnsafeMutableBufferPointer {
      unsafe $0.baseAddress!.update(repeating: .zero, count: count)
    }
    guard tables.needsSquares else { return }
    unsafe rows.withUnsafeMutableBufferPointer {
      unsafe $0.baseAddress!.update(repeating: 0, count: count)
    }
  }
}

/// The innermost loop of fused tables. Codes are those of columns that were checked, and there is a
/// slot for each joint one.
@unsafe private struct JointKernel {
  let packCodes: UnsafePointer<UInt16>
  let itemCodes: UnsafePointer<UInt16>
  let slots: UnsafeMutablePointer<SIMD2<Double>>

  /// Every row with its slot, quarters in turn.
  @inline(__always)
  private func forEach(_ count: Int, _ body: (_ row: Int, _ slot: Int) -> Void) {
    let quarter = count &>> 2
    for row in 0..<quarter {
      for part in 0..<4 {
        let row = row &+ part &* quarter
        unsafe body(row, Int(packCodes[row]) &+ Int(itemCodes[row]))
      }
    }
    for row in quarter &* 4..<count {
      unsafe body(row, Int(packCodes[row]) &+ Int(itemCodes[row]))
    }
  }

  /// (Σw, rows).
  func add(_ count: Int, terms: UnsafePointer<SIMD2<Double>>) {
    unsafe forEach(count) { row, slot in unsafe slots[slot] += terms[row] }
  }

  /// (Σw, Σw²), and the rows by themselves: none is outside.
  func add(
    _ count: Int, weights: UnsafePointer<Double>, rows: UnsafeMutablePointer<UInt32>
  ) {
    unsafe forEach(count) { row, slot in
      let weight = unsafe weights[row]
      unsafe slots[slot] += SIMD2(weight, weight * weight)
      unsafe rows[slot] &+= 1
    }
  }

  func add(
    _ count: Int, weights: UnsafePointer<Double>, inside: UnsafePointer<UInt8>,
    rows: UnsafeMutablePointer<UInt32>
  ) {
    unsafe forEach(count) { row, slot in
      let weight = unsafe weights[row]
      unsafe slots[slot] += SIMD2(weight, weight * weight)
      unsafe rows[slot] &+= UInt32(inside[row])
    }
  }
}

extension Compensated {
  /// A product to its last digit.
  init(_ value: Double, times count: Int) {
    let factor = Double(count)
    let product = value * factor
    self.init(sum: product, error: (-product).addingProduct(value, factor))
  }
}
