import SurveyData
import SurveyStatistics

extension Table {
  /// The differences in words and rounded numbers: of shares in percentage points.
  func differencesShown(by figures: ShownFigures, _ format: NumberFormat) -> ShownTable.Grid {
    let words = TableWords(format.language)
    let areCategories = differences.contains { $0.category != nil }
    let isAdjusted = adjustment != .none
    var columns: [ShownTable.Column] =
      areCategories ? [.init(heading: words.answer, isNumeric: false)] : []
    columns += [words.from, words.to].map { .init(heading: $0, isNumeric: false) }
    columns +=
      ([
        figures.areShares ? words.differenceOfShares : words.difference,
        words.interval(level, format),
        figures.areShares ? words.standardErrorOfShare : words.standardError, "p",
      ] + (isAdjusted ? [words.adjustedPValue] : [])).map { .init(heading: $0, isNumeric: true) }
    let rows = differences.map { difference in
      (areCategories ? [difference.label[format.language]] : [])
        + [difference.from, difference.to].map { words.side($0, figures, format) }
        + row(of: difference, figures, words, format)
    }
    return ShownTable.Grid(columns: columns, rows: rows)
  }

  private func row(
    of difference: Difference, _ figures: ShownFigures, _ words: TableWords, _ format: NumberFormat
  ) -> [String] {
    let isAdjusted = adjustment != .none
    if let suppression = difference.suppression {
      return [words.withheld(suppression)]
        + Array(repeating: words.nothing, count: isAdjusted ? 4 : 3)
    }
    let contrast = difference.contrast
    func signed(_ value: Double) -> String { format.signed(figures.limit(value), of: value) }
    return [
      contrast.estimate.map(signed) ?? words.nothing,
      contrast.interval.map { "\(signed($0.low)) \(words.until) \(signed($0.high))" }
        ?? words.nothing,
      contrast.standardError.map(figures.error) ?? words.nothing,
      contrast.pValue.map(format.pValue) ?? words.nothing,
    ] + (isAdjusted ? [difference.adjustedPValue.map(format.pValue) ?? words.nothing] : [])
  }

  /// The tests that the table was put to, and how p-values were adjusted.
  func testNotes(_ words: TableWords, _ format: NumberFormat) -> [String] {
    var notes = tests.compactMap { words.test($0, format) }
    if adjustment != .none { notes.append(words.adjusted(by: adjustment)) }
    return notes
  }
}

extension TableWords {
  var item: String { choose("spørgsmål", "item") }
  var from: String { choose("fra", "from") }
  var to: String { choose("til", "to") }
  var until: String { choose("til", "to") }
  var difference: String { choose("forskel", "difference") }
  var differenceOfShares: String { choose("forskel (pct.point)", "difference (pp)") }
  var adjustedPValue: String { choose("justeret p", "adjusted p") }

  func side(
    _ side: Difference.Side, _ figures: ShownFigures, _ format: NumberFormat
  ) -> String {
    switch side {
    case .group(let values):
      values.isEmpty
        ? choose("alle", "all") : values.map { $0.label[format.language] }.joined(separator: ", ")
    case .rest: choose("øvrige", "the rest")
    case .total: choose("alle", "all")
    case .item(let name, let label): label[format.language].isEmpty ? name : label[format.language]
    case .number(let value): figures.figure(value)
    }
  }

  func test(_ result: TestResult, _ format: NumberFormat) -> String? {
    let test = result.test
    guard let statistic = test.statistic, let df1 = test.df1, let pValue = test.pValue else {
      return nil
    }
    let degrees = [df1, test.df2].compactMap { df in
      df.map {
        $0.isFinite ? format.number($0, decimals: $0 == $0.rounded() ? 0 : 1) : "\u{221E}"
      }
    }
    let separator = format.language == .da ? "; " : ", "
    let symbol = test.df2 == nil ? "X\u{00B2}" : "F"
    let p = format.pValue(pValue)
    let words = result.words(in: format.language)
    return "Rao\u{2013}Scott, \(words.variable) \u{00D7} \(words.by): "
      + "\(symbol)(\(degrees.joined(separator: separator))) = "
      + "\(format.number(statistic, decimals: 2)), p \(p.hasPrefix("<") ? p : "= \(p)")."
  }

  func adjusted(by adjustment: Adjustment) -> String {
    let name =
      switch adjustment {
      case .none: ""
      case .bonferroni: "Bonferroni"
      case .holm: "Holm"
      case .benjaminiHochberg: "Benjamini\u{2013}Hochberg"
      }
    return choose("p-værdier justeret: \(name).", "p-values adjusted: \(name).")
  }
}
