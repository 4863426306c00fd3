import SurveyData
import SurveyStatistics

/// A development over time that is asked of a survey.
public struct TrendQuestion: Sendable {
  /// The estimate of each wave: a share of a net, or a mean.
  public var statistic: Statistic
  public var item: String
  /// The column that tells the time, as a number: the year of the wave.
  public var time: String
  /// Terms that take the composition out of the trend.
  public var adjust: String?
  public var categorical: [String]
  /// `nil`: logistic for a share, linear for a mean.
  public var family: ModelFamily?
  public var overlap: Overlap
  public var domain: Expression?
  public var inference: Inference

  /// Whether the same members or workplaces answer in several waves.
  public enum Overlap: Sendable, Hashable {
    /// As the sampling units of the data say: an id that stands in several waves is one unit.
    case asInData
    /// This column is the id of those who may answer again.
    case column(String)
    /// Every wave has a sample of its own.
    case independent
    /// Nobody knows: differences have bounds of their errors.
    case unknown
  }

  public init(
    _ statistic: Statistic, of item: String, time: String, adjust: String? = nil,
    categorical: [String] = [], family: ModelFamily? = nil, overlap: Overlap = .asInData,
    where domain: Expression? = nil, inference: Inference = Inference()
  ) {
    self.statistic = statistic
    self.item = item
    self.time = time
    self.adjust = adjust
    self.categorical = categorical
    self.family = family
    self.overlap = overlap
    self.domain = domain
    self.inference = inference
  }

  /// Every column that an answer needs.
  public func columnNames() throws -> [String] {
    var names = [item, time] + (domain?.columnNames ?? [])
    if let adjust { names += try ModelTerms(parsing: adjust).columnNames }
    if case .column(let id) = overlap { names.append(id) }
    return names
  }

  /// The estimates of the waves.
  var estimates: Question {
    Question(statistic, of: item, by: [[time]], where: domain, inference: inference)
  }

  /// The regression on time as it stands in the data.
  ///
  /// - Parameter isCategorical: each wave a category of its own.
  func model(isCategorical: Bool) -> ModelQuestion {
    var outcome = item
    if case .share(of: let net) = statistic { outcome += "=" + net.text }
    let chosen = family ?? (outcome == item ? .linear : .logistic)
    return ModelQuestion(
      outcome: outcome,
      terms: ([columnReference(time)] + (adjust.map { [$0] } ?? [])).joined(separator: ","),
      categorical: categorical + (isCategorical ? [time] : []), family: chosen, where: domain,
      inference: inference)
  }
}

/// A trend that the data do not bear.
public enum TrendError: InputFault {
  case oneWave(column: String, file: String)
  case notAStatistic(String)
  case family(String)

  public var fault: Fault {
    switch self {
    case .oneWave: .data
    case .notAStatistic, .family: .usage
    }
  }

  public var description: String {
    switch self {
    case .oneWave(let column, let file):
      "\(file): a trend needs two times at least that have answers; '\(column)' has one. "
        + "Name the waves of the data files in a survey file, or another column by --time."
    case .notAStatistic(let name):
      "A trend is of a share or a mean, not of a \(name)."
    case .family(let name):
      "A trend is linear or logistic, not \(name)."
    }
  }
}
