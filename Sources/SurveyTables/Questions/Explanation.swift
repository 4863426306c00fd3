import SurveyData
import SurveyStatistics

/// How the figures of a table were made, and the R call that makes the same: what `--explain` adds.
public struct Explanation: Sendable {
  /// A line a fact.
  public var lines: [String]
  /// Lines of R, to be run as they stand.
  public var rCall: [String]
}

extension ResolvedSurvey {
  /// Explains the answer to a question.
  ///
  /// A withheld figure is not explained: its base would tell what the rules withhold.
  public func explanation(of table: Table, answering question: Question) -> Explanation {
    var lines = facts(of: table)
    lines.append(contentsOf: question.formula)
    if let replicates = design.replicates { lines.append(replicates.explanation) }
    if let weighting = design.description.weighting, design.replicates == nil {
      lines.append(weighting.explanation)
    }
    let hasShownFigure = table.cells.contains { $0.suppression == nil }
    return Explanation(lines: lines, rCall: hasShownFigure ? rCall(question) : [])
  }

  /// Rows, weights, design and degrees of freedom, a line each.
  func facts(of table: Table) -> [String] {
    let description = design.description
    var lines = [
      table.rows.isWithheld
        ? "Rows: \(table.rows.read) read; the other counts are withheld."
        : "Rows: \(table.rows.read) read = \(table.rows.used) used + \(table.rows.outsideDomain) "
          + "outside the subpopulation + \(table.rows.missing) without a valid answer + "
          + "\(table.rows.withoutWeight) without a weight + \(table.rows.dropped) dropped"
          + (table.rows.unreadable > 0 ? " + \(table.rows.unreadable) unreadable." : ".")
    ]
    lines.append(
      description.weight.map {
        "Weights: column \($0), sum \(shortestText(design.weightedTotal)) over \(design.rowCount) rows"
          + (design.rowsOfZeroWeight > 0
            ? ", \(design.rowsOfZeroWeight) of them 0: they keep their PSU and enter no estimate."
            : ".")
      } ?? "Weights: none; every row counts 1.")
    let strata =
      description.strata.isEmpty
      ? "one stratum"
      : "\(design.stratumCount) strata by \(description.strata.joined(separator: " × "))"
    let psus =
      description.clusters.first.map { "PSUs by \($0)" } ?? "every row a PSU"
    lines.append(
      "Design: \(strata), \(psus) (\(design.psuCount)), "
        + (description.finitePopulation.isEmpty
          ? "no finite population"
          : "finite population by \(description.finitePopulation.joined(separator: ", "))")
        + "; lonely PSUs: \(description.lonelyPSU.rawValue).")
    lines.append(
      (design.replicates == nil
        ? "Degrees of freedom: PSUs minus strata among the rows of each estimate's base, "
        : "Degrees of freedom: the rank of the replicate weights of each estimate's base, less 1, ")
        + (description.degreesOfFreedom.map { "set to \(shortestText($0)) by --df." }
          ?? "\(shortestText(design.degreesOfFreedom)) for the whole design."))
    return lines
  }

  private func rCall(_ question: Question) -> [String] {
    var lines = designInR
    let needed = ([question.item] + question.statistic.columnNames).map { "!is.na(\(nameInR($0)))" }
    let conditions = (question.domain.map { ["(\($0.inR))"] } ?? []) + needed
    lines.append("d <- subset(d, \(conditions.joined(separator: " & ")))")
    lines += question.rEstimates
    return lines
  }

  /// Lines of R that make the design `d`.
  var designInR: [String] {
    let description = design.description
    func formula(_ columns: [String], by sign: String = "+") -> String {
      "~" + columns.map(nameInR).joined(separator: " \(sign) ")
    }
    var arguments = [
      "ids = " + (description.clusters.isEmpty ? "~1" : formula(description.clusters))
    ]
    if let first = description.strata.first {
      arguments.append(
        description.strata.count == 1
          ? "strata = ~\(nameInR(first))"
          : "strata = ~interaction(\(description.strata.map(nameInR).joined(separator: ", ")))")
    }
    arguments.append("weights = " + (description.weight.map { "~\(nameInR($0))" } ?? "~1"))
    if !description.finitePopulation.isEmpty {
      arguments.append("fpc = " + formula(description.finitePopulation))
    }
    if description.isNested { arguments.append("nest = TRUE") }
    var lines = [
      "library(survey)", "d <- svydesign(\(arguments.joined(separator: ", ")), data = data)",
    ]
    if description.lonelyPSU != .fail {
      lines.insert("options(survey.lonely.psu = \"\(description.lonelyPSU.rawValue)\")", at: 1)
    }
    if let replicates = design.replicates, let asked = description.replicates {
      let call = asked.inR(
        weight: description.weight.map { "~\(nameInR($0))" } ?? "~1", replicates: replicates)
      if replicates.isMade { lines.append(call) } else { lines[lines.count - 1] = call }
    }
    if let weighting = description.weighting, let weight = description.weight,
      design.replicates == nil
    {
      lines = lines.map {
        $0.replacing("weights = ~\(nameInR(weight))", with: weighting.startInR)
      }
      lines += weighting.callInR(weight: weight)
    }
    return lines
  }
}

