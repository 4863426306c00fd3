import SurveyData

extension Description {
  /// The description in words and rounded numbers.
  public func shown(in format: NumberFormat) -> ShownTable {
    let words = DescriptionWords(format)
    let rows = columns.map { column in
      [
        column.name, words.text(column.label, unless: column.name), words.kind(column.content),
        column.valid.map(format.count) ?? words.few, words.missing(column.missing),
        words.content(column.content),
      ]
    }
    let hasLabels = columns.contains { !$0.label[format.language].isEmpty }
    func shown<T>(_ cells: [T]) -> [T] { hasLabels ? cells : [cells[0]] + cells[2...] }
    return ShownTable(
      title: source.path, lead: [words.size(rows: rowCount, columns: columns.count)],
      columns: shown(words.headings), rows: rows.map(shown),
      notes: (weights.map { [words.weights($0)] } ?? []) + warnings)
  }
}

/// The words of a description, in one language.
private struct DescriptionWords {
  private let format: NumberFormat
  private var isDanish: Bool { format.language == .da }

  init(_ format: NumberFormat) { self.format = format }

  var headings: [ShownTable.Column] {
    let texts =
      isDanish
      ? ["kolonne", "tekst", "type", "gyldige", "manglende", "indhold"]
      : ["column", "label", "type", "valid", "missing", "content"]
    return texts.enumerated().map { .init(heading: $0.element, isNumeric: $0.offset == 3) }
  }

  func size(rows: Int, columns: Int) -> String {
    let (rows, columns) = (format.count(rows), format.count(columns))
    return isDanish ? "\(rows) rækker, \(columns) kolonner" : "\(rows) rows, \(columns) columns"
  }

  func text(_ label: LocalizedText, unless name: String) -> String {
    let text = label[format.language]
    return text == name ? "" : text
  }

  func kind(_ content: DescribedColumn.Content) -> String {
    switch content {
    case .categories: isDanish ? "kategorier" : "categories"
    case .text: isDanish ? "tekst" : "text"
    case .numbers: isDanish ? "tal" : "numbers"
    case .nothing: isDanish ? "tom" : "empty"
    }
  }

  var few: String { isDanish ? "få" : "few" }

  func missing(_ missing: [(reason: MissingReason, count: Int?)]) -> String {
    missing.map { "\($0.reason.text[format.language]) \($0.count.map(format.count) ?? few)" }
      .joined(separator: ", ")
  }

  func content(_ content: DescribedColumn.Content) -> String {
    switch content {
    case .categories(let categories):
      let shown = categories.prefix(8).map { category in
        let label = category.label[format.language]
        let name = label == category.code ? label : "\(category.code) \(label)"
        return "\(name) (\(category.count.map(format.count) ?? few))"
      }
      let rest = categories.count - shown.count
      let more = isDanish ? "og \(rest) til" : "and \(rest) more"
      return (shown + (rest > 0 ? [more] : [])).joined(separator: ", ")
    case .text(let distinct):
      return isDanish
        ? "\(format.count(distinct)) forskellige" : "\(format.count(distinct)) distinct"
    case .numbers(let minimum, let mean, let maximum):
      let middle = (isDanish ? "middel " : "mean ") + format.significant(mean)
      guard let minimum, let maximum else { return middle }
      return "\(format.significant(minimum))\u{2013}\(format.significant(maximum)), \(middle)"
    case .nothing: return ""
    }
  }

  func weights(_ spread: WeightSpread) -> String {
    let range = "\(format.significant(spread.minimum))\u{2013}\(format.significant(spread.maximum))"
    let effect = format.number(spread.kishDesignEffect, decimals: 3)
    let size = format.number(spread.effectiveSize, decimals: 0)
    let (mean, total) = (format.significant(spread.mean), format.significant(spread.total))
    return isDanish
      ? "Vægt \(spread.column): \(range), middel \(mean), sum \(total), Kish deff \(effect), "
        + "effektiv n \(size)."
      : "Weight \(spread.column): \(range), mean \(mean), sum \(total), Kish deff \(effect), "
        + "effective n \(size)."
  }
}
