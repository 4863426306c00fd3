import SurveyData

/// The weighted answers of one group in the order of their values: its empirical distribution
/// function F̂(x) = Σw·1[xᵢ ≤ x]/Σw, as steps.
///
/// Only what is asked for is put in order. The answers are a tree of buckets; a search goes down one
/// branch and refines what it meets, so that a quantile costs no sort. Below the root stand the bins
/// of `GroupedAnswers`, whose answers are gathered when a search comes by.
///
/// - Complexity: O(bins), then O(log n) a search and the refinement of a bucket or two.
package struct OrderedAnswers: Sendable {
  /// Where the answers of a bin come from.
  struct Source: Sendable {
    let answers: GroupedAnswers
    let group: Int
    /// In design order.
    let weights: Bytes
  }

  /// The answers of one value: a step of the distribution function.
  package struct Step: Sendable {
    fileprivate let bucket: Int
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
    /// Where its answers stand in `values`, once they are gathered.
    var place: Range<Int>?
    /// The bin that they are gathered from.
    var bin: Int?

    var isStep: Bool { low == high }
  }

  package let count: Int
  private let source: Source?
  /// The answers gathered so far.
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
    count = values.count
    source = nil
    self.values = values
    self.weights = weights
    self.rows = rows
    if !values.isEmpty { appendBucket(0..<values.count, rank: 0, before: Compensated()) }
  }

  /// - Parameters:
  ///   - counts: the number of answers in each bin.
  ///   - sums: their weights.
  init(source: Source, counts: Span<Int32>, sums: Span<Compensated>) {
    self.source = source
    (values, weights, rows) = ([], [], [])
    var filled: [Bucket] = []
    var rank = 0
    var sum = Compensated()
    for bin in counts.indices where counts[bin] > 0 {
      let (before, ranks) = (sum, rank..<rank + Int(counts[bin]))
      sum.add(sums[bin])
      rank = ranks.upperBound
      filled.append(
        Bucket(
          ranks: ranks, low: source.answers.bins[bin].low, high: source.answers.bins[bin].high,
          before: before, through: sum, bin: bin))
    }
    count = rank
    guard let first = filled.first, let last = filled.last else { return }
    if filled.count == 1 {
      buckets = filled
    } else {
      let root = Bucket(
        ranks: 0..<rank, low: first.low, high: last.high, before: Compensated(), through: sum,
        children: 1..<filled.count + 1)
      buckets = [root] + filled
    }
  }

  package var isEmpty: Bool { count == 0 }
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
  package mutating func endWeights(of step: Step) -> (first: Double, last: Double) {
    let place = gathered(step.bucket)
    var first = place.lowerBound
    var last = first
    for answer in place {
      if rows[answer] < rows[first] { first = answer }
      if rows[answer] > rows[last] { last = answer }
    }
    return (weights[first], weights[last])
  }

  private func step(of bucket: Int) -> Step {
    let found = buckets[bucket]
    return Step(
      bucket: bucket, value: found.low, ranks: found.ranks, before: found.before.value,
      through: found.through.value)
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

  /// The place of a bucket's answers among those at hand, gathered on first use.
  private mutating func gathered(_ index: Int) -> Range<Int> {
    if let place = buckets[index].place { return place }
    guard let bin = buckets[index].bin, let source else {
      preconditionFailure("a bucket without answers")
    }
    let start = values.count
    var positions = source.answers.positions(ofGroup: source.group, inBin: bin)
    weights += source.weights.withSpan(of: Double.self) { weightOf in
      // Replicates leave answers without a weight.
      if positions.count != buckets[index].ranks.count {
        positions = positions.filter { weightOf[Int($0)] > 0 }[...]
      }
      return positions.map { weightOf[Int($0)] }
    }
    values += source.answers.values.withValues { numbers in positions.map { numbers[Int($0)] } }
    rows += source.answers.datasetRows(positions)
    buckets[index].place = start..<values.count
    return start..<values.count
  }

  /// The children of a bucket of several values, made on first use.
  private mutating func refined(_ index: Int) -> Range<Int> {
    if let children = buckets[index].children { return children }
    let place = gathered(index)
    var bucket = buckets[index]
    let first = buckets.count
    // The bounds of a bin are those of all groups.
    (bucket.low, bucket.high) = bounds(of: place)
    let width = bucket.high - bucket.low
    let parts = min(place.count / Self.answersPerBucket + 2, Self.mostBuckets)
    let scale = Double(parts) / width
    // A width that is no finite number, or too small to divide by, leaves sorting.
    if place.count <= Self.sortedSize || !scale.isFinite || scale == 0 {
      sort(place)
      appendSteps(place, rank: bucket.ranks.lowerBound, before: bucket.before)
    } else {
      let starts = distribute(place, from: bucket.low, scale: scale, parts: parts)
      buckets.reserveCapacity(first + parts)
      var (before, rank) = (bucket.before, bucket.ranks.lowerBound)
      for part in 0..<parts where starts[part + 1] > starts[part] {
        appendBucket(starts[part]..<starts[part + 1], rank: rank, before: before)
        before = buckets[buckets.count - 1].through
        rank = buckets[buckets.count - 1].ranks.upperBound
      }
    }
    buckets[index].children = first..<buckets.count
    return first..<buckets.count
  }

  private func bounds(of place: Range<Int>) -> (low: Double, high: Double) {
    let values = values.span.extracting(place)
    var low = values[0]
    var high = low
    for index in values.indices {
      low = values[index] < low ? values[index] : low
      high = values[index] > high ? values[index] : high
    }
    return (low, high)
  }

  /// Moves answers to their parts, in each in the order in which they stood.
  ///
  /// - Returns: the place where each part starts, and at the end that after the last.
  private mutating func distribute(
    _ place: Range<Int>, from low: Double, scale: Double, parts: Int
  ) -> [Int] {
    let last = parts - 1
    var starts = [Int](repeating: 0, count: parts + 1)
    var partOfAnswer = [UInt16](repeating: 0, count: place.count)
    let old = (Array(values[place]), Array(weights[place]), Array(rows[place]))
    let oldValue = old.0.span
    var part = partOfAnswer.mutableSpan
    var start = starts.mutableSpan
    for index in oldValue.indices {
      let chosen = min(Int((oldValue[index] - low) * scale), last)
      part[index] = UInt16(truncatingIfNeeded: chosen)
      start[chosen + 1] += 1
    }
    start[0] = place.lowerBound
    for part in 0..<parts { start[part + 1] += start[part] }
    Self.place(old.0, parts: partOfAnswer, starts: starts, in: &values)
    Self.place(old.1, parts: partOfAnswer, starts: starts, in: &weights)
    Self.place(old.2, parts: partOfAnswer, starts: starts, in: &rows)
    return starts
  }

  private static func place<Value: BitwiseCopyable>(
    _ old: [Value], parts: [UInt16], starts: [Int], in new: inout [Value]
  ) {
    var nextPlaces = starts
    var next = nextPlaces.mutableSpan
    var new = new.mutableSpan
    let (old, parts) = (old.span, parts.span)
    for index in old.indices {
      let part = Int(parts[index])
      new[next[part]] = old[index]
      next[part] += 1
    }
  }

  private mutating func sort(_ place: Range<Int>) {
    let sorted = place.sorted { (values[$0], rows[$0]) < (values[$1], rows[$1]) }
    let (oldValues, oldWeights, oldRows) = (
      sorted.map { values[$0] }, sorted.map { weights[$0] }, sorted.map { rows[$0] }
    )
    values.replaceSubrange(place, with: oldValues)
    weights.replaceSubrange(place, with: oldWeights)
    rows.replaceSubrange(place, with: oldRows)
  }

  /// A bucket for each run of equal values of sorted answers.
  private mutating func appendSteps(_ place: Range<Int>, rank: Int, before: Compensated) {
    var (before, rank) = (before, rank)
    var start = place.lowerBound
    while start < place.upperBound {
      var end = start + 1
      while end < place.upperBound, values[end] == values[start] { end += 1 }
      appendBucket(start..<end, rank: rank, before: before)
      before = buckets[buckets.count - 1].through
      rank = buckets[buckets.count - 1].ranks.upperBound
      start = end
    }
  }

  /// - Parameter rank: of the first of the answers.
  private mutating func appendBucket(_ place: Range<Int>, rank: Int, before: Compensated) {
    let (low, high) = bounds(of: place)
    var sum = before
    for answer in place { sum.add(weights[answer]) }
    buckets.append(
      Bucket(
        ranks: rank..<rank + place.count, low: low, high: high, before: before, through: sum,
        place: place))
  }
}
