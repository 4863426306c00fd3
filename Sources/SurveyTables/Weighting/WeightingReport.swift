import SurveyData
import SurveyStatistics

/// What must be known of weights before they are used: how they were made, what they meet, how
/// unequal they are, and what they change.
public struct WeightingReport: Sendable {
  public var source: DataSource
  public var rows: RowUse
  public var design: DesignSummary
  /// The column that holds the weights.
  public var name: String
  public var fitted: FittedWeights
  public var spread: WeightSpread
  /// The spread of the start weights.
  public var startSpread: WeightSpread
  /// Respondents by weight over mean weight.
  public var histogram: [Bin]
  /// The largest and the smallest weights, the farthest from the mean first.
  public var extremes: [Extreme]
  public var changes: [Change]
  public var warnings: [String]
  /// Texts of the margins' categories, by group and margin in their order.
  public var labels: [[LocalizedText]]
  public var disclosure: DisclosureRules
  /// How the weights make up for non-response, before any margins.
  public var nonresponse: NonresponseAdjustment?
  /// Whether the weights were fitted to margins, after that where there is non-response.
  public var hasMargins: Bool

  public struct Bin: Sendable {
    public var low: Double
    public var high: Double
    public var respondents: Int
  }

  public struct Extreme: Sendable {
    /// `nil` where rows are not to be pointed at.
    public var place: RowPlace?
    public var weight: Double
    public var ratio: Double
  }

  /// A key figure under the start weights and under the new ones.
  public struct Change: Sendable {
    public var variable: String
    public var label: LocalizedText
    public var isShare: Bool
    public var before: Double?
    public var after: Double?
    public var standardError: Double?
  }
}

extension CategoricalColumn {
  /// Numbers, and too many different ones for a line each: their mean says more.
  fileprivate var isManyNumbers: Bool {
    let valid = categories.filter { $0.missing == nil }
    return valid.count > 20 && valid.allSatisfy { $0.number != nil }
  }
}

extension WeightingReport {
  static let extremeCount = 10
  static let mostBins = 20

  /// - Parameters:
  ///   - description: the design, the weights of which these become.
  ///   - items: columns whose figures are compared before and after.
  ///   - nonresponse: how the weights make up for non-response, and whether they were fitted to
  ///     margins after that.
  public init(
    _ fitted: FittedWeights, named name: String, of dataset: Dataset,
    design description: DesignDescription, drop: Expression? = nil, items: [String] = [],
    disclosure: DisclosureRules = .none,
    nonresponse: (adjustment: NonresponseAdjustment, marginsFollow: Bool)? = nil
  ) throws {
    source = dataset.source
    self.nonresponse = nonresponse?.adjustment
    hasMargins = nonresponse?.marginsFollow ?? true
    self.name = name
    self.fitted = fitted
    self.disclosure = disclosure
    let start = "\(name) before"
    let weighted = dataset.with([
      Column(name: name, values: .numeric(fitted.weights)),
      Column(name: start, values: .numeric(fitted.startWeights)),
    ])
    guard let spread = try WeightSpread(name, in: weighted),
      var startSpread = try WeightSpread(start, in: weighted)
    else { preconditionFailure("weights were fitted to nobody") }
    startSpread.column = fitted.description.startWeight ?? ""
    self.spread = spread
    self.startSpread = startSpread
    histogram = Self.histogram(fitted.weights, mean: spread.mean)
    extremes = Self.extremes(
      fitted.weights, mean: spread.mean,
      source: disclosure.minimumBase > 0 ? nil : dataset.source)

    var design = description
    if design.lonelyPSU == .fail { design.lonelyPSU = .remove }
    design.replicates = nil
    design.weight = name
    // Without margins there is nothing that residuals could be taken from.
    let hasResiduals = hasMargins || nonresponse?.adjustment.description.hasClasses ?? false
    design.weighting = hasResiduals ? fitted.description : nil
    design.takesNonresponseAsKnown =
      nonresponse.map { $0.marginsFollow || !$0.adjustment.description.hasClasses } ?? false
    let after = try ResolvedSurvey(weighted, design: design, drop: drop, disclosure: disclosure)
    self.design = after.designSummary
    design.weight = start
    design.weighting = nil
    design.takesNonresponseAsKnown = false
    let before = try ResolvedSurvey(weighted, design: design, drop: drop, disclosure: disclosure)
    changes = try items.flatMap { try Self.changes(of: $0, from: before, to: after) }
    let dropped = after.droppedRows
    let respondents = fitted.groups.reduce(0) { $0 + $1.respondents }
    rows = RowUse(
      used: respondents, outsideDomain: 0, missing: 0,
      withoutWeight: dataset.rowCount - dropped - respondents, dropped: dropped,
      unreadable: dataset.source.refusedRowsInAll)
    labels = fitted.groups.map { group in
      group.margins.map { category in
        let columns = category.variable.split(separator: ":").map(String.init)
        let codes = category.code.split(separator: ":").map(String.init)
        func text(_ language: Language) -> String {
          zip(columns, codes).map {
            dataset.codebook.label(of: $1, in: $0, language: language)
          }.joined(separator: ", ")
        }
        return LocalizedText(da: text(.da), en: text(.en))
      }
    }
    warnings = []
    warnings = ownWarnings()
  }

