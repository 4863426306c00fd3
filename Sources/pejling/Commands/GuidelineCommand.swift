import ArgumentParser
import SurveyData
import SurveyFiles
import SurveyTables

struct GuidelineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "guideline",
    abstract: "A number against a guideline of the survey file, wave by wave.",
    discussion: """
      The survey file's guidelines give an interval and the times in which it holds. Every wave is held
      against each of them, so that waves can be compared at a fixed limit.

      Example:
        pejling guideline fixtures/caseload/survey.yaml --guideline cases
      """)

  @OptionGroup var input: InputOptions
  @Option(help: ArgumentHelp("The guideline; the first where none is named.", valueName: "name"))
  var guideline: String?
  @OptionGroup(title: "Design options") var design: DesignOptions
  @OptionGroup(title: "Selection and inference options") var selection: SelectionOptions
  @OptionGroup(title: "Output options") var output: OutputOptions

  func validate() throws {
    guard selection.by == nil else {
      throw ValidationError("A guideline is held against waves: name a subpopulation by --where.")
    }
    guard input.isSurveyFile else {
      throw ValidationError("A guideline stands in a survey file, under guidelines.")
    }
  }

  func run() throws {
    let file = try readSurveyFile(at: input.input)
    guard let first = file.guidelines.first else {
      throw ValidationError("\(input.input) has no guidelines. Give an interval under guidelines.")
    }
    let names = file.guidelines.map(\.name)
    guard let chosen = guideline.map({ name in file.guidelines.first { $0.name == name } }) ?? first
    else {
      throw ValidationError(
        "\(input.input) has no guideline '\(guideline ?? "")'. Its guidelines are "
          + "\(names.joined(separator: ", ")).")
    }
    guard file.hasWaves else {
      throw ValidationError(
        "\(input.input) names no waves, and a guideline holds at a time. Add wave: to its data files."
      )
    }
    var selection = selection
    selection.wave = selection.wave ?? "all"
    let domain = try selection.domain()
    let opened = try OpenedSurvey(
      input, design: design, selection: selection,
      columns: chosen.columnNames + [SurveyFile.waveColumn] + (domain?.columnNames ?? []))
    try output.write(
      try opened.report(
        on: chosen, time: SurveyFile.waveColumn, where: domain, inference: selection.inference),
      language: opened.language)
  }
}
