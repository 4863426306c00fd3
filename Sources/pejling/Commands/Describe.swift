import ArgumentParser
import SurveyData
import SurveyFiles
import SurveyTables

struct Describe: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What is in the data: types, labels, missing by reason, weights.",
    discussion: """
      Example:
        pejling describe fixtures/data/api/apistrat.csv stype awards api00 --weight pw
      """)

  @OptionGroup var input: InputOptions
  @Argument(help: "The columns to describe; all where none is named.")
  var columns: [String] = []
  @Option(help: ArgumentHelp("Column of sampling weights.", valueName: "col"))
  var weight: String?
  @OptionGroup(title: "Output options") var output: OutputOptions

  func run() throws {
    var selection = ColumnSelection.all
    if !columns.isEmpty {
      selection = .only(
        Dictionary(
          (columns + (weight.map { [$0] } ?? [])).map { ($0, ColumnRole.asFound) },
          uniquingKeysWith: { first, _ in first }))
    }
    let reading = try input.read(selection, design: DesignDescription(weight: weight))
    var description = try Description(of: reading.dataset, columns: columns, weight: weight)
    description.warnings = reading.warnings
    try output.write(description)
  }
}
