import SurveyData
import SurveyStatistics

/// The words of an adjustment for non-response, in one language.
struct NonresponseWords {
  private let format: NumberFormat

  init(_ format: NumberFormat) { self.format = format }

  private func choose(_ da: String, _ en: String) -> String { format.language == .da ? da : en }

  var invited: String { choose("inviterede", "invited") }
  var respondents: String { choose("svarpersoner", "respondents") }
  var nonrespondents: String { choose("ikke-svarende", "non-respondents") }
  var rate: String { choose("svarandel", "response") }
  var factor: String { choose("faktor", "factor") }
  var propensityClass: String { choose("propensity-klasse", "propensity class") }
  var propensities: String { choose("svarsandsynlighed", "propensity") }
  var term: String { choose("svarmodel", "response model") }
  var coefficient: String { choose("koefficient", "coefficient") }
  var members: String { choose("medlemmer", "members") }
  var mean: String { choose("middel", "mean") }
  var minimum: String { choose("mindste", "least") }
  var maximum: String { choose("største", "largest") }
  var quartiles: [String] {
    [choose("nedre kvartil", "lower quartile"), "median", choose("øvre kvartil", "upper quartile")]
  }

  func method(_ adjustment: NonresponseAdjustment) -> String {
    switch adjustment.description.method {
    case .classes(let columns):
      choose("vægtningsklasser ", "weighting classes ") + columns.joined(separator: ":")
    case .propensity(let terms, _, nil):
      choose("invers svarsandsynlighed efter ", "inverse response propensity by ") + terms
    case .propensity(let terms, _, _?):
      choose(
        "\(adjustment.classes.count) klasser af svarsandsynlighed efter ",
        "\(adjustment.classes.count) classes of response propensity by ") + terms
    }
  }

  func lead(_ adjustment: NonresponseAdjustment) -> [String] {
    let members = adjustment.members
    let totals = members.totals()
    let share = members.description.eligibleShare ?? totals.eligibleShare ?? 1
    let rate = OutcomeRate.rr4.value(totals, eligibleShare: share)
    let (low, high) = adjustment.factorRange
    var line = "1. " + choose("Frafald: ", "Non-response: ") + method(adjustment) + "; "
    line += choose(
      "\(format.count(adjustment.respondents)) svarpersoner af "
        + "\(format.count(Int(totals.eligible + totals.unknown))) inviterede i målgruppen (RR4 ",
      "\(format.count(adjustment.respondents)) respondents of "
        + "\(format.count(Int(totals.eligible + totals.unknown))) eligible invited (RR4 ")
    line +=
      (rate.map(format.percent) ?? "\u{2013}") + choose("); faktorer fra ", "); factors from ")
    line += format.number(low, decimals: 3) + choose(" til ", " to ")
    line += format.number(high, decimals: 3) + "."
    var lines = [line]
    if let propensity = adjustment.propensity {
      lines.append(
        choose("R-indikator ", "R-indicator ") + format.number(propensity.rIndicator, decimals: 3)
          + choose(" (gennemsnitlig svarsandsynlighed ", " (mean propensity ")
          + format.number(propensity.mean, decimals: 3) + ", S "
          + format.number(propensity.standardDeviation, decimals: 3) + ").")
    }
    return lines
  }

  func notes(_ adjustment: NonresponseAdjustment) -> [String] {
    var notes: [String] = []
    if adjustment.members.totals().unknown > 0 {
      notes.append(
        choose(
          "De ukendte tæller med \(format.percent(adjustment.members.eligibleShare)) (e) af deres "
            + "basisvægt.",
          "Those of unknown eligibility count for \(format.percent(adjustment.members.eligibleShare)) "
            + "(e) of their base weight."))
    }
    if adjustment.propensity != nil {
      notes.append(
        choose(
          "R-indikatoren er 1 − 2·S af svarsandsynlighederne: 1, hvor alle svarer lige gerne "
            + "(Schouten m.fl. 2009).",
          "The R-indicator is 1 − 2·S of the propensities: 1 where all are as likely to answer "
            + "(Schouten et al. 2009)."))
    }
    if case .propensity(_, _, let wanted?) = adjustment.description.method,
      adjustment.classes.count < wanted
    {
      notes.append(
        choose(
          "Af \(wanted) ønskede klasser blev \(adjustment.classes.count), fordi mange har samme "
            + "svarsandsynlighed.",
          "Of \(wanted) classes asked for there are \(adjustment.classes.count), since many have the "
            + "same propensity."))
    }
    return notes
  }
}

extension NonresponseAdjustment {
  /// The least and the largest factor among the respondents.
  var factorRange: (low: Double, high: Double) {
    factors.withValues { factors in
      factors.indices.reduce((Double.infinity, 0.0)) { range, row in
        factors[row].isNaN ? range : (min(range.0, factors[row]), max(range.1, factors[row]))
      }
    }
  }
}
