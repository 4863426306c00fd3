import ArgumentParser
import SurveyData
import SurveyFiles
import SurveyStatistics
import SurveyTables

struct Response: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Response, cooperation, refusal and contact rates, by AAPOR.",
    discussion: """
      The register has a row for each who was invited. What became of them stands in a column of
      --disposition or --answered, or is seen in --answers by --id. A survey file says the same under
      response:.

      Example:
        pejling response fixtures/nonresponse/register.csv --disposition status --by region,sector
      """)

  @Argument(help: "A register of those invited, or a survey file (.yaml) that names it.")
  var input: String

  @OptionGroup(title: "Response options") var response: ResponseOptions

  @Option(help: ArgumentHelp("The answers, where --id tells who answered.", valueName: "file"))
  var answers: String?

  @Option(help: ArgumentHelp("The register's column of base weights.", valueName: "col"))
  var weight: String?

  @Option(
    help: ArgumentHelp(
      "The register's columns, each in turn; A:B crosses (a survey file's strata).",
      valueName: "col,…"))
  var by: String?

  @Option(
    help: ArgumentHelp(
      "Withhold groups of fewer invited (10 with a survey file that says nothing else).",
      valueName: "n"))
  var minimumBase: Int?

  @Option(
    help: ArgumentHelp(
      "Withhold groups with fewer who answered, or did not (3, likewise).", valueName: "n"))
  var minimumCount: Int?

  @Option(
    help: ArgumentHelp(
      "A wave of the survey file, or 'all'; the newest where none is named.", valueName: "wave"))
  var wave: String?

  @OptionGroup(title: "Output options") var output: OutputOptions

  private var isSurveyFile: Bool { input.hasSuffix(".yaml") || input.hasSuffix(".yml") }

  func run() throws {
    let data = try isSurveyFile ? InputData(try InputOptions.parse([input]), wave: wave) : nil
    let file = data?.file
    if isSurveyFile, file?.response == nil {
      throw ValidationError(
        "\(input) names no register of those invited. Add response: {register: FILE, …} to it.")
    }
    let description = try response.description(
      over: file?.response, register: isSurveyFile ? nil : input, weight: weight)!
    guard answers == nil || description.id != nil else {
      throw ValidationError("--answers are matched by --id: name the column that both have.")
    }
    let members = try members(description, data: data)
    let register = members.register
    var rules = file?.disclosure ?? .none
    if let minimumBase { rules.minimumBase = minimumBase }
    if let minimumCount { rules.minimumCount = minimumCount }
    let strata = (file?.design.strata ?? []).filter { register[$0] != nil }
    let columns =
      by.map { list($0).map { $0.split(separator: ":").map(String.init) } }
      ?? (strata.isEmpty ? [] : [strata])
    try output.write(
      try ResponseRates(
        members, by: columns, codebook: register.codebook, disclosure: rules),
      language: file?.language)
  }

  private func members(
    _ description: ResponseDescription, data: InputData?
  ) throws -> InvitedMembers {
    if let data { return try data.invitedMembers(description, answers: answers) }
    return try InvitedMembers(
      description,
      register: try openedRegister(
        at: description.register, numbers: description.weight.map { [$0] } ?? []),
      answers: try answers.map { path in
        try readData(at: path, selecting: .only([description.id!: .category])).dataset
      })
  }
}
