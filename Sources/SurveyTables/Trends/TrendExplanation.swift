import SurveyData
import SurveyStatistics

extension ResolvedSurvey {
  /// Explains a trend: its formulas, and the R calls that give the same.
  public func explanation(of table: Table, answering question: TrendQuestion) -> Explanation {
    var lines = facts(of: table)
    lines += [
      "Differences: the variance is V(a) + V(b) − 2·C(a, b); C is the covariance of the totals of "
        + "sampling units that answered in both waves, 0 between samples of their own.",
      "Trend: the regression of the item on \(question.time) as it stands in the data; the change "
        + "a unit of time is the average marginal effect.",
      "Change between waves: Wald test with every wave a category; departure from the line: the "
        + "waves' effects are proportional to their time.",
    ]
    let model = question.model(isCategorical: false)
    let (item, codes) = model.outcomeParts
    let time = nameInR(question.time)
    let variable: String
    if let codes {
      let list = NetChoice(codes).codes.map(textInR).joined(separator: ", ")
      variable = "I(as.numeric(\(nameInR(item)) %in% c(\(list))))"
    } else {
      variable = nameInR(item)
    }
    var call = designInR
    if let domain = question.domain { call.append("d <- subset(d, \(domain.inR))") }
    call.append("d <- subset(d, !is.na(\(nameInR(item))))")
    call.append("b <- svyby(~\(variable), ~\(time), d, svymean, covmat = TRUE)")
    let family = model.chosenFamily == .logistic ? ", family = quasibinomial()" : ""
    let terms =
      [time] + (question.adjust.map { [$0.split(separator: ",").joined(separator: " + ")] } ?? [])
    call.append(
      "m <- svyglm(\(variable) ~ \(terms.joined(separator: " + ")), design = d\(family))")
    call.append("summary(m)")
    return Explanation(lines: lines, rCall: table.model == nil ? [] : call)
  }
}
