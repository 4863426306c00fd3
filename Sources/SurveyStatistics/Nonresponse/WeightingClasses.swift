import SurveyData

/// Members of a register who share a factor for non-response.
public struct WeightingClass: Sendable {
  /// A code a column; of a propensity class, its number.
  public var codes: [String]
  /// The least and the largest propensity in a propensity class.
  public var propensities: ClosedRange<Double>?
  /// Members who are eligible, or may be.
  public var invited = 0
  public var respondents = 0
  /// Σ of what the eligible count: base weights, e times those of the unknown.
  public var eligible = 0.0
  /// Σ of the respondents' base weights.
  public var responding = 0.0

  public var name: String { codes.joined(separator: ":") }
  /// From base weight to new weight.
  public var factor: Double { eligible / responding }
}

/// Weighting classes: base weight × Σ eligible ÷ Σ responding, class by class (Oh and Scheuren 1983).
struct WeightingClasses: Sendable {
  /// The columns that make the classes; empty of propensity classes.
  let columns: [String]
  private(set) var classes: [WeightingClass]
  /// The class of each row of the register; −1 of who is not eligible.
  private(set) var classOfRow: [Int]
  /// Classes taken together: each code or crossing with what it counts as.
  let collapse: [String: [String: String]]
  private let positions: [[String]: Int]

  /// Classes by columns of the register, crossed.
  ///
  /// - Throws: a `NonresponseError` where an eligible member has no code.
  init(
    _ columns: [String], collapse: [String: [String: String]], members: InvitedMembers
  ) throws {
    self.columns = columns
    self.collapse = collapse
    let sources = try columns.map { try members.register.categories($0) }
    var positions: [[String]: Int] = [:]
    var classes: [WeightingClass] = []
    var classOfRow = [Int](repeating: -1, count: members.register.rowCount)
    var positionOfIndices: [[Int]: Int] = [:]
    for row in classOfRow.indices where members.dispositions[row] != .notEligible {
      let indices = sources.map { $0.index(at: row) }
      if positionOfIndices[indices] == nil {
        let cells = zip(sources, indices).map { $0.categories[$1] }
        if let empty = cells.firstIndex(where: { $0.missing != nil }) {
          throw NonresponseError.missingVariable(
            column: columns[empty], place: members.register.source.place(ofRow: row))
        }
        let codes = Self.collapsed(cells.map(\.code), columns: columns, by: collapse)
        if positions[codes] == nil {
          positions[codes] = classes.count
          classes.append(WeightingClass(codes: codes))
        }
        positionOfIndices[indices] = positions[codes]
      }
      classOfRow[row] = positionOfIndices[indices]!
    }
    try Self.requireKnown(collapse, columns: columns, sources: sources, register: members.register)
    // In the order of the dictionaries, whoever comes first in the file.
    let ranks = sources.map { source in
      Dictionary(
        source.categories.enumerated().map { ($0.element.code, $0.offset) },
        uniquingKeysWith: { first, _ in first })
    }
    func rank(_ codes: [String]) -> [Int] { zip(codes, ranks).map { $1[$0] ?? .max } }
    let order = classes.indices.sorted {
      rank(classes[$0].codes).lexicographicallyPrecedes(rank(classes[$1].codes))
    }
    var place = [Int](repeating: 0, count: classes.count)
    for (new, old) in order.enumerated() { place[old] = new }
    self.classes = order.map { classes[$0] }
    self.classOfRow = classOfRow.map { $0 < 0 ? -1 : place[$0] }
    self.positions = positions.mapValues { place[$0] }
    count(members)
  }

  /// Classes of about as many members each by propensity: cut at quantiles of the propensities of all
  /// who are or may be eligible (rule hf7), a value on a cut in the class below (R: `cut` of
  /// `quantile`). Equal cuts are one, so that there may be fewer classes.
  init(_ propensities: [Double], count wanted: Int, members: InvitedMembers) {
    columns = []
    collapse = [:]
    positions = [:]
    let sorted = propensities.filter { !$0.isNaN }.sorted()
    var cuts: [Double] = []
    for cut in 1..<max(wanted, 1) {
      // The last value at or below the quantile parts the members as the quantile does, and leaves no
      // class empty.
      let value = sorted[cut * (sorted.count - 1) / wanted]
      if value > cuts.last ?? -.infinity, value < sorted[sorted.count - 1] { cuts.append(value) }
    }
    classes = (0...cuts.count).map { WeightingClass(codes: ["\($0 + 1)"]) }
    classOfRow = propensities.map { value in
      value.isNaN ? -1 : cuts.firstIndex { value <= $0 } ?? cuts.count
    }
    for (row, index) in classOfRow.enumerated() where index >= 0 {
      let value = propensities[row]
      let range = classes[index].propensities ?? value...value
      classes[index].propensities = min(range.lowerBound, value)...max(range.upperBound, value)
    }
    self.count(members)
  }

