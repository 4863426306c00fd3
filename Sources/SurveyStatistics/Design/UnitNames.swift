import SurveyData

/// The names of strata or clusters for messages: their codes, crossed ones joined by `:`.
struct UnitNames {
  private let columns: [Column]

  init(_ names: [String], in dataset: Dataset) throws {
    columns = try names.map { try dataset.column($0) }
  }

  /// The unit of a dataset row.
  subscript(row: Int) -> String {
    guard !columns.isEmpty else { return "(all)" }
    return columns.map { column in
      switch column.values {
      case .numeric(let numbers): shortestText(numbers.withValues { $0[row] })
      case .categorical(let codes): codes.categories[codes.index(at: row)].code
      }
    }.joined(separator: ":")
  }
}
