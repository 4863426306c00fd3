import SurveyData

/// The numbers whose totals are met, respondent by respondent.
struct AuxiliaryNumbers: Sendable {
  /// The respondents' places in the design, and their cells in the margins' crossing.
  let positions: [Int32]
  let cells: [Int32]
  /// By respondent, then number.
  let values: [Double]
  let names: [String]
  let targets: [Double]
  let places: [SourcePlace]
  /// 1/σ² by respondent; empty: 1.
  let precisions: [Double]

  init(
    _ targets: ResolvedTargets, population: Double?, variance: String?,
    crossed: CrossedRespondents, design: Design, dataset: Dataset
  ) throws {
    let places = crossed.places
    positions = places.map(\.position)
    cells = places.map(\.cell)
    let rows = positions.map { position in
      design.order.map { Int($0[Int(position)]) } ?? Int(position)
    }
    var names: [String] = []
    var totals: [Double] = []
    var sources: [SourcePlace] = []
    var columns: [[Double]] = []
    // Margins say the population already.
    if targets.margins.isEmpty, let population {
      names.append("1 (population)")
      totals.append(population)
      sources.append(targets.totals.first?.place ?? SourcePlace(file: dataset.source.path))
      columns.append([Double](repeating: 1, count: rows.count))
    }
    for total in targets.totals {
      names.append(total.column)
      totals.append(total.amount)
      sources.append(total.place)
      columns.append(try Self.numbers(total.column, rows, dataset))
    }
    values = rows.indices.flatMap { row in columns.map { $0[row] } }
    precisions =
      try variance.map { column in
        try zip(Self.numbers(column, rows, dataset), rows).map { value, row in
          guard value > 0 else {
            throw WeightingError.noPrecision(
              column: column, value: value, row: dataset.source.place(ofRow: row))
          }
          return 1 / value
        }
      } ?? []
    self.names = names
    self.targets = totals
    self.places = sources
  }

  private static func numbers(
    _ name: String, _ rows: [Int], _ dataset: Dataset
  ) throws -> [Double] {
    let column = try dataset.numbers(name)
    let values = column.withValues { values in rows.map { values[$0] } }
    if let first = values.firstIndex(where: \.isNaN) {
      throw WeightingError.missingNumber(
        column: name, respondents: values.count(where: \.isNaN),
        row: dataset.source.place(ofRow: rows[first]))
    }
    return values
  }
}
