import SurveyData
import SurveyStatistics

extension Difference.Side {
  /// The side in a sentence: `stype = E`.
  var place: String {
    switch self {
    case .group(let values):
      values.isEmpty
        ? "all" : values.map { "\($0.column) = \($0.code)" }.joined(separator: ", ")
    case .rest: "the rest"
    case .total: "the total"
    case .item(let name, _): name
    case .number: codes[0].code
    }
  }
}

extension Difference {
  private var place: String {
    var text = "difference in \(variable)"
    if let category { text += " = \(category)" }
    if let net { text += " in \(net)" }
    return text + " from \(from.place) to \(to.place)"
  }

  var caveatSentences: [String] {
    contrast.caveats.map { caveat in
      switch caveat {
      case .emptyBase: "\(place): nobody answered on one side, so there is none."
      case .onePSU:
        "\(place): no standard error, since all respondents of one side are of one PSU."
      case .noVariance:
        "\(place): no standard error, since every stratum has a lonely sampling unit."
      case .noSamplingError:
        "\(place): the design leaves no sampling error, so there is no test."
      case .noDegreesOfFreedom(let df):
        "\(place): no test, since its sampling units leave \(Int(df)) degrees of freedom."
      case .zeroDenominator: "\(place): the denominator is 0, so there is none."
      case .replicatesWithoutValue(let count):
        "\(place): \(count) replicates have no value on one side and do not count."
      case .largestAnswer, .openInterval, .limitsCoincide:
        "\(place): the interval of a quantile has no bearing on a difference."
      }
    }
  }
}

extension TestResult {
  var caveatSentences: [String] {
    let words = words(in: .en)
    let place = "No test of \(words.variable) by \(words.by)"
    if isWithheld { return ["\(place): it would tell of withheld figures."] }
    return switch test.caveat {
    case nil: []
    case .oneRowOrColumn: ["\(place): all answers are in one row or one column."]
    case .noDegreesOfFreedom(let df):
      ["\(place): its sampling units leave \(Int(df)) degrees of freedom."]
    case .singular: ["\(place): too many of its cells are empty."]
    case .noSamplingError: ["\(place): the design leaves the table no sampling error."]
    }
  }
}

extension TestResult {
  /// Why there is no test, in both languages.
  var localizedCaveats: [LocalizedText] {
    let reason: String
    switch test.caveat {
    case _ where isWithheld: reason = "den ville fortælle om tilbageholdte tal."
    case nil: return []
    case .oneRowOrColumn: reason = "alle svar står i én række eller én kolonne."
    case .noDegreesOfFreedom: reason = "klyngerne giver ingen frihedsgrader."
    case .singular: reason = "for mange af cellerne er tomme."
    case .noSamplingError: reason = "designet giver ingen stikprøvefejl."
    }
    let words = words(in: .da)
    return caveatSentences.map { sentence in
      LocalizedText(
        da: "Ingen test af \(words.variable) efter \(words.by): \(reason)", en: sentence)
    }
  }
}
