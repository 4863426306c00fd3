/// A drawing, element by element. Numbers are written with two decimals, text is escaped.
struct SVGDrawing {
  private(set) var elements: [String] = []

  mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, fill: String, stroke: String? = nil
  ) {
    let outline = stroke.map { " stroke=\"\($0)\" stroke-width=\"1\"" } ?? ""
    elements.append(
      "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" "
        + "height=\"\(number(height))\" fill=\"\(fill)\"\(outline)/>")
  }

  mutating func line(from a: (Double, Double), to b: (Double, Double), width: Double = 1.5) {
    elements.append(
      "<line x1=\"\(number(a.0))\" y1=\"\(number(a.1))\" x2=\"\(number(b.0))\" "
        + "y2=\"\(number(b.1))\" stroke=\"#1b2733\" stroke-width=\"\(number(width))\"/>")
  }

  mutating func circle(x: Double, y: Double, radius: Double, fill: String) {
    elements.append(
      "<circle cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"\(number(radius))\" "
        + "fill=\"\(fill)\" stroke=\"#1b2733\" stroke-width=\"2\"/>")
  }

  /// A closed shape without an outline.
  mutating func area(_ corners: [(Double, Double)], fill: String) {
    elements.append("<polygon points=\"\(points(corners))\" fill=\"\(fill)\"/>")
  }

  /// A line through points.
  mutating func path(_ corners: [(Double, Double)], stroke: String, width: Double) {
    elements.append(
      "<polyline points=\"\(points(corners))\" fill=\"none\" stroke=\"\(stroke)\" "
        + "stroke-width=\"\(number(width))\"/>")
  }

  private func points(_ corners: [(Double, Double)]) -> String {
    corners.map { "\(number($0.0)),\(number($0.1))" }.joined(separator: " ")
  }

  enum Anchor: String { case start, middle, end }

  mutating func text(
    _ text: String, x: Double, y: Double, size: Double, anchor: Anchor = .start,
    isBold: Bool = false, fill: String = "#1b2733"
  ) {
    elements.append(
      "<text x=\"\(number(x))\" y=\"\(number(y))\" font-size=\"\(number(size))\""
        + (anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\"")
        + (isBold ? " font-weight=\"bold\"" : "") + " fill=\"\(fill)\">\(xmlEscaped(text))</text>")
  }

  /// The whole file. `description` is what a screen reader says.
  func document(
    width: Double, height: Double, title: String, description: String, language: String
  ) -> String {
    """
    <?xml version="1.0" encoding="UTF-8"?>
    <svg xmlns="http://www.w3.org/2000/svg" width="\(number(width))" height="\(number(height))" \
    viewBox="0 0 \(number(width)) \(number(height))" role="img" xml:lang="\(language)" \
    font-family="DejaVu Sans, Verdana, sans-serif">
    <title>\(xmlEscaped(title))</title>
    <desc>\(xmlEscaped(description))</desc>
    <defs>
    <pattern id="withheld" width="6" height="6" patternUnits="userSpaceOnUse" \
    patternTransform="rotate(45)"><rect width="6" height="6" fill="#ffffff"/>\
    <line x1="0" y1="0" x2="0" y2="6" stroke="#7b8794" stroke-width="2"/></pattern>
    </defs>
    \(elements.joined(separator: "\n"))
    </svg>

    """
  }

  private func number(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let sign = hundredths < 0 ? "-" : ""
    let (whole, rest) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
    if rest == 0 { return "\(sign)\(whole)" }
    let digits = rest % 10 == 0 ? "\(rest / 10)" : rest < 10 ? "0\(rest)" : "\(rest)"
    return "\(sign)\(whole).\(digits)"
  }
}

/// Text as XML holds it; control characters that XML forbids become a replacement sign.
func xmlEscaped(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "\t", "\n", "\r": result += " "
    case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
      result += "\u{FFFD}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
