import SurveyData
import SurveyStatistics

/// The outcome rates of a register of those invited, overall and by its columns.
public struct ResponseRates: Sendable {
  public var source: DataSource
  /// The column of base weights, where rates are weighted too.
  public var weight: String?
  /// e of the counts, and of the base weights.
  public var eligibleShare: Double
  public var weightedEligibleShare: Double
  /// Whether e was given, not worked out.
  public var isShareGiven: Bool
  /// Everybody, then the groups of each column.
  public var groups: [Group]
  public var warnings: [String] = []

  /// Some of those invited.
  public struct Group: Sendable {
    /// The column, or columns crossed as `region:sector`; empty of everybody.
    public var column: String
    public var code: String
    public var label: LocalizedText
    public var counts: DispositionTotals
    /// Sums of base weights.
    public var weighted: DispositionTotals
    public var suppression: Suppression?

    public var invited: Int { Int(counts.invited) }
  }
}

extension ResponseRates {
  /// - Parameter columns: the register's columns, in turn; several in one are crossed.
  public init(
    _ members: InvitedMembers, by columns: [[String]] = [], codebook: Codebook = Codebook(),
    disclosure: DisclosureRules = .none
  ) throws {
    source = members.register.source
    weight = members.description.weight
    let counts = members.totals()
    isShareGiven = members.description.eligibleShare != nil
    eligibleShare = members.description.eligibleShare ?? counts.eligibleShare ?? 1
    weightedEligibleShare = members.eligibleShare
    let everybody = Group(
      column: "", code: "", label: LocalizedText(da: "Alle", en: "All"), counts: counts,
      weighted: members.totals(weighted: true))
    groups = Self.protected([everybody], by: disclosure)
    for names in columns {
      groups += Self.protected(
        try Self.groups(of: members, by: names, codebook: codebook), by: disclosure)
    }
    if disclosure.areActive, groups.contains(where: { $0.suppression != nil }) {
      warnings.append(
        "Groups of fewer than \(disclosure.minimumBase) invited, or with fewer than "
          + "\(disclosure.minimumCount) who answered or did not, are withheld, and others so that "
          + "those cannot be worked out.")
    }
  }

  private static func groups(
    of members: InvitedMembers, by names: [String], codebook: Codebook
  ) throws -> [Group] {
    let columns = try names.map { try members.register.categories($0) }
    var groups: [[Int]: Group] = [:]
    for row in members.dispositions.indices {
      let indices = columns.map { $0.index(at: row) }
      var group =
        groups[indices]
        ?? Group(
          column: names.joined(separator: ":"),
          code: zip(columns, indices).map { $0.categories[$1].code }.joined(separator: ":"),
          label: label(names, columns, indices, codebook), counts: DispositionTotals(),
          weighted: DispositionTotals())
      group.counts.add(members.dispositions[row], 1)
      group.weighted.add(members.dispositions[row], members.baseWeights[row])
      groups[indices] = group
    }
    return groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
  }

  private static func label(
    _ names: [String], _ columns: [CategoricalColumn], _ indices: [Int], _ codebook: Codebook
  ) -> LocalizedText {
    func text(_ language: Language) -> String {
      zip(names, zip(columns, indices)).map { name, place in
        let code = place.0.categories[place.1].code
        return code.isEmpty
          ? (language == .da ? "uoplyst" : "not stated")
          : codebook.label(of: code, in: name, language: language)
      }.joined(separator: ", ")
    }
    return LocalizedText(da: text(.da), en: text(.en))
  }

  /// Groups of few are withheld, and with them so many others that the total of everybody gives none
  /// of them away.
  private static func protected(_ groups: [Group], by rules: DisclosureRules) -> [Group] {
    var groups = groups
    for index in groups.indices {
      groups[index].suppression = rules.suppression(
        base: groups[index].invited, count: Int(groups[index].counts.respondents))
    }
    guard groups.count > 1, groups.contains(where: { $0.suppression != nil }) else { return groups }
    func isSafe() -> Bool {
      let withheld = groups.filter { $0.suppression != nil }
      let respondents = withheld.reduce(0) { $0 + Int($1.counts.respondents) }
      return withheld.count > 1
        && rules.suppression(
          base: withheld.reduce(0) { $0 + $1.invited }, count: respondents) == nil
    }
    let order = groups.indices.sorted { (groups[$0].invited, $0) < (groups[$1].invited, $1) }
    for index in order where groups[index].suppression == nil && !isSafe() {
      groups[index].suppression = .complementary
    }
    return groups
  }
}

extension ResponseRates.Group {
  /// A rate of the group; `nil` where it is withheld or has no denominator.
  public func value(
    _ rate: OutcomeRate, in rates: ResponseRates, weighted isWeighted: Bool = false
  ) -> Double? {
    guard suppression == nil else { return nil }
    return isWeighted
      ? rate.value(weighted, eligibleShare: rates.weightedEligibleShare)
      : rate.value(counts, eligibleShare: rates.eligibleShare)
  }
}
