import SurveyData
import SurveyStatistics

/// A press figure in words: the sentence, its uncertainty, and the facts that must stand with it.
public struct PressWords: Sendable {
  /// What can be quoted.
  public var sentence: String
  /// The sentence in words that the data bear, the strongest first; empty where none are asked for.
  public var phrases: [String]
  public var phrasesHeading: String
  /// How sure it is, or why nothing is said of that.
  public var uncertainty: String
  /// Of whom, out of how many answers.
  public var base: String
  /// The whole scale, in its order.
  public var distribution: [ScaleLine]
  public var distributionHeading: String
  public var factsHeading: String
  /// "Fakta om undersøgelsen", a line a fact.
  public var facts: [String]
  /// Where it was made from.
  public var provenance: String

  public init(_ figure: Figure, in format: NumberFormat) {
    let words = Wording(figure, format)
    sentence = words.sentence
    phrases = words.phrases
    phrasesHeading = words.phrasesHeading
    uncertainty = words.uncertainty
    base = words.base
    distribution = words.distribution
    distributionHeading = words.distributionHeading
    factsHeading = words.factsHeading
    facts = words.facts
    provenance = words.provenance
  }
}

/// One category of the scale, as it is read.
public struct ScaleLine: Sendable {
  public var label: String
  /// A percentage, or the word for a withheld one.
  public var share: String
  public var isInNet: Bool
}

extension Figure {
  /// The distribution as a table of its own.
  public var distributionTable: Table {
    var table = table
    table.cells = distribution
    return table
  }

  /// Decimals that the answers bear: with fewer than 200 a single one moves the share by more than
  /// half a percentage point.
  public func decimals(atMost decimals: Int) -> Int {
    share.estimate.base < 200 ? 0 : decimals
  }
}

private struct Wording {
  private let figure: Figure
  private let format: NumberFormat
  private let language: Language
  private let isDanish: Bool

  init(_ figure: Figure, _ format: NumberFormat) {
    self.figure = figure
    self.format = NumberFormat(
      language: format.language, decimals: figure.decimals(atMost: format.decimals))
    language = format.language
    isDanish = format.language == .da
  }

  private func choose(_ da: String, _ en: String) -> String { isDanish ? da : en }

  private func percent(_ share: Double) -> String {
    format.percentInRunningText(share)
  }

  // MARK: The sentence

  var sentence: String {
    guard figure.share.suppression == nil, let value = figure.share.estimate.value else {
      return withheld
    }
    return sentence(saying: percent(value))
  }

  /// The sentence with the share in these words.
  private func sentence(saying share: String) -> String {
    let who = share + choose(" af ", " of ") + population + domain
    if let statement = figure.statement?[language], !statement.isEmpty {
      return "\(who) \(statement)."
    }
    let answer = quoted(figure.share.label[language])
    let wording = figure.table.question[language]
    let asked = wording.isEmpty ? figure.table.variable : wording
    return choose(
      "\(who) svarer \(answer) på spørgsmålet \(quoted(asked))",
      "\(who) answer \(answer) to the question \(quoted(asked))") + "."
  }

  /// The two strongest wordings that the data bear. An opt-in sample bears none: its figure holds for
  /// those who answered, and a phrase is read as more.
  var phrases: [String] {
    guard figure.offersPhrases, figure.share.suppression == nil,
      let share = figure.share.estimate.value, !(figure.survey?.isOptIn ?? false)
    else { return [] }
    return SharePhrase.offered(
      for: share, interval: figure.share.estimate.borneInterval, language: language
    ).prefix(2).map { sentence(saying: $0.text.prefix(1).uppercased() + $0.text.dropFirst()) }
  }

  var phrasesHeading: String {
    choose(
      "Ordlyd, som data bærer, den stærkeste først", "Wordings that the data bear, strongest first")
  }

  private var withheld: String {
    switch figure.share.suppression {
    case .base(let minimum):
      choose(
        "Tallet er tilbageholdt: under \(minimum) har svaret (minimumBase).",
        "The figure is withheld: fewer than \(minimum) answered (minimumBase).")
    case .count(let minimum):
      choose(
        "Tallet er tilbageholdt: under \(minimum) har svaret sådan, eller under \(minimum) har "
          + "svaret noget andet (minimumCount).",
        "The figure is withheld: fewer than \(minimum) answered so, or fewer than \(minimum) "
          + "answered otherwise (minimumCount).")
    case .complementary:
      choose(
        "Tallet er tilbageholdt for at beskytte et andet.",
        "The figure is withheld to protect another.")
    case nil:
      choose("Der er intet tal: ingen har svaret.", "There is no figure: nobody answered.")
    }
  }

