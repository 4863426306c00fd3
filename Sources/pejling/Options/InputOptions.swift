import ArgumentParser
import SurveyData
import SurveyFiles

/// The input of a command, and how its bytes are read.
struct InputOptions: ParsableArguments {
  @Argument(
    help: "A survey file (.yaml), or a data file (.csv, .xlsx, .sav, .dta, .pejl and others).")
  var input: String

  @Option(help: ArgumentHelp("Character between fields.", valueName: "character"))
  var delimiter: String?

  @Option(help: ArgumentHelp("Decimal mark: '.' or ','.", valueName: "mark"))
  var decimal: String?

  @Option(help: "Encoding of a text file: utf-8, utf-16 or windows-1252.")
  var encoding: TextEncoding?

  @Option(help: ArgumentHelp("Sheet of a workbook, by name or number.", valueName: "sheet"))
  var sheet: String?

  @Option(help: ArgumentHelp("Unreadable rows to leave out, counted.", valueName: "n"))
  var maxBadRows = 0

  @Option(
    help: ArgumentHelp(
      "Codes that are no answer: COL=CODE[,CODE…], or '*=8,9' for every column.",
      valueName: "col=codes"))
  var missing: [String] = []

  /// Whether the input is a survey file.
  var isSurveyFile: Bool { input.hasSuffix(".yaml") || input.hasSuffix(".yml") }

  /// Reads a data file: the columns asked for, with the codes of `--missing` set apart.
  ///
  /// - Parameters:
  ///   - design: its columns hold no answers, so `*` does not mean them.
  ///   - hashes: whether the file's hash is wanted.
  func read(
    _ selection: ColumnSelection, design: DesignDescription, hashes: Bool = true
  ) throws -> (dataset: Dataset, warnings: [String]) {
    let declarations = try missingDeclarations()
    let reading = try readData(
      at: input, selecting: selection, dialect: try dialect(), hashes: hashes)
    let dataset = try reading.dataset.declaringMissing(
      declarations, sparing: Set(design.columnNames))
    return (dataset, reading.warnings)
  }

  /// The dialect that the options give, over what a survey file says of a data file.
  func dialect(over file: SurveyDataFile? = nil) throws -> CSVDialect {
    var dialect = CSVDialect()
    dialect.delimiter = file?.delimiter
    dialect.decimalMark = file?.decimal.flatMap { DecimalMark(rawValue: String($0)) }
    dialect.encoding = file?.encoding.flatMap { TextEncoding(rawValue: $0) }
    if let delimiter {
      let names: [String: Character] = ["tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";"]
      guard let character = names[delimiter] ?? (delimiter.count == 1 ? delimiter.first : nil)
      else {
        throw ValidationError("--delimiter takes one character (or 'tab'), not '\(delimiter)'.")
      }
      dialect.delimiter = character
    }
    if let decimal {
      guard let mark = DecimalMark(rawValue: decimal) else {
        throw ValidationError("--decimal takes '.' or ',', not '\(decimal)'.")
      }
      dialect.decimalMark = mark
    }
    guard maxBadRows >= 0 else { throw ValidationError("--max-bad-rows takes 0 or more.") }
    dialect.encoding = encoding ?? dialect.encoding
    dialect.maximumBadRows = maxBadRows
    dialect.sheet = sheet ?? file?.sheet
    return dialect
  }

  func missingDeclarations() throws -> [MissingDeclaration] {
    try missing.map { text in
      guard let split = text.lastIndex(of: "="), split > text.startIndex,
        text.index(after: split) < text.endIndex
      else {
        throw ValidationError("--missing takes COL=CODE[,CODE…], not '\(text)'.")
      }
      return MissingDeclaration(
        column: String(text[..<split]), codes: list(String(text[text.index(after: split)...])))
    }
  }
}

extension TextEncoding: ExpressibleByArgument {}

/// The parts of a comma-separated list, surrounding space removed.
func list(_ text: String) -> [String] {
  text.split(separator: ",").map { part in
    String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
