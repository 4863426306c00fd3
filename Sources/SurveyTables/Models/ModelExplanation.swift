import SurveyData
import SurveyStatistics

extension ResolvedSurvey {
  /// Explains a regression: its formulas, and the R call that gives the same.
  public func explanation(of table: Table, answering question: ModelQuestion) throws -> Explanation
  {
    var lines = facts(of: table)
    let family = question.chosenFamily
    let model =
      switch family {
      case .linear: "least squares: y = x\u{2032}\u{03B2}"
      case .logistic: "logit P(y) = x\u{2032}\u{03B2}"
      case .poisson: "log E(y) = x\u{2032}\u{03B2}"
      case .ordinal: "logit P(y \u{2264} k) = \u{03B6}(k) \u{2212} x\u{2032}\u{03B2}"
      }
    lines.append("Model: \(model), fitted to the weighted likelihood.")
    lines.append(
      "Variance: A\u{207B}\u{00B9}\u{00B7}M\u{00B7}A\u{207B}\u{00B9}, A the weighted curvature and M "
        + "the design covariance of the scores (sandwich); t and F have "
        + (family == .ordinal
          ? "the design's degrees of freedom less the slopes."
          : "the design's degrees of freedom plus 1 less the coefficients."))
    lines.append(
      (family == .ordinal
        ? "Adjusted shares: everybody's predicted share of each answer, F(\u{03B6}(k) \u{2212} "
          + "x\u{2032}\u{03B2}) \u{2212} F(\u{03B6}(k \u{2212} 1) \u{2212} x\u{2032}\u{03B2}), with one "
          + "variable set to a category; average effects: what a category, or a unit, changes of "
          + "it, 0 in all over the answers. "
        : "Adjusted means: everybody's prediction with one variable set to a category; average "
          + "effects: what a category, or a unit, changes of it. ")
        + "Their variance is that of the coefficients and that of the weighted mean of the "
        + "predictions (svypredmeans\(family == .ordinal ? " has the same for svyglm" : "")).")
    if let replicates = design.replicates { lines.append(replicates.explanation) }
    let isShown = table.model?.coefficients.contains { !$0.isWithheld } ?? false
    return Explanation(lines: lines, rCall: isShown ? try rCall(question) : [])
  }

  private func rCall(_ question: ModelQuestion) throws -> [String] {
    var lines = designInR
    let (column, codes) = question.outcomeParts
    let terms = try ModelTerms(parsing: question.terms)
    let factors = terms.columnNames.filter { column in
      question.categoryNames.contains(column) || dataset.hasLabelledCodes(column)
    }
    for factor in factors {
      let reference = question.references[factor].map { ", ref = \(textInR($0))" }
      lines.append(
        "d <- update(d, \(nameInR(factor)) = "
          + (reference.map { "relevel(factor(\(nameInR(factor)))\($0))" }
            ?? "factor(\(nameInR(factor)))") + ")")
    }
    if let domain = question.domain { lines.append("d <- subset(d, \(domain.inR))") }
    let right = terms.terms.map { term in
      term.factors.map { factor in
        var factor = factor
        factor.column = nameInR(factor.column)
        return factor.inR
      }.joined(separator: ":")
    }.joined(separator: " + ")
    let left: String
    if let codes {
      let list = NetChoice(codes).codes.map(textInR).joined(separator: ", ")
      left = "I(as.numeric(\(nameInR(column)) %in% c(\(list))))"
      lines.append("d <- subset(d, !is.na(\(nameInR(column))))")
    } else {
      left = question.chosenFamily == .ordinal ? "factor(\(nameInR(column)))" : nameInR(column)
    }
    switch question.chosenFamily {
    case .linear: lines.append("m <- svyglm(\(left) ~ \(right), design = d)")
    case .logistic, .poisson:
      let name = question.chosenFamily == .logistic ? "quasibinomial" : "quasipoisson"
      lines.append(
        "m <- svyglm(\(left) ~ \(right), design = d, family = \(name)(), "
          + "control = list(epsilon = 1e-14, maxit = 100))")
    case .ordinal: lines.append("m <- svyolr(\(left) ~ \(right), design = d)")
    }
    lines.append("summary(m)")
    if question.chosenFamily != .ordinal {
      lines += terms.terms.map { term in
        "regTermTest(m, ~\(term.factors.map { nameInR($0.column) == $0.column ? $0.inR : $0.name }.joined(separator: ":")))"
      }
    }
    return lines
  }
}
