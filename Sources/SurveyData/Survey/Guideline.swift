/// A recommended interval for a number, as it has been over time.
public struct Guideline: Sendable, Hashable {
  public var name: String
  public var label: LocalizedText
  /// The numeric variable that it is for.
  public var item: String
  /// Numbers are brought to this many hours a week, by a column of hours; `nil`: as they are.
  public var fullTime: FullTime?
  /// In the order of time; no two hold at once.
  public var versions: [Version]
  public var place: SourcePlace

  public struct FullTime: Sendable, Hashable {
    public var column: String
    public var hours: Double

    public init(column: String, hours: Double) {
      self.column = column
      self.hours = hours
    }
  }

  /// An interval, its limits included, and the times in which it holds.
  public struct Version: Sendable, Hashable {
    public var from: Double?
    public var until: Double?
    public var low: Double
    public var high: Double

    public init(from: Double? = nil, until: Double? = nil, low: Double, high: Double) {
      self.from = from
      self.until = until
      self.low = low
      self.high = high
    }

    /// Whether it holds at a time.
    public func holds(at time: Double) -> Bool {
      time >= from ?? -.infinity && time <= until ?? .infinity
    }
  }

  public init(
    name: String, label: LocalizedText, item: String, fullTime: FullTime? = nil,
    versions: [Version], place: SourcePlace
  ) {
    self.name = name
    self.label = label
    self.item = item
    self.fullTime = fullTime
    self.versions = versions
    self.place = place
  }

  /// Every column that it needs.
  public var columnNames: [String] { [item] + (fullTime.map { [$0.column] } ?? []) }
}
