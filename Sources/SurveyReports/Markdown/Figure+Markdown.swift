import SurveyTables

extension Figure {
  /// The figure as Markdown: a quotation, its uncertainty, the scale and the facts box.
  public func markdown(in format: NumberFormat) -> String {
    let words = PressWords(self, in: format)
    var lines = ["> " + markdownEscaped(words.sentence), ""]
    lines += [words.uncertainty, words.base].filter { !$0.isEmpty }.map(markdownEscaped)
    if !words.phrases.isEmpty {
      lines += ["", "### " + markdownEscaped(words.phrasesHeading), ""]
      lines += words.phrases.map { "- " + markdownEscaped($0) }
    }
    lines += ["", "### " + markdownEscaped(words.distributionHeading), ""]
    lines += words.distribution.map { line in
      let text = "\(markdownEscaped(line.label)): \(line.share)"
      return line.isInNet ? "- **\(text)**" : "- \(text)"
    }
    lines += ["", "### " + markdownEscaped(words.factsHeading), ""]
    lines += words.facts.map { "- " + markdownEscaped($0) }
    lines += ["", markdownEscaped(words.provenance)]
    lines += table.warnings.map { "\n" + markdownEscaped($0) }
    return lines.joined(separator: "\n") + "\n"
  }
}
