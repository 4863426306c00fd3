import SurveyData
import SurveyStatistics

extension NonresponseAdjustment {
  /// What was made of classes that the survey file takes together.
  var collapseNotes: [String] {
    description.collapse.sorted { $0.key < $1.key }.map { column, codes in
      let pairs = codes.sorted { $0.key < $1.key }.map { "\($0.key) as \($0.value)" }
      return "Non-response, \(column): counted together, \(pairs.joined(separator: ", "))."
    }
  }

  /// The classes, the model and the propensities.
  func grids(_ format: NumberFormat, few minimum: Int) -> [ShownTable.Grid] {
    let words = NonresponseWords(format)
    var grids: [ShownTable.Grid] = []
    if !classes.isEmpty { grids.append(classGrid(words, format, few: minimum)) }
    if let propensity {
      grids.append(modelGrid(propensity, words, format))
      grids.append(spreadGrid(propensity, words, format))
    }
    return grids
  }

  func notes(_ format: NumberFormat) -> [String] { NonresponseWords(format).notes(self) }

  private func classGrid(
    _ words: NonresponseWords, _ format: NumberFormat, few minimum: Int
  ) -> ShownTable.Grid {
    let isOfPropensity = propensity != nil
    return ShownTable.Grid(
      columns: [
        .init(
          heading: isOfPropensity ? words.propensityClass : classColumns.joined(separator: ":"),
          isNumeric: false)
      ]
        + ((isOfPropensity ? [words.propensities] : [])
        + [words.invited, words.respondents, words.rate, words.factor]).map {
          .init(heading: $0, isNumeric: true)
        },
      rows: classes.map { one in
        let isFew = one.respondents < minimum
        let range = one.propensities.map {
          format.number($0.lowerBound, decimals: 3) + "\u{2013}"
            + format.number($0.upperBound, decimals: 3)
        }
        return [one.name] + (isOfPropensity ? [range ?? ""] : [])
          + [
            format.count(one.invited),
            isFew ? WeightingWords(format).few : format.count(one.respondents),
            isFew ? "\u{2013}" : format.percent(one.responding / one.eligible),
            isFew ? "\u{2013}" : format.number(one.factor, decimals: 3),
          ]
      })
  }

  private func modelGrid(
    _ propensity: ResponsePropensity, _ words: NonresponseWords, _ format: NumberFormat
  ) -> ShownTable.Grid {
    ShownTable.Grid(
      columns: [.init(heading: words.term, isNumeric: false)]
        + [words.coefficient, "SE", "t", "p"].map { .init(heading: $0, isNumeric: true) },
      rows: propensity.model.estimates(level: 0.95).map { term in
        [
          term.name, term.estimate.map { format.number($0, decimals: 3) } ?? "\u{2013}",
          term.standardError.map { format.number($0, decimals: 3) } ?? "\u{2013}",
          term.statistic.map { format.number($0, decimals: 2) } ?? "\u{2013}",
          term.pValue.map(format.pValue) ?? "\u{2013}",
        ]
      })
  }

  private func spreadGrid(
    _ propensity: ResponsePropensity, _ words: NonresponseWords, _ format: NumberFormat
  ) -> ShownTable.Grid {
    ShownTable.Grid(
      columns: [.init(heading: words.propensities, isNumeric: false)]
        + ([words.members, words.mean, words.minimum] + words.quartiles + [words.maximum]).map {
          .init(heading: $0, isNumeric: true)
        },
      rows: [
        (words.respondents, propensity.respondents),
        (words.nonrespondents, propensity.nonrespondents),
      ].map { name, spread in
        [name, format.count(spread.members)]
          + ([spread.mean, spread.minimum] + spread.quartiles + [spread.maximum]).map {
            format.number($0, decimals: 3)
          }
      })
  }
}
