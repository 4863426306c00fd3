import ArgumentParser
import SurveyData
import SurveyFiles
import SurveyReports
import SurveyStatistics
import SurveyTables

struct Weight: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weight",
    abstract: "Weights that meet population margins, with a report.",
    discussion: """
      The data come out as they are, in UTF-8, with the weights as one column more; where the margins
      cannot be met nothing is written. Start weights are those of --weight, else 1 for all.

      Example:
        pejling weight fixtures/data/api/apiclus1.csv --margins fixtures/data/api/margins.yaml --weight pw -o weighted.csv
      """)

  @OptionGroup var input: InputOptions
  @OptionGroup(title: "Weighting options") var weighting: WeightingOptions
  @OptionGroup(title: "Design options") var design: DesignOptions
  @Option(
    help: ArgumentHelp(
      "A wave of the survey file, or 'all'; the newest where none is named.", valueName: "wave"))
  var wave: String?
  @OptionGroup(title: "Output options") var output: WeightOutputOptions

  func run() throws {
    let data = try InputData(input, wave: wave)
    if input.isSurveyFile
      ? data.file!.dataFiles.contains(where: { $0.path == output.output })
      : input.input == output.output
    {
      throw ValidationError("-o names a file of the input. Choose another, so that it is kept.")
    }
    let known = try data.columnNames()
    if known.contains(output.name) {
      throw ValidationError(
        "\(input.input) has a column '\(output.name)' already: choose another --name.")
    }
    var plain = data.file?.design ?? DesignDescription()
    let ownWeight = data.file?.weighting == nil ? plain.weight : nil
    plain.weighting = nil
    var description = try design.description(over: plain)
    let register = try weighting.openedRegister(over: data.file?.weighting)
    var fit = try weighting.description(over: data.file?.weighting, register: register)
    fit.startWeight = design.weight ?? fit.startWeight ?? ownWeight
    description.weight = fit.startWeight

    let drop = try design.dropExpression()
    var roles: [String: ColumnRole] = [:]
    for column in output.keyFigures + fit.columnNames + (drop?.columnNames ?? []) {
      roles[column] = .asFound
    }
    for column in description.strata + description.clusters { roles[column] = .category }
    for column in description.finitePopulation where roles[column] == nil {
      roles[column] = .number
    }
    description.replicates = nil
    let dataset = try data.read(roles, design: description)
    let dropped = try drop.map { try dataset.domain(where: $0) }
    let fitted = try fit.fitted(in: dataset, keeping: dropped?.complement)
    var report = try WeightingReport(
      fitted, named: output.name, of: dataset, design: description, drop: drop,
      items: output.keyFigures, disclosure: data.file?.disclosure ?? .none)
    report.warnings = data.warnings + report.warnings

    var columns = [Column(name: output.name, values: .numeric(fitted.weights))]
    if let name = output.fpcName {
      columns.append(
        try finitePopulation(
          named: name, known: known, description: description, register: register,
          dataset: dataset))
    }
    let text = try data.withColumns(columns)
    let shown = try output.content(of: report, surveyLanguage: data.file?.language)
    try writeOutput(Array(text.utf8), to: output.output)
    try output.write(shown, of: report)
    if !output.quiet { pejling.report(rememberedAs(fit)) }
  }

  /// The members of each respondent's stratum, counted in the register.
  private func finitePopulation(
    named name: String, known: [String], description: DesignDescription, register: Dataset?,
    dataset: Dataset
  ) throws -> Column {
    guard let register else {
      throw ValidationError("--fpc-name counts the members of each stratum: it needs --register.")
    }
    guard description.clusters.isEmpty else {
      throw ValidationError(
        "--fpc-name counts members, who are no sampling units where there are clusters. "
          + "Leave out --cluster or --fpc-name.")
    }
    guard !known.contains(name), name != output.name else {
      throw ValidationError("There is a column '\(name)' already: choose another --fpc-name.")
    }
    return Column(
      name: name,
      values: .numeric(
        try dataset.finitePopulation(of: description.strata, countedIn: register)))
  }

  /// What a survey file says so that later commands know of the margins.
  private func rememberedAs(_ fit: WeightingDescription) -> String {
    var keys: [String] = []
    if let register = weighting.register {
      keys.append(
        "register: \(register), on: [\(list(weighting.on ?? "").map { "\"\($0)\"" }.joined(separator: ", "))]"
      )
    } else {
      keys.append("margins: \(weighting.margins ?? "…")")
    }
    keys.append("method: \(fit.method.rawValue)")
    if let start = fit.startWeight { keys.append("start: \(start)") }
    if let within = fit.within { keys.append("within: \(within)") }
    if let bounds = fit.bounds {
      keys.append(
        "bounds: [\(shortestText(bounds.lowerBound)), \(shortestText(bounds.upperBound))]")
    }
    if fit.unknown == .keep { keys.append("unknown: keep") }
    return "for errors that know of the margins, a survey file says design: {weight: "
      + "\(output.name)} and weighting: {\(keys.joined(separator: ", "))}"
  }
}
