import SurveyData
import SurveyStatistics
import SurveyTables

extension Figure {
  /// The figure as a drawing: one horizontal bar of the whole scale, the net marked above it.
  ///
  /// The net is dark and the other answers light, so that the bar reads in grey and by people who
  /// see few colours; white gaps part the answers, and every answer stands in a list with its number,
  /// so that a narrow part of the bar loses nothing.
  public func svg(in format: NumberFormat) -> String {
    ScaleChart(self, PressWords(self, in: format), language: format.language).document()
  }
}

/// The chart, laid out from the top down.
private struct ScaleChart {
  private static let width = 900.0
  private static let margin = 36.0
  private static let barHeight = 54.0
  private static let ink = "#1b2733"
  private static let quiet = "#52606d"

  private let figure: Figure
  private let words: PressWords
  private let language: Language
  private var drawing = SVGDrawing()
  private var y = margin

  init(_ figure: Figure, _ words: PressWords, language: Language) {
    self.figure = figure
    self.words = words
    self.language = language
  }

  private var plot: ClosedRange<Double> { Self.margin...(Self.width - Self.margin) }
  private var plotWidth: Double { plot.upperBound - plot.lowerBound }

  func document() -> String {
    var chart = self
    chart.addLines(words.sentence, size: 21, isBold: true)
    chart.y += 4
    let wording = figure.table.question[language]
    if !wording.isEmpty, !words.sentence.contains(wording) {
      let quoted = language == .da ? "\u{BB}\(wording)\u{AB}" : "\u{201C}\(wording)\u{201D}"
      chart.addLines(quoted, size: 14, fill: Self.quiet)
    }
    chart.y += 14
    chart.addBar()
    chart.addList()
    chart.y += 8
    for line in [words.uncertainty, words.base] where !line.isEmpty {
      chart.addLines(line, size: 13)
    }
    chart.y += 4
    chart.addLines(source, size: 11, fill: Self.quiet)
    chart.addLines(words.provenance, size: 11, fill: Self.quiet)
    return chart.drawing.document(
      width: Self.width, height: chart.y + Self.margin - 14, title: words.sentence,
      description: words.distribution.map { "\($0.label): \($0.share)" }.joined(separator: "; "),
      language: language.rawValue)
  }

  /// Who says so: without a survey file, the data file.
  private var source: String {
    let name = figure.survey?.title[language] ?? figure.table.source.path
    let period = words.facts.first { $0.hasPrefix("Periode") || $0.hasPrefix("Period") }
    return (language == .da ? "Kilde: " : "Source: ") + name + "."
      + (period.map { " " + $0 } ?? "")
  }

  private mutating func addLines(
    _ text: String, size: Double, isBold: Bool = false, fill: String = ink
  ) {
    for line in wrapped(text, size: size, width: plotWidth, isBold: isBold) {
      y += size * 1.35
      drawing.text(
        line, x: plot.lowerBound, y: y - size * 0.3, size: size, isBold: isBold, fill: fill)
    }
  }

  // MARK: The bar

  /// One part of the bar: an answer, or all that is withheld on one side of the net together.
  private struct Part {
    let share: Double
    let label: String
    let isInNet: Bool
    let fill: String
    let ink: String
  }

  /// The bar's parts in the order of the scale; the net's own are moved together, so that one mark
  /// spans them.
  private var parts: [Part] {
    var parts: [Part] = []
    for isInNet in order {
      let side = zip(figure.distribution, words.distribution).filter { $0.1.isInNet == isInNet }
      let fills = isInNet ? Self.netFills(side.count) : Self.otherFills(side.count)
      for (index, (cell, line)) in side.enumerated() where cell.suppression == nil {
        guard let share = cell.estimate.value, share > 0 else { continue }
        parts.append(
          Part(
            share: share, label: line.share, isInNet: isInNet, fill: fills[index],
            ink: isInNet ? "#ffffff" : Self.ink))
      }
      let rest = withheldShare(isInNet: isInNet)
      if rest > 1e-9 {
        parts.append(
          Part(share: rest, label: "", isInNet: isInNet, fill: "url(#withheld)", ink: Self.ink))
      }
    }
    return parts
  }

  /// The net first where the scale begins with it, last where it ends with it.
  private var order: [Bool] {
    words.distribution.last?.isInNet ?? false && !(words.distribution.first?.isInNet ?? false)
      ? [false, true] : [true, false]
  }

  /// What the withheld answers on one side hold together: the shown rest of a known sum.
  private func withheldShare(isInNet: Bool) -> Double {
    guard let net = figure.share.estimate.value, figure.share.suppression == nil else {
      guard isInNet == order.last else { return 0 }
      return 1 - shownShare { _ in true }
    }
    let hasWithheld = zip(figure.distribution, words.distribution).contains {
      $0.1.isInNet == isInNet && $0.0.suppression != nil
    }
    guard hasWithheld else { return 0 }
    return (isInNet ? net : 1 - net) - shownShare { $0 == isInNet }
  }

