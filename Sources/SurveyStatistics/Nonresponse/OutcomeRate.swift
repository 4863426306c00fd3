import SurveyData

/// Members by what became of them; weighted, sums of base weights.
public struct DispositionTotals: Sendable, Hashable {
  private var amounts = [Double](repeating: 0, count: Disposition.allCases.count)

  public init() {}

  public init(_ amounts: [Disposition: Double]) {
    for (disposition, amount) in amounts { add(disposition, amount) }
  }

  public mutating func add(_ disposition: Disposition, _ amount: Double) {
    amounts[Self.place(disposition)] += amount
  }

  public subscript(disposition: Disposition) -> Double { amounts[Self.place(disposition)] }

  /// Everybody who was invited.
  public var invited: Double { amounts.reduce(0, +) }
  /// I + P
  public var respondents: Double { self[.complete] + self[.partial] }
  /// (I + P) + (R + NC + O): known to be eligible.
  public var eligible: Double {
    respondents + self[.refusal] + self[.nonContact] + self[.other]
  }
  /// UH + UO
  public var unknown: Double { self[.unknownHousehold] + self[.unknownOther] }

  /// e: the share of the eligible among those whose eligibility is known; `nil` where nobody's is.
  public var eligibleShare: Double? {
    let known = eligible + self[.notEligible]
    return known > 0 ? eligible / known : nil
  }

  private static func place(_ disposition: Disposition) -> Int {
    switch disposition {
    case .complete: 0
    case .partial: 1
    case .refusal: 2
    case .nonContact: 3
    case .other: 4
    case .unknownHousehold: 5
    case .unknownOther: 6
    case .notEligible: 7
    }
  }
}

/// The outcome rates of AAPOR's Standard Definitions (10th ed., 2023): response, cooperation,
/// refusal and contact.
public enum OutcomeRate: String, Sendable, CaseIterable {
  case rr1 = "RR1"
  case rr2 = "RR2"
  case rr3 = "RR3"
  case rr4 = "RR4"
  case rr5 = "RR5"
  case rr6 = "RR6"
  case coop1 = "COOP1"
  case coop2 = "COOP2"
  case coop3 = "COOP3"
  case coop4 = "COOP4"
  case ref1 = "REF1"
  case ref2 = "REF2"
  case ref3 = "REF3"
  case con1 = "CON1"
  case con2 = "CON2"
  case con3 = "CON3"

  /// The rate as a share; `nil` where its denominator is 0.
  ///
  /// With E = (I + P) + (R + NC + O) and U = UH + UO: RR1 = I/(E + U), RR3 = I/(E + e·U),
  /// RR5 = I/E, and RR2, RR4, RR6 the same of I + P; COOP1 = I/((I + P) + R + O),
  /// COOP3 = I/((I + P) + R), COOP2 and COOP4 the same of I + P; REF1–3 = R over the denominators of
  /// RR1, RR3, RR5; CON1–3 = ((I + P) + R + O) over the same.
  ///
  /// - Parameter eligibleShare: e, between 0 and 1.
  public func value(_ totals: DispositionTotals, eligibleShare: Double) -> Double? {
    let contacted = totals.respondents + totals[.refusal] + totals[.other]
    let numerator =
      switch self {
      case .rr1, .rr3, .rr5, .coop1, .coop3: totals[.complete]
      case .rr2, .rr4, .rr6, .coop2, .coop4: totals.respondents
      case .ref1, .ref2, .ref3: totals[.refusal]
      case .con1, .con2, .con3: contacted
      }
    let denominator =
      switch self {
      case .rr1, .rr2, .ref1, .con1: totals.eligible + totals.unknown
      case .rr3, .rr4, .ref2, .con2: totals.eligible + eligibleShare * totals.unknown
      case .rr5, .rr6, .ref3, .con3: totals.eligible
      case .coop1, .coop2: contacted
      case .coop3, .coop4: totals.respondents + totals[.refusal]
      }
    return denominator > 0 ? numerator / denominator : nil
  }

  /// Whether the rate takes a share of the unknown for eligible.
  public var usesEligibleShare: Bool {
    switch self {
    case .rr3, .rr4, .ref2, .con2: true
    default: false
    }
  }
}
