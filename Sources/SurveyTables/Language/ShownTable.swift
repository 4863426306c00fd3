import SurveyData
import SurveyStatistics

/// A table as people read it: every number rounded and worded, ready to be laid out.
public struct ShownTable: Sendable {
  public struct Column: Sendable {
    public var heading: String
    public var isNumeric: Bool
  }

  public var title: String
  /// Lines between the title and the table: the wording, the base.
  public var lead: [String]
  public var columns: [Column]
  public var rows: [[String]]
  public var notes: [String]

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
