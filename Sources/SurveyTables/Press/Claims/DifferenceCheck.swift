import SurveyData
import SurveyStatistics

/// A claim on a difference: between groups, waves, or two items of the same respondents.
struct DifferenceCheck {
  let claim: Claim
  let difference: ClaimedDifference
  let survey: ResolvedSurvey

  init(_ claim: Claim, _ difference: ClaimedDifference, survey: ResolvedSurvey) {
    self.claim = claim
    self.difference = difference
    self.survey = survey
  }

  private var isShare: Bool { difference.figure.statistic == .share }

  var verified: VerifiedClaim {
    get throws {
      guard let published = claim.published else {
        preconditionFailure("a claim on a difference says something of it")
      }
      let (table, found) = try answer()
      guard found.suppression == nil, let change = found.contrast.estimate else {
        return claim.notRecomputed(table.cells.first { $0.suppression != nil })
      }
      let scale = isShare ? 100.0 : 1
      let recomputed = Recomputed(
        value: change * scale,
        interval: found.contrast.interval.map { ($0.low * scale, $0.high * scale) },
        base: nil, unit: isShare ? .points : .number)
      switch published {
      case .number(let number): return claim.verified(number, against: recomputed)
      case .phrase(let text, let place):
        guard let phrase = ChangePhrase(text) else {
          throw SharePhrase(text) == nil
            ? ClaimError.unknownPhrase(text, place: place)
            : ClaimError.phraseOfDifference(text, place: place)
        }
        // Shares change by points, numbers by percent of what they were.
        let unit = isShare ? 100 : try percentUnit(table)
        let interval = found.contrast.interval.map { ($0.low * unit, $0.high * unit) }
        return claim.verified(
          text, phrase.fit(change * unit, interval: interval, isShare: isShare),
          against: recomputed, needs: phrase.needs(isShare: isShare))
      }
    }
  }

  /// The table of a comparison and the one difference that is meant.
  private func answer() throws -> (Table, Difference) {
    switch difference.sides {
    case .items(let other):
      let table = try survey.table(
        answering: Comparison(difference.figure.question(), .item(other.text)))
      return (table, table.differences[0])
    case .groups(let by, let from, let to):
      let question = try difference.figure.question(by: [[by.text]])
      let table = try survey.table(
        answering: Comparison(question, .against(group: [from.text])))
      let found = table.differences.first { $0.to.codes.map(\.code) == [to.text] }
      guard let found else {
        throw ClaimError.noSuchGroup(
          to.text, by: by.text,
          groups: table.cells.flatMap { $0.group.map(\.code) }, place: to.place)
      }
      return (table, found)
    }
  }

  /// 100 over the former value, the unit of a change in percent.
  private func percentUnit(_ table: Table) throws -> Double {
    let former =
      switch difference.sides {
      case .groups(_, let from, _):
        table.cells.first { $0.group.map(\.code) == [from.text] }
      case .items: table.cells.first
      }
    guard let value = former?.estimate.value, value != 0 else { return 100 }
    return 100 / abs(value)
  }
}

extension ChangePhrase {
  /// What the change must do, in words.
  func needs(isShare: Bool) -> LocalizedText {
    let unit = isShare ? ("procentpoint", "points") : ("procent", "percent")
    switch self {
    case .unchanged:
      return LocalizedText(
        da:
          "at hele sikkerhedsintervallet ligger inden for ±3 \(unit.0); ellers er det »ingen sikker "
          + "ændring«",
        en:
          "the whole confidence interval within ±3 \(unit.1); otherwise it is \"no certain change\""
      )
    case .risenMuch, .fallenMuch:
      let size = isShare ? "5" : "10"
      return LocalizedText(
        da: "en sikker ændring på mindst \(size) \(unit.0)",
        en: "a certain change of at least \(size) \(unit.1)")
    default:
      return LocalizedText(
        da: "at sikkerhedsintervallet ikke rummer 0", en: "a confidence interval without 0")
    }
  }
}
