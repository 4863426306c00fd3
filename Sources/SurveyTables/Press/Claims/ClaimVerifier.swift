import SurveyData
import SurveyStatistics

/// A survey that claims rest on, opened.
public struct ClaimedSurvey: Sendable {
  public var survey: ResolvedSurvey
  public var facts: SurveyFacts?

  public init(_ survey: ResolvedSurvey, facts: SurveyFacts?) {
    self.survey = survey
    self.facts = facts
  }
}

/// Which survey to open, and what of it is needed.
public struct ClaimedSource: Sendable {
  public var path: ClaimedText
  public var wave: ClaimedText?
  /// Every column that the claims on it need.
  public var columns: [String]

  fileprivate var key: String { path.text + "\n" + (wave?.text ?? "") }
}

/// Computes the figures of claims again and says what the data bear of them.
public struct ClaimVerifier {
  private let file: ClaimsFile

  public init(_ file: ClaimsFile) { self.file = file }

  /// - Parameter open: opens a survey; called once for each survey and wave.
  public func verification(
    opening open: (ClaimedSource) throws -> ClaimedSurvey
  ) throws -> Verification {
    let sourceOfClaim = try file.claims.map { try $0.source }
    var sources: [String: ClaimedSource] = [:]
    for var source in sourceOfClaim.compactMap({ $0 }) {
      source.columns = Array(Set(source.columns + (sources[source.key]?.columns ?? []))).sorted()
      sources[source.key] = source
    }
    var surveys: [String: ClaimedSurvey] = [:]
    let claims = try zip(file.claims, sourceOfClaim).map { claim, source in
      var verified: VerifiedClaim
      if let key = source?.key, let source = sources[key] {
        let survey = try surveys[key] ?? open(source)
        surveys[key] = survey
        verified = try claim.placingFaults { try answer(claim, in: survey) }
        verified.boundToRespondents(facts: survey.facts)
      } else {
        verified = try answerWithoutData(claim)
      }
      verified.remarks += verified.claim.looseWords
      return verified
    }
    return Verification(path: file.path, sha256: file.sha256, claims: claims)
  }

  private func answer(_ claim: Claim, in survey: ClaimedSurvey) throws -> VerifiedClaim {
    switch claim.basis {
    case .figure(let figure):
      try FigureCheck(claim, figure, survey: survey.survey).verified
    case .difference(let difference):
      try DifferenceCheck(claim, difference, survey: survey.survey).verified
    case .rank(let rank): try RankCheck(claim, rank, survey: survey.survey).verified
    case .arithmetic, .cited: try answerWithoutData(claim)
    }
  }

  private func answerWithoutData(_ claim: Claim) throws -> VerifiedClaim {
    switch claim.basis {
    case .arithmetic(let arithmetic):
      return try ArithmeticCheck(claim, arithmetic, others: file.claims).verified
    case .cited(let source):
      return VerifiedClaim(
        claim, .notRecomputed, da: "Kilde: \(source).", en: "Source: \(source).")
    case .figure, .difference, .rank: preconditionFailure("these claims rest on a survey")
    }
  }
}

extension VerifiedClaim {
  /// Figures of an opt-in sample hold for those who answered, and must say so.
  fileprivate mutating func boundToRespondents(facts: SurveyFacts?) {
    guard facts?.isOptIn ?? false, verdict == .holds || verdict == .holdsAsRounded else { return }
    let sentence = claim.sentence.lowercased()
    let limits = ["blandt dem, der svarede", "blandt de svarende", "among those who answered"]
    guard !limits.contains(where: { sentence.contains($0) }) else { return }
    verdict = .weaker
    reason = LocalizedText(
      da: (reason.da ?? "")
        + " Deltagerne har selv valgt at være med: tallet gælder kun »blandt dem, "
        + "der svarede«, og det står der ikke.",
      en: (reason.en ?? "")
        + " The respondents chose to take part: the figure holds \"among those who "
        + "answered\" only, and the sentence does not say so.")
  }
}

extension Claim {
  /// What must be read for it; `nil` where it rests on no survey.
  fileprivate var source: ClaimedSource? {
    get throws {
      guard let figure = claimedFigure else { return nil }
      var columns = [figure.item.text]
      switch basis {
      case .difference(let difference):
        switch difference.sides {
        case .groups(let by, _, _): columns.append(by.text)
        case .items(let other): columns.append(other.text)
        }
      case .rank(let rank): columns.append(rank.by.text)
      default: break
      }
      if let condition = figure.condition {
        columns += try placingFaults { try Expression(condition.text) }.columnNames
      }
      return ClaimedSource(path: figure.survey, wave: figure.wave, columns: columns)
    }
  }

  private var claimedFigure: ClaimedFigure? {
    switch basis {
    case .figure(let figure): figure
    case .difference(let difference): difference.figure
    case .rank(let rank): rank.figure
    case .arithmetic, .cited: nil
    }
  }

  /// The words that a fault may be about, the most particular first.
  private var words: [ClaimedText] {
    guard let figure = claimedFigure else { return [] }
    var words: [ClaimedText?] = [figure.net, figure.condition]
    switch basis {
    case .difference(let difference):
      switch difference.sides {
      case .groups(let by, let from, let to): words += [from, to, by]
      case .items(let other): words.append(other)
      }
    case .rank(let rank): words += [rank.group, rank.by]
    default: break
    }
    return (words + [figure.item]).compactMap { $0 }
  }

  /// Puts the place of the words that a fault quotes before it.
  fileprivate func placingFaults<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let fault as ClaimError {
      throw fault
    } catch let fault as any InputFault {
      let message = "\(fault)"
      let quoted = words.first { message.contains("'\($0.text)'") }
      let condition = (fault as? ExpressionError).flatMap { _ in claimedFigure?.condition }
      throw ClaimError.question(message, place: (condition ?? quoted)?.place ?? place)
    }
  }

  fileprivate var looseWords: [LocalizedText] {
    let found = LooseWords.found(in: sentence)
    var remarks: [LocalizedText] = []
    for word in found.judging {
      remarks.append(
        LocalizedText(
          da: "»\(word)« er en vurdering, som intet tal bærer.",
          en: "\"\(word)\" judges, which no number bears out."))
    }
    for word in found.uncounted {
      remarks.append(
        LocalizedText(
          da: "»\(word)« tæller intet og kan ikke efterprøves.",
          en: "\"\(word)\" counts nothing and cannot be checked."))
    }
    return remarks
  }
}
