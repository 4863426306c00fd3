import ArgumentParser
import SurveyData
import SurveyFiles
import SurveyReports
import SurveyTables

struct RunChartCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runchart",
    abstract: "A monthly figure of one workplace: median, run rules, guideline band.",
    discussion: """
      One row a month, of a whole workplace: cases, days of absence, resignations, by --per for each
      full-time worker. Anhøj's rules say whether the figures vary by more than chance.

      Example:
        pejling runchart fixtures/caseload/monthly.csv --item cases --per workers --period month --band 20,30
      """)

  @OptionGroup var input: InputOptions
  @Option(help: ArgumentHelp("The figure.", valueName: "col"))
  var item: String
  @Option(help: ArgumentHelp("What it is divided by: full-time workers.", valueName: "col"))
  var per: String?
  @Option(help: ArgumentHelp("The month, as 2022-05.", valueName: "col"))
  var period: String
  @Option(help: ArgumentHelp("A guideline's limits.", valueName: "low,high"))
  var band: String?
  @Option(help: ArgumentHelp("Withhold months of fewer full-time workers.", valueName: "n"))
  var minimumCount = 3
  @OptionGroup(title: "Output options") var output: OutputOptions

  func validate() throws {
    guard !input.isSurveyFile else {
      throw ValidationError("A run chart takes a data file with a row a month.")
    }
    _ = try limits()
  }

  private func limits() throws -> ClosedRange<Double>? {
    guard let band else { return nil }
    let numbers = list(band).compactMap { Double($0) }
    guard numbers.count == 2, numbers[0] < numbers[1] else {
      throw ValidationError("--band takes two limits, as 20,30, not '\(band)'.")
    }
    return numbers[0]...numbers[1]
  }

  func run() throws {
    var roles: [String: ColumnRole] = [item: .number, period: .category]
    if let per { roles[per] = .number }
    let reading = try input.read(.only(roles), design: DesignDescription())
    var chart = try RunChart(
      item, per: per, period: period, band: try limits(), minimum: minimumCount,
      in: reading.dataset)
    chart.warnings = reading.warnings + chart.warnings
    try output.write(chart, language: nil)
  }
}

extension RunChart: Presentable {
  func content(
    _ format: OutputFormat, _ numbers: NumberFormat, style: TerminalStyle
  ) throws -> OutputContent {
    switch format {
    case .table: .text(shown(in: numbers).terminal(style: style))
    case .markdown: .text(shown(in: numbers).markdown())
    case .json: .text(json())
    case .csv: .text(csv())
    case .html: .text(shown(in: numbers).html(language: numbers.language))
    case .xlsx:
      throw ValidationError(
        "A run chart is no workbook. Use --format table, json, csv, markdown, html, svg or png.")
    case .svg: .text(svg(in: numbers))
    case .png: .image(svg: svg(in: numbers))
    }
  }
}