  /// Those the sentence speaks of: never more than those who answered, where nobody drew them.
  private var population: String {
    guard let survey = figure.survey, !survey.isOptIn, let name = survey.population?.name[language],
      !name.isEmpty
    else { return choose("dem, der svarede,", "those who took part") }
    return name
  }

  private var domain: String {
    figure.domain.map { " (\($0[language]))" } ?? ""
  }

  private func quoted(_ text: String) -> String {
    choose("\u{BB}\(text)\u{AB}", "\u{201C}\(text)\u{201D}")
  }

  // MARK: Uncertainty and base

  var uncertainty: String {
    guard figure.share.suppression == nil else { return "" }
    if figure.survey?.isOptIn ?? false {
      return choose(
        "Deltagerne har selv valgt at være med, så der kan ikke angives en statistisk usikkerhed, "
          + "og tallet gælder kun dem, der svarede.",
        "The respondents chose to take part, so no margin of error can be given, and the figure "
          + "holds for those who answered only.")
    }
    guard let interval = figure.share.estimate.interval else {
      return choose(
        "Usikkerheden kan ikke beregnes med dette design.",
        "This design gives no margin of error.")
    }
    let level = format.number(interval.level * 100, decimals: 0)
    let low = format.percentNumber(interval.low)
    let high = percent(interval.high)
    return choose(
      "Statistisk usikkerhed: mellem \(low) og \(high) (\(level) % sikkerhedsinterval).",
      "Margin of error: between \(low) and \(high) (\(level)% confidence interval).")
  }

  var base: String {
    guard figure.share.suppression == nil else { return "" }
    let base = format.count(figure.share.estimate.base)
    let weighted = figure.table.design.weight != nil
    return choose(
      "\(base) har svaret på spørgsmålet (uvægtet antal\(weighted ? "; andelen er vægtet" : "")).",
      "\(base) answered the question (unweighted\(weighted ? "; the share is weighted" : "")).")
  }

  // MARK: The scale

  var distributionHeading: String { choose("Svarene fordeler sig sådan", "The answers") }

  var distribution: [ScaleLine] {
    figure.distribution.map { cell in
      ScaleLine(
        label: cell.label[language],
        share: cell.suppression == nil
          ? cell.estimate.value.map(format.percent) ?? "\u{2013}"
          : choose("tilbageholdt", "withheld"),
        isInNet: figure.netCodes.contains(cell.category ?? ""))
    }
  }

  // MARK: Facts

  var factsHeading: String { choose("Fakta om undersøgelsen", "About the survey") }

  var facts: [String] {
    var facts: [String] = []
    if let survey = figure.survey {
      facts += survey.factLines(language, format)
    }
    let wording = figure.table.question[language]
    if !wording.isEmpty {
      facts.append(choose("Spørgsmålet lød: ", "The question was: ") + quoted(wording))
    }
    let categories = figure.distribution.map { $0.label[language] }.joined(separator: " / ")
    facts.append(choose("Svarmuligheder: ", "Answers to choose from: ") + categories + ".")
    let net = figure.distribution.filter { figure.netCodes.contains($0.category ?? "") }
      .map { quoted($0.label[language]) }
    facts.append(
      choose("Andelen er ", "The share is ") + net.joined(separator: " + ")
        + choose(
          " af alle med et gyldigt svar (ved ikke og ubesvaret er ikke talt med).",
          " of all valid answers (don't know and no answer are left out)."))
    if figure.table.design.weight != nil, let survey = figure.survey,
      survey.fieldwork?.sample == .census
    {
      facts.append(
        choose(
          "Alle i målgruppen er inviteret. Svarene er vægtet til målgruppen, og usikkerheden regner "
            + "frafaldet for tilfældigt inden for vægtningens grupper.",
          "Everyone in the population was invited. Answers are weighted to the population, and the "
            + "margin of error takes non-response as random within the weighting groups."))
    }
    let notes = figure.survey?.notes[language] ?? ""
    if !notes.isEmpty { facts.append(notes) }
    return facts
  }

  var provenance: String {
    var parts: [String] = []
    let source = figure.table.source
    let files = source.parts.isEmpty ? [source.path] : source.parts.map(\.source.path)
    let names = files.map(fileName).joined(separator: ", ")
    parts.append("data \(names) \(shortHash(source.sha256))")
    if let survey = figure.survey {
      parts.append("\(fileName(survey.path)) \(shortHash(survey.sha256))")
    }
    parts.append("pejling \(figure.version)")
    return choose("Beregnet af: ", "Made from: ") + parts.joined(separator: "; ") + "."
  }

  private func fileName(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  private func shortHash(_ hash: String?) -> String {
    hash.map { "(sha256 \($0.prefix(12))\u{2026})" } ?? ""
  }
}
