import SurveyData
import SurveyStatistics

/// A table as people read it: every number rounded and worded, ready to be laid out.
public struct ShownTable: Sendable {
  public struct Column: Sendable {
    public var heading: String
    public var isNumeric: Bool
  }

  public var title: String
  /// Lines between the title and the table: the wording, the base.
  public var lead: [String]
  public var columns: [Column]
  public var rows: [[String]]
  public var notes: [String]

  public init(
    title: String, lead: [String] = [], columns: [Column], rows: [[String]], notes: [String] = []
  ) {
    self.title = title
    self.lead = lead
    self.columns = columns
    self.rows = rows
    self.notes = notes
  }
}

extension Table {
  /// The table in words and rounded numbers.
  public func shown(in format: NumberFormat) -> ShownTable {
    let words = TableWords(format.language)
    let groupColumns = cells.first?.group.map(\.column) ?? []
    let sameGroups = cells.allSatisfy { $0.group.map(\.column) == groupColumns }
    var columns: [ShownTable.Column] =
      sameGroups
      ? groupColumns.map { .init(heading: $0, isNumeric: false) }
      : [.init(heading: words.group, isNumeric: false)]
    columns += [
      .init(heading: words.answer, isNumeric: false),
      .init(heading: words.share, isNumeric: true),
      .init(heading: words.interval(level, format), isNumeric: true),
      .init(heading: words.standardError, isNumeric: true),
      .init(heading: words.count, isNumeric: true),
      .init(heading: words.base, isNumeric: true),
      .init(heading: words.weightedBase, isNumeric: true),
      .init(heading: words.designEffect, isNumeric: true),
    ]
    let rows = cells.map { cell in
      let group =
        sameGroups
        ? cell.group.map { $0.label[format.language] }
        : [cell.group.map { "\($0.column): \($0.label[format.language])" }.joined(separator: ", ")]
      return group + [cell.label[format.language]] + cell.shownFigures(format, words)
    }
    let text = label[format.language]
    let wording = question[format.language]
    return ShownTable(
      title: text.isEmpty || text == variable ? variable : "\(variable): \(text)",
      lead: wording.isEmpty || wording == text ? [] : ["\u{201C}\(wording)\u{201D}"],
      columns: columns, rows: rows, notes: notes(words, format) + warnings)
  }

  private func notes(_ words: TableWords, _ format: NumberFormat) -> [String] {
    var notes = [words.rows(rows, format), words.design(design, format)]
    let methods = Set(cells.compactMap { $0.estimate.interval?.method }).map(\.rawValue).sorted()
    if !methods.isEmpty { notes.append(words.methods(methods)) }
    return notes
  }
}

extension Cell {
  /// Share, interval, standard error, count, base, weighted base, design effect.
  fileprivate func shownFigures(_ format: NumberFormat, _ words: TableWords) -> [String] {
    if let suppression {
      return [words.withheld(suppression)] + Array(repeating: words.nothing, count: 6)
    }
    var error = format
    error.decimals += 1
    return [
      estimate.value.map(format.percent) ?? words.nothing,
      estimate.interval.map {
        "\(format.percentNumber($0.low))\u{2013}\(format.percentNumber($0.high))"
      } ?? words.nothing,
      estimate.standardError.map(error.percentNumber) ?? words.nothing,
      estimate.count.map(format.count) ?? words.nothing,
      format.count(estimate.base),
      format.number(estimate.weightedBase, decimals: estimate.weightedBase < 100 ? 1 : 0),
      estimate.designEffect.map { format.number($0, decimals: 2) } ?? words.nothing,
    ]
  }
}
