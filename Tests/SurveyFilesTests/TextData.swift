import SurveyData
import SurveyFiles
import SurveyTestSupport

/// Answers as delimited text without quotation marks, as a dataset of categories: apart from the
/// product's reader on purpose.
func dataset(_ text: String, delimiter: Character = ",", path: String = "answers.csv") -> Dataset {
  let rows = text.split(whereSeparator: \.isNewline).map {
    $0.split(separator: delimiter, omittingEmptySubsequences: false).map(String.init)
  }
  let columns = rows[0].indices.map { index in
    column(rows[0][index], rows.dropFirst().map { $0[index] })
  }
  var source = DataSource(path: path, sha256: "hash of \(path)", columnNames: rows[0])
  source.lineBreakpoints = [(row: 0, line: 2)]
  return Dataset(rowCount: rows.count - 1, columns: columns, source: source)
}

private func column(_ name: String, _ cells: [String]) -> Column {
  let codes = Set(cells).subtracting([""]).sorted {
    if let a = Double($0), let b = Double($1) { a < b } else { $0 < $1 }
  }
  var categories = codes.map { Category(code: $0) }
  if cells.contains("") { categories.append(Category(code: "", missing: .noAnswer)) }
  let positions = Dictionary(
    uniqueKeysWithValues: categories.enumerated().map { ($0.element.code, $0.offset) })
  return Column(
    name: name,
    values: .categorical(
      CategoricalColumn(categories: categories, indices: cells.map { positions[$0]! })))
}

/// A survey file from its text.
func survey(_ yaml: String) throws -> SurveyFile {
  try surveyFile(of: Array(yaml.utf8), path: "survey.yaml")
}

/// The message that a survey file, or its use on data, ends in; empty where it does not.
func message(_ yaml: String, _ parts: Dataset...) -> String {
  do {
    let file = try survey(yaml)
    if !parts.isEmpty { _ = try file.dataset(from: parts) }
    return ""
  } catch {
    return "\(error)"
  }
}

extension Dataset {
  /// A column's codes row by row; a missing answer in brackets, by its reason.
  func shown(_ name: String) throws -> [String] {
    switch try column(name).values {
    case .categorical(let column):
      (0..<rowCount).map { row in
        let category = column.categories[column.index(at: row)]
        return category.missing.map { "(\($0.rawValue))" } ?? category.code
      }
    case .numeric(let column):
      (0..<rowCount).map { row in
        column.missingReason(at: row).map { "(\($0.rawValue))" }
          ?? column.withValues { shortestText($0[row]) }
      }
    }
  }
}
