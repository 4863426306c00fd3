import SurveyData
import SurveyStatistics

/// The tables of a survey as one value, before any of them is rendered: what protects the whole book
/// is applied here.
public struct TableBook: Sendable {
  public struct Entry: Sendable {
    public var table: CrossTable
    /// Whether a workbook draws the total column's shares.
    public var hasChart: Bool

    public init(table: CrossTable, hasChart: Bool) {
      self.table = table
      self.hasChart = hasChart
    }
  }

  public var title: LocalizedText
  public var entries: [Entry]
  /// Decimals of the percentages it is published with; `nil` of a book at full precision, which is
  /// not for publication.
  public var publishedDecimals: Int?
  /// What the survey file says of the survey; `nil` for a data file.
  public var facts: SurveyFacts?
  public var warnings: [String]

  public init(
    title: LocalizedText, entries: [Entry], publishedDecimals: Int?, facts: SurveyFacts? = nil,
    warnings: [String] = []
  ) {
    self.title = title
    self.entries = entries
    self.publishedDecimals = publishedDecimals
    self.facts = facts
    self.warnings = warnings
  }

  /// The book's tables in words and rounded numbers.
  public func shown(in format: NumberFormat) -> [ShownCrossTable] {
    entries.map { $0.table.shown(in: format) }
  }

  /// Who was asked, when and how, below the title; empty where nobody says.
  public func factLines(in format: NumberFormat) -> [String] {
    var lines = facts?.factLines(format.language, format) ?? []
    // The book's title stands above: the survey's is not said again.
    let title = title[format.language] + "."
    if let first = lines.first, first.hasPrefix(title) {
      lines[0] = String(first.dropFirst(title.count).drop { $0 == " " })
      if lines[0].isEmpty { lines.removeFirst() }
    }
    return lines
  }
}

extension CrossTable {
  /// The same table with its answers from the largest share of the total to the smallest; what is
  /// withheld keeps its place after them.
  public func sortedByShare() -> CrossTable {
    func share(_ code: String?) -> Double {
      rows.firstIndex { $0.kind == .category && $0.code == code }
        .flatMap { cells[$0][0].estimates.first?.value } ?? -1
    }
    var order = Array(rows.indices)
    for kind in Set(rows.map(\.kind)) where kind != .net && kind != .mean {
      let places = rows.indices.filter { rows[$0].kind == kind }
      let sorted = places.sorted { a, b in
        let (first, second) = (share(rows[a].code), share(rows[b].code))
        return first != second ? first > second : a < b
      }
      for (place, row) in zip(places, sorted) { order[place] = row }
    }
    var table = self
    table.rows = order.map { rows[$0] }
    table.cells = order.map { cells[$0] }
    return table
  }
}
