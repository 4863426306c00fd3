import ArgumentParser
import SurveyData
import SurveyFiles
import SurveyStatistics

struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "The data in another format: .pejl, .csv, .sav, .zsav, .dta, .yaml.",
    discussion: """
      A column store (.pejl) opens at once, and only the columns that a command needs are read. With
      a design its rows stand in design order. Of a survey file every wave is converted. A survey file
      (.yaml) made from data is a first one, for a person to edit.

      Example:
        pejling convert fixtures/data/api/apistrat.csv -o schools.pejl --weight pw --strata stype
      """)

  @OptionGroup var input: InputOptions
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("The file to write; its suffix gives the format.", valueName: "file"))
  var output: String?
  @Flag(help: "Hold the files of a column store against their checksums; writes nothing.")
  var check = false
  @Option(help: ArgumentHelp("A wave of the survey file, or 'all'.", valueName: "wave"))
  var wave: String?
  @OptionGroup(title: "Design options") var design: DesignOptions
  @Flag(help: "No warnings on standard error.")
  var quiet = false

  func validate() throws {
    guard check || output != nil else {
      throw ValidationError("convert needs -o FILE; its suffix gives the format.")
    }
    guard !check || output == nil else {
      throw ValidationError("--check writes nothing: leave out -o.")
    }
  }

  func run() throws {
    guard let output else {
      let files = try checkColumnStore(at: input.input)
      try writeOutput(
        Array("\(input.input): all \(files) files are as they were written.\n".utf8), to: nil)
      return
    }
    guard let format = WritableFormat(suffixOf: output) else {
      throw ValidationError(
        "The suffix of '\(output)' names no format to write. Pejling writes "
          + WritableFormat.suffixes.joined(separator: ", ") + ".")
    }
    guard format != .surveyFile || !input.isSurveyFile else {
      throw ValidationError("\(input.input) is a survey file already.")
    }
    let data = try InputData(input, wave: wave ?? (input.isSurveyFile ? "all" : nil))
    let description = try design.description(over: data.file?.design ?? DesignDescription())
    let dataset = try data.read(nil, design: description).inSourceOrder
    let order =
      format == .store
      ? try StoreOrder(description, dropping: design.dropExpression(), in: dataset)
      : nil
    let warnings = try withProgress("Writing \(output)") {
      try writeData(
        dataset, to: output, as: format, order: order, language: data.file?.language ?? .da,
        warnings: data.warnings)
    }
    if !quiet { for warning in warnings { report("warning: \(warning)") } }
  }
}

extension StoreOrder {
  /// The design's order, and behind it the rows that are not in the design; `nil` without a design.
  init?(_ description: DesignDescription, dropping drop: Expression?, in dataset: Dataset) throws {
    guard description.weight != nil || !(description.strata + description.clusters).isEmpty else {
      return nil
    }
    let kept = try drop.map { try dataset.domain(where: $0).complement }
    let (rows, order) = try Design.order(description, in: dataset, keeping: kept)
    self.init(weight: description.weight, design: order, rows: rows)
  }
}
