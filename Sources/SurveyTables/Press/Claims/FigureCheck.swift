import SurveyData
import SurveyStatistics

/// A claim on one figure: a share against a number or a phrase, a mean, total or median against a
/// number.
struct FigureCheck {
  let claim: Claim
  let figure: ClaimedFigure
  let survey: ResolvedSurvey

  init(_ claim: Claim, _ figure: ClaimedFigure, survey: ResolvedSurvey) {
    self.claim = claim
    self.figure = figure
    self.survey = survey
  }

  var verified: VerifiedClaim {
    get throws {
      guard let published = claim.published else {
        preconditionFailure("a claim on a figure says something of it")
      }
      let table = try survey.table(answering: figure.question())
      guard let cell = table.cells.first, cell.suppression == nil, let value = cell.estimate.value
      else { return claim.notRecomputed(table.cells.first) }
      let scale = figure.statistic == .share ? 100.0 : 1
      let interval = cell.estimate.interval.map { ($0.low * scale, $0.high * scale) }
      let recomputed = Recomputed(
        value: value * scale, interval: interval, base: cell.estimate.base,
        unit: figure.statistic == .share ? .percent : .number)
      switch published {
      case .number(let number): return claim.verified(number, against: recomputed)
      case .phrase(let text, let place):
        guard figure.statistic == .share else {
          throw ClaimError.phraseOfNumber(text, place: place)
        }
        guard let phrase = SharePhrase(text) else {
          throw ClaimError.unknownPhrase(text, place: place)
        }
        return claim.verified(
          text, phrase.fit(value, interval: cell.estimate.borneInterval), against: recomputed,
          needs: phrase.condition.words)
      }
    }
  }
}

extension Estimate {
  /// The interval that words may rest on; of a figure without sampling error, the figure itself.
  var borneInterval: (low: Double, high: Double)? {
    if let interval { return (interval.low, interval.high) }
    guard let value, standardError == 0 else { return nil }
    return (value, value)
  }
}

extension ClaimedFigure {
  /// The one question that the claim asks.
  func question(by groups: [[String]] = []) throws -> Question {
    let statistic: SurveyTables.Statistic =
      switch self.statistic {
      case .share: .share(of: NetChoice(net?.text ?? ""))
      case .mean: .mean
      case .total: .total
      case .median: .quantile(probabilities: [0.5])
      }
    return Question(
      statistic, of: item.text, by: groups,
      where: try condition.map { try Expression($0.text) })
  }
}

extension SharePhrase.Condition {
  /// What the interval must do, in words.
  var words: LocalizedText {
    switch self {
    case .none: LocalizedText(da: "intet", en: "nothing")
    case .lowerLimitAbove(let bound):
      LocalizedText(
        da: "at hele sikkerhedsintervallet ligger over \(text(bound, .da))",
        en: "the whole confidence interval above \(text(bound, .en))")
    case .upperLimitBelow(let bound):
      LocalizedText(
        da: "at hele sikkerhedsintervallet ligger under \(text(bound, .da))",
        en: "the whole confidence interval below \(text(bound, .en))")
    }
  }

  private func text(_ percent: Double, _ language: Language) -> String {
    NumberFormat(language: language).percentInRunningText(percent / 100)
  }
}
