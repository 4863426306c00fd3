import ArgumentParser
import SurveyData
import SurveyStatistics
import SurveyTables

struct Mean: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mean",
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
    commandName: "total",
    abstract: "The estimated total of a number, with its design error.",
    discussion: """
      Example:
        pejling total fixtures/data/api/apistrat.csv --item enroll --weight pw --strata stype --fpc fpc
      """)

  @OptionGroup var estimate: NumberOptions

  func run() throws { try estimate.answer(.total) }
}

struct Quantile: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantile",
    abstract: "Weighted quantiles of a number, with their design error.",
    discussion: """
      Example:
        pejling quantile fixtures/data/api/apistrat.csv --item api00 --probability 0.25,0.5,0.75 --weight pw --strata stype --fpc fpc
      """)

  @OptionGroup var estimate: NumberOptions
  @Option(
    help: ArgumentHelp("Which quantiles, from 0 to 1: 0.5 is the median.", valueName: "p,…"),
    transform: probabilities)
  var probability = [0.5]
  @Option(
    help: ArgumentHelp(
      "Which number the quantile is: hf1 (or math), hf2 (or school), hf3 to hf9, shahvaish.",
      valueName: "rule"))
  var rule = QuantileRule.hf1
  @Option(
    help: """
      Interval: Woodruff's by mean, beta, xlogit, asin or wald; score (Francisco-Fuller); quantile \
      (that of each replicate).
      """)
  var interval = QuantileIntervalMethod.mean

  func run() throws {
    try estimate.answer(
      .quantile(probabilities: probability, rule: rule, interval: interval))
  }

  private static func probabilities(_ text: String) throws -> [Double] {
    let numbers = list(text).map { Double($0) }
    let finite = numbers.compactMap { $0 }.filter(\.isFinite)
    guard !finite.isEmpty, finite.count == numbers.count else {
      throw ValidationError(
        "--probability takes numbers from 0 to 1, as 0.25,0.5, not '\(text)'.")
    }
    return finite
  }
}

extension QuantileRule: ExpressibleByArgument {}
extension QuantileIntervalMethod: ExpressibleByArgument {}

struct Ratio: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ratio",
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
