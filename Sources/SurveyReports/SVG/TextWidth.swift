/// The width of a text in DejaVu Sans, in units of the font's size: enough to wrap lines and to keep
/// labels apart, without a font at hand. Letters of other scripts count as wide ones.
func textWidth(_ text: String, size: Double, isBold: Bool = false) -> Double {
  let units = text.unicodeScalars.reduce(0.0) { $0 + width(of: $1) }
  return units * size * (isBold ? 1.12 : 1)
}

private func width(of scalar: Unicode.Scalar) -> Double {
  switch scalar {
  case "i", "j", "l", "I", "'", "|": 0.29
  case " ", ".", ",", ":", ";": 0.33
  case "f", "t", "r", "(", ")", "[", "]", "/", "-": 0.40
  case "m", "M", "W", "w", "%", "@", "\u{2026}": 0.95
  case "A"..."Z", "Æ", "Ø", "Å": 0.70
  case "æ": 0.98
  case "a"..."z", "0"..."9", "ø", "å": 0.62
  case "\u{2013}", "\u{AB}", "\u{BB}": 0.58
  case "\u{1100}"...: 1.0
  default: 0.65
  }
}

/// A text in lines no wider than `width`; a single word that is wider is cut.
func wrapped(_ text: String, size: Double, width: Double, isBold: Bool = false) -> [String] {
  var lines: [String] = []
  var line = ""
  func fits(_ candidate: String) -> Bool {
    textWidth(candidate, size: size, isBold: isBold) <= width
  }
  for word in text.split(whereSeparator: { $0 == " " || $0.isNewline }) {
    var rest = String(word)
    let candidate = line.isEmpty ? rest : line + " " + rest
    if fits(candidate) {
      line = candidate
      continue
    }
    if !line.isEmpty { lines.append(line) }
    while !fits(rest) {
      var head = ""
      for character in rest {
        guard head.isEmpty || fits(head + String(character)) else { break }
        head.append(character)
      }
      lines.append(head)
      rest = String(rest.dropFirst(head.count))
    }
    line = rest
  }
  if !line.isEmpty { lines.append(line) }
  return lines
}
