import SurveyData
import SurveyStatistics

extension WeightingReport {
  /// The report in words and rounded numbers.
  public func shown(in format: NumberFormat) -> ShownTable {
    let words = WeightingWords(format)
    var grids = nonresponse?.grids(format, few: disclosure.minimumBase) ?? []
    if hasMargins, fitted.groups.contains(where: { !$0.margins.isEmpty }) || grids.isEmpty {
      grids.append(.init(columns: marginColumns(words), rows: marginRows(words, format)))
    }
    if fitted.groups.contains(where: { !$0.totals.isEmpty }) {
      grids.append(totalsGrid(words, format))
    }
    grids += [histogramGrid(words, format), extremesGrid(words, format)]
    var table = ShownTable(
      title: words.title(self), lead: words.lead(self), columns: grids[0].columns,
      rows: grids[0].rows, notes: [])
    table.further = Array(grids.dropFirst())
    if !changes.isEmpty { table.further.append(changesGrid(words, format)) }
    table.notes =
      words.trimming(self) + (nonresponse?.notes(format) ?? [])
      + [words.kish, TableWords(format.language).rows(rows, format)] + warnings
    return table
  }

  private var hasGroups: Bool { fitted.description.within != nil }

  private func marginColumns(_ words: WeightingWords) -> [ShownTable.Column] {
    (hasGroups ? [.init(heading: words.group, isNumeric: false)] : [])
      + [
        .init(heading: words.margin, isNumeric: false),
        .init(heading: words.category, isNumeric: false),
      ]
      + [words.respondents, words.target, words.before, words.after].map {
        .init(heading: $0, isNumeric: true)
      }
  }

  private func marginRows(_ words: WeightingWords, _ format: NumberFormat) -> [[String]] {
    zip(fitted.groups, labels).flatMap { group, labels in
      zip(group.margins, labels).map { category, label in
        (hasGroups ? [group.code ?? ""] : [])
          + [
            category.variable, category.isUnknown ? words.unknown : label[format.language],
            category.respondents < disclosure.minimumBase
              ? words.few : format.count(category.respondents),
            format.percent(category.target), format.percent(category.before),
            format.percent(category.after),
          ]
      }
    }
  }

  private func totalsGrid(_ words: WeightingWords, _ format: NumberFormat) -> ShownTable.Grid {
    ShownTable.Grid(
      columns: [.init(heading: words.total, isNumeric: false)]
        + [words.target, words.before, words.after].map { .init(heading: $0, isNumeric: true) },
      rows: fitted.groups.flatMap { group in
        group.totals.map {
          [$0.variable] + [$0.target, $0.before, $0.after].map(format.significant)
        }
      })
  }

  private func histogramGrid(_ words: WeightingWords, _ format: NumberFormat) -> ShownTable.Grid {
    let largest = histogram.map(\.respondents).max() ?? 1
    return ShownTable.Grid(
      columns: [
        .init(heading: words.ratio, isNumeric: true),
        .init(heading: words.respondents, isNumeric: true), .init(heading: "", isNumeric: false),
      ],
      rows: histogram.map { bin in
        let length = (40 * bin.respondents + largest - 1) / largest
        let isFew = bin.respondents > 0 && bin.respondents < disclosure.minimumBase
        return [
          words.range(bin), isFew ? words.few : format.count(bin.respondents),
          String(repeating: "\u{2588}", count: isFew ? 1 : length),
        ]
      })
  }

  private func extremesGrid(_ words: WeightingWords, _ format: NumberFormat) -> ShownTable.Grid {
    let hasPlaces = extremes.contains { $0.place != nil }
    return ShownTable.Grid(
      columns: (hasPlaces ? [.init(heading: words.row, isNumeric: false)] : [])
        + [
          .init(heading: words.extremeWeight, isNumeric: true),
          .init(heading: words.ratio, isNumeric: true),
        ],
      rows: extremes.map { extreme in
        (hasPlaces ? [extreme.place.map { "\($0)" } ?? ""] : [])
          + [format.significant(extreme.weight), format.number(extreme.ratio, decimals: 3)]
      })
  }

  private func changesGrid(_ words: WeightingWords, _ format: NumberFormat) -> ShownTable.Grid {
    func figure(_ value: Double?, _ change: Change) -> String {
      value.map { change.isShare ? format.percent($0) : format.significant($0) } ?? "\u{2013}"
    }
    return ShownTable.Grid(
      columns: [
        .init(heading: words.keyFigure, isNumeric: false),
        .init(heading: words.category, isNumeric: false),
        .init(heading: words.before, isNumeric: true), .init(heading: words.after, isNumeric: true),
        .init(heading: words.change, isNumeric: true), .init(heading: "SE", isNumeric: true),
      ],
      rows: changes.map { change in
        let difference = change.before.flatMap { before in change.after.map { $0 - before } }
        let moved = difference.map {
          format.signed(
            change.isShare ? format.percentNumber($0) : format.significant($0), of: $0)
        }
        return [
          change.variable, change.label[format.language], figure(change.before, change),
          figure(change.after, change), moved ?? "\u{2013}",
          change.standardError.map {
            change.isShare
              ? format.number($0 * 100, decimals: format.decimals + 1) : format.significant($0)
          } ?? "\u{2013}",
        ]
      })
  }
}
