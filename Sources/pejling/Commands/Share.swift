import ArgumentParser
import SurveyData
import SurveyTables

struct Share: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "share",
    abstract: "Weighted shares of an item's categories, or of a net of them.",
    discussion: """
      Example:
        pejling share fixtures/data/api/apistrat.csv --item awards --weight pw --strata stype --fpc fpc --by stype
      """)

  @OptionGroup var input: InputOptions
  @Option(help: ArgumentHelp("The column that the shares are of.", valueName: "col"))
  var item: String
  @Option(
    name: [.customLong("top"), .customLong("net")],
    help: ArgumentHelp(
      "A net of categories: codes, as '1,2', or a name of the codebook.", valueName: "codes"))
  var top: String?
  @OptionGroup(title: "Design options") var design: DesignOptions
  @OptionGroup(title: "Selection and inference options") var selection: SelectionOptions
  @OptionGroup(title: "Output options") var output: OutputOptions

  func run() throws {
    let question = Question(
      top.map { .share(of: NetChoice($0)) } ?? .shares, of: item, by: selection.groups,
      where: try selection.domain(), keepingMissing: try selection.keptMissing(),
      inference: selection.inference)
    let survey = try OpenedSurvey(
      input, design: design, selection: selection, columns: question.columnNames)
    try output.write(try survey.table(answering: question), language: survey.language)
  }
}