  private func ownWarnings() -> [String] {
    var warnings: [String] = []
    if rows.withoutWeight > 0 {
      warnings.append(
        "\(rows.withoutWeight) rows have no start weight, or one of 0; they get no weight.")
    }
    warnings += nonresponse?.collapseNotes ?? []
    for group in fitted.groups {
      let place = group.code.map { " (group '\($0)')" } ?? ""
      for category in group.margins where category.isUnknown {
        warnings.append(
          "\(category.variable)\(place): \(count(category.respondents)) respondents are in no "
            + "category with a target; together they keep the share that they started with.")
      }
      if let trimming = group.trimming, !trimming.isComplete {
        let worst = group.margins.max { abs($0.after - $0.target) < abs($1.after - $1.target) }
        warnings.append(
          "Trimming\(place): after \(trimming.rounds) rounds the limits and the margins could not "
            + "both be met; the weights are within the limits, and the margins are off by as much "
            + "as \(worst.map { "\(shortestText(((($0.after - $0.target) * 1e6).rounded()) / 1e4)) percentage points (\($0.variable) = \($0.code))" } ?? "reported")."
        )
      }
    }
    for (column, codes) in fitted.description.collapse.sorted(by: { $0.key < $1.key }) {
      let pairs = codes.sorted { $0.key < $1.key }.map { "\($0.key) as \($0.value)" }
      warnings.append("\(column): counted together, \(pairs.joined(separator: ", ")).")
    }
    return warnings
  }

  func count(_ respondents: Int) -> String {
    respondents < disclosure.minimumBase ? "few" : "\(respondents)"
  }

  /// Whole bins of a round width, at most twenty.
  private static func histogram(_ weights: NumericColumn, mean: Double) -> [Bin] {
    let ratios = weights.withValues { values in
      values.indices.filter { values[$0] > 0 }.map { values[$0] / mean }
    }
    let largest = ratios.max() ?? 1
    let widths = [0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100]
    let width = widths.first { largest / $0 < Double(mostBins) } ?? largest / Double(mostBins)
    var counts = [Int](repeating: 0, count: Int(largest / width) + 1)
    for ratio in ratios { counts[min(Int(ratio / width), counts.count - 1)] += 1 }
    let first = counts.firstIndex { $0 > 0 } ?? 0
    return counts.indices.dropFirst(first).map { index in
      Bin(low: Double(index) * width, high: Double(index + 1) * width, respondents: counts[index])
    }
  }

  private static func extremes(
    _ weights: NumericColumn, mean: Double, source: DataSource?
  ) -> [Extreme] {
    let found = weights.withValues { values in
      values.indices.filter { values[$0] > 0 }.map { (row: $0, ratio: values[$0] / mean) }
    }
    // As far below as above: by the logarithm of the ratio.
    func distance(_ ratio: Double) -> Double { max(ratio, 1 / ratio) }
    return found.sorted { (distance($0.ratio), $1.row) > (distance($1.ratio), $0.row) }
      .prefix(extremeCount).map { row, ratio in
        Extreme(place: source?.place(ofRow: row), weight: ratio * mean, ratio: ratio)
      }
  }

  private static func changes(
    of item: String, from before: ResolvedSurvey, to after: ResolvedSurvey
  ) throws -> [Change] {
    let isNumber =
      switch try after.dataset.column(item).values {
      case .numeric: true
      case .categorical(let column): column.isManyNumbers
      }
    let question = Question(isNumber ? .mean : .shares, of: item)
    let old = try before.table(answering: question)
    let new = try after.table(answering: question)
    return zip(old.cells, new.cells).map { old, new in
      let isShown = old.suppression == nil && new.suppression == nil
      return Change(
        variable: item,
        label: isNumber ? LocalizedText() : new.label, isShare: !isNumber,
        before: isShown ? old.estimate.value : nil, after: isShown ? new.estimate.value : nil,
        standardError: isShown ? new.estimate.standardError : nil)
    }
  }
}
