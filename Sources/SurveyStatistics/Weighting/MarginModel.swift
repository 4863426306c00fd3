import SurveyData

/// What the weights of a design were fitted to, respondent by respondent in design order: the
/// regression whose residuals carry the variance (Deville and Särndal 1992, 3; R: `calibrate`).
///
/// With y a variable, d the start and w the fitted weights, the variance of Σw·y is that of Σw·e,
/// e = y − x′B, B = (Σd·x·x′/σ²)⁻¹ Σd·x·y/σ². For raking, logit and post-stratification too: all
/// have it in common to first order.
struct MarginModel: Sendable {
  let columnCount: Int
  /// Entries of x by row that can differ from 0: one a margin, then one a number.
  let entryCount: Int
  let numberCount: Int
  /// By row, then entry: the column.
  let columns: [Int32]
  /// By row, then number.
  let numbers: [Double]
  /// d/σ² by row.
  let starts: [Double]
  /// d by row, and 1/σ² (empty: 1).
  let startWeights: [Double]
  let precisions: [Double]
  /// What messages call the columns.
  let names: [String]
  private let solver: SemidefiniteSolver

  init(_ description: WeightingDescription, design: Design, in dataset: Dataset) throws {
    let rows = design.rowCount
    func datasetRow(_ position: Int) -> Int { design.order.map { Int($0[position]) } ?? position }
    var starts = [Double](repeating: 1, count: rows)
    if let name = description.startWeight {
      try dataset.numbers(name).withValues { values in
        for position in 0..<rows {
          let value = values[datasetRow(position)]
          starts[position] = value > 0 ? value : 0
        }
      }
    }
    let groups: [MarginTargets] =
      description.targets.groups.isEmpty
      ? [description.targets]
      : description.targets.groups.sorted { $0.key < $1.key }.map(\.value)
    let margins = groups[0].margins.map(\.columns)
    let crossing = try MarginCrossing(
      groups.flatMap { $0.margins.map(\.columns) }, collapse: description.collapse, in: dataset)
    var columnOf: [[String]: Int32] = [:]
    func column(_ key: [String]) -> Int32 {
      if let known = columnOf[key] { return known }
      columnOf[key] = Int32(columnOf.count)
      return columnOf[key]!
    }
    let within = try description.within.map { try dataset.categories($0) }
    let groupCodes = description.targets.groups.keys.sorted()
    let marginCount = groups.map(\.margins.count).max() ?? 0
    let numberNames = groups[0].totals.map(\.column)
    let hasConstant = margins.isEmpty && groups[0].population != nil
    numberCount = numberNames.count + (hasConstant ? 1 : 0)
    entryCount = marginCount + numberCount
    // By group of targets: the codes that have one, for each margin; empty: all have.
    let known = groups.map { group in
      group.margins.map { margin in
        Set(
          margin.cells.map { cell in
            zip(margin.columns, cell.codes).map { description.collapse[$0]?[$1] ?? $1 }
          })
      }
    }
    var firstMargin: [Int] = []
    for group in groups { firstMargin.append((firstMargin.last ?? 0) + group.margins.count) }
    firstMargin = [0] + firstMargin
    let numericColumns = try numberNames.map { try dataset.numbers($0) }
    startWeights = starts
    var precisions: [Double] = []
    let precision = try groups[0].variance.map { try dataset.numbers($0) }

    var entries = [Int32](repeating: -1, count: rows * entryCount)
    var numbers = [Double](repeating: 1, count: rows * numberCount)
    // By margin, then within's code and the levels: the column, or −1 where it was not looked up yet.
    let lookups = crossing.places.map { places in places.map { crossing.sources[$0] } }
    var cache = lookups.map { sources in
      [Int32](
        repeating: -1,
        count: sources.reduce(within?.categories.count ?? 1) { $0 * $1.levels.count })
    }
    for position in 0..<rows {
      let row = datasetRow(position)
      let index = within?.index(at: row) ?? 0
      let code = within.map { $0.categories[index].code } ?? ""
      let group = groupCodes.firstIndex(of: code) ?? 0
      for margin in groups[group].margins.indices {
        let place = firstMargin[group] + margin
        let sources = lookups[place]
        var key = index
        for source in sources {
          key =
            key * source.levels.count
            + Int(source.factor.levels[source.factor.column.index(at: row)])
        }
        if cache[place][key] >= 0 {
          entries[position * entryCount + margin] = cache[place][key]
          continue
        }
        let levels = sources.map {
          $0.levels[Int($0.factor.levels[$0.factor.column.index(at: row)])]
        }
        let codes = levels.map(\.code)
        let hasTarget =
          !levels.contains(where: \.isMissing)
          && (known[group][margin].isEmpty || known[group][margin].contains(codes))
        let found = column(
          ["\(place)", code] + (hasTarget ? ["="] + codes : ["unknown"]))
        cache[place][key] = found
        entries[position * entryCount + margin] = found
      }
      for margin in groups[group].margins.count..<max(marginCount, groups[group].margins.count) {
        entries[position * entryCount + margin] = column(["-", code, "none"])
      }
      for number in 0..<numberCount {
        entries[position * entryCount + marginCount + number] = column(["#\(number)", code])
        let source = hasConstant ? number - 1 : number
        guard source >= 0 else { continue }
        let value = numericColumns[source].withValues { $0[row] }
        guard !value.isNaN else {
          throw WeightingError.missingNumber(
            column: numberNames[source], respondents: 1, row: dataset.source.place(ofRow: row))
        }
        numbers[position * numberCount + number] = value
      }
      if let precision {
        let value = precision.withValues { $0[row] }
        guard value > 0 else {
          throw WeightingError.noPrecision(
            column: groups[0].variance!, value: value, row: dataset.source.place(ofRow: row))
        }
        starts[position] /= value
        precisions.append(1 / value)
      }
    }
    columnCount = columnOf.count
    self.precisions = precisions
    var names = [String](repeating: "", count: columnOf.count)
    for (key, index) in columnOf { names[Int(index)] = key.last! }
    // Numbers in units of their size, so that pivots can be compared.
    for number in 0..<numberCount {
      let places = stride(from: number, to: numbers.count, by: numberCount)
      let size = places.reduce(0) { max($0, abs(numbers[$1])) }
      if size > 0 { for place in places { numbers[place] /= size } }
    }
    for place in crossing.places.indices {
      let margin = crossing.places[place].map { crossing.sources[$0].name }.joined(separator: ":")
      for (key, index) in columnOf where key[0] == "\(place)" {
        names[Int(index)] =
          margin + (key[2] == "=" ? " = " + key[3...].joined(separator: ":") : " without a target")
      }
    }
    for (key, index) in columnOf where key[0].hasPrefix("#") {
      let number = Int(key[0].dropFirst())! - (hasConstant ? 1 : 0)
      names[Int(index)] = number < 0 ? "the population" : "the total of \(numberNames[number])"
    }
    self.names = names
    columns = entries
    self.numbers = numbers
    self.starts = starts

    var matrix = Matrix(rowCount: columnOf.count, columnCount: columnOf.count)
    for position in 0..<rows where starts[position] > 0 {
      for a in 0..<entryCount {
        let first = Int(entries[position * entryCount + a])
        guard first >= 0 else { continue }
        let value =
          starts[position]
          * (a < marginCount ? 1 : numbers[position * numberCount + a - marginCount])
        for b in 0..<entryCount {
          let second = Int(entries[position * entryCount + b])
          guard second >= 0, second <= first else { continue }
          matrix[first, second] +=
            value * (b < marginCount ? 1 : numbers[position * numberCount + b - marginCount])
        }
      }
    }
    solver = SemidefiniteSolver(matrix)
  }

  var marginCount: Int { entryCount - numberCount }

  /// The value of a row's entry.
  func value(_ row: Int, entry: Int) -> Double {
    entry < marginCount ? 1 : numbers[row * numberCount + entry - marginCount]
  }

  /// B, from Σd·x·y/σ² by column.
  func coefficients(_ products: [Double]) -> [Double] { solver.solve(products) }
}
