import SurveyData

/// Weights that cannot be made: the category, the numbers, and what to do.
public enum WeightingError: InputFault {
  case noTargets(file: String)
  case oneMarginNeeded(margins: [String], place: SourcePlace)
  case notRaked(totals: String, place: SourcePlace)
  case sharesOff(margin: String, sum: Double, place: SourcePlace)
  case totalsDiffer(
    margin: String, sum: Double, other: String, otherSum: Double, place: SourcePlace)
  case marginsDiffer(
    column: String, code: String, margin: String, sum: Double, other: String, otherSum: Double,
    place: SourcePlace)
  case nobodyInTarget(
    margin: String, code: String, target: Double, group: String?, place: SourcePlace)
  case respondentsInNone(
    margin: String, code: String, respondents: Int, group: String?, place: SourcePlace)
  case unknownCategory(
    column: String, code: String, isMissing: Bool, respondents: Int, row: RowPlace,
    nearest: String?)
  case missingNumber(column: String, respondents: Int, row: RowPlace)
  case noPrecision(column: String, value: Double, row: RowPlace)
  case populationUnknown(column: String, place: SourcePlace)
  case noTargetsOfGroup(column: String, code: String, file: String)
  case noGroup(column: String, row: RowPlace)
  case boundsNeeded
  case boundsWithoutOne(low: Double, high: Double, method: WeightingMethod)
  case boundTooTight(
    category: String, target: Double, start: Double, bounds: ClosedRange<Double>, group: String?,
    place: SourcePlace)
  case notConverged(
    method: WeightingMethod, iterations: Int, category: String, target: Double, reached: Double,
    bounds: ClosedRange<Double>?, group: String?, place: SourcePlace)
  case negativeWeights(count: Int, least: Double, row: RowPlace)
  case trimTooTight(low: Double, high: Double)
  case replicateNotFitted(replicate: Int, category: String, file: String)
  case tooManyReplicates(replicates: Int, rows: Int, most: Int)

  public var fault: Fault {
    switch self {
    case .boundsNeeded, .boundsWithoutOne, .trimTooTight, .tooManyReplicates: .usage
    default: .data
    }
  }

