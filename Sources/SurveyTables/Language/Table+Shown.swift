import SurveyData
import SurveyStatistics

extension Table {
  /// The table in words and rounded numbers.
  public func shown(in format: NumberFormat) -> ShownTable {
    if command == "model", let model { return modelShown(model, in: format) }
    if trend != nil { return trendShown(in: format) }
    let words = TableWords(format.language)
    let groupColumns = cells.first?.group.map(\.column) ?? []
    let areSeveral = Set(cells.map(\.variable)).count > 1
    let sameGroups = cells.allSatisfy { $0.group.map(\.column) == groupColumns }
    let figures = ShownFigures(of: cells, format)
    var columns: [ShownTable.Column] =
      areSeveral ? [.init(heading: words.item, isNumeric: false)] : []
    columns +=
      sameGroups
      ? groupColumns.map { .init(heading: $0, isNumeric: false) }
      : [.init(heading: words.group, isNumeric: false)]
    if figures.areShares { columns.append(.init(heading: words.answer, isNumeric: false)) }
    if figures.areQuantiles { columns.append(.init(heading: words.probability, isNumeric: true)) }
    columns += figures.headings(level: level).map { .init(heading: $0, isNumeric: true) }
    let rows = cells.map { cell in
      let group =
        sameGroups
        ? cell.group.map { $0.label[format.language] }
        : [cell.group.map { "\($0.column): \($0.label[format.language])" }.joined(separator: ", ")]
      return (areSeveral ? [cell.variable] : []) + group
        + (figures.areShares ? [cell.label[format.language]] : [])
        + (figures.areQuantiles ? [cell.probability.map(format.shortest) ?? words.nothing] : [])
        + figures.row(of: cell)
    }
    var shown = ShownTable(
      title: title(format.language), lead: lead(format.language), columns: columns, rows: rows,
      notes: notes(words, format) + warnings + explanationLines)
    if !differences.isEmpty { shown.further = [differencesShown(by: figures, format)] }
    return shown
  }

  var explanationLines: [String] {
    guard let explanation else { return [] }
    return explanation.lines + explanation.rCall.map { "R> \($0)" }
  }

  private func title(_ language: Language) -> String {
    let text = label[language]
    let name = cells.first?.denominator.map { "\(variable) / \($0)" } ?? variable
    return text.isEmpty || text == variable ? name : "\(name): \(text)"
  }

  private func lead(_ language: Language) -> [String] {
    let wording = question[language]
    return wording.isEmpty || wording == label[language] ? [] : ["\u{201C}\(wording)\u{201D}"]
  }

  /// Rows, design, tests and the methods of the intervals.
  func notes(_ words: TableWords, _ format: NumberFormat) -> [String] {
    var notes = [words.rows(rows, format), words.design(design, format)]
    notes += testNotes(words, format)
    let methods = Set(cells.compactMap { $0.estimate.interval?.methodName }).sorted()
    if !methods.isEmpty { notes.append(words.methods(methods)) }
    return notes
  }
}

/// The figures of a table's cells: shares as percentages, other statistics as plain numbers.
struct ShownFigures {
  let areShares: Bool
  let areQuantiles: Bool
  private let format: NumberFormat
  private let words: TableWords
  private let statistic: String
  /// Decimals that show a tenth of the smallest standard error.
  private let decimals: Int

  init(of cells: [Cell], _ format: NumberFormat) {
    self.format = format
    words = TableWords(format.language)
    statistic = cells.first?.statistic ?? "share"
    areShares = statistic == "share"
    areQuantiles = statistic == "quantile"
    let smallest = cells.compactMap { $0.estimate.standardError }.filter { $0 > 0 }.min()
    var decimals = 0
    var unit = (smallest ?? 1) / 10
    while unit < 1, decimals < 6 {
      unit *= 10
      decimals += 1
    }
    self.decimals = decimals
  }

  func headings(level: Double) -> [String] {
    [
      areShares ? words.share : words.statistic(statistic), words.interval(level, format),
      areShares ? words.standardErrorOfShare : words.standardError,
    ] + (areShares ? [words.count] : []) + [words.base, words.weightedBase, words.designEffect]
  }

  func row(of cell: Cell) -> [String] {
    if let suppression = cell.suppression {
      return [words.withheld(suppression)]
        + Array(repeating: words.nothing, count: areShares ? 6 : 5)
    }
    let estimate = cell.estimate
    return [
      estimate.value.map(figure) ?? words.nothing,
      estimate.interval.map { "\(limit($0.low))\u{2013}\(limit($0.high))" } ?? words.nothing,
      estimate.standardError.map(error) ?? words.nothing,
    ] + (areShares ? [estimate.count.map(format.count) ?? words.nothing] : []) + [
      format.count(estimate.base),
      format.number(estimate.weightedBase, decimals: estimate.weightedBase < 100 ? 1 : 0),
      estimate.designEffect.map { format.number($0, decimals: 2) } ?? words.nothing,
    ]
  }

  func figure(_ value: Double) -> String {
    areShares ? format.percent(value) : format.number(value, decimals: decimals)
  }

  func limit(_ value: Double) -> String {
    areShares ? format.percentNumber(value) : format.number(value, decimals: decimals)
  }

  func error(_ value: Double) -> String {
    var finer = format
    finer.decimals += 1
    return areShares ? finer.percentNumber(value) : format.number(value, decimals: decimals + 1)
  }
}
