import SurveyData

/// Weighted totals by code.
struct ModelTotals: Sendable {
  /// Σw by code; the last is of rows outside.
  private(set) var weights: [Double]
  /// Σw·(y − origin) by code; empty where the outcome has levels.
  private(set) var sums: [Double]

  init(weights: [Double], sums: [Double]) {
    self.weights = weights
    self.sums = sums
  }

  init(codes: Int, hasSums: Bool) {
    weights = Array(repeating: 0, count: codes)
    sums = Array(repeating: 0, count: hasSums ? codes : 0)
  }

  mutating func add(
    _ codes: [UInt32], from first: Int, weights: Bytes, outcome: NumericColumn?, _ origin: Double
  ) {
    // `ModelRows` promises codes up to `outside`, and there are that many totals and one.
    var (allTotals, allSums) = (self.weights, self.sums)
    (self.weights, self.sums) = ([], [])
    weights.withSpan(of: Double.self) { rowWeights in
      var totals = allTotals.mutableSpan
      guard let outcome else {
        for index in codes.indices {
          let weight = unsafe rowWeights[unchecked: first + index]
          unsafe totals[unchecked: Int(codes[index])] += weight
        }
        return
      }
      outcome.withValues { numbers in
        var sums = allSums.mutableSpan
        let outside = UInt32(sums.count - 1)
        for index in codes.indices where codes[index] != outside {
          let weight = unsafe rowWeights[unchecked: first + index]
          let code = Int(codes[index])
          unsafe totals[unchecked: code] += weight
          unsafe sums[unchecked: code] += weight * (numbers[unchecked: first + index] - origin)
        }
      }
    }
    (self.weights, self.sums) = (allTotals, allSums)
  }

  mutating func add(_ other: ModelTotals) {
    for index in weights.indices { weights[index] += other.weights[index] }
    for index in sums.indices { sums[index] += other.sums[index] }
  }

  /// Σw and Σw·y by cell; of an outcome of two levels y is 1 for the first, of few numbers the
  /// level's, from the origin.
  func byCell(_ rows: ModelRows) -> (weights: [Double], sums: [Double]) {
    let levels = rows.levelCount
    if rows.levelValues == nil, levels == 1 {
      return (Array(weights.dropLast()), Array(sums.dropLast()))
    }
    let ofLevel =
      rows.levelValues.map { values in values.map { $0 - rows.origin } }
      ?? (0..<levels).map { $0 == 0 ? 1 : 0 }
    var found = (
      weights: [Double](repeating: 0, count: rows.cellCount),
      sums: [Double](repeating: 0, count: rows.cellCount)
    )
    for cell in 0..<rows.cellCount {
      for level in 0..<levels {
        let weight = weights[cell * levels + level]
        found.weights[cell] += weight
        found.sums[cell] += weight * ofLevel[level]
      }
    }
    return found
  }
}

/// The codes of a run of rows, with what they add up to: one reading gives both.
struct CountedRun: Sendable {
  let codes: [UInt32]
  let totals: ModelTotals
  /// Rows by code.
  let counts: [Int]

  /// Copies of the totals that take the rows in turn: where equal codes come in runs, one would wait
  /// for each addition before it begins the next. More than these do not stay in the nearest cache.
  private static func copies(codeCount: Int) -> Int { codeCount <= 1024 ? 4 : 1 }

  /// - Parameter codeCount: codes of the block, and one for rows outside.
  init(
    _ rows: Range<Int>, reader: CellReader, design: Design, codeCount: Int,
    outcome: NumericColumn?, origin: Double
  ) {
    let copies = Self.copies(codeCount: codeCount)
    var slots = [SIMD2<Double>](repeating: .zero, count: copies * codeCount)
    var sumSlots = [Double](repeating: 0, count: outcome == nil ? 0 : copies * codeCount)
    let found = unsafe [UInt32](unsafeUninitializedCapacity: rows.count) { codes, count in
      count = rows.count
      guard count > 0 else { return }
      design.weights.withSpan(of: Double.self) { weights in
        unsafe weights.extracting(rows).withUnsafeBufferPointer { weights in
          unsafe slots.withUnsafeMutableBufferPointer { slots in
            var offset = 0
            while offset < rows.count {
              let part = min(CellReader.capacity, rows.count - offset)
              let cells = unsafe codes.baseAddress! + offset
              unsafe reader.read(from: rows.lowerBound + offset, count: part, to: cells)
              // Still in the nearest cache.
              unsafe addInTurn(
                cells, weights.baseAddress! + offset, count: part, copies: copies,
                stride: codeCount, to: slots.baseAddress!)
              offset += part
            }
          }
        }
      }
    }
    codes = found
    if let outcome {
      let codes = found.span
      design.weights.withSpan(of: Double.self) { weights in
        outcome.withValues { numbers in
          var sums = sumSlots.mutableSpan
          let outside = UInt32(codeCount - 1)
          for index in codes.indices where codes[index] != outside {
            let row = rows.lowerBound &+ index
            // Codes are below `codeCount`: `CellReader`'s promise.
            let slot = (index & (copies &- 1)) &* codeCount &+ Int(codes[index])
            unsafe sums[unchecked: slot] += weights[row] * (numbers[row] - origin)
          }
        }
      }
    }
    var totals = [Double](repeating: 0, count: codeCount)
    var sums = [Double](repeating: 0, count: outcome == nil ? 0 : codeCount)
    var counts = [Int](repeating: 0, count: codeCount)
    for copy in 0..<copies {
      for code in 0..<codeCount {
        let slot = slots[copy * codeCount + code]
        totals[code] += slot.x
        counts[code] += Int(slot.y)
        if outcome != nil { sums[code] += sumSlots[copy * codeCount + code] }
      }
    }
    self.totals = ModelTotals(weights: totals, sums: sums)
    self.counts = counts
  }
}

/// Adds (weight, 1) to the slot of each row's code.
private func addInTurn(
  _ codes: UnsafePointer<UInt32>, _ weights: UnsafePointer<Double>, count: Int, copies: Int,
  stride: Int, to slots: UnsafeMutablePointer<SIMD2<Double>>
) {
  var row = 0
  if copies == 4 {
    while row &+ 4 <= count {
      unsafe slots[Int(codes[row])] += SIMD2(weights[row], 1)
      unsafe slots[stride &+ Int(codes[row &+ 1])] += SIMD2(weights[row &+ 1], 1)
      unsafe slots[2 &* stride &+ Int(codes[row &+ 2])] += SIMD2(weights[row &+ 2], 1)
      unsafe slots[3 &* stride &+ Int(codes[row &+ 3])] += SIMD2(weights[row &+ 3], 1)
      row &+= 4
    }
  }
  while row < count {
    unsafe slots[Int(codes[row])] += SIMD2(weights[row], 1)
    row &+= 1
  }
}
