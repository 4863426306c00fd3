import ArgumentParser
import SurveyData
import SurveyFiles
import SurveyReports
import SurveyStatistics
import SurveyTables

/// The input of a command, read and resolved: a survey file with its data, or a data file with the
/// options that a survey file would carry.
struct OpenedSurvey {
  let survey: ResolvedSurvey
  /// What the survey file says of the survey; `nil` for a data file.
  let facts: SurveyFacts?
  let language: SurveyData.Language?
  /// What reading the data left to be said.
  let warnings: [String]
  private let explains: Bool
  private let data: InputData

  /// Reads only the columns that the question and the design need.
  ///
  /// - Parameter ignoresWeight: every respondent counts as one, whatever the survey file says.
  init(
    _ input: InputOptions, design: DesignOptions, selection: SelectionOptions, columns: [String],
    ignoresWeight: Bool = false,
    categories: [String] = [],
    arranging: ((Dataset, DesignDescription) throws -> (Dataset, DesignDescription))? = nil
  ) throws {
    let data = try InputData(input, wave: selection.wave)
    self.data = data
    var description = try design.description(over: data.file?.design ?? DesignDescription())
    if ignoresWeight { description.weight = nil }
    if let replicates = description.replicates, replicates.hasPatterns {
      description.replicates = try replicates.expandingPatterns(
        among: data.columnNames(), file: input.input)
    }
    let drop = try design.dropExpression()
    var roles: [String: ColumnRole] = [:]
    for column in columns + (drop?.columnNames ?? []) { roles[column] = .asFound }
    for column in categories where roles[column] != nil { roles[column] = .category }
    for column in description.strata + description.clusters { roles[column] = .category }
    for column in description.weighting?.columnNames ?? [] where roles[column] == nil {
      roles[column] = .asFound
    }
    for column in description.finitePopulation where roles[column] == nil {
      roles[column] = .number
    }
    for column in description.replicates?.columns ?? [] where roles[column] == nil {
      roles[column] = .number
    }
    if let weight = description.weight, roles[weight] == nil { roles[weight] = .number }
    var dataset = try data.read(roles, design: description)
    // A set of the data file's own, as SPSS has them, is known once its dictionary is read.
    let sets = dataset.codebook.multiResponseSets.filter { roles[$0.name] != nil }
    let unread = sets.flatMap(\.columns).filter { dataset[$0] == nil }
    if data.file == nil, !unread.isEmpty {
      for column in unread { roles[column] = .category }
      dataset = try data.read(roles, design: description)
    }
    if let arranging { (dataset, description) = try arranging(dataset, description) }
    // A column that is not there is an error where it is used: a condition points at its character.
    survey = try ResolvedSurvey(
      dataset, design: description, drop: drop,
      disclosure: selection.disclosure(over: data.file?.disclosure ?? .none))
    facts = data.file.map(SurveyFacts.init)
    language = data.file?.language
    warnings = data.warnings.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    explains = selection.explain
  }

  func table(answering question: Question) throws -> Table {
    var table = try survey.table(answering: question)
    if explains { table.explanation = survey.explanation(of: table, answering: question) }
    return noted(table)
  }

  func table(answering comparison: Comparison) throws -> Table {
    noted(try survey.table(answering: comparison))
  }

  func tables(answering questions: [CrossTabQuestion]) throws -> [CrossTable] {
    try survey.tables(answering: questions)
  }

  func table(answering question: ModelQuestion) throws -> Table {
    var table = try survey.table(answering: question)
    if explains { table.explanation = try survey.explanation(of: table, answering: question) }
    return noted(table)
  }

  func table(answering question: TrendQuestion, waves: WaveDesign) throws -> Table {
    var table = try survey.table(answering: question, waves: waves)
    if explains { table.explanation = survey.explanation(of: table, answering: question) }
    return noted(table)
  }

  /// A number against a guideline of the survey file.
  func report(
    on guideline: Guideline, time: String, where domain: Expression?, inference: Inference
  ) throws -> GuidelineReport {
    var report = try GuidelineReport(
      guideline, survey: survey, time: time, where: domain, inference: inference)
    report.add(warnings: warnings)
    return report
  }

  func figure(answering question: Question) throws -> Figure {
    var facts = facts
    facts?.response = try data.responseRates()
    var figure = try survey.figure(
      answering: question, facts: facts, version: Pejling.configuration.version)
    figure.table = noted(figure.table)
    return figure
  }

  private func noted(_ table: Table) -> Table {
    var table = table
    table.warnings = warnings + table.warnings
    return table
  }
}

/// The bytes behind an input, and the survey file that describes them.
final class InputData {
  let file: SurveyFile?
  private(set) var warnings: [String] = []
  private let input: InputOptions
  private let hashes: Bool

