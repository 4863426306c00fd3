/// What a person wrote about a book of tables: what stands in rows, by what, of whom, in what order.
public struct TablePlan: Sendable {
  public var path: String
  public var title: LocalizedText?
  public var language: Language?
  /// What holds for every table that says nothing else.
  public var common: Choices
  /// In the order of the book.
  public var tables: [Entry]

  public struct Entry: Sendable {
    /// A column or a set of several answers.
    public var item: String
    public var title: LocalizedText?
    public var choices: Choices
    public var place: SourcePlace

    public init(
      item: String, title: LocalizedText? = nil, choices: Choices = Choices(), place: SourcePlace
    ) {
      self.item = item
      self.title = title
      self.choices = choices
      self.place = place
    }
  }

  /// A name with the place where it was written.
  public struct Name: Sendable {
    public var text: String
    public var place: SourcePlace

    public init(_ text: String, place: SourcePlace) {
      self.text = text
      self.place = place
    }
  }

  /// Whose answers are weighted by what.
  public enum Weight: Sendable {
    case column(Name)
    case unweighted
  }

  public enum Order: String, Sendable, CaseIterable {
    /// As the codes stand in the codebook.
    case codes
    /// From the largest share of the total to the smallest.
    case share
  }

  /// What can be chosen for a book and for each table; `nil` is not chosen.
  public struct Choices: Sendable {
    /// Breakdowns side by side, nested columns within.
    public var banner: [[Name]]?
    public var filter: Expression?
    public var filterPlace: SourcePlace?
    public var weight: Weight?
    /// Names of nets; `nil` within is all that the codebook has.
    public var nets: [String]?
    public var usesCodebookNets: Bool?
    public var mean: Bool?
    public var percents: [String]?
    public var letters: [Double]?
    public var chart: Bool?
    public var order: Order?

    public init() {}
  }

  public init(path: String, common: Choices, tables: [Entry]) {
    self.path = path
    self.common = common
    self.tables = tables
  }
}

/// A plan of tables that does not fit the survey; every case knows its line.
public enum TablePlanError: InputFault {
  case noBanner(item: String, place: SourcePlace)
  case noSuchColumn(String, nearest: String?, input: String, place: SourcePlace)
  case condition(ExpressionError, place: SourcePlace)
  case level(String, place: SourcePlace)

  public var fault: Fault { .data }

  public var description: String {
    switch self {
    case .noBanner(let item, let place):
      "\(place): no banner is named for '\(item)'. Give one with banner: [a, b], here or for all "
        + "tables, or with --banner."
    case .noSuchColumn(let name, let nearest, let input, let place):
      "\(place): \(input) has no column '\(name)'."
        + (nearest.map { " The nearest name is '\($0)'." }
          ?? " List the columns with `pejling describe`.")
    case .condition(let error, let place): "\(place): \(error)"
    case .level(let text, let place):
      "\(place): letters takes one or two confidence levels between 0 and 1, as [0.95, 0.9], not "
        + "'\(text)'."
    }
  }
}
