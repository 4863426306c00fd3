import ArgumentParser
import SurveyData
import SurveyReports
import SurveyTables

struct CrossTab: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "crosstab",
    abstract: "An item by background columns, with bases and significance.",
    discussion: """
      Rows are a column's categories and its nets, or a set of several answers of the survey file;
      columns stand side by side (comma) or nested (colon), after the total. JSON and CSV hold every
      figure with its standard error and interval; --cells shows them in tables too.

      Example:
        pejling crosstab fixtures/data/api/apistrat.csv --rows awards --columns stype,sch.wide --weight pw --strata stype --fpc fpc --letters 0.95,0.90
      """)

  @OptionGroup var input: InputOptions
  @Option(help: ArgumentHelp("The column, or set of answers, in rows.", valueName: "col"))
  var rows: String
  @Option(
    help: ArgumentHelp(
      "The columns: side by side with a comma, nested with a colon.", valueName: "col,…"))
  var columns: String
  @OptionGroup(title: "Table options") var table: CrossTabOptions
  @Option(
    help: ArgumentHelp("Below each share: count, se, interval.", valueName: "detail,…"),
    transform: details)
  var cells: [CrossTabDetail] = []
  @OptionGroup(title: "Design options") var design: DesignOptions
  @OptionGroup(title: "Selection and inference options") var selection: SelectionOptions
  @OptionGroup(title: "Output options") var output: OutputOptions

  func validate() throws {
    _ = try banner(columns, option: "--columns")
    if selection.by != nil { throw ValidationError("A crosstab has --columns in place of --by.") }
    if selection.explain { throw ValidationError("A crosstab has no --explain; JSON says all.") }
  }

  func run() throws {
    let question = CrossTabQuestion(
      rows: rows, banner: try banner(columns, option: "--columns"), percents: table.percent,
      where: try selection.domain(), nets: table.netChoices,
      mean: table.mean ? .wanted : .none,
      keepingMissing: try selection.keptMissing(), letters: try table.rule(),
      inference: selection.inference)
    let survey = try OpenedSurvey(
      input, design: design, selection: selection, columns: question.columnNames)
    var answer = try survey.tables(answering: [question])[0]
    answer.warnings = survey.warnings.map { LocalizedText($0) } + answer.warnings
    try output.write(
      PresentedCrossTable(table: answer, details: cells), language: survey.language)
  }

  private static func details(_ text: String) throws -> [CrossTabDetail] {
    try list(text).map { word in
      guard let detail = CrossTabDetail(rawValue: word) else {
        throw ValidationError("--cells takes count, se and interval, not '\(word)'.")
      }
      return detail
    }
  }
}

/// A cross-table with what is shown below its shares.
struct PresentedCrossTable: TablePresentable {
  let table: CrossTable
  let details: [CrossTabDetail]

  var warnings: [String] { table.warnings.map { $0[.en] } }

  func shown(in format: NumberFormat) -> ShownTable {
    table.shown(in: format, details: details).grid()
  }

  func json(language: SurveyData.Language) -> String { table.json(language: language) }
  func csv(language: SurveyData.Language) -> String { table.csv(language: language) }

  func html(in format: NumberFormat) -> String {
    table.shown(in: format, details: details).html(language: format.language)
  }

  func workbook(in format: NumberFormat) throws(WorkbookError) -> [UInt8] {
    try table.workbook(in: format, details: details)
  }
}
