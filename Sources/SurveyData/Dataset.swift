/// The respondents' answers: named columns of equal length, with the codebook that explains them.
public struct Dataset: Sendable {
  public let rowCount: Int
  /// In the order of the file.
  public let columns: [Column]
  public var codebook: Codebook
  public package(set) var source: DataSource
  private let positions: [String: Int]

  /// - Precondition: the columns have `rowCount` rows and different names.
  public init(
    rowCount: Int, columns: [Column], codebook: Codebook = Codebook(),
    source: DataSource = DataSource(path: "(memory)")
  ) {
    precondition(columns.allSatisfy { $0.rowCount == rowCount }, "columns of unequal length")
    self.rowCount = rowCount
    self.columns = columns
    self.codebook = codebook
    self.source = source
    positions = Dictionary(
      uniqueKeysWithValues: columns.enumerated().map { ($0.element.name, $0.offset) })
  }

  public subscript(name: String) -> Column? { positions[name].map { columns[$0] } }

  /// The column of that name, or an error that names the nearest one.
  public func column(_ name: String) throws(DatasetError) -> Column {
    if let column = self[name] { return column }
    throw .noSuchColumn(
      name, nearest: nearestName(to: name, among: source.columnNames ?? columns.map(\.name)),
      file: source.path)
  }

  /// The same rows with columns added, or put in place of those of the same name.
  package func with(_ new: [Column]) -> Dataset {
    var all = columns
    for column in new {
      if let position = all.firstIndex(where: { $0.name == column.name }) {
        all[position] = column
      } else {
        all.append(column)
      }
    }
    return Dataset(rowCount: rowCount, columns: all, codebook: codebook, source: source)
  }
}

/// Where a dataset came from: what a message needs to name a row, and a result to name its input.
public struct DataSource: Sendable {
  public var path: String
  /// SHA-256 of the file's bytes, in hexadecimal; `nil` for data made in memory.
  public var sha256: String?
  /// Every column the file has, also those that were not kept.
  public var columnNames: [String]?
  /// The files whose rows were stacked, in their order; empty where there is one file.
  public var parts: [Part] = []
  /// Rows of the file that could not be read and were left out (`--max-bad-rows`).
  package var refusedRows = 0
  /// The same, those of stacked files among them.
  package var refusedRowsInAll: Int { parts.reduce(refusedRows) { $0 + $1.source.refusedRows } }
  /// The line of the first row, and then a breakpoint wherever a cell with line breaks moves the
  /// lines on: `(row, line)`, ascending. Empty where the format has no lines.
  package var lineBreakpoints: [(row: Int, line: Int)]
  /// The row that each row was in the source, counted from 0, where a column store has put them in
  /// design order: `Int32`.
  package var originalRows: Bytes?
  /// The design whose order that is.
  package var designOrder: DesignOrder?

  /// One of several files whose rows were put under each other.
  public struct Part: Sendable {
    public var firstRow: Int
    public var source: DataSource

    public init(firstRow: Int, source: DataSource) {
      self.firstRow = firstRow
      self.source = source
    }
  }

  public init(path: String, sha256: String? = nil, columnNames: [String]? = nil) {
    self.path = path
    self.sha256 = sha256
    self.columnNames = columnNames
    lineBreakpoints = []
  }

  /// Where a row stands. A file with lines gives the line on which the row begins.
  package func place(ofRow row: Int) -> RowPlace {
    let row = originalRows?.withSpan(of: Int32.self) { Int($0[row]) } ?? row
    if let part = parts.last(where: { $0.firstRow <= row }) {
      return part.source.place(ofRow: row - part.firstRow)
    }
    guard let last = lineBreakpoints.last(where: { $0.row <= row }) else {
      return RowPlace(file: path, row: row + 1, line: nil)
    }
    return RowPlace(file: path, row: row + 1, line: last.line + (row - last.row))
  }
}

/// A row of the data as a message names it: by line where there are lines, else by row.
public struct RowPlace: Sendable, CustomStringConvertible {
  public let file: String
  /// Counted from 1, the header not included.
  public let row: Int
  public let line: Int?

  public var description: String { line.map { "\(file):\($0)" } ?? "\(file), row \(row)" }
}

public enum DatasetError: InputFault {
  case noSuchColumn(String, nearest: String?, file: String)
  case notNumeric(column: String, value: String, place: RowPlace)
  case ambiguousNumber(column: String, value: String, place: RowPlace)

  public var fault: Fault { .data }

  public var description: String {
    switch self {
    case .noSuchColumn(let name, let nearest, let file):
      "\(file): no column is named '\(name)'."
        + (nearest.map { " The nearest name is '\($0)'." }
          ?? " List the columns with `pejling describe`.")
    case .notNumeric(let column, let value, let place):
      "\(place): column '\(column)' holds '\(inOneLine(value))', which is no number. "
        + "Correct the value; give an answer with a label its number by a recode in a survey file; or, "
        + "where it is no answer, declare it missing with --missing '\(column)=\(inOneLine(value))'."
    case .ambiguousNumber(let column, let value, let place):
      "\(place): column '\(column)' holds '\(inOneLine(value))', which is either a thousand or a decimal, "
        + "and no other value of the column settles it. "
        + "Say which mark decimals have: --decimal , or --decimal ."
    }
  }
}
