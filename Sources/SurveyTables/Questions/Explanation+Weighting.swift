import SurveyData

extension WeightingDescription {
  private var ownTargets: MarginTargets {
    targets.groups.sorted { $0.key < $1.key }.first?.value ?? targets
  }

  /// What the margins do to the variance, in words.
  var explanation: String {
    let names = ownTargets.margins.map(\.name) + ownTargets.totals.map(\.column)
    return "Weights fitted to \(names.joined(separator: ", ")) (\(method.rawValue)): in place of z "
      + "the variance takes w·e, e what a regression of z/w on the margins, weighted by the start "
      + "weights (\(startWeight ?? "1 for all")), leaves over (Deville and Särndal 1992)."
  }

  var startInR: String { "weights = " + (startWeight.map { "~\(nameInR($0))" } ?? "~1") }

  /// The lines of R that fit a design with the start weights to what the new weights add up to.
  func callInR(weight: String) -> [String] {
    let own = ownTargets
    let margins = own.margins.map(\.columns).map { $0 + (within.map { [$0] } ?? []) }
    guard !margins.isEmpty, own.totals.isEmpty, unknown == .fail else {
      return ["# then calibrate() to the totals of the weights \(weight)"]
    }
    let columns = Set(margins.joined()).sorted()
    var lines = columns.map { column in
      "d$variables[[\"\(column)\"]] <- factor(d$variables[[\"\(column)\"]])"
    }
    let formulas = margins.map { "~" + $0.map(nameInR).joined(separator: " + ") }
    let tables = margins.map { columns in
      "xtabs(\(nameInR(weight)) ~ " + columns.map(nameInR).joined(separator: " + ")
        + ", d$variables)"
    }
    var call = "d <- calibrate(d, list(\(formulas.joined(separator: ", "))), list("
    call += tables.joined(separator: ", ") + "), calfun = \""
    switch method {
    case .rake, .exponential: call += "raking\""
    case .linear, .poststratify: call += "linear\""
    case .logit: call += "logit\""
    }
    if let bounds {
      call += ", bounds = c(\(shortestText(bounds.lowerBound)), \(shortestText(bounds.upperBound)))"
    }
    lines.append(call + ", epsilon = 1e-12)")
    return lines
  }
}
