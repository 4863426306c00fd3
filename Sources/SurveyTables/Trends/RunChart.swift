import Glibc
import SurveyData
import SurveyStatistics

/// A small series of one workplace, a figure a month: its median, and Anhøj's two run rules.
///
/// Of n figures that are not the median itself, chance alone seldom makes a run on one side of the
/// median longer than round(log₂ n) + 3, or fewer crossings of it than the 5 % quantile of the binomial
/// distribution of n − 1 tosses (Anhøj and Olesen 2014, PLoS ONE 9(11): e113825).
public struct RunChart: Sendable {
  public struct Point: Sendable {
    public var period: String
    /// `nil` where it is missing, or withheld.
    public var value: Double?
    public var isWithheld: Bool
  }

  public var variable: String
  public var label: LocalizedText
  public var source: DataSource
  public var points: [Point]
  public var median: Double
  /// The band of a guideline.
  public var band: ClosedRange<Double>?
  /// Figures on either side of the median.
  public var usefulCount: Int
  public var longestRun: Int
  public var longestRunLimit: Int
  public var crossings: Int
  public var crossingsLimit: Int
  public var warnings: [String]

  /// Whether a rule says that more than chance is at work.
  public var isShifted: Bool { longestRun > longestRunLimit || crossings < crossingsLimit }

  /// The fewest full-time workers that a figure is shown of, whatever is asked for: never one person's.
  private static let fewestWorkers = 2

  /// The fewest figures that the rules say anything of.
  private static let fewest = 10

  /// - Parameters:
  ///   - item: the figure of a month, or with `per` what is divided: cases, days, resignations.
  ///   - per: full-time workers; a month with fewer than `minimum` of them, or than two, is withheld.
  public init(
    _ item: String, per: String? = nil, period: String, band: ClosedRange<Double>? = nil,
    minimum: Int, in dataset: Dataset
  ) throws {
    let periods = try dataset.categories(period)
    let values = try dataset.numbers(item)
    let minimum = max(minimum, Self.fewestWorkers)
    let workers = try per.map { try dataset.numbers($0) }
    var rowOfPeriod: [Int: Int] = [:]
    var repeated: (code: String, row: Int)?
    periods.forEachIndex { row, index in
      guard periods.categories[index].missing == nil else { return }
      if rowOfPeriod[index] != nil, repeated == nil {
        repeated = (periods.categories[index].code, row)
      }
      rowOfPeriod[index] = row
    }
    if let repeated {
      throw RunChartError.severalRows(
        period: repeated.code, place: dataset.source.place(ofRow: repeated.row))
    }
    var warnings: [String] = []
    var points: [Point] = []
    for (index, category) in periods.categories.enumerated() {
      guard let row = rowOfPeriod[index] else { continue }
      var value = values.withValues { $0[row] }
      var isWithheld = false
      if let workers {
        let count = workers.withValues { $0[row] }
        isWithheld = !(count >= Double(minimum))
        value /= count
      }
      points.append(
        Point(
          period: category.code, value: isWithheld || !value.isFinite ? nil : value,
          isWithheld: isWithheld))
    }
    let shown = points.compactMap(\.value).sorted()
    guard shown.count > 1 else {
      throw RunChartError.tooFew(shown.count, item: item, file: dataset.source.path)
    }
    let middle = shown.count / 2
    let median = shown.count % 2 == 1 ? shown[middle] : (shown[middle - 1] + shown[middle]) / 2
    let sides = points.compactMap(\.value).filter { $0 != median }.map { $0 > median }
    var (longest, run, crossings) = (sides.isEmpty ? 0 : 1, 1, 0)
    for (before, now) in zip(sides, sides.dropFirst()) {
      run = before == now ? run + 1 : 1
      longest = max(longest, run)
      if before != now { crossings += 1 }
    }
    let withheld = points.count(where: \.isWithheld)
    if withheld > 0 {
      warnings.append(
        "\(withheld) months are withheld: fewer than \(minimum) full-time workers.")
    }
    if per == nil {
      warnings.append(
        "How many work there is not known, so no month is withheld: name the column of full-time "
          + "workers (--per), and make no chart of one person.")
    }
    if sides.count < Self.fewest {
      warnings.append(
        "\(sides.count) figures beside the median are too few for the run rules; 10 are the least.")
    }
    self.points = points
    self.median = median
    self.band = band
    self.warnings = warnings
    variable = per.map { "\(item) / \($0)" } ?? item
    label = dataset.codebook.variables[item]?.label ?? LocalizedText()
    source = dataset.source
    usefulCount = sides.count
    longestRun = longest
    longestRunLimit = sides.count < Self.fewest ? .max : Self.runLimit(sides.count)
    self.crossings = crossings
    crossingsLimit = sides.count < Self.fewest ? 0 : Self.crossingLimit(sides.count)
  }

