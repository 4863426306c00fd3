import SurveyData
import SurveyFiles
import SurveyTables

/// The input of a command, read and resolved.
struct OpenedSurvey {
  private let survey: ResolvedSurvey
  private let warnings: [String]

  /// Reads only the columns that the question and the design need.
  init(_ input: InputOptions, design: DesignOptions, columns: [String]) throws {
    let description = try design.description()
    let drop = try design.dropExpression()
    var roles: [String: ColumnRole] = [:]
    for column in columns + (drop?.columnNames ?? []) { roles[column] = .asFound }
    for column in description.strata + description.clusters { roles[column] = .category }
    for column in description.finitePopulation where roles[column] == nil {
      roles[column] = .number
    }
    if let weight = description.weight, roles[weight] == nil { roles[weight] = .number }
    let reading = try input.read(.only(roles))
    for column in roles.keys.sorted() { _ = try reading.dataset.column(column) }
    survey = try ResolvedSurvey(reading.dataset, design: description, drop: drop)
    warnings = reading.warnings
  }

  func table(answering question: Question) throws -> Table {
    withWarnings(of: try survey.table(answering: question))
  }

  func table(answering comparison: Comparison) throws -> Table {
    withWarnings(of: try survey.table(answering: comparison))
  }

  private func withWarnings(of answer: Table) -> Table {
    var table = answer
    table.warnings = warnings + table.warnings
    return table
  }
}
