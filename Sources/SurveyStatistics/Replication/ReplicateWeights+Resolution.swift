import SurveyData

extension ReplicateDescription {
  /// The replicates read from columns, or made from the design.
  func resolved(for design: Design, in dataset: Dataset) throws -> ReplicateWeights {
    try check()
    switch source {
    case .columns:
      return try read(for: design, in: dataset)
    case .design(let count, let seed):
      return try ReplicateMaker(self, design: design, file: dataset.source.path)
        .replicates(count: count, seed: seed)
    }
  }

  /// What can be checked without data.
  private func check() throws(ReplicateError) {
    for number in rscales + (scale.map { [$0] } ?? []) where !(number >= 0 && number.isFinite) {
      throw .unusableScale(number)
    }
    if let rho {
      guard method == .fay else { throw .rhoWithoutFay(method) }
      guard rho >= 0, rho < 1 else { throw .unusableRho(rho) }
    } else if method == .fay {
      throw .noRho
    }
    if method == .jkn, !columns.isEmpty, rscales.isEmpty { throw .noScales }
  }

  /// Combined weights from columns, kept by row for the pass.
  private func read(for design: Design, in dataset: Dataset) throws -> ReplicateWeights {
    let names = try expandingPatterns(
      among: dataset.columns.map(\.name), file: dataset.source.path
    ).columns
    let count = names.count
    guard count > 1 else { throw ReplicateError.tooFew(count, file: dataset.source.path) }
    let columns = try names.map { try dataset.numbers($0) }
    let deviations = try Bytes(of: Double.self, count: count * design.rowCount) { span in
      for (replicate, column) in columns.enumerated() {
        try design.weights.withSpan(of: Double.self) { weights in
          try column.withValues { values in
            for position in weights.indices {
              let row = design.order.map { Int($0[position]) } ?? position
              let value = values[row]
              guard value >= 0, weights[position] > 0 || value == 0 else {
                throw unusable(
                  value, column: names[replicate], place: dataset.source.place(ofRow: row))
              }
              span[position * count + replicate] = value - weights[position]
            }
          }
        }
      }
    }
    return try ReplicateWeights(
      self, isMade: false, count: count, unit: .row, deviations: deviations)
  }

  private func unusable(_ value: Double, column: String, place: RowPlace) -> ReplicateError {
    value.isNaN
      ? .missingWeight(column: column, place: place)
      : value < 0
        ? .negativeWeight(value, column: column, place: place)
        : .zeroWeight(column: column, place: place)
  }
}
