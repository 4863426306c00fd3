/// How an interval of a quantile is made. The words are those of R's svyquantile and of the command
/// line.
///
/// All but `score` and `quantile` are Woodruff's (1952): the interval of the share F̂(q̂) of answers up to the
/// quantile, both ends of it read back as quantiles by the rule of the estimate.
public enum QuantileIntervalMethod: String, Sendable, CaseIterable {
  /// The share's interval is the share ± t standard errors.
  case mean
  /// Korn and Graubard's Clopper–Pearson interval with the effective sample size.
  case beta
  /// Symmetric on the logit scale.
  case xlogit
  /// Symmetric on the arcsine scale.
  case asin
  /// The answers x at which the share F̂(x) does not differ from p by more than t of its own
  /// standard errors (Francisco and Fuller 1991).
  case score
  /// The probability itself ± t standard errors of the share F̂(q̂), cut to 0 and 1 (the Wald form of
  /// R's older oldsvyquantile). Where the distribution jumps past the probability it is not `mean`.
  case wald
  /// The quantile ± t standard errors, from the quantiles of the replicates: only where the design
  /// has replicate weights, and not by the jackknife, whose error of a quantile is inconsistent
  /// (Shao and Wu 1989).
  case quantile

  /// The interval of the share that is inverted; those of `score` and `quantile` are not used.
  var ofShare: IntervalMethod {
    switch self {
    case .mean, .wald, .score, .quantile: .wald
    case .beta: .beta
    case .xlogit: .logit
    case .asin: .asin
    }
  }
}

/// The limits of a quantile's interval; `nil` where a limit is beyond what was answered.
struct QuantileLimits {
  var low: Double?
  var high: Double?
}

extension QuantileLimits {
  /// Woodruff's limits around a probability, as wide as those of the share F̂(q̂).
  init(
    around probability: Double, asWideAs shares: Interval, of share: Double, rule: QuantileRule,
    of answers: inout OrderedAnswers
  ) {
    low = rule.quantile(max(probability + shares.low - share, 0), of: &answers)
    high = rule.quantile(min(probability + shares.high - share, 1), of: &answers)
  }

  /// Woodruff's limits, from those of the share F̂(q̂).
  ///
  /// A share below 0 or above 1 is no share, so its quantile does not exist.
  init(
    inverting shares: Interval, rule: QuantileRule, of answers: inout OrderedAnswers
  ) {
    low = shares.low >= 0 ? rule.quantile(min(shares.low, 1), of: &answers) : nil
    high = shares.high <= 1 ? rule.quantile(max(shares.high, 0), of: &answers) : nil
  }
}

/// The search for one limit of one group's score interval: the first answer, in ascending order, at
/// which the test turns.
///
/// With z(x) = (F̂(x) − p)/SE(F̂(x)): the lower limit is the first answer where z ≥ −t, the upper the
/// first where z > t. Limits are only such answers as have one below (lower) or above (upper) them
/// that was tested and decided otherwise: without it nothing bounds the quantile on that side.
///
/// R's search gives a neighbouring answer at times: it stops within 0.01/√n of the turn, and reads
/// its point back as an unweighted share of the rows.
struct ScoreSearch {
  enum Side { case low, high }

  let side: Side
  let probability: Double
  /// The ranks among which the turn is.
  private var ranks: Range<Int>
  private let lastStep: Range<Int>
  private(set) var step: OrderedAnswers.Step

  init(_ side: Side, probability: Double, of answers: inout OrderedAnswers) {
    self.side = side
    self.probability = probability
    lastStep = answers.step(atRank: answers.count - 1).ranks
    let quantile = answers.step(reaching: probability * answers.totalWeight * (1 - 1e-13))
    ranks =
      side == .low
      ? 0..<quantile.ranks.lowerBound : quantile.ranks.lowerBound..<lastStep.lowerBound
    step = quantile
    move(in: &answers)
  }

  var isDone: Bool { ranks.isEmpty }

  /// Takes in the share F̂ at `step`, and goes on to the next answer to be tested.
  mutating func take(
    share: Double, margin: Double, in answers: inout OrderedAnswers
  ) {
    let hasTurned =
      side == .low ? probability - share <= margin : share - probability > margin
    ranks =
      hasTurned
      ? ranks.lowerBound..<step.ranks.lowerBound : step.ranks.upperBound..<ranks.upperBound
    move(in: &answers)
  }

  private mutating func move(in answers: inout OrderedAnswers) {
    guard !isDone else { return }
    step = answers.step(atRank: (ranks.lowerBound + ranks.upperBound) / 2)
  }

  /// The limit, once the search is done, read back from its share by the rule of the estimate.
  func limit(rule: QuantileRule, in answers: inout OrderedAnswers) -> Double? {
    switch side {
    case .low where ranks.lowerBound == 0: return nil
    case .high where ranks.lowerBound == lastStep.lowerBound: return nil
    default: break
    }
    let turn = answers.step(atRank: ranks.lowerBound)
    return rule.quantile(min(turn.through / answers.totalWeight, 1), of: &answers)
  }
}
