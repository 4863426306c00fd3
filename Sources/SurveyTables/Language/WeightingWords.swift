import SurveyData
import SurveyStatistics

/// The words of a weighting report, in one language.
public struct WeightingWords {
  private let format: NumberFormat
  private var isDanish: Bool { format.language == .da }

  public init(_ format: NumberFormat) { self.format = format }

  private func choose(_ da: String, _ en: String) -> String { isDanish ? da : en }

  var group: String { choose("gruppe", "group") }
  var margin: String { choose("margin", "margin") }
  var category: String { choose("kategori", "category") }
  public var respondents: String { choose("svarpersoner", "respondents") }
  var target: String { choose("mål", "target") }
  var before: String { choose("før", "before") }
  var after: String { choose("efter", "after") }
  var change: String { choose("ændring", "change") }
  var total: String { choose("sum", "total") }
  public var ratio: String { choose("vægt/middelvægt", "weight/mean weight") }
  var row: String { choose("række", "row") }
  var extremeWeight: String { choose("yderste vægte", "extreme weights") }
  var keyFigure: String { choose("nøgletal", "key figure") }
  var few: String { choose("få", "few") }
  var unknown: String { choose("uden mål", "without a target") }

  var kish: String {
    choose(
      "Kish' designeffekt er 1 + CV² af vægtene; den effektive n er svarpersoner divideret med den.",
      "Kish's design effect is 1 + CV² of the weights; the effective n is respondents divided by it."
    )
  }

  func method(_ method: WeightingMethod) -> String {
    switch method {
    case .rake: choose("raking (IPF)", "raking (IPF)")
    case .poststratify: choose("efterstratificering", "post-stratification")
    case .linear: choose("lineær kalibrering (GREG)", "linear calibration (GREG)")
    case .logit: choose("logit-kalibrering", "logit calibration")
    case .exponential: choose("eksponentiel kalibrering", "exponential calibration")
    }
  }

  public func title(_ report: WeightingReport) -> String {
    let targets = report.fitted.description.targets
    let own = targets.groups.sorted { $0.key < $1.key }.first?.value ?? targets
    let names = own.margins.map(\.name) + own.totals.map(\.column)
    if let nonresponse = report.nonresponse {
      let margins =
        !report.hasMargins
        ? ""
        : choose(", derefter ", ", then ") + method(report.fitted.description.method)
          + choose(" til ", " to ") + names.joined(separator: ", ")
      return choose("Vægt ", "Weight ") + report.name + ": "
        + NonresponseWords(format).method(nonresponse) + margins
    }
    return choose("Vægt ", "Weight ") + report.name + ": "
      + method(report.fitted.description.method)
      + choose(" til ", " to ") + names.joined(separator: ", ")
  }

  func lead(_ report: WeightingReport) -> [String] {
    let fitted = report.fitted
    let isRaked = fitted.description.method == .rake && fitted.description.bounds == nil
    let steps =
      isRaked
      ? choose("gennemløb", fitted.iterations == 1 ? "sweep" : "sweeps")
      : choose("skridt", fitted.iterations == 1 ? "step" : "steps")
    let error = fitted.groups.map(\.error).max() ?? 0
    let met =
      fitted.isConverged
      ? choose("Alle mål er nået", "Every target is met")
      : choose("IKKE alle mål er nået", "NOT every target is met")
    var lines = report.nonresponse.map { NonresponseWords(format).lead($0) } ?? []
    if report.hasMargins {
      lines.append(
        (lines.isEmpty ? "" : "2. ") + met
          + choose(
            " efter \(format.count(fitted.iterations)) \(steps); største relative afvigelse \(size(error)).",
            " after \(format.count(fitted.iterations)) \(steps); largest relative error \(size(error))."
          ))
    }
    lines += [
      sizes(report),
      choose("Kish' designeffekt ", "Kish's design effect ")
        + format.number(report.spread.kishDesignEffect, decimals: 3)
        + choose(" (før ", " (before ")
        + format.number(report.startSpread.kishDesignEffect, decimals: 3)
        + choose("), effektiv n ", "), effective n ")
        + format.number(report.spread.effectiveSize, decimals: 0) + ".",
    ]
    let mean = report.spread.mean
    lines.append(
      choose("Vægte fra ", "Weights from ") + format.significant(report.spread.minimum)
        + choose(" til ", " to ") + format.significant(report.spread.maximum)
        + choose(", det er ", ", that is ")
        + format.number(report.spread.minimum / mean, decimals: 2)
        + choose(" til ", " to ") + format.number(report.spread.maximum / mean, decimals: 2)
        + choose(" gange middelvægten.", " times the mean weight."))
    return lines
  }

  private func sizes(_ report: WeightingReport) -> String {
    let people = format.count(report.rows.used)
    let total = format.number(report.spread.total, decimals: 0)
    return choose(
      "\(people) svarpersoner vejer \(total) personer; startvægte: ",
      "\(people) respondents weigh \(total) people; start weights: ")
      + (report.startSpread.column.isEmpty
        ? choose("1 til alle.", "1 for all.") : "\(report.startSpread.column).")
  }

  func trimming(_ report: WeightingReport) -> [String] {
    report.fitted.groups.compactMap { group in
      guard let trimming = group.trimming else { return nil }
      let place = group.code.map { " (\($0))" } ?? ""
      return choose(
        "Trimning\(place): \(format.count(trimming.respondents)) vægte lå uden for "
          + "\(format.significant(trimming.low))–\(format.significant(trimming.high)); "
          + "\(trimming.rounds) runder.",
        "Trimming\(place): \(format.count(trimming.respondents)) weights were outside "
          + "\(format.significant(trimming.low))–\(format.significant(trimming.high)); "
          + "\(trimming.rounds) rounds.")
    }
  }

  public func range(_ bin: WeightingReport.Bin) -> String {
    format.shortest(bin.low) + "\u{2013}" + format.shortest(bin.high)
  }

  public var histogramTitle: String {
    choose("Svarpersoner efter vægt over middelvægt", "Respondents by weight over mean weight")
  }

  /// A very small number by its power of ten.
  private func size(_ error: Double) -> String {
    guard error > 0 else { return "0" }
    var power = 0
    var limit = 1.0
    while power < 16, error < limit / 10 {
      power += 1
      limit /= 10
    }
    return "<10^\u{2212}\(power)"
  }
}
