import SurveyData

/// The fit of one group's weights.
struct GroupFitting {
  private let description: WeightingDescription
  private let code: String?
  private let design: Design
  private let dataset: Dataset
  private let threads: Int?
  private let block: TabulationPlan.Block
  private let columns: MarginColumns
  private let respondents: Int
  private let startTotal: Double
  /// What start weights are multiplied by to add up to the population.
  private let scale: Double
  private let crossed: CrossedRespondents
  private let numbers: AuxiliaryNumbers?
  private let problem: CalibrationProblem
  /// Cell of each unit (without numbers), or design position (with them).
  private let units: [Int32]
  private let startSums: [Double]
  private let respondentsByColumn: [Int]

  /// The rule of decision 8: raking's largest relative margin error.
  static let rakingTolerance = 1e-9
  static let calibrationTolerance = 1e-10
  static let sweepLimit = 2000
  static let stepLimit = 200

  init(
    _ description: WeightingDescription,
    group: (code: String?, domain: Domain?, targets: MarginTargets), design: Design,
    dataset: Dataset, threads: Int?
  ) throws {
    self.description = description
    code = group.code
    self.design = design
    self.dataset = dataset
    self.threads = threads
    let crossing = try MarginCrossing(
      group.targets.margins.map(\.columns), collapse: description.collapse, in: dataset)
    block = TabulationPlan.Block(
      groups: crossing.groups, domain: group.domain, moments: .none)
    crossed = CrossedRespondents(block, design: design, threads: threads)
    respondents = Int(VectorSums.sum(crossed.counts))
    startTotal = VectorSums.sum(crossed.totals)
    let targets = try ResolvedTargets(
      group.targets, collapse: description.collapse, startTotal: startTotal)
    try Self.requireFit(targets, method: description.method)
    columns = MarginColumns(targets, crossing: crossing)
    // Weights that were rounded when they were written stay as they are: bounds refer to them.
    let exact = targets.population.map { [startTotal] in $0 / startTotal } ?? 1
    scale = abs(exact - 1) < 1e-6 ? 1 : exact

    let hasNumbers =
      !targets.totals.isEmpty || group.targets.population != nil && targets.margins.isEmpty
    numbers =
      hasNumbers || group.targets.variance != nil
      ? try AuxiliaryNumbers(
        targets, population: group.targets.population, variance: group.targets.variance,
        crossed: crossed, design: design, dataset: dataset)
      : nil
    let units: [Int32]
    let starts: [Double]
    let cells: [Int32]
    if let numbers {
      units = numbers.positions
      cells = numbers.cells
      starts = design.weights.withSpan(of: Double.self) { [scale] weights in
        numbers.positions.map { weights[Int($0)] * scale }
      }
    } else {
      units = crossed.occupiedCells
      cells = units
      starts = crossed.totals(times: scale)
    }
    self.units = units
    let categories =
      numbers == nil && Self.rakes(description)
      ? columns.categoriesToRake(ofCells: cells)
      : columns.categories(ofCells: cells, numberCount: numbers?.targets.count ?? 0)
    startSums = categories.sums(of: starts)
    let counts = numbers == nil ? crossed.counts : starts.map { _ in 1 }
    respondentsByColumn = categories.sums(of: counts).map { Int($0) }
    problem = CalibrationProblem(
      categories: categories, numberCount: numbers?.targets.count ?? 0,
      numbers: numbers?.values ?? [], starts: starts, precisions: numbers?.precisions ?? [],
      targets: Self.targetsByColumn(columns, startSums, population: targets.population)
        + (numbers?.targets ?? []))
    try requireRespondents()
  }

  /// Whether margins are met in turn; Newton's steps do it otherwise.
  private static func rakes(_ description: WeightingDescription) -> Bool {
    switch description.method {
    case .poststratify: true
    case .rake: description.bounds == nil
    default: false
    }
  }

  private static func requireFit(
    _ targets: ResolvedTargets, method: WeightingMethod
  ) throws(WeightingError) {
    guard method == .rake || method == .poststratify else { return }
    if let total = targets.totals.first {
      throw .notRaked(totals: total.column, place: total.place)
    }
    if method == .poststratify, targets.margins.count > 1 {
      throw .oneMarginNeeded(
        margins: targets.margins.map(\.name), place: targets.margins[1].place)
    }
  }

