import ArgumentParser
import Glibc
import SurveyData
import SurveyReports
import SurveyTables

/// The formats of a result.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
  case table, json, csv, markdown, html, xlsx, svg, png

  /// The format that a file's suffix stands for.
  init?(suffixOf path: String) {
    switch path.split(separator: ".").last.map({ $0.lowercased() }) {
    case "json": self = .json
    case "csv": self = .csv
    case "md", "markdown": self = .markdown
    case "html", "htm": self = .html
    case "txt": self = .table
    case "xlsx": self = .xlsx
    case "svg": self = .svg
    case "png": self = .png
    default: return nil
    }
  }
}

extension SurveyData.Language: ExpressibleByArgument {}

/// Where and how a result is written.
struct OutputOptions: ParsableArguments {
  @Option(help: "table, json, csv, markdown, html, xlsx; of a figure svg and png.")
  var format: OutputFormat?

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("Write to a file; its suffix gives the format.", valueName: "file"))
  var output: String?

  @Option(help: "da or en.")
  var language: SurveyData.Language?

  @Option(help: ArgumentHelp("Decimals of percentages.", valueName: "n"))
  var decimals = 1

  @Flag(help: "No warnings on standard error.")
  var quiet = false

  @Flag(help: "No colour, as with NO_COLOR.")
  var noColor = false

  func validate() throws {
    guard (0...12).contains(decimals) else {
      throw ValidationError("--decimals takes 0 to 12.")
    }
    if format == nil, let output, OutputFormat(suffixOf: output) == nil {
      throw noFormat(ofSuffix: output)
    }
  }

  private var chosenFormat: OutputFormat {
    format ?? output.flatMap { OutputFormat(suffixOf: $0) } ?? .table
  }

  /// Whether the result names the data that it is of, with their hashes.
  var tellsSource: Bool { chosenFormat == .json }

  /// Writes a result in the format asked for, and its warnings to standard error.
  ///
  /// - Parameter surveyLanguage: the survey file's, where the options name none.
  func write(_ result: some Presentable, language surveyLanguage: SurveyData.Language?) throws {
    let language = self.language ?? surveyLanguage ?? .en
    let format = chosenFormat
    let content = try result.content(
      format, NumberFormat(language: language, decimals: decimals), style: style)
    // What people read shows its warnings itself.
    if !quiet, format == .json || format == .csv {
      for warning in result.warnings { report("warning: \(warning)") }
    }
    try writeOutput(try content.bytes, to: output)
  }

  private var style: TerminalStyle {
    terminalStyle(isColourless: noColor || output != nil, isFile: output != nil)
  }
}

/// A file whose suffix stands for no format, where none is named either.
func noFormat(ofSuffix path: String) -> ValidationError {
  ValidationError("The suffix of '\(path)' names no format; give one with --format.")
}

/// What the terminal on standard output is given.
///
/// - Parameter isFile: standard output is not written to.
func terminalStyle(isColourless: Bool, isFile: Bool) -> TerminalStyle {
  // https://no-color.org: an empty value refuses nothing.
  let isRefused = unsafe getenv("NO_COLOR").map { unsafe $0.pointee != 0 } ?? false
  return TerminalStyle(
    isColoured: !isRefused && !isColourless && isatty(STDOUT_FILENO) != 0,
    width: isFile ? nil : terminalWidth())
}

/// The columns of the terminal on standard output, or what the variable COLUMNS says; `nil` where
/// output goes to a file or another program.
private func terminalWidth() -> Int? {
  if let columns = unsafe getenv("COLUMNS").flatMap({ unsafe Int(String(cString: $0)) }) {
    return columns > 0 ? columns : nil
  }
  var size = winsize()
  guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
    return nil
  }
  return Int(size.ws_col)
}
