import SurveyData
import SurveyStatistics

/// What is asked of a survey: a statistic of an item, in a domain, by groups. Every command, every
/// claim and every report asks with this one value.
public struct Question: Sendable {
  public var statistic: Statistic
  /// The column that the statistic is of.
  public var item: String
  /// Groups asked for one after another; the columns of one entry are crossed.
  public var by: [[String]]
  /// A subpopulation; the rows outside stay in the design.
  public var domain: Expression?
  /// Missing reasons that count as categories of their own.
  public var keptMissing: Set<MissingReason>
  public var inference: Inference

  public init(
    _ statistic: Statistic, of item: String, by: [[String]] = [], where domain: Expression? = nil,
    keepingMissing: Set<MissingReason> = [], inference: Inference = Inference()
  ) {
    self.statistic = statistic
    self.item = item
    self.by = by
    self.domain = domain
    self.keptMissing = keepingMissing
    self.inference = inference
  }

  /// Every column that an answer needs.
  public var columnNames: [String] {
    [item] + statistic.columnNames + by.flatMap { $0 } + (domain?.columnNames ?? [])
  }
}

/// The statistics that can be asked for.
public enum Statistic: Sendable {
  /// The share of every category.
  case shares
  /// The share of a net of categories.
  case share(of: NetChoice)
  case mean
  case total
  /// The total of the item over the total of another column.
  case ratio(denominator: String)
  /// The quantiles of some probabilities, from 0 to 1.
  case quantile(
    probabilities: [Double], rule: QuantileRule = .hf1, interval: QuantileIntervalMethod = .mean)

  /// The word in the output.
  public var name: String {
    switch self {
    case .shares, .share: "share"
    case .mean: "mean"
    case .total: "total"
    case .ratio: "ratio"
    case .quantile: "quantile"
    }
  }

  /// The columns it needs beside the item.
  var columnNames: [String] {
    if case .ratio(let denominator) = self { return [denominator] }
    return []
  }
}

/// A net as it is asked for: the name that the codebook gives it, or its codes.
public struct NetChoice: Sendable, Hashable {
  /// A name, or codes with commas between them; where both would fit, the name is meant.
  public var text: String

  public init(_ text: String) { self.text = text }

  var codes: [String] {
    text.split(separator: ",").map { part in
      String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
  }
}
