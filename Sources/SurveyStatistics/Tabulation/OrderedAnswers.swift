/// The weighted answers of one group in the order of their values: its empirical distribution
/// function F̂(x) = Σw·1[xᵢ ≤ x]/Σw, as steps.
///
/// Only what is asked for is put in order. The answers are a tree of buckets of equal width; a search
/// goes down one branch and refines what it meets, so that a quantile costs a few reads of each
/// answer and not a sort.
///
/// - Complexity: O(n) for the first search, then O(log n) and the refinement of a bucket or two.
package struct OrderedAnswers: Sendable {
  /// The answers of one value: a step of the distribution function.
  package struct Step: Sendable {
    package let value: Double
    /// Where they stand among all answers, counted from 0.
    package let ranks: Range<Int>
    /// The weight of the answers below, and of those up to and with this value.
    package let before: Double
    package let through: Double
  }

  /// Answers that stand together, between two values. `children` are ranges of finer ones.
  private struct Bucket {
    var ranks: Range<Int>
    var low: Double
    var high: Double
    var before: Compensated
    var through: Compensated
    var children: Range<Int>?

    var isStep: Bool { low == high }
  }

  private var values: [Double]
  private var weights: [Double]
  /// The dataset row of each answer.
  private var rows: [Int32]
  private var buckets: [Bucket] = []

  /// - Parameters:
  ///   - values: no NaN.
  ///   - weights: above 0.
  ///   - rows: the dataset row of each.
  package init(values: [Double], weights: [Double], rows: [Int32]) {
    self.values = values
    self.weights = weights
    self.rows = rows
    if !values.isEmpty { appendBucket(0..<values.count, before: Compensated()) }
  }

  package var count: Int { values.count }
  package var isEmpty: Bool { values.isEmpty }
  /// Σw.
  package var totalWeight: Double { buckets.first?.through.value ?? 0 }

  /// The first step whose cumulated weight is at least `weight`; the last one where none is.
  ///
  /// - Precondition: there are answers.
  package mutating func step(reaching weight: Double) -> Step {
    var bucket = 0
    while !buckets[bucket].isStep {
      let children = refined(bucket)
      bucket = firstIndex(in: children) { buckets[$0].through.value >= weight }
    }
    return step(of: bucket)
  }

  /// The step that has the answer of a rank.
  package mutating func step(atRank rank: Int) -> Step {
    var bucket = 0
    while !buckets[bucket].isStep {
      let children = refined(bucket)
      bucket = firstIndex(in: children) { buckets[$0].ranks.upperBound > rank }
    }
    return step(of: bucket)
  }

  package mutating func step(after step: Step) -> Step? {
    step.ranks.upperBound < count ? self.step(atRank: step.ranks.upperBound) : nil
  }

  package mutating func step(before step: Step) -> Step? {
    step.ranks.lowerBound > 0 ? self.step(atRank: step.ranks.lowerBound - 1) : nil
  }

  /// The weights of the first and the last answer of a step, in the order of the dataset's rows.
  package func endWeights(of step: Step) -> (first: Double, last: Double) {
    var first = step.ranks.lowerBound
    var last = first
    for rank in step.ranks {
      if rows[rank] < rows[first] { first = rank }
      if rows[rank] > rows[last] { last = rank }
    }
    return (weights[first], weights[last])
  }

  /// Each answer and its dataset row, in no particular order.
  func forEachAnswer(_ body: (_ value: Double, _ datasetRow: Int32) -> Void) {
    for rank in values.indices { body(values[rank], rows[rank]) }
  }

  /// Puts order into what is certain to be searched: for use on several threads.
  mutating func prepare() {
    if !isEmpty, !buckets[0].isStep { _ = refined(0) }
  }

  /// Writes for each answer, at its dataset row, 1 + the number of `points` below it.
  ///
  /// - Parameter points: ascending, at most 254.
  func writeLevels(cutAt points: [Double], to levels: inout MutableSpan<UInt8>) {
    let (values, rows) = (values.span, rows.span)
    if points.count == 1 {
      let point = points[0]
      for rank in values.indices { levels[Int(rows[rank])] = values[rank] > point ? 2 : 1 }
      return
    }
    let points = points.span
    for rank in values.indices {
      var level: UInt8 = 1
      for index in points.indices where values[rank] > points[index] { level += 1 }
      levels[Int(rows[rank])] = level
    }
  }

  private func step(of bucket: Int) -> Step {
    let bucket = buckets[bucket]
    return Step(
      value: bucket.low, ranks: bucket.ranks, before: bucket.before.value,
      through: bucket.through.value)
  }

  /// The first index that meets a condition which all later ones meet; the last where none does.
  private func firstIndex(in range: Range<Int>, where condition: (Int) -> Bool) -> Int {
    var low = range.lowerBound
    var high = range.upperBound - 1
    while low < high {
      let middle = (low + high) / 2
      if condition(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension OrderedAnswers {
  /// So few answers are sorted one by one.
  private static let sortedSize = 24
  private static let answersPerBucket = 16
  private static let mostBuckets = 4096

  /// The children of a bucket of several values, made on first use.
  private mutating func refined(_ index: Int) -> Range<Int> {
    if let children = buckets[index].children { return children }
    let bucket = buckets[index]
    let count = bucket.ranks.count
    let width = bucket.high - bucket.low
    let parts = min(count / Self.answersPerBucket + 2, Self.mostBuckets)
    let scale = Double(parts) / width
    let first = buckets.count
    // A width that is no finite number, or too small to divide by, leaves sorting.
    if count <= Self.sortedSize || !scale.isFinite || scale == 0 {
      sort(bucket.ranks)
      appendSteps(bucket.ranks, before: bucket.before)
    } else {
      let starts = distribute(bucket.ranks, from: bucket.low, scale: scale, parts: parts)
      buckets.reserveCapacity(first + parts)
      var before = bucket.before
      for part in 0..<parts where starts[part + 1] > starts[part] {
        appendBucket(starts[part]..<starts[part + 1], before: before)
        before = buckets[buckets.count - 1].through
      }
    }
    buckets[index].children = first..<buckets.count
    return first..<buckets.count
  }

  /// Moves answers to their parts, in each in the order in which they stood.
  ///
  /// - Returns: the first rank of each part, and at the end that after the last.
  private mutating func distribute(
    _ ranks: Range<Int>, from low: Double, scale: Double, parts: Int
  ) -> [Int] {
    let last = parts - 1
    var starts = [Int](repeating: 0, count: parts + 1)
    var partOfRank = [UInt16](repeating: 0, count: ranks.count)
    var oldValues: [Double] = []
    var oldWeights: [Double] = []
    var oldRows: [Int32] = []
    if ranks.count == values.count {
      // The whole: what is in order is written to new memory.
      swap(&oldValues, &values)
      swap(&oldWeights, &weights)
      swap(&oldRows, &rows)
      values = Array(repeating: 0, count: ranks.count)
      weights = Array(repeating: 0, count: ranks.count)
      rows = Array(repeating: 0, count: ranks.count)
    } else {
      oldValues = Array(values[ranks])
      oldWeights = Array(weights[ranks])
      oldRows = Array(rows[ranks])
    }
    let oldValue = oldValues.span
    var part = partOfRank.mutableSpan
    var start = starts.mutableSpan
    for index in oldValue.indices {
      let chosen = min(Int((oldValue[index] - low) * scale), last)
      part[index] = UInt16(truncatingIfNeeded: chosen)
      start[chosen + 1] += 1
    }
    start[0] = ranks.lowerBound
    for part in 0..<parts { start[part + 1] += start[part] }
    Self.place(oldValues, parts: partOfRank, starts: starts, in: &values)
    Self.place(oldWeights, parts: partOfRank, starts: starts, in: &weights)
    Self.place(oldRows, parts: partOfRank, starts: starts, in: &rows)
    return starts
  }

  private static func place<Value: BitwiseCopyable>(
    _ old: [Value], parts: [UInt16], starts: [Int], in new: inout [Value]
  ) {
    var nextRanks = starts
    var next = nextRanks.mutableSpan
    var new = new.mutableSpan
    let (old, parts) = (old.span, parts.span)
    for index in old.indices {
      let part = Int(parts[index])
      new[next[part]] = old[index]
      next[part] += 1
    }
  }

  private mutating func sort(_ ranks: Range<Int>) {
    let sorted = ranks.sorted { (values[$0], rows[$0]) < (values[$1], rows[$1]) }
    let (oldValues, oldWeights, oldRows) = (
      sorted.map { values[$0] }, sorted.map { weights[$0] }, sorted.map { rows[$0] }
    )
    values.replaceSubrange(ranks, with: oldValues)
    weights.replaceSubrange(ranks, with: oldWeights)
    rows.replaceSubrange(ranks, with: oldRows)
  }

  /// A bucket for each run of equal values of sorted ranks.
  private mutating func appendSteps(_ ranks: Range<Int>, before: Compensated) {
    var before = before
    var start = ranks.lowerBound
    while start < ranks.upperBound {
      var end = start + 1
      while end < ranks.upperBound, values[end] == values[start] { end += 1 }
      appendBucket(start..<end, before: before)
      before = buckets[buckets.count - 1].through
      start = end
    }
  }

  private mutating func appendBucket(_ ranks: Range<Int>, before: Compensated) {
    let bucket = bucket(of: ranks, before: before)
    buckets.append(bucket)
  }

  private func bucket(of ranks: Range<Int>, before: Compensated) -> Bucket {
    let values = values.span.extracting(ranks)
    let weights = weights.span.extracting(ranks)
    var low = values[0]
    var high = low
    var sum = before
    for index in values.indices {
      low = values[index] < low ? values[index] : low
      high = values[index] > high ? values[index] : high
      sum.add(weights[index])
    }
    return Bucket(ranks: ranks, low: low, high: high, before: before, through: sum)
  }
}