  /// - Parameters:
  ///   - wave: a wave of the survey file, `all`, or `nil` for the newest.
  ///   - hashes: whether the result tells the data's hashes.
  init(_ input: InputOptions, wave: String? = nil, hashes: Bool = true) throws {
    self.input = input
    self.hashes = hashes
    guard input.isSurveyFile else {
      guard wave == nil else {
        throw ValidationError("--wave needs a survey file that names the waves of its data files.")
      }
      file = nil
      return
    }
    var file = try readSurveyFile(at: input.input)
    let waves = file.dataFiles.compactMap(\.wave)
    if let newest = waves.max(by: isEarlier), wave != "all" {
      let chosen = wave ?? newest
      guard waves.contains(chosen) else {
        throw ValidationError(
          "\(input.input) has no wave '\(chosen)'. Its waves are \(waves.joined(separator: ", ")).")
      }
      file.dataFiles.removeAll { $0.wave != chosen }
      if waves.count > 1 { warnings.append("Wave \(chosen) of \(waves.joined(separator: ", ")).") }
    }
    self.file = file
  }

  /// The names of all columns, by which a command may ask for them: the heads of the data files, and
  /// what the survey file calls them.
  func columnNames() throws -> [String] {
    let heads =
      try file.map { file in
        try file.dataFiles.map {
          try SurveyFiles.columnNames(of: $0.path, dialect: input.dialect(over: $0))
        }
      } ?? [SurveyFiles.columnNames(of: input.input, dialect: input.dialect())]
    let renamed = Set(
      (file?.variables ?? []).filter { $0.source != $0.variable.name }.map(\.source))
    var seen = renamed
    return (heads.joined() + (file?.variables.map(\.variable.name) ?? []))
      .filter { seen.insert($0).inserted }
  }

  /// Reads the columns wanted, by the names that the survey file gives them.
  ///
  /// - Parameter roles: `nil` for every column.
  func read(
    _ roles: [String: ColumnRole]?, design: DesignDescription = DesignDescription()
  ) throws -> Dataset {
    guard let file else {
      let reading = try withProgress("Reading \(input.input)") {
        try input.read(roles.map { .only($0) } ?? .all, design: design, hashes: hashes)
      }
      warnings += reading.warnings
      return reading.dataset
    }
    var sources: [String: ColumnRole] = [:]
    for name in (roles ?? [:]).keys {
      for column in file.columnsNeeded(for: [name]) {
        sources[column.source] = role(of: column, wanted: roles?[name] ?? .asFound)
      }
    }
    let parts = try file.dataFiles.map { part in
      let selection: ColumnSelection = roles == nil ? .all : .only(sources)
      let dialect = try input.dialect(over: part)
      let reading = try withProgress("Reading \(part.path)") {
        file.usesCache
          ? try readCachedData(at: part.path, selecting: selection, dialect: dialect)
          : try readData(at: part.path, selecting: selection, dialect: dialect, hashes: hashes)
      }
      warnings += reading.warnings
      return reading.dataset
    }
    var dataset = try file.dataset(from: parts, selecting: roles.map { $0.keys.sorted() })
    if parts.count > 1 { dataset.source.sha256 = dataset.source.sha256OfParts }
    return try dataset.declaringMissing(
      input.missingDeclarations(), sparing: Set(design.columnNames))
  }

  /// The data as text with columns added: a single data file cell by cell as it was written, with its
  /// delimiter and decimal mark; several stacked, under the names of the survey file.
  func withColumns(_ columns: [Column]) throws -> String {
    guard file.map({ $0.dataFiles.count == 1 }) ?? true else {
      return try read(nil).with(columns).csv()
    }
    let path = file?.dataFiles[0].path ?? input.input
    let dialect = try input.dialect(over: file?.dataFiles[0])
    let names = try columnNamesOfCSV(at: path, dialect: dialect)
    let reading = try readCSV(
      at: path,
      selecting: .only(
        Dictionary(names.map { ($0, ColumnRole.category) }, uniquingKeysWith: { first, _ in first })
      ),
      dialect: dialect)
    return reading.dataset.with(columns).csv(
      delimiter: reading.dialect.delimiter ?? ",",
      decimalMark: reading.dialect.decimalMark?.rawValue ?? ".")
  }

  /// A column with a list of categories is read as such, whatever it is wanted for.
  private func role(of column: NeededColumn, wanted: ColumnRole) -> ColumnRole {
    switch column.kind {
    case .categorical, .text: .category
    case .numeric: .number
    case nil: wanted
    }
  }
}

/// Waves by number where both are numbers, else by text.
private func isEarlier(_ a: String, _ b: String) -> Bool {
  if let a = Double(a), let b = Double(b) { return a < b }
  return a < b
}