  /// Those without a target keep the share that they start with; the others share the rest.
  private static func targetsByColumn(
    _ columns: MarginColumns, _ startSums: [Double], population: Double?
  ) -> [Double] {
    var unknown = [Double](repeating: 0, count: columns.marginCount)
    for (index, column) in columns.columns.enumerated() where column.category == nil {
      unknown[column.margin] = startSums[index]
    }
    return columns.columns.enumerated().map { index, column in
      guard let category = column.category else { return startSums[index] }
      let margin = columns.targets.margins[column.margin]
      let rest = population.map { 1 - unknown[column.margin] / $0 } ?? 1
      return margin.categories[category].target * rest
    }
  }

  /// What can be seen to have no solution before one is looked for.
  private func requireRespondents() throws {
    let respondents = respondentsByColumn
    for (index, column) in columns.columns.enumerated() {
      let margin = columns.targets.margins[column.margin]
      guard let category = column.category.map({ margin.categories[$0] }) else {
        if respondents[index] > 0, description.unknown == .fail {
          throw unknownCategory(of: margin, respondents: respondents[index])
        }
        continue
      }
      if category.target > 0, respondents[index] == 0 {
        throw WeightingError.nobodyInTarget(
          margin: margin.name, code: category.code, target: category.target, group: code,
          place: category.place)
      }
      if category.target == 0, respondents[index] > 0 {
        throw WeightingError.respondentsInNone(
          margin: margin.name, code: category.code, respondents: respondents[index], group: code,
          place: category.place)
      }
    }
    guard let bounds = description.bounds else { return }
    for index in columns.columns.indices where startSums[index] > 0 {
      let factor = problem.targets[index] / startSums[index]
      let slack = 1e-9 * factor
      guard factor >= bounds.lowerBound - slack, factor <= bounds.upperBound + slack else {
        throw WeightingError.boundTooTight(
          category: columns.name(index), target: problem.targets[index], start: startSums[index],
          bounds: bounds, group: code, place: columns.place(index))
      }
    }
  }

  /// The first respondent whose codes have no target in a margin.
  private func unknownCategory(
    of margin: ResolvedTargets.Margin, respondents: Int
  ) -> any Error {
    do {
      let sources = try margin.columns.map { (name: $0, column: try dataset.categories($0)) }
      let mask = block.domain?.mask
      for position in 0..<design.rowCount {
        let row = design.order.map { Int($0[position]) } ?? position
        guard mask?.withSpan(of: UInt8.self, { $0[row] == 1 }) ?? true else { continue }
        let categories = sources.map { $0.column.categories[$0.column.index(at: row)] }
        let codes = zip(margin.columns, categories).map {
          description.collapse[$0]?[$1.code] ?? $1.code
        }
        let missing = categories.firstIndex { $0.missing != nil }
        guard missing != nil || margin.places[codes] == nil else { continue }
        let column = missing.map { margin.columns[$0] } ?? margin.name
        let code = missing.map { categories[$0].code } ?? codes.joined(separator: ":")
        return WeightingError.unknownCategory(
          column: column, code: code, isMissing: missing != nil, respondents: respondents,
          row: dataset.source.place(ofRow: row),
          nearest: missing == nil && code.count > 2
            ? nearestName(to: code, among: margin.categories.map(\.code)) : nil)
      }
    } catch {
      return error
    }
    preconditionFailure("a respondent without a target was counted")
  }

  // MARK: Solving

  /// Fits the group and puts its weights in their places.
  func fit(into weights: inout WeightsInOrder) throws -> FittedWeights.Group {
    var solution = try solved(problem)
    var trimming: FittedWeights.Trimming?
    if let trim = description.trim {
      let positions = positionsOfUnits()
      let trimmed = try TrimmedWeights(
        trim, problem: problem, solution: solution, positions: positions,
        starts: weights.values, scale: scale
      ) { try solved($0) }
      for (place, weight) in zip(positions, trimmed.weights) {
        weights.values[Int(place.position)] = weight
      }
      trimming = trimmed.report
      solution = trimmed.solution
    } else {
      write(solution.factors, into: &weights)
    }
    try requirePositive(solution.factors, weights)
    return report(solution, trimming: trimming)
  }

  /// Fits the whole of a design that stands in the order of the file.
  func fittedColumn() throws -> (weights: NumericColumn, group: FittedWeights.Group) {
    guard numbers == nil else {
      var weights = WeightsInOrder(design)
      let group = try fit(into: &weights)
      return (NumericColumn(bytes: Bytes(weights.values)), group)
    }
    let solution = try solved(problem)
    let weights = NumericColumn(
      bytes: crossed.weights(
        startingFrom: design.weights, times: factorsOfCells(solution.factors), threads: threads))
    if solution.factors.contains(where: { $0 < 0 }) {
      var all = WeightsInOrder(design)
      weights.withValues { values in
        for row in values.indices { all.values[row] = values[row] }
      }
      try requirePositive(solution.factors, all)
    }
    return (weights, report(solution, trimming: nil))
  }