extension Question {
  /// The formula in words.
  fileprivate var formula: [String] {
    let variance =
      "its variance is that of the total of z over PSUs within strata, "
      + "(1 − f) · n/(n − 1) · Σ(z − z̄)² (Taylor linearisation); rows outside the base have z = 0."
    switch statistic {
    case .shares, .share:
      return [
        "Share: p = Σw over the respondents in the category / Σw over those who answered; "
          + "z = w·((1 − p) in the category, −p outside)/Σw; " + variance,
        "Interval: \(inference.intervalMethod.rawValue) at level \(shortestText(inference.level)), "
          + "Student's t; korn-graubard where a share is exactly 0 or 1.",
      ]
    case .quantile(_, let rule, .quantile):
      return [
        "Quantile: the smallest answer whose cumulated weight reaches the probability (rule "
          + "\(rule.rawValue)); its variance is that of the quantiles of the replicates, and its "
          + "interval the quantile ± t standard errors."
      ]
    case .quantile(_, let rule, let interval):
      return [
        "Quantile: the smallest answer whose cumulated weight reaches the probability (rule "
          + "\(rule.rawValue)); interval: that of the share at or below it (Woodruff, "
          + "\(interval.rawValue)), read back through the same rule; " + variance
      ]
    case .mean: return ["Mean: Σw·x/Σw; z = w·(x − mean)/Σw; " + variance]
    case .total: return ["Total: Σw·x; z = w·x; " + variance]
    case .ratio(let denominator):
      return [
        "Ratio: Σw·\(item)/Σw·\(denominator); z = w·(y − R·x)/Σw·x; " + variance
      ]
    }
  }

  fileprivate var rEstimates: [String] {
    let variable = nameInR(item)
    let level = shortestText(inference.level)
    let method =
      switch inference.intervalMethod {
      case .logit: "xlogit"
      case .wald: "mean"
      case .beta, .kornGraubard: "beta"
      case .wilson: "wilson"
      case .asin: "asin"
      }
    let call: (formula: String, function: String)
    var arguments = ""
    switch statistic {
    case .shares: call = ("~factor(\(variable))", "svymean")
    case .share(of: let net):
      let codes = net.codes.map(textInR).joined(separator: ", ")
      call = ("~I(\(variable) %in% c(\(codes)))", "svyciprop")
      arguments = ", method = \"\(method)\", level = \(level), df = degf(d)"
    case .quantile(let probabilities, let rule, .wald):
      // The older function has two rules.
      let method = rule == .hf4 ? "\"linear\"" : "\"constant\", f = 1"
      call = ("~\(variable)", "oldsvyquantile")
      arguments =
        ", quantiles = c(\(probabilities.map(shortestText).joined(separator: ", ")))"
        + ", ci = TRUE, interval.type = \"Wald\", method = \(method), "
        + "alpha = \(shortestText(1 - inference.level)), df = degf(d)"
    case .quantile(let probabilities, let rule, let interval):
      call = ("~\(variable)", "svyquantile")
      arguments =
        ", quantiles = c(\(probabilities.map(shortestText).joined(separator: ", ")))"
        + ", qrule = \"\(rule.rawValue)\", interval.type = \"\(interval.rawValue)\", "
        + "alpha = \(shortestText(1 - inference.level)), df = degf(d)"
    case .mean: call = ("~\(variable)", "svymean")
    case .total: call = ("~\(variable)", "svytotal")
    case .ratio(let denominator):
      call = ("~\(variable)", "svyratio")
      arguments = ", denominator = ~\(nameInR(denominator))"
    }
    guard !by.isEmpty else {
      let estimate = "\(call.function)(\(call.formula), design = d\(arguments))"
      return ["svyciprop", "svyquantile"].contains(call.function)
        ? [estimate] : ["e <- \(estimate)", "e", "confint(e, level = \(level), df = degf(d))"]
    }
    return by.map { columns in
      "svyby(\(call.formula), ~\(columns.map(nameInR).joined(separator: " + ")), d, "
        + "\(call.function)\(arguments))"
    }
  }
}