  private mutating func count(_ members: InvitedMembers) {
    var sums = classes.map { _ in (eligible: Compensated(), responding: Compensated()) }
    for (row, index) in classOfRow.enumerated() where index >= 0 {
      classes[index].invited += 1
      sums[index].eligible.add(members.eligibleWeight(row))
      guard members.hasAnswered[row] else { continue }
      classes[index].respondents += 1
      sums[index].responding.add(members.baseWeights[row])
    }
    for index in classes.indices {
      classes[index].eligible = sums[index].eligible.value
      classes[index].responding = sums[index].responding.value
    }
  }

  /// The class of a respondent's own codes; `nil` where the register has no such class.
  func position(of codes: [String]) -> Int? {
    positions[Self.collapsed(codes, columns: columns, by: collapse)]
  }

  /// - Throws: for a class with too few respondents, or with a factor that is too large.
  func require(_ description: NonresponseDescription, in file: String) throws(NonresponseError) {
    for one in classes {
      let name =
        columns.isEmpty
        ? "propensity class \(one.name)"
        : "\(columns.joined(separator: ":")) = \(one.name)"
      guard one.respondents >= max(description.smallestClass, 1) else {
        throw .smallClass(
          name: name, respondents: one.respondents, invited: one.invited,
          smallest: description.smallestClass, isByColumns: !columns.isEmpty, file: file)
      }
      if let largest = description.largestFactor, one.factor > largest {
        throw .largeFactor(
          name: name, factor: one.factor, respondents: one.respondents, invited: one.invited,
          largest: largest, isByColumns: !columns.isEmpty, file: file)
      }
    }
  }

  /// Codes by column first, then the crossing as a whole.
  private static func collapsed(
    _ codes: [String], columns: [String], by collapse: [String: [String: String]]
  ) -> [String] {
    let single = zip(columns, codes).map { collapse[$0]?[$1] ?? $1 }
    guard columns.count > 1,
      let whole = collapse[columns.joined(separator: ":")]?[single.joined(separator: ":")]
    else { return single }
    return whole.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
  }

  /// A collapse must speak of columns and codes that are there: a slip of the pen would leave a
  /// class as small as it was.
  private static func requireKnown(
    _ collapse: [String: [String: String]], columns: [String], sources: [CategoricalColumn],
    register: Dataset
  ) throws(NonresponseError) {
    let crossed = columns.joined(separator: ":")
    for (name, codes) in collapse.sorted(by: { $0.key < $1.key }) {
      guard columns.contains(name) || name == crossed else {
        throw .unknownCollapse(
          name: name, code: nil, known: columns + (columns.count > 1 ? [crossed] : []),
          file: register.source.path)
      }
      for code in codes.sorted(by: { $0.key < $1.key }).flatMap({ [$0.key, $0.value] }) {
        let parts =
          name == crossed && columns.count > 1
          ? code.split(separator: ":", omittingEmptySubsequences: false).map(String.init) : [code]
        let own =
          name == crossed ? sources : [sources[columns.firstIndex(of: name)!]]
        guard parts.count == own.count,
          zip(own, parts).allSatisfy({ source, part in
            source.categories.contains { $0.missing == nil && $0.code == part }
          })
        else {
          throw .unknownCollapse(
            name: name, code: code,
            known: own.count == 1
              ? own[0].categories.filter { $0.missing == nil }.map(\.code) : [],
            file: register.source.path)
        }
      }
    }
  }
}

/// The quantile part/whole of sorted values by the rule hf7.
func quantile(_ sorted: [Double], _ part: Int, of whole: Int) -> Double {
  // In whole numbers, so that a quantile that is a value is that value to the last bit.
  let (below, rest) = (part * (sorted.count - 1)).quotientAndRemainder(dividingBy: whole)
  guard rest > 0 else { return sorted[below] }
  let share = Double(rest) / Double(whole)
  return sorted[below] + share * (sorted[below + 1] - sorted[below])
}
