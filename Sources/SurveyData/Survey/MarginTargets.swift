/// What weights are to meet: a margins file, or the counts of a register.
public struct MarginTargets: Sendable, Hashable {
  /// One column's population, or that of several columns crossed.
  public struct Margin: Sendable, Hashable {
    public var columns: [String]
    public var cells: [Cell]
    public var amounts: Amounts
    public var place: SourcePlace

    public init(
      columns: [String], cells: [Cell], amounts: Amounts = .asTheyLook, place: SourcePlace
    ) {
      self.columns = columns
      self.cells = cells
      self.amounts = amounts
      self.place = place
    }

    /// Whether the amounts are shares of the population, not counts.
    public var isOfShares: Bool {
      switch amounts {
      case .counts: false
      case .shares: true
      case .asTheyLook: cells.allSatisfy { $0.amount <= 1 }
      }
    }

    /// `region:sex`.
    public var name: String { columns.joined(separator: ":") }
    public var sum: Double { cells.reduce(0) { $0 + $1.amount } }
  }

  /// What the amounts of a margin are.
  public enum Amounts: Sendable, Hashable {
    case counts
    case shares
    /// Nobody has said: shares where none is above 1.
    case asTheyLook
  }

  /// One category of a margin, a code a column.
  public struct Cell: Sendable, Hashable {
    public var codes: [String]
    /// A count, or a share of the population.
    public var amount: Double
    public var place: SourcePlace

    public init(codes: [String], amount: Double, place: SourcePlace) {
      self.codes = codes
      self.amount = amount
      self.place = place
    }

    public var code: String { codes.joined(separator: ":") }
  }

  /// The population's total, or mean, of a number.
  public struct Total: Sendable, Hashable {
    public var column: String
    public var amount: Double
    public var isMean: Bool
    public var place: SourcePlace

    public init(column: String, amount: Double, isMean: Bool = false, place: SourcePlace) {
      self.column = column
      self.amount = amount
      self.isMean = isMean
      self.place = place
    }
  }

  public var path: String
  public var margins: [Margin]
  public var totals: [Total]
  /// The number of people, where no margin of counts says it.
  public var population: Double?
  /// The column that the variance of the model is proportional to (of the ratio estimator, its own).
  public var variance: String?
  /// Targets of one group alone, by its code, where groups have their own.
  public var groups: [String: MarginTargets]

  public init(
    path: String, margins: [Margin] = [], totals: [Total] = [], population: Double? = nil,
    variance: String? = nil, groups: [String: MarginTargets] = [:]
  ) {
    self.path = path
    self.margins = margins
    self.totals = totals
    self.population = population
    self.variance = variance
    self.groups = groups
  }

  /// Whether nothing is to be met.
  public var isEmpty: Bool { margins.isEmpty && totals.isEmpty && groups.isEmpty }

  /// Every column that is met.
  public var columnNames: [String] {
    var seen: Set<String> = []
    return
      ((margins.flatMap(\.columns) + totals.map(\.column) + (variance.map { [$0] } ?? []))
      + groups.sorted { $0.key < $1.key }.flatMap(\.value.columnNames))
      .filter { seen.insert($0).inserted }
  }
}