  private func shownShare(_ isWanted: (Bool) -> Bool) -> Double {
    zip(figure.distribution, words.distribution).reduce(0) { sum, pair in
      pair.0.suppression == nil && isWanted(pair.1.isInNet)
        ? sum + (pair.0.estimate.value ?? 0) : sum
    }
  }

  private mutating func addBar() {
    let parts = self.parts
    guard !parts.isEmpty else { return }
    let isMarked = figure.share.suppression == nil && figure.share.estimate.value != nil
    if isMarked { y += 34 }
    let top = y
    var x = plot.lowerBound
    var netSpan: (Double, Double)?
    for part in parts {
      let width = part.share * plotWidth
      let isHatched = part.fill.hasPrefix("url")
      drawing.rectangle(
        x: x, y: top, width: max(width - (width > 6 ? 2 : 0), 0.75), height: Self.barHeight,
        fill: part.fill, stroke: isHatched ? "#7b8794" : nil)
      if !part.label.isEmpty, textWidth(part.label, size: 14) + 12 < width {
        drawing.text(
          part.label, x: x + (width - 2) / 2, y: top + Self.barHeight / 2 + 5, size: 14,
          anchor: .middle, fill: part.ink)
      }
      if part.isInNet { netSpan = (netSpan?.0 ?? x, x + width) }
      x += width
    }
    y = top + Self.barHeight + 10
    if isMarked { addMark(over: netSpan ?? (plot.lowerBound, plot.lowerBound), top: top) }
  }

  /// A bracket over the net with its share, kept inside the drawing.
  private mutating func addMark(over span: (Double, Double), top: Double) {
    let (left, right) = (span.0, max(span.1 - 2, span.0 + 1))
    let height = top - 8
    drawing.line(from: (left, height), to: (right, height))
    drawing.line(from: (left, height), to: (left, top - 2))
    drawing.line(from: (right, height), to: (right, top - 2))
    let text = shareText
    let half = textWidth(text, size: 18, isBold: true) / 2
    let middle = min(max((left + right) / 2, plot.lowerBound + half), plot.upperBound - half)
    drawing.text(text, x: middle, y: height - 7, size: 18, anchor: .middle, isBold: true)
  }

  /// The net's share as the sentence gives it, with a sign.
  private var shareText: String {
    figure.share.estimate.value.map {
      NumberFormat(language: language, decimals: figure.decimals(atMost: 1)).percent($0)
    } ?? ""
  }

  // MARK: The list of answers

  private mutating func addList() {
    let numberWidth = 128.0
    var fills: [Bool: ArraySlice<String>] = [:]
    for isInNet in [true, false] {
      let count = words.distribution.count { $0.isInNet == isInNet }
      fills[isInNet] = (isInNet ? Self.netFills(count) : Self.otherFills(count))[...]
    }
    for (cell, line) in zip(figure.distribution, words.distribution) {
      let fill = fills[line.isInNet]?.popFirst() ?? "#ffffff"
      drawing.rectangle(
        x: plot.lowerBound, y: y + 4, width: 14, height: 14,
        fill: cell.suppression == nil ? fill : "url(#withheld)", stroke: "#7b8794")
      drawing.text(
        line.share, x: plot.lowerBound + numberWidth, y: y + 16, size: 14, anchor: .end,
        isBold: line.isInNet)
      let width = plotWidth - numberWidth - 14
      for text in wrapped(line.label, size: 14, width: width, isBold: line.isInNet) {
        y += 20
        drawing.text(
          text, x: plot.lowerBound + numberWidth + 14, y: y - 4, size: 14, isBold: line.isInNet)
      }
      y += 3
    }
  }

  // MARK: Fills

  /// Dark blues for the net, darkest first; they stay darker than any of the others in grey.
  private static func netFills(_ count: Int) -> [String] {
    shades(count, from: (10, 46, 92), to: (66, 120, 180))
  }

  /// Light warm greys for the other answers.
  private static func otherFills(_ count: Int) -> [String] {
    shades(count, from: (196, 202, 208), to: (236, 239, 241))
  }

  private static func shades(
    _ count: Int, from: (Int, Int, Int), to: (Int, Int, Int)
  ) -> [String] {
    (0..<count).map { index in
      func mix(_ a: Int, _ b: Int) -> Int { count < 2 ? a : a + (b - a) * index / (count - 1) }
      return "#"
        + [mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2)].map { value in
          let digits = String(value, radix: 16)
          return digits.count < 2 ? "0" + digits : digits
        }.joined()
    }
  }
}
