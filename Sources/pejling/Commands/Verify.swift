import ArgumentParser
import Glibc
import SurveyData
import SurveyFiles
import SurveyReports
import SurveyTables

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Recompute published claims and say whether the data bear them out.",
    discussion: """
      Example:
        pejling verify fixtures/caseload/claims.yaml
      """)

  /// The formats of verdicts: those of tables, and two that CI servers read.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case table, json, csv, markdown, junit, github

    init?(suffixOf path: String) {
      let name =
        path.lowercased().hasSuffix(".xml")
        ? Format.junit.rawValue : OutputFormat(suffixOf: path)?.rawValue
      guard let format = name.flatMap(Format.init(rawValue:)) else { return nil }
      self = format
    }
  }

  @Argument(help: "A claims file (.yaml).")
  var claims: String

  @Flag(help: "Exit code 1 on 'weaker than worded', too.")
  var strict = false

  @Option(
    help: ArgumentHelp(
      "table, json, csv, markdown, junit (XML for CI servers) or github (annotations).",
      valueName: "format"))
  var format: Format?

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("Write to a file; its suffix gives the format.", valueName: "file"))
  var output: String?

  @Option(help: "da or en.")
  var language: SurveyData.Language?

  @Flag(help: "No colour, as with NO_COLOR.")
  var noColor = false

  func validate() throws {
    if format == nil, let output, Format(suffixOf: output) == nil {
      throw noFormat(ofSuffix: output)
    }
  }

  func run() throws {
    var surveyLanguage: SurveyData.Language?
    let verification = try ClaimVerifier(try readClaimsFile(at: claims)).verification { source in
      let opened = try OpenedSurvey(source)
      surveyLanguage = surveyLanguage ?? opened.language
      return ClaimedSurvey(opened.survey, facts: opened.facts)
    }
    let language = self.language ?? surveyLanguage ?? .en
    try writeOutput(Array(text(of: verification, language).utf8), to: output)
    if verification.claims.contains(where: { $0.fails(isStrict: strict) }) {
      throw ExitCode(1)
    }
  }

  private func text(of verification: Verification, _ language: SurveyData.Language) -> String {
    let shown = verification.shown(in: NumberFormat(language: language))
    switch format ?? output.flatMap({ Format(suffixOf: $0) }) ?? .table {
    case .table:
      let isFile = output != nil
      return shown.terminal(
        style: terminalStyle(isColourless: noColor || isFile, isFile: isFile))
    case .markdown: return shown.markdown()
    case .json: return verification.json(language: language)
    case .csv: return verification.csv(language: language)
    case .junit: return verification.junit(language: language, isStrict: strict)
    case .github: return verification.annotations(language: language, isStrict: strict)
    }
  }
}

extension OpenedSurvey {
  /// The survey that claims rest on, as the command line would open it.
  fileprivate init(_ source: ClaimedSource) throws {
    let wave = source.wave.map { ["--wave", $0.text] } ?? []
    do {
      self = try OpenedSurvey(
        InputOptions.parse([source.path.text]), design: DesignOptions.parse([]),
        selection: SelectionOptions.parse(wave), columns: source.columns)
    } catch let error as ValidationError {
      // Of all that the command line could say, a claim gives the wave alone.
      throw ClaimError.question(error.message, place: (source.wave ?? source.path).place)
    }
  }
}
