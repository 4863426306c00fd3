import SurveyData
import SurveyStatistics

/// One press figure: the share, the whole scale it is a share of, and what must stand beside it.
///
/// Like every answer it has passed the disclosure rules: a withheld share has no sentence but says
/// so, and a withheld category has no number.
public struct Figure: Sendable {
  public var table: Table
  /// The share that the figure is about.
  public var share: Cell
  /// Every category of the item, in the order of the scale.
  public var distribution: [Cell]
  /// The codes counted in `share`.
  public var netCodes: Set<String>
  /// The survey as the survey file describes it; `nil` for a bare data file.
  public var survey: SurveyFacts?
  /// The subpopulation in the words of the codebook.
  public var domain: LocalizedText?
  /// How the net is worded in a sentence, as "oplever i høj grad, at …".
  public var statement: LocalizedText?
  /// Whether wordings such as "flere end halvdelen" are offered beside the sentence.
  public var offersPhrases = false
  /// The version of Pejling that made it.
  public var version: String
}

/// What a survey file says of a survey, as a figure needs it.
public struct SurveyFacts: Sendable {
  public var title: LocalizedText
  public var population: Population?
  public var fieldwork: Fieldwork?
  /// The column names of the weighting margins, where the weights were made so.
  public var weight: String?
  public var notes: LocalizedText
  /// The outcome rates of the register of those invited, where the survey file names one and they
  /// were asked for.
  public var response: ResponseRates?
  /// The survey file and its hash.
  public var path: String
  public var sha256: String?

  public init(_ file: SurveyFile) {
    title = file.title
    population = file.population
    fieldwork = file.fieldwork
    weight = file.design.weight
    notes = file.notes
    path = file.path
    sha256 = file.sha256
  }

  var isOptIn: Bool { fieldwork?.sample == .optIn }
}

extension ResolvedSurvey {
  /// The name of the first net that the codebook gives an item.
  public func firstNet(of item: String) -> String? {
    dataset.codebook.variables[item]?.nets.first?.name
  }

  /// The press figure of a share.
  ///
  /// - Parameter question: asks for the share of a net.
  public func figure(
    answering question: Question, facts: SurveyFacts? = nil, version: String
  ) throws -> Figure {
    let item = try Item(question.item, in: dataset, keepingMissing: question.keptMissing)
    guard case .share(of: let choice) = question.statistic else {
      preconditionFailure("a press figure is the share of a net")
    }
    let net = try item.net(choice, in: dataset)
    let codes = Set(net.levels.map { item.answers[$0].code })

    let table = try table(answering: question)
    var whole = question
    whole.statistic = .shares
    // A share that is shown cuts the scale into two known sums; one that is withheld must not be
    // left over when all shown categories are added up.
    let isShown = table.cells[0].suppression == nil
    let distribution = try unprotectedTable(answering: whole)
      .protected(by: disclosure, splitAt: isShown ? codes : [])
    let variable = dataset.codebook.variables[question.item]
    return Figure(
      table: table, share: table.cells[0], distribution: distribution.cells, netCodes: codes,
      survey: facts, domain: question.domain.map { words(of: $0) },
      statement: variable?.statements[net.name], version: version)
  }
}
