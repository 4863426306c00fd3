import ArgumentParser
import SurveyData
import SurveyStatistics
import SurveyTables

struct Trend: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trend",
    abstract: "A development over waves: estimates, differences, trend line, chart.",
    discussion: """
      Takes all waves of a survey file, or a data file with a column that tells the time. A share is
      asked for by --top, else the mean is taken. Waves are samples of their own, unless the design's
      clusters (or --overlap COL) stand in several: then the same answer again, and differences have
      the error of a panel.

      Other forms:
        pejling trend fixtures/caseload/survey.yaml --item too_high --top 1
        pejling trend fixtures/caseload/survey.yaml --item cases -o cases.svg

      Example:
        pejling trend fixtures/caseload/survey.yaml --item cases
      """)

  @OptionGroup var input: InputOptions
  @Option(help: ArgumentHelp("The column that develops.", valueName: "col"))
  var item: String
  @Option(
    name: [.customLong("top"), .customLong("net")],
    help: ArgumentHelp(
      "A net of categories: codes, as '1,2', or a name of the codebook.", valueName: "codes"))
  var top: String?
  @Option(
    help: ArgumentHelp("The column with the time; 'wave' of a survey file.", valueName: "col"))
  var time: String?
  @Option(help: ArgumentHelp("Terms that the trend is adjusted for.", valueName: "terms"))
  var adjust: String?
  @Option(
    help: ArgumentHelp("Columns that are categories though they are numbers.", valueName: "col,…"))
  var categorical: String?
  @Option(help: "linear or logistic: of a share logistic, of a mean linear.")
  var family: ModelFamily?
  @Option(
    help: ArgumentHelp(
      "The id of those who may answer again; or none, or unknown.", valueName: "col|none|unknown"))
  var overlap: String?
  @OptionGroup(title: "Design options") var design: DesignOptions
  @OptionGroup(title: "Selection and inference options") var selection: SelectionOptions
  @OptionGroup(title: "Output options") var output: OutputOptions

  func validate() throws {
    guard selection.by == nil else {
      throw ValidationError("A trend is of one population at a time: name it by --where.")
    }
    guard selection.wave == nil || selection.wave == "all" else {
      throw ValidationError("A trend takes all waves; leave some out with --where 'wave >= 2019'.")
    }
    guard input.isSurveyFile || time != nil else {
      throw ValidationError("Give the column with the time by --time.")
    }
  }

  private var chosenOverlap: TrendQuestion.Overlap {
    switch overlap {
    case nil: .asInData
    case "none": .independent
    case "unknown": .unknown
    case let id?: .column(id)
    }
  }

  func run() throws {
    let question = TrendQuestion(
      top.map { .share(of: NetChoice($0)) } ?? .mean, of: item,
      time: time ?? SurveyFile.waveColumn, adjust: adjust,
      categorical: categorical.map(list) ?? [], family: family, overlap: chosenOverlap,
      where: try selection.domain(), inference: selection.inference)
    var selection = selection
    if input.isSurveyFile { selection.wave = "all" }
    var waves: WaveDesign?
    let survey = try OpenedSurvey(
      input, design: design, selection: selection, columns: try question.columnNames(),
      categories: question.categorical
    ) { dataset, description in
      let prepared = try WaveDesign(
        dataset, design: description, time: question.time, overlap: question.overlap)
      waves = prepared
      return (prepared.dataset, prepared.description)
    }
    guard let waves else { return }
    try output.write(
      ChartedTrend(table: try survey.table(answering: question, waves: waves)),
      language: survey.language)
  }
}
