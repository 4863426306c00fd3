import SurveyData
import SurveyTables

extension Table {
  /// A trend as a drawing: points with intervals on a true time axis, and the fitted line with its
  /// band. A wave that asked otherwise is hollow, and the line keeps away from it.
  public func trendSVG(in format: NumberFormat) -> String? {
    guard let trend, let words = TrendWords(self, in: format) else { return nil }
    return TrendChart(self, trend, words, language: format.language).document()
  }
}

private struct TrendChart {
  private static let width = 900.0
  private static let margin = 36.0
  private static let plotHeight = 340.0
  private static let ink = "#1b2733"
  private static let quiet = "#52606d"
  private static let blue = "#1f5f99"

  private let table: Table
  private let trend: TrendSummary
  private let words: TrendWords
  private let language: Language
  private var drawing = SVGDrawing()
  private var y = margin
  private let values: ClosedRange<Double>
  private let times: ClosedRange<Double>

  init(_ table: Table, _ trend: TrendSummary, _ words: TrendWords, language: Language) {
    self.table = table
    self.trend = trend
    self.words = words
    self.language = language
    let all =
      trend.points.flatMap { [$0.value, $0.interval?.low, $0.interval?.high].compactMap { $0 } }
      + trend.line.flatMap { [$0.low, $0.high, $0.value].compactMap { $0 } }
    let low = min(all.min() ?? 0, trend.isOfShare ? 0 : .infinity)
    let high = all.max() ?? 1
    let room = (high - low) * 0.06
    values = (low == 0 ? 0 : low - room)...(high + (room > 0 ? room : 1))
    let moments = trend.points.map(\.time)
    let span = (moments.max() ?? 1) - (moments.min() ?? 0)
    times = ((moments.min() ?? 0) - span * 0.06)...((moments.max() ?? 1) + span * 0.06)
  }

  private var left: Double { Self.margin + 60 }
  private var right: Double { Self.width - Self.margin }

  func document() -> String {
    var chart = self
    let title = words.sentences.last ?? table.variable
    chart.addLines(
      table.label[language].isEmpty ? table.variable : table.label[language], size: 21, isBold: true
    )
    for sentence in words.sentences { chart.addLines(sentence, size: 14) }
    chart.y += 16
    chart.addPlot()
    chart.y += 14
    if let slope = words.slope { chart.addLines(slope, size: 13) }
    for line in words.tests + [words.overlap].compactMap({ $0 }) {
      chart.addLines(line, size: 11, fill: Self.quiet)
    }
    chart.addLines(key, size: 11, fill: Self.quiet)
    return chart.drawing.document(
      width: Self.width, height: chart.y + Self.margin - 14, title: title,
      description: trend.points.map { point in
        "\(point.code): \(point.value.map(words.axisText) ?? "–")"
      }.joined(separator: "; "), language: language.rawValue)
  }

  private var key: String {
    let hollow = trend.points.contains { $0.otherWording != nil }
    let text =
      language == .da
      ? "Punkter: målingerne med sikkerhedsinterval. Linje: regression på tiden, med bånd."
      : "Points: the waves with their intervals. Line: the regression on time, with its band."
    let other =
      language == .da
      ? " Hult punkt: spørgsmålet var formuleret anderledes."
      : " Hollow point: the question was worded otherwise."
    return text + (hollow ? other : "")
  }

  private func x(_ time: Double) -> Double {
    left + (time - times.lowerBound) / (times.upperBound - times.lowerBound) * (right - left)
  }

  private func height(_ value: Double) -> Double {
    y + Self.plotHeight
      - (value - values.lowerBound) / (values.upperBound - values.lowerBound) * Self.plotHeight
  }

  private mutating func addPlot() {
    for tick in ticks() {
      drawing.line(from: (left, height(tick)), to: (right, height(tick)), width: 0.4)
      drawing.text(
        words.axisText(tick), x: left - 8, y: height(tick) + 4, size: 12, anchor: .end,
        fill: Self.quiet)
    }
    addLine()
    for point in trend.points {
      let place = x(point.time)
      drawing.text(
        point.code, x: place, y: y + Self.plotHeight + 20, size: 13, anchor: .middle,
        fill: Self.ink)
      drawing.line(
        from: (place, y + Self.plotHeight), to: (place, y + Self.plotHeight + 5), width: 1)
      guard let value = point.value else { continue }
      if let interval = point.interval {
        drawing.line(
          from: (place, height(interval.low)), to: (place, height(interval.high)), width: 2)
        for end in [interval.low, interval.high] {
          drawing.line(
            from: (place - 6, height(end)), to: (place + 6, height(end)), width: 2)
        }
      }
      drawing.circle(
        x: place, y: height(value), radius: 6,
        fill: point.otherWording == nil ? Self.ink : "#ffffff")
      drawing.text(
        words.axisText(rounded(value)), x: place + 11, y: height(value) - 8, size: 13,
        isBold: true)
    }
    drawing.line(
      from: (left, y + Self.plotHeight), to: (right, y + Self.plotHeight), width: 1)
    y += Self.plotHeight + 26
  }

  /// The line runs between waves that asked alike: a stretch that ends in another wording is left out.
  private mutating func addLine() {
    let line = trend.line
    guard line.count > 1 else { return }
    let waves = trend.points
    func isJoined(_ time: Double) -> Bool {
      guard let next = waves.firstIndex(where: { $0.time >= time }) else { return false }
      let pair = [waves[max(next - 1, 0)], waves[next]]
      if waves[next].time == time { return waves[next].otherWording == nil }
      return pair.allSatisfy { $0.otherWording == nil }
    }
    for run in line.split(whereSeparator: { !isJoined($0.time) }) where run.count > 1 {
      let upper = run.compactMap { point in
        point.high.map { (x(point.time), height($0)) }
      }
      let lower = run.reversed().compactMap { point in
        point.low.map { (x(point.time), height($0)) }
      }
      if upper.count == run.count, lower.count == run.count {
        drawing.area(upper + lower, fill: "#c9dcee")
      }
      drawing.path(run.map { (x($0.time), height($0.value)) }, stroke: Self.blue, width: 2.5)
    }
  }

  private func ticks() -> [Double] {
    let span = values.upperBound - values.lowerBound
    var step = 1e-6
    let factors = [2.0, 2.5, 2.0]
    var index = 0
    while span / step > 7 {
      step *= factors[index % 3]
      index += 1
    }
    let first = (values.lowerBound / step).rounded(.up)
    return (0...8).map { (first + Double($0)) * step }.filter { $0 <= values.upperBound }
  }

  /// Two digits more than the axis has steps.
  private func rounded(_ value: Double) -> Double {
    let scale = trend.isOfShare ? 1000.0 : 10.0
    return (value * scale).rounded() / scale
  }

  private mutating func addLines(
    _ text: String, size: Double, isBold: Bool = false, fill: String = ink
  ) {
    for line in wrapped(text, size: size, width: right - Self.margin, isBold: isBold) {
      y += size * 1.35
      drawing.text(line, x: Self.margin, y: y - size * 0.3, size: size, isBold: isBold, fill: fill)
    }
  }
}
