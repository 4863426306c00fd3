import SurveyTables

extension Figure {
  /// The figure for a terminal: the sentence first, then what must stand with it.
  public func terminal(in format: NumberFormat, style: TerminalStyle = .plain) -> String {
    let words = PressWords(self, in: format)
    var lines = [style.bold(words.sentence)]
    lines += [words.uncertainty, words.base].filter { !$0.isEmpty }
    if !words.phrases.isEmpty {
      lines += ["", style.bold(words.phrasesHeading)] + words.phrases.map { "  \($0)" }
    }
    lines += ["", style.bold(words.distributionHeading)]
    let width = words.distribution.map { displayWidth($0.label) }.max() ?? 0
    for line in words.distribution {
      let padding = String(repeating: " ", count: width - displayWidth(line.label))
      lines.append(
        "  \(line.isInNet ? "\u{25A0}" : "\u{25A1}") \(line.label)\(padding)  \(line.share)")
    }
    lines += ["", style.bold(words.factsHeading)]
    lines += words.facts.map { "  \($0)" }
    lines += ["", style.dim(words.provenance)]
    lines += table.warnings.map { style.dim($0) }
    return lines.joined(separator: "\n") + "\n"
  }
}
