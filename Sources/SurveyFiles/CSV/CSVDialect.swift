import SurveyData

/// The mark between a number's whole part and its decimals.
public enum DecimalMark: String, Sendable, CaseIterable {
  case point = "."
  case comma = ","
}

/// The encodings that survey tools and spreadsheets write.
public enum TextEncoding: String, Sendable, CaseIterable {
  case utf8 = "utf-8"
  case utf16 = "utf-16"
  case windows1252 = "windows-1252"
}

/// How a file of delimited text is written; what is `nil` is detected.
public struct CSVDialect: Sendable {
  public var delimiter: Character?
  public var decimalMark: DecimalMark?
  public var encoding: TextEncoding?
  /// Rows that may be refused before the file is: each is accounted for.
  public var maximumBadRows: Int = 0
  /// The sheet of a workbook; its first where none is named.
  public var sheet: String?

  public init() {}
}

/// What a command wants of a column.
public enum ColumnRole: Sendable {
  /// Categories, or numbers where a column holds more than 250 different ones.
  case asFound
  /// Categories, however many.
  case category
  /// Numbers; text is an error.
  case number
}

/// Which columns are kept. Only these are decoded.
public enum ColumnSelection: Sendable {
  case all
  case only([String: ColumnRole])
}

/// A file of delimited text as a dataset, with an account of how it was read.
public struct CSVReading: Sendable {
  public let dataset: Dataset
  public let rows: RowAccount
  /// Sentences on what was settled on the file's behalf.
  public let warnings: [String]
  /// The dialect as given and, where nothing was given, as detected; a decimal mark stays `nil`
  /// where no number shows one.
  public let dialect: CSVDialect
  /// Whether the file gives several columns the same name.
  let hasRepeatedNames: Bool
}

/// Rows read = rows kept + rows refused. The header is no row.
public struct RowAccount: Sendable {
  public let read: Int
  public let kept: Int
  public let refused: [RefusedRow]

  public init(kept: Int, refused: [RefusedRow]) {
    self.kept = kept
    self.refused = refused
    read = kept + refused.count
  }

  /// The rows that are left out, with their lines; `nil` where all are kept.
  func refusalWarning(file: String) -> String? {
    guard !refused.isEmpty else { return nil }
    return
      "\(file): \(refused.count) of \(read) rows \(refused.count == 1 ? "is" : "are") left out: "
      + refused.prefix(3).map(\.description).joined(separator: "; ")
      + (refused.count > 3 ? " and so on." : ".")
  }
}

/// A row that is not in the dataset, and why.
public struct RefusedRow: Sendable, Hashable, CustomStringConvertible {
  public enum Reason: Sendable, Hashable, CustomStringConvertible {
    case fieldCount(found: Int, expected: Int)
    case blankLine

    public var description: String {
      switch self {
      case .fieldCount(let found, let expected):
        "\(found) \(found == 1 ? "cell" : "cells") where the header has \(expected)"
      case .blankLine: "an empty line between rows"
      }
    }
  }

  /// The line on which the row begins, counted from 1.
  public let line: Int
  public let reason: Reason

  public var description: String { "line \(line): \(reason)" }
}