  private func solved(
    _ problem: CalibrationProblem
  ) throws(WeightingError) -> CalibrationProblem.Solution {
    let bounds = description.bounds
    let form: CalibrationDistance.Form =
      switch description.method {
      case .rake, .exponential: .exponential
      case .poststratify, .linear: .linear
      case .logit: .logit
      }
    do throws(CalibrationProblem.Failure) {
      if Self.rakes(description) {
        return try problem.raked(tolerance: Self.rakingTolerance, limit: Self.sweepLimit)
      }
      return try problem.calibrated(
        CalibrationDistance(form: form, bounds: bounds), tolerance: Self.calibrationTolerance,
        limit: Self.stepLimit)
    } catch {
      let isNumber = error.column >= columns.columns.count
      throw .notConverged(
        method: description.method, iterations: error.iterations,
        category: isNumber
          ? "the total of \(numbers!.names[error.column - columns.columns.count])"
          : columns.name(error.column), target: problem.targets[error.column],
        reached: error.reached, bounds: bounds, group: code,
        place: isNumber
          ? numbers!.places[error.column - columns.columns.count] : columns.place(error.column))
    }
  }

  private func requirePositive(
    _ factors: [Double], _ weights: WeightsInOrder
  ) throws(WeightingError) {
    guard factors.contains(where: { $0 < 0 }) else { return }
    let negative = weights.values.indices.filter { weights.values[$0] < 0 }
    let row = design.order.map { Int($0[negative[0]]) } ?? negative[0]
    throw .negativeWeights(
      count: negative.count, least: negative.map { weights.values[$0] }.min() ?? 0,
      row: dataset.source.place(ofRow: row))
  }

  /// Multiplies each start weight of the group by its scale and its factor.
  private func write(_ factors: [Double], into weights: inout WeightsInOrder) {
    if numbers != nil {
      for (unit, position) in units.enumerated() {
        weights.values[Int(position)] *= scale * factors[unit]
      }
      return
    }
    let table = factorsOfCells(factors)
    for place in crossed.places {
      weights.values[Int(place.position)] *= table[Int(place.cell)]
    }
  }

  private func factorsOfCells(_ factors: [Double]) -> [Double] {
    var table = [Double](repeating: 1, count: crossed.cellCount + 1)
    for (unit, cell) in units.enumerated() { table[Int(cell)] = scale * factors[unit] }
    return table
  }

  /// The design positions of the group's rows with their units.
  private func positionsOfUnits() -> [(position: Int32, unit: Int32)] {
    if numbers != nil {
      return units.enumerated().map { ($0.element, Int32($0.offset)) }
    }
    var unitOfCell = [Int32](repeating: -1, count: crossed.cellCount + 1)
    for (unit, cell) in units.enumerated() { unitOfCell[Int(cell)] = Int32(unit) }
    return crossed.places.map { position, cell in
      (position, unitOfCell[Int(cell)])
    }
  }

  // MARK: What is said of it

  private func report(
    _ solution: CalibrationProblem.Solution, trimming: FittedWeights.Trimming?
  ) -> FittedWeights.Group {
    let after = VectorSums.products(problem.starts, solution.factors)
    let sums = problem.categories.sums(of: after)
    let population = VectorSums.sum(after)
    let startPopulation = VectorSums.sum(problem.starts)
    let respondents = respondentsByColumn
    let categories = columns.columns.enumerated().compactMap {
      index, column -> FittedWeights.Category? in
      let margin = columns.targets.margins[column.margin]
      guard column.category != nil || respondents[index] > 0 else { return nil }
      let targetTotal = columns.targets.population ?? population
      return FittedWeights.Category(
        variable: margin.name, code: column.category.map { margin.categories[$0].code } ?? "",
        isUnknown: column.category == nil, respondents: respondents[index],
        target: problem.targets[index] / targetTotal, before: startSums[index] / startPopulation,
        after: sums[index] / population)
    }
    let totals = (numbers?.names ?? []).enumerated().map { index, name in
      func total(_ weights: [Double]) -> Double {
        weights.enumerated().reduce(0) {
          $0 + $1.element * problem.numbers[$1.offset * problem.numberCount + index]
        }
      }
      return FittedWeights.Total(
        variable: name, target: numbers!.targets[index], before: total(problem.starts),
        after: total(after))
    }
    return FittedWeights.Group(
      code: code, respondents: self.respondents, population: population, startTotal: startTotal,
      iterations: solution.iterations, error: solution.error,
      isConverged: trimming?.isComplete ?? true, margins: categories, totals: totals,
      trimming: trimming)
  }
}
