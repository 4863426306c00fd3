import SurveyData
import SurveyStatistics

extension ResponseRates {
  /// The rates in words and rounded numbers: who was invited and what became of them, response rates,
  /// and the other rates below.
  public func shown(in format: NumberFormat) -> ShownTable {
    let words = ResponseWords(format)
    let main = countsGrid(words, format)
    var table = ShownTable(
      title: words.title, lead: words.lead(self), columns: main.columns, rows: main.rows,
      notes: words.notes(self) + warnings)
    let families: [[OutcomeRate]] = [
      [.rr1, .rr2, .rr3, .rr4, .rr5, .rr6],
      [.coop1, .coop2, .coop3, .coop4, .ref1, .ref2, .ref3, .con1, .con2, .con3],
    ]
    for isWeighted in weight == nil ? [false] : [false, true] {
      for rates in families {
        table.further.append(ratesGrid(rates, weighted: isWeighted, words, format))
      }
    }
    return table
  }

  private func groupColumns(_ heading: String, _ words: ResponseWords) -> [ShownTable.Column] {
    [.init(heading: heading, isNumeric: false)]
  }

  private func name(_ group: Group, _ language: Language) -> String {
    group.column.isEmpty
      ? group.label[language] : "\(group.column): \(group.label[language])"
  }

  private func countsGrid(_ words: ResponseWords, _ format: NumberFormat) -> ShownTable.Grid {
    ShownTable.Grid(
      columns: groupColumns(words.group, words)
        + ([words.invited] + Disposition.allCases.map(\.rawValue)).map {
          .init(heading: $0, isNumeric: true)
        },
      rows: groups.map { group in
        if let suppression = group.suppression {
          return [name(group, format.language), words.withheld(suppression)]
            + Array(repeating: "\u{2013}", count: Disposition.allCases.count)
        }
        return [name(group, format.language), format.count(group.invited)]
          + Disposition.allCases.map { format.count(Int(group.counts[$0])) }
      })
  }

  private func ratesGrid(
    _ rates: [OutcomeRate], weighted isWeighted: Bool, _ words: ResponseWords,
    _ format: NumberFormat
  ) -> ShownTable.Grid {
    ShownTable.Grid(
      columns: groupColumns(isWeighted ? words.weighted : words.unweighted, words)
        + rates.map { .init(heading: $0.rawValue, isNumeric: true) },
      rows: groups.map { group in
        [name(group, format.language)]
          + rates.map { rate in
            group.value(rate, in: self, weighted: isWeighted).map(format.percent) ?? "\u{2013}"
          }
      })
  }
}

/// The words of response rates, in one language.
struct ResponseWords {
  private let format: NumberFormat

  init(_ format: NumberFormat) { self.format = format }

  private func choose(_ da: String, _ en: String) -> String { format.language == .da ? da : en }

  var title: String { choose("Svarprocenter efter AAPOR", "Response rates by AAPOR") }
  var group: String { choose("gruppe", "group") }
  var invited: String { choose("inviterede", "invited") }
  var unweighted: String { choose("rate", "rate") }
  var weighted: String { choose("rate, basisvægtet", "rate, base-weighted") }

  func withheld(_ reason: Suppression) -> String {
    switch reason {
    case .base(let minimum):
      choose("tilbageholdt: under \(minimum)", "withheld: fewer than \(minimum)")
    default: TableWords(format.language).withheld(reason)
    }
  }

  func lead(_ rates: ResponseRates) -> [String] {
    let everybody = rates.groups[0]
    guard everybody.suppression == nil else { return [] }
    let counts = everybody.counts
    func percent(_ rate: OutcomeRate) -> String {
      everybody.value(rate, in: rates).map(format.percent) ?? "\u{2013}"
    }
    var lines = [
      choose(
        "\(format.count(Int(counts.respondents))) af \(format.count(everybody.invited)) inviterede "
          + "svarede: RR2 \(percent(.rr2)), med e RR4 \(percent(.rr4)), af kendte RR6 "
          + "\(percent(.rr6)).",
        "\(format.count(Int(counts.respondents))) of \(format.count(everybody.invited)) invited "
          + "answered: RR2 \(percent(.rr2)), with e RR4 \(percent(.rr4)), of those known RR6 "
          + "\(percent(.rr6)).")
    ]
    if counts.unknown > 0 {
      let share = format.percent(rates.eligibleShare)
      lines.append(
        rates.isShareGiven
          ? choose(
            "e, andelen af de ukendte som regnes for at høre til målgruppen, er sat til \(share).",
            "e, the share of the unknown taken for eligible, is set to \(share).")
          : choose(
            "e, andelen af de ukendte som regnes for at høre til målgruppen, er \(share): som blandt "
              + "de kendte, under ét.",
            "e, the share of the unknown taken for eligible, is \(share): as among those known, "
              + "taken together."))
    }
    return lines
  }

  /// A line of a facts box; `nil` where the rates are withheld.
  func fact(_ rates: ResponseRates) -> String? {
    let isWeighted = rates.weight != nil
    func value(_ rate: OutcomeRate) -> String? {
      rates.groups[0].value(rate, in: rates, weighted: isWeighted).map {
        "\(format.percent($0)) (AAPOR \(rate.rawValue))"
      }
    }
    guard let lowest = value(.rr2), let estimated = value(.rr4) else { return nil }
    let hasUnknown = rates.groups[0].counts.unknown > 0
    return choose("Svarprocent: ", "Response rate: ") + lowest
      + (hasUnknown ? ", " + estimated : "")
      + (isWeighted ? choose(", basisvægtet", ", base-weighted") : "") + "."
  }

  func notes(_ rates: ResponseRates) -> [String] {
    [
      choose(
        "I hele svar, P delvise svar, R afvist eller afbrudt, NC ikke truffet, O andet, UH ukendt om "
          + "husstand, UO ukendt i øvrigt, NE uden for målgruppen.",
        "I complete, P partial, R refusal or break-off, NC non-contact, O other, UH unknown if "
          + "household, UO unknown otherwise, NE not eligible."),
      choose(
        "RR svar, COOP samarbejde, REF afvisning, CON kontakt (AAPOR Standard Definitions, 10. udg., "
          + "2023).",
        "RR response, COOP cooperation, REF refusal, CON contact (AAPOR Standard Definitions, 10th "
          + "ed., 2023)."),
    ]
  }
}
