import SurveyData
import SurveyTables

extension WeightingReport {
  /// The weights as a histogram of respondents by weight over mean weight.
  public func svg(in format: NumberFormat) -> String {
    let words = WeightingWords(format)
    let (width, height, margin) = (900.0, 420.0, 60.0)
    var drawing = SVGDrawing()
    let title = words.title(self)
    let size = min(18, 18 * (width - 2 * margin) / max(textWidth(title, size: 18, isBold: true), 1))
    drawing.text(title, x: margin, y: 34, size: size, isBold: true)
    drawing.text(words.histogramTitle, x: margin, y: 56, size: 13, fill: "#52606d")
    let bottom = height - margin
    let top = 84.0
    let largest = Double(histogram.map(\.respondents).max() ?? 1)
    let step = (width - 2 * margin) / Double(max(histogram.count, 1))
    let labelled = max(1, (histogram.count + 9) / 10)
    for (index, bin) in histogram.enumerated() {
      let isFew = bin.respondents > 0 && bin.respondents < disclosure.minimumBase
      let shown = Double(isFew ? disclosure.minimumBase : bin.respondents)
      let tall = (bottom - top) * min(shown / largest, 1)
      let x = margin + Double(index) * step
      if bin.respondents > 0 {
        drawing.rectangle(
          x: x + 1, y: bottom - tall, width: step - 2, height: tall,
          fill: isFew ? "url(#withheld)" : "#1f5f8b", stroke: isFew ? "#7b8794" : nil)
        if histogram.count <= 20, !isFew {
          drawing.text(
            format.count(bin.respondents), x: x + step / 2, y: bottom - tall - 4, size: 10,
            anchor: .middle)
        }
      }
      if index % labelled == 0 {
        drawing.text(format.shortest(bin.low), x: x, y: bottom + 16, size: 11, anchor: .middle)
      }
    }
    if let last = histogram.last {
      drawing.text(
        format.shortest(last.high), x: width - margin, y: bottom + 16, size: 11, anchor: .middle)
    }
    drawing.line(from: (margin, bottom), to: (width - margin, bottom))
    drawing.text(words.ratio, x: width / 2, y: bottom + 40, size: 12, anchor: .middle)
    return drawing.document(
      width: width, height: height, title: title,
      description: histogram.map { bin in
        let isFew = bin.respondents > 0 && bin.respondents < disclosure.minimumBase
        return words.range(bin) + ": " + (isFew ? "\u{2013}" : format.count(bin.respondents))
      }.joined(separator: "; "), language: format.language.rawValue)
  }

  /// The report as a page of its own, the histogram in it.
  public func html(in format: NumberFormat) -> String {
    let drawing = svg(in: format)
    let inline = drawing.firstRange(of: "<svg").map { String(drawing[$0.lowerBound...]) } ?? ""
    return shown(in: format).html(language: format.language, drawing: inline)
  }
}
