import SurveyData
import SurveyTables

extension RunChart {
  /// The series as a drawing: figures joined month by month, the median, the guideline's band.
  public func svg(in format: NumberFormat) -> String {
    let (width, left, right, top, height) = (900.0, 96.0, 864.0, 120.0, 300.0)
    var drawing = SVGDrawing()
    let values = points.compactMap(\.value)
    let all = values + [band?.lowerBound, band?.upperBound].compactMap { $0 }
    let (lowest, highest) = (min(all.min() ?? 0, median), max(all.max() ?? 1, median))
    let room = max(highest - lowest, 1e-9) * 0.08
    let range = (lowest - room)...(highest + room)
    func x(_ index: Int) -> Double {
      left + (Double(index) + 0.5) / Double(points.count) * (right - left)
    }
    func y(_ value: Double) -> Double {
      top + height - (value - range.lowerBound) / (range.upperBound - range.lowerBound) * height
    }
    let title = label[format.language].isEmpty ? variable : label[format.language]
    drawing.text(title, x: 36, y: 50, size: 21, isBold: true)
    var line = 74.0
    for text in [sentence(in: format)] + [bandSentence(in: format)].compactMap({ $0 }) {
      for part in wrapped(text, size: 13, width: width - 72) {
        drawing.text(part, x: 36, y: line, size: 13)
        line += 17
      }
    }
    if let band {
      drawing.rectangle(
        x: left, y: y(band.upperBound), width: right - left,
        height: y(band.lowerBound) - y(band.upperBound), fill: "#e3efdf")
      for limit in [band.lowerBound, band.upperBound] {
        drawing.text(
          format.shortest(limit), x: left - 8, y: y(limit) + 4, size: 12, anchor: .end,
          fill: "#52606d")
      }
    }
    drawing.line(from: (left, y(median)), to: (right, y(median)), width: 1.5)
    drawing.text(
      "Median " + format.significant(median), x: right, y: y(median) - 6, size: 12, anchor: .end,
      fill: "#52606d")
    var run: [(Double, Double)] = []
    func draw(_ run: [(Double, Double)]) {
      if run.count > 1 { drawing.path(run, stroke: "#1f5f99", width: 2) }
    }
    for (index, point) in points.enumerated() {
      guard let value = point.value else {
        draw(run)
        run = []
        continue
      }
      run.append((x(index), y(value)))
    }
    draw(run)
    let step = max(1, (points.count + 11) / 12)
    for (index, point) in points.enumerated() {
      if let value = point.value {
        drawing.circle(x: x(index), y: y(value), radius: 4, fill: "#1b2733")
      }
      if index % step == 0 {
        drawing.text(
          point.period, x: x(index), y: top + height + 20, size: 11, anchor: .middle,
          fill: "#52606d")
      }
    }
    return drawing.document(
      width: width, height: top + height + 48, title: title,
      description: points.map { "\($0.period): \($0.value.map(format.significant) ?? "–")" }
        .joined(separator: "; "), language: format.language.rawValue)
  }
}
