import SurveyData
import SurveyStatistics

/// A number against a guideline, wave by wave: mean and quantiles, and the shares below, within and
/// above each version of the interval, the one in force and the others.
public struct GuidelineReport: Sendable {
  public let guideline: Guideline
  /// All figures as one table, for machines.
  public private(set) var table: Table
  /// Means and quantiles, then a table a version.
  let parts: [Table]
  private let time: String

  /// - Parameter time: the column that tells the time.
  public init(
    _ guideline: Guideline, survey: ResolvedSurvey, time: String, where domain: Expression?,
    inference: Inference
  ) throws {
    self.guideline = guideline
    self.time = time
    var prepared = survey
    var item = guideline.item
    let numbers = try guideline.numbers(in: survey.dataset)
    if let fullTime = guideline.fullTime {
      item += " per \(shortestText(fullTime.hours)) hours"
      prepared = prepared.with(Column(name: item, values: .numeric(numbers)), kind: .numeric)
    }
    func question(_ statistic: Statistic, of item: String) -> Question {
      Question(statistic, of: item, by: [[time]], where: domain, inference: inference)
    }
    var parts = [
      try prepared.table(answering: question(.mean, of: item)),
      try prepared.table(
        answering: question(.quantile(probabilities: [0.25, 0.5, 0.75]), of: item)),
    ]
    for version in guideline.versions {
      let name = guideline.name(of: version)
      prepared = prepared.with(
        Column(name: name, values: .categorical(version.classes(of: numbers))), kind: .categorical)
      prepared.describe(name, version, of: guideline)
      parts.append(try prepared.table(answering: question(.shares, of: name)))
    }
    self.parts = parts
    var whole = parts[0]
    whole.command = "guideline"
    for part in parts.dropFirst() {
      whole.cells += part.cells
      whole.warnings += part.warnings.filter { !whole.warnings.contains($0) }
    }
    table = whole
  }

  /// Notes that hold before any figure, as which wave was read.
  public mutating func add(warnings: [String]) {
    table.warnings = warnings + table.warnings
  }

  /// The report in words and rounded numbers.
  public func shown(in format: NumberFormat) -> ShownTable {
    let grids = parts.map { $0.shown(in: format) }
    var shown = grids[0]
    shown.title = "\(guideline.item): \(guideline.label[format.language])"
    shown.lead += sentences(in: format)
    for (part, grid) in zip(parts, grids).dropFirst() {
      var grid = grid
      // The heading of the answers says which interval they are held against.
      if part.cells.first?.statistic == "share",
        let column = grid.columns.firstIndex(where: {
          $0.heading == TableWords(format.language).answer
        })
      {
        grid.columns[column].heading = part.label[format.language]
      }
      shown.further.append(ShownTable.Grid(columns: grid.columns, rows: grid.rows))
    }
    // Of all parts: means, quantiles and shares have intervals by methods of their own.
    shown.notes = table.notes(TableWords(format.language), format) + table.warnings
    return shown
  }

  /// A sentence a wave: the share above the limit of the time, and above the other limits.
  public func sentences(in format: NumberFormat) -> [String] {
    let words = TableWords(format.language)
    var codes: [String] = []
    for cell in parts[0].cells where !codes.contains(cell.group[0].code) {
      codes.append(cell.group[0].code)
    }
    return codes.compactMap { code in
      guard let moment = decimalNumber(code),
        let current = guideline.versions.firstIndex(where: { $0.holds(at: moment) }),
        let above = share("above", version: current, wave: code),
        let within = share("within", version: current, wave: code)
      else { return nil }
      let limits = { (version: Guideline.Version) in
        "\(format.shortest(version.low))\u{2013}\(format.shortest(version.high))"
      }
      let others = guideline.versions.indices.filter { $0 != current }.compactMap { index in
        share("above", version: index, wave: code).map {
          (limits(guideline.versions[index]), format.percent($0))
        }
      }.map { limit, share in
        words.choose("målt mod \(limit) er \(share) over", "against \(limit) \(share) are above")
      }
      let rest = others.isEmpty ? "" : "; " + others.joined(separator: ", ")
      return words.choose(
        "\(code): \(format.percent(within)) inden for og \(format.percent(above)) over "
          + "\(limits(guideline.versions[current])), som gjaldt da\(rest).",
        "\(code): \(format.percent(within)) within and \(format.percent(above)) above "
          + "\(limits(guideline.versions[current])), in force then\(rest).")
    }
  }

  private func share(_ category: String, version: Int, wave: String) -> Double? {
    parts[2 + version].cells.first {
      $0.category == category && $0.group[0].code == wave && $0.suppression == nil
    }?.estimate.value
  }
}

extension Guideline {
  /// The numbers that are held against it, brought to full time where it asks for that.
  fileprivate func numbers(in dataset: Dataset) throws -> NumericColumn {
    let numbers = try dataset.numbers(item)
    guard let fullTime else { return numbers }
    let hours = try dataset.numbers(fullTime.column)
    return numbers.withValues { numbers in
      hours.withValues { hours in
        NumericColumn(
          numbers.indices.map { row in
            numbers[row].isNaN || !(hours[row] > 0)
              ? nil : numbers[row] * fullTime.hours / hours[row]
          })
      }
    }
  }

  fileprivate func name(of version: Version) -> String {
    "\(name) \(shortestText(version.low))-\(shortestText(version.high))"
  }
}

extension Guideline.Version {
  /// Below, within (limits included) or above.
  fileprivate func classes(of numbers: NumericColumn) -> CategoricalColumn {
    let categories =
      ["below", "within", "above"].map { SurveyData.Category(code: $0) }
      + [SurveyData.Category(code: "", missing: .noAnswer)]
    let indices = numbers.withValues { numbers in
      numbers.indices.map { row -> Int in
        let number = numbers[row]
        return number.isNaN ? 3 : number < low ? 0 : number > high ? 2 : 1
      }
    }
    return CategoricalColumn(categories: categories, indices: indices)
  }

  fileprivate var times: LocalizedText {
    switch (from, until) {
    case (let from?, let until?):
      LocalizedText("\(shortestText(from))\u{2013}\(shortestText(until))")
    case (let from?, nil):
      LocalizedText(da: "fra \(shortestText(from))", en: "from \(shortestText(from))")
    case (nil, let until?):
      LocalizedText(da: "til \(shortestText(until))", en: "until \(shortestText(until))")
    case (nil, nil): LocalizedText(da: "altid", en: "always")
    }
  }
}

extension ResolvedSurvey {
  /// Texts for the classes of a version.
  fileprivate mutating func describe(
    _ name: String, _ version: Guideline.Version, of guideline: Guideline
  ) {
    let (low, high) = (shortestText(version.low), shortestText(version.high))
    let variable = Variable(
      name: name,
      label: LocalizedText(
        da: "\(low)-\(high) (\(version.times[.da]))", en: "\(low)-\(high) (\(version.times[.en]))"),
      kind: .categorical,
      categories: [
        LabelledCategory(
          code: "below", label: LocalizedText(da: "Under \(low)", en: "Below \(low)")),
        LabelledCategory(
          code: "within", label: LocalizedText(da: "\(low)-\(high)", en: "\(low)-\(high)")),
        LabelledCategory(
          code: "above", label: LocalizedText(da: "Over \(high)", en: "Above \(high)")),
      ])
    add(variable)
  }
}
