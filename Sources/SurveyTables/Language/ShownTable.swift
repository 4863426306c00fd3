import SurveyData
import SurveyStatistics

/// A table as people read it: every number rounded and worded, ready to be laid out.
public struct ShownTable: Sendable {
  public struct Column: Sendable {
    public var heading: String
    public var isNumeric: Bool
  }

  /// A further table below the first, as differences below what they are differences of.
  public struct Grid: Sendable {
    public var columns: [Column]
    public var rows: [[String]]
  }

  public var title: String
  /// Lines between the title and the table: the wording, the base.
  public var lead: [String]
  public var columns: [Column]
  public var rows: [[String]]
  public var further: [Grid] = []
  public var notes: [String]

  /// The table and what stands below it.
  public var grids: [Grid] { [Grid(columns: columns, rows: rows)] + further }

  public init(
    title: String, lead: [String] = [], columns: [Column], rows: [[String]], notes: [String] = []
  ) {
    self.title = title
    self.lead = lead
    self.columns = columns
    self.rows = rows
    self.notes = notes
  }
}
