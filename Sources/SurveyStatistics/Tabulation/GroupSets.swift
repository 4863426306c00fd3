/// How many units (PSUs, strata) have rows in which groups: the distinct sets of groups that units
/// touch, each with its number of units.
///
/// The degrees of freedom of a contrast count the units of two domains together, and a unit with
/// rows in both counts once: numbers by group cannot tell. Kept only where all covariances are.
struct GroupSets: Sendable {
  /// Units that touch one group alone, by group.
  private var alone: [Int]
  /// Units that touch more, by the set of groups as bits.
  private var several: [[UInt64]: Int] = [:]

  init(groupCount: Int) { alone = Array(repeating: 0, count: groupCount) }

  /// Adds units that touch one group alone.
  @inline(__always)
  mutating func add(unitsIn group: Int, count: Int) { alone[group] += count }

  /// Adds units that each touch these groups, each named once.
  mutating func add(unitIn groups: [Int32], count: Int = 1) {
    guard groups.count > 1 else {
      if let group = groups.first { alone[Int(group)] += count }
      return
    }
    several[bits(of: groups.lazy.map { Int($0) }), default: 0] += count
  }

  mutating func merge(_ other: GroupSets) {
    for group in alone.indices { alone[group] += other.alone[group] }
    several.merge(other.several, uniquingKeysWith: +)
  }

  mutating func reset() {
    for group in alone.indices { alone[group] = 0 }
    several.removeAll(keepingCapacity: true)
  }

  /// The units that have rows in any of some groups.
  func units(inAnyOf groups: [Int]) -> Int {
    let wanted = bits(of: groups)
    var count = groups.reduce(0) { $0 + alone[$1] }
    for (set, units) in several where zip(set, wanted).contains(where: { $0 & $1 != 0 }) {
      count += units
    }
    return count
  }

  private func bits(of groups: some Sequence<Int>) -> [UInt64] {
    var words = [UInt64](repeating: 0, count: alone.count / 64 + 1)
    for group in groups { words[group / 64] |= 1 << UInt64(group % 64) }
    return words
  }
}
