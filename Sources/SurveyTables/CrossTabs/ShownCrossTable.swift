import SurveyData
import SurveyStatistics

/// A cross-table as people read it: every number rounded, in words and as a number for a cell of a
/// workbook. Terminal, Markdown, HTML and Excel are laid out from this one value.
public struct ShownCrossTable: Sendable {
  /// What a number is, for a format of a workbook.
  public enum Kind: Sendable, Hashable {
    /// A fraction that is shown as a percentage with that many decimals.
    case percent(decimals: Int)
    case number(decimals: Int)
    case text
  }

  public struct Cell: Sendable {
    public var text: String
    /// The same number, rounded as the text is.
    public var number: Double?
    public var kind: Kind
    public var marks: [String] = []
    public var isWithheld = false
  }

  public struct Row: Sendable {
    public enum Role: Sendable { case share, net, statistic, detail, base }
    public var role: Role
    public var label: String
    public var cells: [Cell]
  }

  /// Rows that belong together, below a heading of their own where there are several.
  public struct Section: Sendable {
    public var heading: String?
    public var rows: [Row]
  }

  public struct Column: Sendable {
    /// The labels of nested columns, the outermost first.
    public var path: [String]
    public var letter: String?

    /// All of the path, for renderers that know one row of headings.
    public var heading: String { path.joined(separator: " \u{00D7} ") }
  }

  public var title: String
  public var lead: [String]
  /// Headings over the columns, and over how many each.
  public var groups: [(heading: String, span: Int)]
  public var columns: [Column]
  public var sections: [Section]
  public var notes: [String]
}

/// What stands below each share.
public enum CrossTabDetail: String, Sendable, CaseIterable {
  case count, se, interval
}

extension CrossTable {
  /// The table in words and rounded numbers.
  public func shown(
    in format: NumberFormat, details: [CrossTabDetail] = [], showsNotes: Bool = true
  ) -> ShownCrossTable {
    let words = TableWords(format.language)
    let language = format.language
    var groups: [(heading: String, span: Int)] = [("", 1)]
    for (index, breakdown) in breakdowns.enumerated() {
      groups.append((breakdown.label[language], columns(ofBreakdown: index).count))
    }
    let shownColumns = columns.map { column in
      ShownCrossTable.Column(
        path: column.isTotal ? [words.total] : column.values.map { $0.label[language] },
        letter: column.letter.flatMap { letter in letters?.against == .pairs ? letter : nil })
    }
    let builder = ShownCrossRows(self, format, details)
    var sections = [ShownCrossTable.Section(heading: nil, rows: builder.bases)]
    for (index, percent) in percents.enumerated() {
      var rows: [ShownCrossTable.Row] = []
      for (row, content) in self.rows.enumerated() where content.isShare {
        rows += builder.rows(row, estimate: index)
      }
      if percents.count == 1 {
        for (row, content) in self.rows.enumerated() where content.kind == .mean {
          rows += builder.rows(row, estimate: 0)
        }
      }
      sections.append(.init(heading: words.percent(percent, self), rows: rows))
    }
    if percents.count > 1 {
      let means = self.rows.indices.filter { self.rows[$0].kind == .mean }
      if !means.isEmpty {
        sections.append(
          .init(heading: nil, rows: means.flatMap { builder.rows($0, estimate: 0) }))
      }
    }
    for kind in [Row.Kind.answerShare, .meanRank, .borda] {
      let rows = self.rows.indices.filter { self.rows[$0].kind == kind }
      guard !rows.isEmpty else { continue }
      sections.append(
        .init(
          heading: words.heading(of: kind), rows: rows.flatMap { builder.rows($0, estimate: 0) }))
    }
    return ShownCrossTable(
      title: title(language), lead: lead(words, format), groups: groups, columns: shownColumns,
      sections: sections, notes: showsNotes ? notes(words, format) : [])
  }

  func title(_ language: Language) -> String {
    let text = label[language]
    return text.isEmpty ? variable : text
  }

  private func lead(_ words: TableWords, _ format: NumberFormat) -> [String] {
    let wording = question[format.language]
    var lead =
      wording.isEmpty || wording == label[format.language] ? [] : ["\u{201C}\(wording)\u{201D}"]
    if let domain { lead.append(words.subpopulation(domain)) }
    return lead
  }

