import ArgumentParser
import SurveyData
import SurveyFiles
import SurveyReports
import SurveyTables

/// What weights are to meet, and how.
struct WeightingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A margins file: per column (or 'a:b'), code and count or share.", valueName: "file"))
  var margins: String?

  @Option(
    help: ArgumentHelp(
      "A member register: margins are counted from it, and who was invited.", valueName: "file"))
  var register: String?

  @Option(
    help: ArgumentHelp(
      "The register's columns that are margins; a:b crosses.", valueName: "col,…"))
  var on: String?

  @Option(help: "rake, poststratify, linear, logit or exponential (rake).")
  var method: WeightingMethod?

  @Option(
    help: ArgumentHelp(
      "Bounds of new over start weight, the start weights scaled to the population.",
      valueName: "lo,hi"))
  var bounds: String?

  @Option(
    help: ArgumentHelp(
      "Limits of weight over mean weight, as 0.3,3, or quantiles, as q0.01,q0.99.",
      valueName: "lo,hi"))
  var trim: String?

  @Option(help: "Respondents whose code has no target: fail, or keep their share (fail).")
  var unknown: UnknownCategory?

  @Option(help: ArgumentHelp("Weight each group of this column by itself.", valueName: "col"))
  var within: String?

  @OptionGroup var nonresponse: NonresponseOptions
  @OptionGroup var response: ResponseOptions

  private var makesUpForNonresponse: Bool {
    nonresponse.responseClasses != nil || nonresponse.responseModel != nil
  }

  func validate() throws {
    if margins != nil, on != nil || (register != nil && !makesUpForNonresponse) {
      throw ValidationError("--margins and --register are two sources of margins; give one.")
    }
    guard register == nil || on != nil || makesUpForNonresponse else {
      throw ValidationError("--register and --on go together: --on names the margins.")
    }
    _ = try range(bounds, "--bounds")
    _ = try trimming()
  }

  /// How non-response is made up for, over what a survey file says; `nil` where it is not.
  ///
  /// - Parameter weight: the register's column of base weights.
  func nonresponseStage(over file: SurveyFile?, weight: String?) throws -> NonresponseStage? {
    guard let description = try nonresponse.description(over: file?.weighting?.nonresponse) else {
      guard response.id == nil, response.answered == nil, response.disposition == nil else {
        throw ValidationError(
          "--id, --answered and --disposition say who answered: give --response-classes or "
            + "--response-model too, or see the rates with `pejling response`.")
      }
      return nil
    }
    guard
      let response = try response.description(
        over: file?.response, register: register, weight: weight)
    else {
      throw ValidationError(
        "The adjustment for non-response needs the register of those invited: --register FILE, or "
          + "response: in a survey file.")
    }
    return NonresponseStage(response: response, description: description)
  }

  /// The file that margins are counted from, where they are not given.
  func registerPath(over file: SurveyFile?, stage: NonresponseStage?) throws -> String? {
    let named =
      register ?? (on == nil ? nil : stage?.response.register) ?? file?.weighting?.register
    guard named != nil || on == nil else {
      throw ValidationError("--register and --on go together: --on names the margins.")
    }
    let isCounted = margins == nil && (on != nil || file?.weighting?.register != nil)
    return isCounted ? named : nil
  }

  /// How the weights are made, over what a survey file says. Margins of a register have columns and
  /// no counts yet.
  func description(
    over file: SurveyWeighting?, stage: NonresponseStage?
  ) throws -> WeightingDescription {
    var description =
      file?.description
      ?? WeightingDescription(
        targets: MarginTargets(path: margins ?? register ?? stage?.response.register ?? ""))
    if let margins {
      description.targets = try readMargins(at: margins)
    } else if let on {
      let path = register ?? stage?.response.register ?? description.targets.path
      description.targets = MarginTargets(
        path: path,
        margins: list(on).map {
          MarginTargets.Margin(
            columns: $0.split(separator: ":").map(String.init), cells: [], amounts: .counts,
            place: SourcePlace(file: path))
        })
    } else if file == nil, stage == nil {
      throw ValidationError(
        "Give the population's margins: --margins FILE, or --register FILE with --on COL,….")
    }
    if let within { description.within = within }
    if let method { description.method = method }
    if let bounds = try range(bounds, "--bounds") { description.bounds = bounds }
    if let trim = try trimming() { description.trim = trim }
    if let unknown { description.unknown = unknown }
    return description
  }

  private func trimming() throws -> WeightTrim? {
    guard let trim else { return nil }
    let parts = list(trim)
    guard parts.allSatisfy({ $0.hasPrefix("q") }) else {
      return try range(trim, "--trim").map { .ratio($0) }
    }
    let quantiles = try range(
      parts.map { String($0.dropFirst()) }.joined(separator: ","), "--trim")
    guard let quantiles, quantiles.lowerBound >= 0, quantiles.upperBound <= 1 else {
      throw ValidationError("--trim takes quantiles from q0 to q1, as q0.01,q0.99.")
    }
    return .quantiles(quantiles)
  }

  private func range(_ text: String?, _ option: String) throws -> ClosedRange<Double>? {
    guard let text else { return nil }
    let numbers = list(text).map { Double($0) }
    guard numbers.count == 2, let low = numbers[0], let high = numbers[1], low < high,
      low.isFinite, high.isFinite, low >= 0
    else {
      throw ValidationError(
        "\(option) takes two numbers, the lower first, as 0.3,3, not '\(text)'.")
    }
    return low...high
  }
}