  package static func runLimit(_ count: Int) -> Int { Int((log2(Double(count)) + 3).rounded()) }

  /// The smallest k with P(Bin(n − 1, ½) ≤ k) ≥ 5 %.
  package static func crossingLimit(_ count: Int) -> Int {
    let tosses = count - 1
    var term = pow(0.5, Double(tosses))
    var sum = term
    var k = 0
    while sum < 0.05, k < tosses {
      term *= Double(tosses - k) / Double(k + 1)
      sum += term
      k += 1
    }
    return k
  }

  /// What the rules say, in a sentence.
  public func sentence(in format: NumberFormat) -> String {
    let words = TableWords(format.language)
    guard crossingsLimit > 0 || longestRunLimit < .max else {
      return words.choose(
        "For få måneder til at skelne en ændring fra tilfældige udsving.",
        "Too few months to tell a change from chance.")
    }
    let facts = words.choose(
      "længste stræk på samme side af medianen \(longestRun) (grænse \(longestRunLimit)), krydsninger "
        + "\(crossings) (mindst \(crossingsLimit))",
      "longest run on one side of the median \(longestRun) (limit \(longestRunLimit)), crossings "
        + "\(crossings) (at least \(crossingsLimit))")
    return isShifted
      ? words.choose(
        "Udsvingene er ikke kun tilfældige: \(facts).",
        "The figures vary by more than chance: \(facts).")
      : words.choose(
        "Udsvingene kan være tilfældige: \(facts).",
        "The figures may vary by chance alone: \(facts).")
  }

  /// How many months lie within the band.
  public func bandSentence(in format: NumberFormat) -> String? {
    guard let band else { return nil }
    let words = TableWords(format.language)
    let values = points.compactMap(\.value)
    let within = values.count { band.contains($0) }
    let above = values.count { $0 > band.upperBound }
    let limits = "\(format.shortest(band.lowerBound))\u{2013}\(format.shortest(band.upperBound))"
    return words.choose(
      "\(within) af \(values.count) måneder inden for \(limits), \(above) over.",
      "\(within) of \(values.count) months within \(limits), \(above) above.")
  }

  public func shown(in format: NumberFormat) -> ShownTable {
    let words = TableWords(format.language)
    let columns = [
      ShownTable.Column(heading: words.choose("måned", "month"), isNumeric: false),
      ShownTable.Column(heading: variable, isNumeric: true),
      ShownTable.Column(
        heading: words.choose("mod medianen", "against the median"), isNumeric: false),
    ]
    let rows = points.map { point -> [String] in
      guard let value = point.value else {
        return [point.period, point.isWithheld ? words.withheldTerm : words.nothing, ""]
      }
      let side =
        value > median
        ? words.choose("over", "above")
        : value < median ? words.choose("under", "below") : words.choose("på", "on")
      return [point.period, format.significant(value), side]
    }
    return ShownTable(
      title: label[format.language].isEmpty ? variable : "\(variable): \(label[format.language])",
      lead: [sentence(in: format)] + [bandSentence(in: format)].compactMap { $0 },
      columns: columns, rows: rows,
      notes: [words.choose("Median: ", "Median: ") + format.significant(median) + "."] + warnings)
  }
}

/// A series that cannot be charted.
public enum RunChartError: InputFault {
  case severalRows(period: String, place: RowPlace)
  case tooFew(Int, item: String, file: String)

  public var fault: Fault { .data }

  public var description: String {
    switch self {
    case .severalRows(let period, let place):
      "\(place): '\(period)' stands in a second row. A run chart has one figure a month of a whole "
        + "workplace, never of persons: add the rows up first."
    case .tooFew(let count, let item, let file):
      "\(file): '\(item)' has \(count) months that can be shown; a run chart needs two at least."
    }
  }
}
