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
    var plain = data.file?.design ?? DesignDescription()
    let ownWeight = data.file?.weighting == nil ? plain.weight : nil
    plain.weighting = nil
    plain.takesNonresponseAsKnown = false
    var description = try design.description(over: plain)
    let stage = try weighting.nonresponseStage(over: data.file, weight: design.weight)
    var fit = try weighting.description(over: data.file?.weighting, stage: stage)
    let hasMargins = stage == nil || !fit.targets.isEmpty
    try requireFree([output.name] + stageColumns(stage, hasMargins), known: known)
    let registerPath = try weighting.registerPath(over: data.file, stage: stage)
    let register = try registerPath.map {
      try openedRegister(
        at: $0, numbers: stage?.numberNames ?? [],
        asFound: try stage?.foundNames(besides: fit.targets.columnNames + description.strata) ?? [],
        file: data.file)
    }
    if stage == nil {
      fit.startWeight = design.weight ?? fit.startWeight ?? ownWeight
    } else if hasMargins {
      fit.startWeight = output.name + NonresponseDescription.adjustedSuffix
    }
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
    // The start weights are still to be made.
    if stage != nil, let start = fit.startWeight { roles[start] = nil }
    roles.merge(stage?.answerRoles(among: known) ?? [:]) { $1 }
    description.replicates = nil
    var read = description
    if stage != nil { read.weight = nil }
    var dataset = try data.read(roles, design: read)
    let kept = try drop.map { try dataset.domain(where: $0) }?.complement
    var columns: [Column] = []
    let adjustment = try stage.map { stage in
      let members = try InvitedMembers(
        stage.response, register: try invited(stage, register, registerPath, file: data.file),
        answers: dataset, keeping: kept)
      return try NonresponseAdjustment(
        stage.description, members: members, answers: dataset, keeping: kept)
    }
    if let stage, let adjustment {
      columns = stage.columns(of: adjustment, besides: output.name, marginsFollow: hasMargins)
      dataset = dataset.with(columns)
    }
    if let register {
      fit.targets = try register.marginTargets(
        fit.targets.margins.map(\.columns), within: fit.within,
        counting: registerPath == stage?.response.register
          ? adjustment?.members.eligibleWeights : nil)
    }
    let fitted = try weights(fit, adjustment, hasMargins: hasMargins, in: dataset, keeping: kept)
    if adjustment != nil, !hasMargins { description.weight = fitted.description.startWeight }
    var report = try WeightingReport(
      fitted, named: output.name, of: dataset, design: description, drop: drop,
      items: output.keyFigures, disclosure: data.file?.disclosure ?? .none,
      nonresponse: adjustment.map { ($0, hasMargins) })
    report.warnings = data.warnings + report.warnings

    columns.append(Column(name: output.name, values: .numeric(fitted.weights)))
    if let name = output.fpcName {
      columns.append(
        try finitePopulation(
          named: name, known: known, description: description,
          register: register ?? adjustment?.members.register, dataset: dataset))
    }
    let text = try data.withColumns(columns)
    let shown = try output.content(of: report, surveyLanguage: data.file?.language)
    try writeOutput(Array(text.utf8), to: output.output)
    try output.write(shown, of: report)
    if !output.quiet { pejling.report(rememberedAs(fit, stage: stage, hasMargins: hasMargins)) }
  }

  /// The last stage: margins, or the classes of non-response, or what the propensities give.
  private func weights(
    _ fit: WeightingDescription, _ adjustment: NonresponseAdjustment?, hasMargins: Bool,
    in dataset: Dataset, keeping kept: Domain?
  ) throws -> FittedWeights {
    guard let adjustment, !hasMargins else {
      return try fit.fitted(in: dataset, keeping: kept)
    }
    let base = adjustment.members.description.weight.map { _ in
      output.name + NonresponseDescription.baseSuffix
    }
    guard adjustment.description.hasClasses else {
      guard fit.trim == nil else {
        throw ValidationError(
          "--trim needs margins or classes that are met again: add --on or --margins, or "
            + "--propensity-classes 5.")
      }
      return adjustment.fitted(base: base)
    }
    var classes = adjustment.postStratification(
      on: output.name + NonresponseDescription.classSuffix, base: base)
    classes.trim = fit.trim
    return try classes.fitted(in: dataset, keeping: kept)
  }

  /// The names of the columns that a stage for non-response adds.
  private func stageColumns(_ stage: NonresponseStage?, _ hasMargins: Bool) -> [String] {
    stage.map {
      NonresponseStage.columnNames(
        besides: output.name, of: $0.description, hasBase: $0.response.weight != nil,
        marginsFollow: hasMargins)
    } ?? []
  }

  private func requireFree(_ names: [String], known: [String]) throws {
    if let taken = names.first(where: known.contains) {
      throw ValidationError(
        "\(input.input) has a column '\(taken)' already: choose another --name.")
    }
  }

  /// The register of those invited, which may be that of the margins.
  private func invited(
    _ stage: NonresponseStage, _ register: Dataset?, _ path: String?, file: SurveyFile?
  ) throws -> Dataset {
    if let register, path == stage.response.register { return register }
    return try openedRegister(
      at: stage.response.register, numbers: stage.numberNames,
      asFound: try stage.foundNames(besides: []), file: file)
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
  private func rememberedAs(
    _ fit: WeightingDescription, stage: NonresponseStage?, hasMargins: Bool
  ) -> String {
    let remembered = stage?.remembered
    var keys = remembered.map { ["nonresponse: {\($0.nonresponse)}"] } ?? []
    let response = remembered.map { ", response: {\($0.response)}" } ?? ""
    let lead =
      "for errors that know of \(stage == nil ? "the margins" : "non-response and margins"), a survey "
      + "file says design: {weight: \(output.name)}\(response) and weighting: "
    guard hasMargins else { return lead + "{\(keys.joined(separator: ", "))}" }
    if stage != nil, weighting.margins == nil {
      keys.append(
        "on: [\(fit.targets.margins.map { "\"\($0.name)\"" }.joined(separator: ", "))]")
    } else if let register = weighting.register, stage == nil {
      keys.append(
        "register: \(register), on: [\(list(weighting.on ?? "").map { "\"\($0)\"" }.joined(separator: ", "))]"
      )
    } else {
      keys.append("margins: \(weighting.margins ?? "…")")
    }
    keys.append("method: \(fit.method.rawValue)")
    if stage == nil, let start = fit.startWeight { keys.append("start: \(start)") }
    if let within = fit.within { keys.append("within: \(within)") }
    if let bounds = fit.bounds {
      keys.append(
        "bounds: [\(shortestText(bounds.lowerBound)), \(shortestText(bounds.upperBound))]")
    }
    if fit.unknown == .keep { keys.append("unknown: keep") }
    return lead + "{\(keys.joined(separator: ", "))}"
  }
}