  private func notes(_ words: TableWords, _ format: NumberFormat) -> [String] {
    var notes = [words.rows(use, format), words.design(design, format)]
    notes += tests.compactMap { words.test($0, format) }
    let isAnyWithheld = cells.contains { $0.contains { $0.suppression != nil } }
    if isAnyWithheld { notes.append(words.withheldMark) }
    if let letters { notes.append(words.letters(letters, format)) }
    if hasSeveralAnswers { notes.append(words.severalAnswers) }
    if breakdowns.contains(where: \.hasOverlap) { notes.append(words.overlap) }
    return notes + warnings.map { $0[format.language] }
  }
}

/// The rows of a shown table: each share with its details, and the bases.
private struct ShownCrossRows {
  private let table: CrossTable
  private let format: NumberFormat
  private let words: TableWords
  private let details: [CrossTabDetail]

  init(_ table: CrossTable, _ format: NumberFormat, _ details: [CrossTabDetail]) {
    self.table = table
    self.format = format
    self.details = details
    words = TableWords(format.language)
  }

  func rows(_ index: Int, estimate: Int) -> [ShownCrossTable.Row] {
    let row = table.rows[index]
    let cells = table.cells[index]
    let areShares = row.isShare || row.kind == .answerShare
    let decimals = areShares ? format.decimals : 2
    func cell(_ cell: CrossTable.Cell, _ value: (Estimate) -> ShownCrossTable.Cell?)
      -> ShownCrossTable.Cell
    {
      if cell.suppression != nil {
        return .init(text: words.withheldSymbol, number: nil, kind: .text, isWithheld: true)
      }
      return value(cell.estimates[estimate])
        ?? .init(text: words.nothing, number: nil, kind: .text)
    }
    func number(_ value: Double, _ decimals: Int) -> ShownCrossTable.Cell {
      areShares
        ? .init(
          text: percent(value, decimals), number: format.rounded(value, decimals: decimals + 2),
          kind: .percent(decimals: decimals))
        : .init(
          text: format.number(value, decimals: decimals),
          number: format.rounded(value, decimals: decimals), kind: .number(decimals: decimals))
    }
    let label = row.label[format.language]
    let role: ShownCrossTable.Row.Role =
      row.kind == .net ? .net : areShares ? .share : .statistic
    let isCompared = estimate == 0 && table.percents[0] == .column || !row.isShare
    var rows = [
      ShownCrossTable.Row(
        role: role, label: label.isEmpty ? row.code ?? row.net ?? "" : label,
        cells: cells.map { content in
          var shown = cell(content) { $0.value.map { number($0, decimals) } }
          if isCompared, !shown.isWithheld { shown.marks = content.marks.map(\.text).sorted() }
          return shown
        })
    ]
    for detail in details {
      switch detail {
      case .count:
        guard row.isShare else { continue }
        rows.append(
          .init(
            role: .detail, label: words.count,
            cells: cells.map { content in
              cell(content) { $0.count.map { count($0) } }
            }))
      case .se:
        rows.append(
          .init(
            role: .detail, label: areShares ? words.standardErrorOfShare : words.standardError,
            cells: cells.map { content in
              cell(content) { estimate in
                estimate.standardError.map { error in
                  let scaled = areShares ? error * 100 : error
                  return .init(
                    text: format.number(scaled, decimals: decimals + 1),
                    number: format.rounded(scaled, decimals: decimals + 1),
                    kind: .number(decimals: decimals + 1))
                }
              }
            }))
      case .interval:
        rows.append(
          .init(
            role: .detail, label: words.interval(table.level, format),
            cells: cells.map { content in
              cell(content) { estimate in
                estimate.interval.map { interval in
                  let limits = [interval.low, interval.high].map { limit in
                    format.number(areShares ? limit * 100 : limit, decimals: decimals)
                  }
                  return .init(text: limits.joined(separator: "\u{2013}"), number: nil, kind: .text)
                }
              }
            }))
      }
    }
    return rows
  }

  /// Always shown: how many answered, and what they weigh.
  var bases: [ShownCrossTable.Row] {
    let withheld = ShownCrossTable.Cell(
      text: words.withheldSymbol, number: nil, kind: .text, isWithheld: true)
    return [
      .init(
        role: .base, label: words.unweightedBase,
        cells: table.columns.map { $0.base.map(count) ?? withheld }),
      .init(
        role: .base, label: words.weightedBaseLong,
        cells: table.columns.map { column in
          column.weightedBase.map { weight in
            // One rule for the line: decimals where the whole is small.
            let whole = table.columns[0].weightedBase ?? weight
            let decimals = whole < 100 && whole != whole.rounded() ? 1 : 0
            return .init(
              text: format.number(weight, decimals: decimals),
              number: format.rounded(weight, decimals: decimals),
              kind: .number(decimals: decimals))
          } ?? withheld
        }),
    ]
  }