extension WeightingMethod: ExpressibleByArgument {}
extension UnknownCategory: ExpressibleByArgument {}

/// Where the weighted data and the report go.
struct WeightOutputOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The new column.", valueName: "col"))
  var name = "pejling_weight"

  @Option(
    help: ArgumentHelp(
      "Also write the register's members of each stratum, for --fpc.", valueName: "col"))
  var fpcName: String?

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("The data with the weights, as CSV.", valueName: "file"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "Write the report to a file; its suffix gives the format.", valueName: "file"))
  var report: String?

  @Option(
    help: ArgumentHelp("Key figures to compare before and after.", valueName: "col,…"))
  var items: String?

  @Option(help: "The report: table, json, csv, markdown, html, svg or png.")
  var format: OutputFormat?

  @Option(help: "da or en.")
  var language: SurveyData.Language?

  @Option(help: ArgumentHelp("Decimals of percentages.", valueName: "n"))
  var decimals = 1

  @Flag(help: "No warnings on standard error.")
  var quiet = false

  @Flag(help: "No colour, as with NO_COLOR.")
  var noColor = false

  var keyFigures: [String] { items.map(list) ?? [] }

  func validate() throws {
    guard (0...12).contains(decimals) else {
      throw ValidationError("--decimals takes 0 to 12.")
    }
    if format == nil, let report, OutputFormat(suffixOf: report) == nil {
      throw noFormat(ofSuffix: report)
    }
  }

  private var chosenFormat: OutputFormat {
    format ?? report.flatMap { OutputFormat(suffixOf: $0) } ?? .table
  }

  func content(
    of report: WeightingReport, surveyLanguage: SurveyData.Language?
  ) throws -> [UInt8] {
    let numbers = NumberFormat(
      language: language ?? surveyLanguage ?? .en, decimals: decimals)
    return try report.content(
      chosenFormat, numbers,
      style: terminalStyle(
        isColourless: noColor || self.report != nil, isFile: self.report != nil)
    ).bytes
  }

  func write(_ content: [UInt8], of report: WeightingReport) throws {
    if !quiet, chosenFormat == .json || chosenFormat == .csv {
      for warning in report.warnings { pejling.report("warning: \(warning)") }
    }
    try writeOutput(content, to: self.report)
  }
}
