/// The register of those invited, and how it is known what became of each, in the words of the
/// survey file and the command line.
public struct ResponseDescription: Sendable, Hashable {
  /// Where it is seen who answered.
  public enum Source: Sendable, Hashable {
    /// Whoever has a row in the answers, by `id`.
    case answers
    /// A column of the register: 1 for an answer, 0 for none.
    case indicator(String)
    /// A column of the register with what became of each; codes that the map lacks are read as
    /// `Disposition(code:)` reads them.
    case dispositions(String, codes: [String: Disposition])
  }

  /// The register's file: a row for each member invited.
  public var register: String
  /// The column that is in the register and in the answers, and tells who is who.
  public var id: String?
  public var source: Source
  /// The register's column of base weights (inverse probabilities of selection); `nil`: 1 for all.
  public var weight: String?
  /// e, the share of those of unknown eligibility that is eligible; `nil`: worked out from those
  /// who are known.
  public var eligibleShare: Double?

  public init(
    register: String, id: String? = nil, source: Source = .answers, weight: String? = nil,
    eligibleShare: Double? = nil
  ) {
    self.register = register
    self.id = id
    self.source = source
    self.weight = weight
    self.eligibleShare = eligibleShare
  }

  /// The register's columns that it names.
  public var columnNames: [String] {
    var names = [id, weight].compactMap { $0 }
    switch source {
    case .answers: break
    case .indicator(let column), .dispositions(let column, _): names.append(column)
    }
    return names
  }
}

/// What became of someone who was invited: the groups of AAPOR's Standard Definitions (10th ed.,
/// 2023), by their letters.
public enum Disposition: String, Sendable, CaseIterable {
  case complete = "I"
  case partial = "P"
  /// Refusals and break-offs.
  case refusal = "R"
  case nonContact = "NC"
  case other = "O"
  /// Unknown whether there is a household.
  case unknownHousehold = "UH"
  /// Unknown for another reason.
  case unknownOther = "UO"
  case notEligible = "NE"

  public var isRespondent: Bool { self == .complete || self == .partial }
  public var isUnknown: Bool { self == .unknownHousehold || self == .unknownOther }
  /// Known to be eligible.
  public var isEligible: Bool { !isUnknown && self != .notEligible }

  /// The ordinary words of a member survey on the web, where the register says who is eligible: who
  /// was invited and never answered is a non-contact, and a bounced invitation leaves open whether
  /// its owner still is a member.
  public static let words: [(word: String, disposition: Disposition)] = [
    ("complete", .complete), ("partial", .partial), ("refused", .refusal),
    ("breakOff", .refusal), ("invited", .nonContact), ("nonContact", .nonContact),
    ("other", .other), ("bounced", .unknownOther), ("unknown", .unknownOther),
    ("screenedOut", .notEligible), ("notEligible", .notEligible),
  ]

  /// AAPOR's letters; the words of `words`, in any case of letters, with spaces, hyphens or
  /// underscores; AAPOR's final disposition codes, as `2.11`.
  public init?(code: String) {
    if let letter = Disposition(rawValue: code.uppercased()) {
      self = letter
      return
    }
    let word = code.lowercased().filter { !" -_".contains($0) }
    if let known = Self.words.first(where: { $0.word.lowercased() == word }) {
      self = known.disposition
      return
    }
    guard let found = Disposition(aaporCode: code) else { return nil }
    self = found
  }

  /// `1.1` complete, `1.2` partial, `2.1…` refusal, `2.2…` non-contact, `2.3…` other, `3.1…` unknown
  /// household, other `3.…` unknown, `4.…` not eligible.
  private init?(aaporCode code: String) {
    let parts = code.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].count == 1, let first = parts[0].first,
      let second = parts[1].first, parts[1].allSatisfy({ "0123456789".contains($0) })
    else { return nil }
    switch (first, second) {
    case ("1", "0"), ("1", "1"): self = .complete
    case ("1", "2"): self = .partial
    case ("2", "1"): self = .refusal
    case ("2", "2"): self = .nonContact
    case ("2", "3"): self = .other
    case ("3", "1"): self = .unknownHousehold
    case ("3", _): self = .unknownOther
    case ("4", _): self = .notEligible
    default: return nil
    }
  }
}
