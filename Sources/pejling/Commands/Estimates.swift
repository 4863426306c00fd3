import ArgumentParser
import SurveyData
import SurveyTables

struct Mean: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The weighted mean of a number, with its design error.",
    discussion: """
      Example:
        pejling mean fixtures/data/api/apistrat.csv --item api00 --weight pw --strata stype --fpc fpc
      """)

  @OptionGroup var estimate: NumberOptions

  func run() throws { try estimate.answer(.mean) }
}

struct Total: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The estimated total of a number, with its design error.",
    discussion: """
      Example:
        pejling total fixtures/data/api/apistrat.csv --item enroll --weight pw --strata stype --fpc fpc
      """)

  @OptionGroup var estimate: NumberOptions

  func run() throws { try estimate.answer(.total) }
}

struct Ratio: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The ratio of two totals, with its design error.",
    discussion: """
      Example:
        pejling ratio fixtures/data/api/apiclus2.csv --item api.stu --denominator enroll --weight pw --cluster dnum
      """)

  @OptionGroup var estimate: NumberOptions
  @Option(help: ArgumentHelp("The column that the item is divided by.", valueName: "col"))
  var denominator: String

  func run() throws { try estimate.answer(.ratio(denominator: denominator)) }
}

/// The options of a command that estimates from a number.
struct NumberOptions: ParsableArguments {
  @OptionGroup var input: InputOptions
  @Option(help: ArgumentHelp("The numeric column.", valueName: "col"))
  var item: String
  @OptionGroup(title: "Design options") var design: DesignOptions
  @OptionGroup(title: "Selection and inference options") var selection: SelectionOptions
  @OptionGroup(title: "Output options") var output: OutputOptions

  func answer(_ statistic: Statistic) throws {
    let question = Question(
      statistic, of: item, by: selection.groups, where: try selection.domain(),
      inference: selection.inference)
    let survey = try OpenedSurvey(
      input, design: design, selection: selection, columns: question.columnNames)
    try output.write(try survey.table(answering: question), language: survey.language)
  }
}
