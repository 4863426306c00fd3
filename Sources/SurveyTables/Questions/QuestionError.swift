import SurveyData

/// A question that the data cannot answer.
public enum QuestionError: InputFault {
  case noSuchCategory(String, variable: String, categories: [String], file: String)
  case noSuchNet(String, variable: String, nets: [String], file: String)
  case emptyDomain(String, file: String)
  case noValidAnswer(String, domain: String?, file: String)
  /// A comparison that keeps more covariances than memory holds.
  case tooManyCells(String, categories: Int, groups: Int, file: String)
  /// Only shares and means are compared, and two items by a net or by their means.
  case notCompared(String)

  case noProbability(Double)
  /// A quantile's interval straight from replicates, where they cannot give one: `method` is the
  /// jackknife's, or `nil` without replicates.
  case noReplicateQuantiles(method: String?)

  public var fault: Fault {
    switch self {
    case .notCompared, .noProbability, .noReplicateQuantiles: return .usage
    default: return .data
    }
  }

  public var description: String {
    switch self {
    case .noSuchCategory(let code, let variable, let categories, let file):
      "\(file): '\(variable)' has no category '\(code)'. Its categories are \(list(categories)). "
        + "A category that nobody chose must be in a survey file to be known."
    case .noSuchNet(let name, let variable, let nets, let file):
      "\(file): '\(variable)' has no net '\(name)'"
        + ", and no such category. Its nets are \(list(nets))."
    case .emptyDomain(let condition, let file):
      "\(file): no respondent meets the condition: \(condition). Check the spelling of its values "
        + "with `pejling describe`."
    case .noValidAnswer(let variable, let domain, let file):
      "\(file): nobody has a valid answer to '\(variable)'"
        + (domain.map { " where \($0)" } ?? "") + ". See its missing codes with `pejling describe`."
    case .tooManyCells(let variable, let categories, let groups, let file):
      "\(file): \(categories) categories of '\(variable)' in \(groups) groups are too many to "
        + "compare at once. Compare a net of them (--top) or the mean (--mean)."
    case .notCompared(let statistic):
      "A \(statistic) is not compared: shares and means are, and two items by one net or by their "
        + "means."
    case .noReplicateQuantiles(nil):
      "--interval quantile takes the quantile of each replicate, and this design has no replicate "
        + "weights. Give them with --replicate-weights, or take --interval mean."
    case .noReplicateQuantiles(let method?):
      "--interval quantile: the \(method) jackknife has no consistent error of a quantile (Shao and "
        + "Wu 1989). Take --interval mean, which works on the share, or a bootstrap."
    case .noProbability(let value):
      "A quantile's probability is from 0 to 1, as 0.5 for the median, not \(shortestText(value))."
    }
  }

  private func list(_ words: [String]) -> String {
    let shown = words.prefix(12).map { "'\($0)'" }.joined(separator: ", ")
    return words.count > 12 ? shown + " and \(words.count - 12) more" : shown
  }
}