  public var description: String {
    switch self {
    case .noTargets(let file):
      "\(file): there is nothing to weight to. Give margins: a column with its codes and their "
        + "counts, or totals: of a number."
    case .oneMarginNeeded(let margins, let place):
      "\(place): post-stratification meets one margin, but there are \(margins.count) "
        + "(\(quoted(margins))). Cross them in one, as "
        + "\"\(margins.joined(separator: ":"))\", or choose --method rake."
    case .notRaked(let column, let place):
      "\(place): '\(column)' is a number, which raking and post-stratification cannot meet. "
        + "Choose --method linear, logit or exponential."
    case .sharesOff(let margin, let sum, let place):
      "\(place): the shares of '\(margin)' add up to \(shortestText(sum)), not to 1. Correct them, "
        + "or give counts."
    case .totalsDiffer(let margin, let sum, let other, let otherSum, let place):
      "\(place): the margin '\(margin)' adds up to \(shortestText(sum)), but '\(other)' to "
        + "\(shortestText(otherSum)). No weights meet both; correct the counts, or give one of them "
        + "as shares."
    case .marginsDiffer(
      let column, let code, let margin, let sum, let other, let otherSum, let place):
      "\(place): the margins contradict each other: \(column) = \(code) is \(shortestText(sum)) by "
        + "'\(margin)' and \(shortestText(otherSum)) by '\(other)'. Correct one of them."
    case .nobodyInTarget(let margin, let code, let target, let group, let place):
      "\(place): nobody answered in \(margin) = \(code)\(of(group)), whose target is "
        + "\(shortestText(target)): no weights can meet it. Take the category together with another "
        + "(collapse: in a survey file's weighting), or leave the margin out."
    case .respondentsInNone(let margin, let code, let respondents, let group, let place):
      "\(place): the target of \(margin) = \(code)\(of(group)) is 0, but \(count(respondents)) "
        + "\(respondents == 1 ? "is" : "are") in it. Correct the target or the data, or leave them "
        + "out with --drop."
    case .unknownCategory(
      let column, let code, let isMissing, let respondents, let row, let nearest):
      "\(row): "
        + (isMissing
          ? "'\(column)' is missing (\(code.isEmpty ? "empty" : "code '\(code)'"))"
          : "'\(column)' holds '\(code)', which is no category of the margin")
        + ", here and for \(count(respondents)) in all. "
        + (nearest.map { "The nearest category is '\($0)'. " } ?? "")
        + "Correct the data or the margins, leave them out with --drop, or let them keep the share "
        + "that they start with by --unknown keep."
    case .missingNumber(let column, let respondents, let row):
      "\(row): '\(column)' is missing, here and for \(count(respondents)) in all, but its total is to "
        + "be met. Fill it in, or leave them out with --drop."
    case .noPrecision(let column, let value, let row):
      "\(row): '\(column)' is \(shortestText(value)), but as the variance of the model it must be "
        + "above 0."
    case .populationUnknown(let column, let place):
      "\(place): the mean of '\(column)' needs the number of people. Give population:, or a margin "
        + "of counts."
    case .noTargetsOfGroup(let column, let code, let file):
      "\(file): there are no targets for the group '\(code)' of '\(column)'. Add it under groups:."
    case .noGroup(let column, let row):
      "\(row): '\(column)' is missing, but weights are made within it. Fill it in, or leave the row "
        + "out with --drop."
    case .boundsNeeded: "The method logit needs --bounds LO,HI, as 0.3,3."
    case .boundsWithoutOne(let low, let high, let method):
      "--bounds \(shortestText(low)),\(shortestText(high)): "
        + (method == .logit
          ? "the lower bound must be at least 0 and below 1, the upper above 1."
          : "the lower bound must be at least 0 and below the upper, with 1 between them.")
    case .boundTooTight(let category, let target, let start, let bounds, let group, let place):
      "\(place): the bounds cannot be met: \(category)\(of(group)) is to be "
        + "\(shortestText(target)) from \(fourDigits(start)), a factor of "
        + "\(fourDigits(target / start)), outside \(shortestText(bounds.lowerBound)) to "
        + "\(shortestText(bounds.upperBound)). Widen --bounds, or take the category together with "
        + "another."
    case .notConverged(
      let method, let iterations, let category, let target, let reached, let bounds, let group,
      let place):
      "\(place): \(method.rawValue) did not converge\(of(group)): after \(iterations) "
        + "\(method == .rake ? "sweeps" : "steps") \(category) is \(fourDigits(reached)), its "
        + "target \(shortestText(target)). "
        + (bounds.map {
          "No weights between \(shortestText($0.lowerBound)) and \(shortestText($0.upperBound)) "
            + "times the start weights meet all margins, or the search did not find them: widen "
            + "--bounds, or leave out a margin."
        }
          ?? "The margins cannot all be met by these respondents: take categories together, or "
          + "leave out a margin.")
    case .negativeWeights(let number, let least, let row):
      "\(row): the linear method gives this respondent the weight \(fourDigits(least))"
        + (number > 1 ? ", and \(number - 1) others one below 0 too" : "")
        + ". Weights are 0 or more: give --bounds, as 0.3,3, or choose --method rake."
    case .trimTooTight(let low, let high):
      "--trim \(shortestText(low)),\(shortestText(high)): weights over mean weight have the mean 1, "
        + "so the limits must stand on either side of it."
    case .replicateNotFitted(let replicate, let category, let file):
      "\(file): replicate \(replicate) cannot be fitted to the margins of the weighting: those it "
        + "leaves do not meet \(category). Take small categories together, or leave out the "
        + "replicates, so that the variance is by linearisation."
    case .tooManyReplicates(let replicates, let rows, let most):
      "\(replicates) replicates of \(rows) rows, each weighted to the margins, are too many to hold. "
        + "Make at most \(most), or leave out the replicates."
    }
  }

  private func of(_ group: String?) -> String { group.map { " (group '\($0)')" } ?? "" }

  private func count(_ respondents: Int) -> String {
    respondents == 1 ? "1 respondent" : "\(respondents) respondents"
  }

  private func quoted(_ names: [String]) -> String {
    names.map { "'\($0)'" }.joined(separator: ", ")
  }
}

/// For messages: four significant digits.
func fourDigits(_ value: Double) -> String {
  guard value.isFinite, value != 0 else { return "\(value)" }
  var scale = 1.0
  while abs(value) * scale < 1000 { scale *= 10 }
  return shortestText((value * scale).rounded() / scale)
}
