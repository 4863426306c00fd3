import ArgumentParser
import SurveyData
import SurveyFiles
import SurveyTables

struct Describe: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "What is in the data: types, labels, missing by reason, weights.",
    discussion: """
      Example:
        pejling describe fixtures/data/api/apistrat.csv stype awards api00 --weight pw
      """)

  @OptionGroup var input: InputOptions
  @Argument(
    help: "The columns to describe; where none is named, the survey file's, or all of a data file.")
  var columns: [String] = []
  @Option(help: ArgumentHelp("Column of sampling weights.", valueName: "col"))
  var weight: String?
  @OptionGroup(title: "Output options") var output: OutputOptions

  func run() throws {
    let data = try InputData(input, hashes: output.tellsSource)
    let weight = self.weight ?? data.file?.design.weight
    // A survey file says which columns matter; a data file has no one to say so.
    let columns = self.columns.isEmpty ? data.file?.variableNames ?? [] : self.columns
    var roles: [String: ColumnRole]?
    if !columns.isEmpty {
      roles = Dictionary(
        (columns + (weight.map { [$0] } ?? [])).map { ($0, ColumnRole.asFound) },
        uniquingKeysWith: { first, _ in first })
    }
    let dataset = try data.read(roles, design: DesignDescription(weight: weight))
    var description = try Description(of: dataset, columns: columns, weight: weight)
    description.warnings = data.warnings
    try output.write(
      description.protected(by: data.file?.disclosure ?? .none), language: data.file?.language)
  }
}
