import SurveyData
import SurveyStatistics

/// A trend in sentences that say what the numbers bear out, and no more.
public struct TrendWords: Sendable {
  private let table: Table
  private let trend: TrendSummary
  private let format: NumberFormat
  private let words: TableWords
  private let figures: ShownFigures

  public init?(_ table: Table, in format: NumberFormat) {
    guard let trend = table.trend else { return nil }
    self.table = table
    self.trend = trend
    self.format = format
    words = TableWords(format.language)
    figures = ShownFigures(of: table.cells, format)
  }

  /// The change of the last step, and that from the first wave to the last where it is another.
  public var sentences: [String] {
    var steps: [Difference] = []
    if trend.points.count > 2 {
      if table.differences.count >= 2 {
        steps.append(table.differences[table.differences.count - 2])
      }
    }
    if let last = table.differences.last { steps.append(last) }
    return steps.compactMap(sentence)
  }

  /// One difference: a rise or a fall only where its interval leaves no doubt of the direction.
  func sentence(_ difference: Difference) -> String? {
    guard difference.suppression == nil, let change = difference.contrast.estimate,
      let from = code(difference.from), let to = code(difference.to),
      let before = value(from), let after = value(to)
    else { return nil }
    let subject =
      trend.isOfShare
      ? words.choose("Andelen", "The share") : words.choose("Gennemsnittet", "The mean")
    let span = words.choose(
      "fra \(figures.figure(before)) i \(from) til \(figures.figure(after)) i \(to)",
      "from \(figures.figure(before)) in \(from) to \(figures.figure(after)) in \(to)")
    guard let interval = difference.contrast.interval else {
      return words.choose(
        "\(subject) går \(span); usikkerheden på ændringen kan ikke beregnes.",
        "\(subject) goes \(span); the error of the change cannot be worked out.")
    }
    let bounds = [interval.low, interval.high]
    let wording = otherWording(from, to)
    guard bounds.allSatisfy({ $0 > 0 }) || bounds.allSatisfy({ $0 < 0 }) else {
      return words.choose(
        "Tallene viser ingen sikker ændring: \(subject.lowercased()) går \(span), og ændringen ligger "
          + "mellem \(signed(interval.low)) og \(signed(interval.high))\(unit).",
        "The numbers show no certain change: \(subject.lowercased()) goes \(span), and the change "
          + "lies between \(signed(interval.low)) and \(signed(interval.high))\(unit).") + wording
    }
    let sizes = bounds.map { abs($0) }.sorted()
    let isRise = change > 0
    return words.choose(
      "\(subject) er \(isRise ? "steget" : "faldet") \(span): \(isRise ? "en stigning" : "et fald") på "
        + "\(size(abs(change)))\(unit), med \(percent) sikkerhed mellem \(size(sizes[0])) og "
        + "\(size(sizes[1])).",
      "\(subject) has \(isRise ? "risen" : "fallen") \(span): \(isRise ? "a rise" : "a fall") of "
        + "\(size(abs(change)))\(unit), with \(percent) confidence between \(size(sizes[0])) and "
        + "\(size(sizes[1])).") + wording
  }

  private func otherWording(_ from: String, _ to: String) -> String {
    let waves = trend.points.filter {
      $0.otherWording != nil && [from, to].contains($0.code)
    }.map(\.code)
    guard !waves.isEmpty else { return "" }
    let list = waves.joined(separator: words.choose(" og ", " and "))
    return words.choose(
      " Spørgsmålet var formuleret anderledes i \(list), så en del af forskellen kan være ordlyd.",
      " The question was worded otherwise in \(list), so some of the difference may be wording.")
  }

  /// The average change for one unit of time, as the regression has it.
  public var slope: String? {
    guard let slope = trend.perUnit, !slope.isWithheld, let value = slope.estimate,
      let interval = slope.interval
    else { return nil }
    func text(_ value: Double) -> String { slopeText(value) }
    let adjusted =
      trend.adjustedFor.map {
        words.choose(", justeret for \($0)", ", adjusted for \($0)")
      } ?? ""
    return words.choose(
      "Tendens: \(text(value))\(unit) om året (\(percent) interval \(text(interval.low)) til "
        + "\(text(interval.high)))\(adjusted).",
      "Trend: \(text(value))\(unit) a year (\(percent) interval \(text(interval.low)) to "
        + "\(text(interval.high)))\(adjusted).") + bend
  }