  private func count(_ count: Int) -> ShownCrossTable.Cell {
    .init(text: format.count(count), number: Double(count), kind: .number(decimals: 0))
  }

  private func percent(_ share: Double, _ decimals: Int) -> String {
    var format = format
    format.decimals = decimals
    return format.percent(share)
  }
}

extension TableWords {
  var total: String { choose("I alt", "Total") }
  var unweightedBase: String { choose("Antal svar (uvægtet)", "Respondents (unweighted)") }
  var weightedBaseLong: String { choose("Vægtet base", "Weighted base") }
  var withheldSymbol: String { "*" }
  var withheldMark: String {
    choose(
      "* Tilbageholdt: for få svar, eller fordi tallet ellers kunne regnes ud.",
      "* Withheld: too few answers, or it could be worked out otherwise.")
  }

  func subpopulation(_ condition: String) -> String {
    choose("Kun dem, for hvem \(condition).", "Only those for whom \(condition).")
  }

  func percent(_ percent: CrossTabQuestion.Percent, _ table: CrossTable) -> String? {
    if table.percents.count == 1, percent == .column, !table.hasSeveralAnswers { return nil }
    if table.hasSeveralAnswers, percent == .column {
      return choose("Andel af dem, der svarede", "Share of respondents")
    }
    return switch percent {
    case .column: choose("Andel af kolonnen", "Share of the column")
    case .row: choose("Andel af rækken", "Share of the row")
    case .total: choose("Andel af alle", "Share of all")
    }
  }

  func heading(of kind: CrossTable.Row.Kind) -> String? {
    switch kind {
    case .answerShare: choose("Andel af alle svar", "Share of all answers")
    case .meanRank:
      choose("Gennemsnitlig plads (blandt dem, der gav en)", "Mean place (of those who gave one)")
    case .borda: choose("Point (Borda), gennemsnit", "Points (Borda), mean")
    case .category, .net, .mean: nil
    }
  }

  func letters(_ rule: LetterRule, _ format: NumberFormat) -> String {
    let levels = rule.levels.map {
      format.number($0 * 100, decimals: ($0 * 100).rounded() == $0 * 100 ? 0 : 1)
    }
    let strict = levels[0]
    let method =
      switch rule.method {
      case .design:
        choose("t-test efter undersøgelsens design", "t-tests by the survey's design")
      case .ctables: choose("z-test som SPSS CTABLES", "z-tests as SPSS CTABLES")
      case .dimensions: choose("t-test som SPSS Dimensions", "t-tests as SPSS Dimensions")
      }
    var text: String
    switch rule.against {
    case .pairs:
      text = choose(
        "Et stort bogstav: større end kolonnen med det bogstav under samme overskrift "
          + "(\(strict) % sikkerhed",
        "A capital letter: larger than the column of that letter under the same heading "
          + "(\(strict)% confidence")
      if levels.count > 1 {
        text += choose("; et lille: \(levels[1]) %", "; a small one: \(levels[1])%")
      }
    case .rest:
      text = choose(
        "\u{25B2}\u{25BC}: større eller mindre end de øvrige kolonner under samme overskrift "
          + "(\(strict) % sikkerhed",
        "\u{25B2}\u{25BC}: larger or smaller than the other columns under the same heading "
          + "(\(strict)% confidence")
      if levels.count > 1 {
        text += choose(
          "; \u{25B3}\u{25BD}: \(levels[1]) %", "; \u{25B3}\u{25BD}: \(levels[1])%")
      }
    }
    text += "); \(method)"
    if rule.adjustment != .none {
      let name = String(adjusted(by: rule.adjustment).split(separator: ":").last ?? "").dropFirst()
      text += choose(
        "; p-værdier justeret inden for rækken: ", "; p-values adjusted within the row: ")
      text += name.hasSuffix(".") ? name.dropLast() : name
    }
    return text + "."
  }

  var severalAnswers: String {
    choose(
      "Flere svar er mulige; andelene kan give mere end 100 %.",
      "Several answers are possible; shares can add up to more than 100%.")
  }

  var overlap: String {
    choose(
      "En svarperson kan stå i flere kolonner; sammenligninger regner med det.",
      "A respondent can be in several columns; comparisons take that into account.")
  }
}
