import ArgumentParser
import SurveyData
import SurveyTables

struct PressFigure: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "figure",
    abstract: "One press figure: sentence, number, uncertainty, facts, chart.",
    discussion: """
      Example:
        pejling figure fixtures/jobcenter-2022/survey.yaml --item trust_politicians --top high
      """)

  @OptionGroup var input: InputOptions
  @Option(help: ArgumentHelp("The column that the figure is of.", valueName: "col"))
  var item: String
  @Option(
    name: [.customLong("top"), .customLong("net")],
    help: ArgumentHelp(
      "Codes, as '1,2', or a net's name; the first net of the codebook where none is named.",
      valueName: "codes"))
  var top: String?
  @Flag(help: "Offer the strongest wording that the data bear, and the next one down.")
  var phrase = false
  @OptionGroup(title: "Design options") var design: DesignOptions
  @OptionGroup(title: "Selection and inference options") var selection: SelectionOptions
  @OptionGroup(title: "Output options") var output: OutputOptions

  func validate() throws {
    guard selection.by == nil else {
      throw ValidationError("A press figure is one share; ask for each group with --where.")
    }
  }

  func run() throws {
    var question = Question(
      .shares, of: item, where: try selection.domain(),
      keepingMissing: try selection.keptMissing(), inference: selection.inference)
    let opened = try OpenedSurvey(
      input, design: design, selection: selection, columns: question.columnNames)
    guard let net = top ?? opened.survey.firstNet(of: item) else {
      throw ValidationError("'\(item)' has no net in the codebook: give its codes with --top.")
    }
    question.statistic = .share(of: NetChoice(net))
    var figure = try opened.figure(answering: question)
    figure.offersPhrases = phrase
    try output.write(figure, language: opened.language)
  }
}