  /// A line that the waves do not lie on is an average, and no course.
  private var bend: String {
    guard let p = trend.departure?.pValue, p < 1 - table.level else { return "" }
    return words.choose(
      " Målingerne ligger ikke på en ret linje, så det er et gennemsnit og ikke et forløb.",
      " The waves do not lie on a line, so that is an average and not a course.")
  }

  /// The tests of any change and of a departure from the line.
  public var tests: [String] {
    [
      (trend.change, words.choose("Ændring mellem målingerne", "Change between waves")),
      (trend.departure, words.choose("Afvigelse fra en ret linje", "Departure from a line")),
    ].compactMap { test, name in
      guard let test, let statistic = test.statistic, let p = test.pValue else { return nil }
      let df2 = test.df2.isFinite ? format.shortest(test.df2) : "\u{221E}"
      let text = format.pValue(p)
      return "\(name): F(\(format.shortest(test.df1)); \(df2)) = "
        + "\(format.number(statistic, decimals: 2)), p \(text.hasPrefix("<") ? text : "= \(text)")."
    }
  }

  /// Who answered again, as the errors of differences take it.
  public var overlap: String? {
    guard let repeated = trend.repeatedUnits else { return nil }
    return repeated == 0
      ? words.choose(
        "Ingen har svaret i flere målinger; de regnes som uafhængige.",
        "Nobody answered in more than one wave; they count as independent.")
      : words.choose(
        "\(format.count(repeated)) har svaret i flere målinger; forskelle regner med, at deres svar "
          + "hænger sammen.",
        "\(format.count(repeated)) answered in more than one wave; differences take into account "
          + "that their answers hang together.")
  }

  private var percent: String {
    let percent = table.level * 100
    let text = format.number(percent, decimals: percent == percent.rounded() ? 0 : 1)
    return words.choose("\(text) %", "\(text)%")
  }

  private var unit: String {
    trend.isOfShare ? words.choose(" procentpoint", " percentage points") : ""
  }

  private func size(_ value: Double) -> String { figures.limit(value) }

  private func signed(_ value: Double) -> String {
    format.signed(figures.limit(value), of: value)
  }

  private func slopeText(_ value: Double) -> String {
    let scale = trend.isOfShare ? 100.0 : 1
    var decimals = 0
    var step = (trend.perUnit?.standardError ?? 1) * scale / 10
    while step < 1, step > 0, decimals < 6 {
      step *= 10
      decimals += 1
    }
    return format.signed(format.number(value * scale, decimals: decimals), of: value)
  }

  private func code(_ side: Difference.Side) -> String? {
    if case .group(let values) = side { return values.first?.code }
    return nil
  }

  private func value(_ code: String) -> Double? { trend.points.first { $0.code == code }?.value }

  /// A figure as the chart's axis writes it.
  public func axisText(_ value: Double) -> String {
    trend.isOfShare
      ? NumberFormat(language: format.language, decimals: 0).percent(value)
      : format.shortest(value)
  }
}

extension Table {
  /// Estimates, differences and regression of a trend, with its sentences.
  func trendShown(in format: NumberFormat) -> ShownTable {
    var plain = self
    plain.command = "compare"
    plain.trend = nil
    plain.model = nil
    var shown = plain.shown(in: format)
    guard let words = TrendWords(self, in: format) else { return shown }
    shown.lead += words.sentences + [words.slope].compactMap { $0 }
    if let model {
      let coefficients = ShownModel(model, format).coefficients(level: level)
      shown.further.append(coefficients)
    }
    let notes = [words.overlap].compactMap { $0 } + words.tests
    let place = shown.notes.firstIndex { warnings.contains($0) } ?? shown.notes.count
    shown.notes.insert(contentsOf: notes, at: place)
    return shown
  }
}
