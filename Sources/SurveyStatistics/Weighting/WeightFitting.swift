import SurveyData

extension WeightingDescription {
  /// Fits weights to the margins.
  ///
  /// Respondents of the same categories get the same factor, so the work is done on the cells of the
  /// margins' crossing; numbers are met respondent by respondent.
  ///
  /// - Parameter keptRows: the rows in the design; `nil` keeps all.
  /// - Throws: a `WeightingError` that names the category and the numbers, or what is wrong with a
  ///   column.
  /// - Complexity: O(rows · margins + cells · margins · sweeps).
  public func fitted(
    in dataset: Dataset, keeping keptRows: Domain? = nil
  ) throws -> FittedWeights {
    try fitted(in: dataset, keeping: keptRows, threads: nil)
  }

  package func fitted(
    in dataset: Dataset, keeping keptRows: Domain?, threads: Int?
  ) throws -> FittedWeights {
    try fitted(
      in: dataset,
      design: try Design(
        DesignDescription(weight: startWeight, lonelyPSU: .remove), in: dataset, keeping: keptRows),
      threads: threads)
  }

  /// - Parameter design: the start weights, resolved without strata and clusters.
  package func fitted(
    in dataset: Dataset, design: Design, threads: Int?
  ) throws -> FittedWeights {
    try requireBounds()
    var groups: [FittedWeights.Group] = []
    let weights: NumericColumn
    if within == nil, trim == nil, design.order == nil {
      let fitting = try GroupFitting(
        self, group: (nil, nil, targets), design: design, dataset: dataset, threads: threads)
      let fit = try fitting.fittedColumn()
      weights = fit.weights
      groups = [fit.group]
    } else {
      var inOrder = WeightsInOrder(design)
      for group in try weightingGroups(in: dataset, design: design) {
        let fitting = try GroupFitting(
          self, group: group, design: design, dataset: dataset, threads: threads)
        groups.append(try fitting.fit(into: &inOrder))
      }
      weights = inOrder.column(of: dataset)
    }
    return FittedWeights(
      description: self, weights: weights,
      startWeights: design.order == nil
        ? NumericColumn(bytes: design.weights) : WeightsInOrder(design).column(of: dataset),
      groups: groups, datasetRowCount: dataset.rowCount,
      rowsOutside: dataset.rowCount - design.rowCount)
  }

  private func requireBounds() throws(WeightingError) {
    if let bounds {
      let (low, high) = (bounds.lowerBound, bounds.upperBound)
      guard low >= 0, low < high, low <= 1, high >= 1,
        method != .logit || (low < 1 && high > 1)
      else { throw .boundsWithoutOne(low: low, high: high, method: method) }
    } else if method == .logit {
      throw .boundsNeeded
    }
    if case .ratio(let limits) = trim, !(limits.lowerBound < 1 && limits.upperBound > 1) {
      throw .trimTooTight(low: limits.lowerBound, high: limits.upperBound)
    }
  }

  /// The groups that are fitted by themselves, with their targets.
  private func weightingGroups(
    in dataset: Dataset, design: Design
  ) throws -> [(code: String?, domain: Domain?, targets: MarginTargets)] {
    guard let within else { return [(nil, nil, targets)] }
    let column = try dataset.categories(within)
    let isMissing = column.categories.map { $0.missing != nil }
    for position in 0..<design.rowCount {
      let row = design.order.map { Int($0[position]) } ?? position
      if isMissing[column.index(at: row)] {
        throw WeightingError.noGroup(column: within, row: dataset.source.place(ofRow: row))
      }
    }
    let counts = design.tabulate(
      TabulationPlan([.init(groups: [TabulationPlan.Factor(column)], moments: .none)]))[0].counts
    let codes = column.categories.filter { $0.missing == nil }.map(\.code)
    return try codes.enumerated().filter { counts[$0.offset] > 0 }.map { offset, code in
      guard let own = targets.groups.isEmpty ? targets : targets.groups[code] else {
        throw WeightingError.noTargetsOfGroup(column: within, code: code, file: targets.path)
      }
      let rows = Bytes(of: UInt8.self, count: dataset.rowCount) { span in
        column.forEachIndex { row, index in
          span[row] = column.categories[index].code == code ? 1 : 0
        }
      }
      return (code, Domain(mask: rows), own)
    }
  }
}

/// Weights in the order of a design that has neither strata nor clusters: the order of the file.
struct WeightsInOrder {
  let design: Design
  var values: [Double]

  init(_ design: Design) {
    self.design = design
    var values = [Double](repeating: 0, count: design.rowCount)
    design.weights.withSpan(of: Double.self) { weights in
      for index in weights.indices { values[index] = weights[index] }
    }
    self.values = values
  }

  func column(of dataset: Dataset) -> NumericColumn {
    guard let order = design.order else { return NumericColumn(bytes: Bytes(values)) }
    var rows = [Double](repeating: .nan, count: dataset.rowCount)
    for (position, row) in order.enumerated() { rows[Int(row)] = values[position] }
    return NumericColumn(bytes: Bytes(rows))
  }
}
