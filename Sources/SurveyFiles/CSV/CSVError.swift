import SurveyData

/// Why a file of delimited text could not be read.
public enum CSVError: InputFault {
  case unusableDelimiter(Character)
  case missing(file: String)
  case unreadable(file: String, reason: String)
  case empty(file: String)
  case headerOnly(file: String, columns: Int)
  case binary(file: String, kind: String?, place: Int)
  case invalidText(encoding: TextEncoding, place: SourcePlace, byte: UInt8)
  case unclosedQuote(file: String, line: Int)
  case strayQuote(file: String, line: Int, cell: String)
  case badRows([RefusedRow], file: String, allowed: Int)
  case oversizedRow(file: String, line: Int)
  case duplicateColumn(String, first: Int, second: Int, file: String)
  case notNumeric(column: String, value: String, place: RowPlace)
  case ambiguousNumber(column: String, value: String, place: RowPlace)
  case mixedDecimalMarks(column: String, value: String, place: RowPlace, earlier: String)

  public var fault: Fault {
    switch self {
    case .unusableDelimiter: .usage
    case .missing, .unreadable: .input
    default: .data
    }
  }

  public var description: String {
    switch self {
    case .unusableDelimiter(let delimiter):
      "--delimiter '\(delimiter)' cannot separate cells. "
        + "Give one ASCII character that is no quotation mark, line break or blank."
    case .missing(let file): "\(file): there is no such file."
    case .unreadable(let file, let reason): "\(file): the file cannot be read: \(reason)."
    case .empty(let file):
      "\(file): the file is empty. A header line with column names and at least one row are needed."
    case .headerOnly(let file, let columns):
      "\(file): the file has a header of \(columns) \(columns == 1 ? "column" : "columns") "
        + "but no rows. Export it again with the answers."
    case .binary(let file, let kind, let place):
      "\(file): the file is binary, not text (byte \(place + 1))"
        + (kind.map { "; it looks like \($0). Save it as CSV." } ?? ". Export it as CSV.")
    case .invalidText(let encoding, let place, let byte):
      "\(place): byte 0x\(hexadecimal(byte)) is not valid \(encoding.rawValue). "
        + "Leave the encoding to be detected, or name it with --encoding "
        + (encoding == .utf8 ? "windows-1252." : "utf-8.")
    case .unclosedQuote(let file, let line):
      "\(file):\(line): the quotation mark that opens on this line is never closed. "
        + "Close it, or double it (\"\") where it belongs to the text."
    case .strayQuote(let file, let line, let cell):
      "\(file):\(line): a quotation mark stands inside the cell \(quoted(cell)). "
        + "Put the whole cell in quotation marks and double the marks inside it."
    case .badRows(let rows, let file, let allowed):
      badRowsText(rows, file: file, allowed: allowed)
    case .oversizedRow(let file, let line):
      "\(file):\(line): a row is longer than 2 GB. A quotation mark is probably not closed."
    case .duplicateColumn(let name, let first, let second, let file):
      "\(file):1: two columns are named '\(name)': columns \(first) and \(second). "
        + "Rename one of them in the header."
    case .notNumeric(let column, let value, let place):
      "\(place): column '\(column)' holds \(quoted(value)), which is no number. "
        + "Correct the value, or leave the cell empty where the answer is missing."
    case .ambiguousNumber(let column, let value, let place):
      "\(place): column '\(column)' holds \(quoted(value)), which is either a thousand or a decimal, "
        + "and no other value of the column settles it. "
        + "Say which mark decimals have: --decimal , or --decimal ."
    case .mixedDecimalMarks(let column, let value, let place, let earlier):
      "\(place): column '\(column)' holds \(quoted(value)), but an earlier value, "
        + "\(quoted(earlier)), has the other decimal mark. Use one mark in the column."
    }
  }
}

private func badRowsText(_ rows: [RefusedRow], file: String, allowed: Int) -> String {
  let place = "\(file):\(rows[0].line): "
  if allowed == 0 {
    let remedy =
      switch rows[0].reason {
      case .fieldCount: "Correct the row"
      case .blankLine: "Remove the line"
      }
    let found =
      switch rows[0].reason {
      case .fieldCount(let found, let expected):
        "the row has \(found) \(found == 1 ? "cell" : "cells"), but the header has \(expected)."
      case .blankLine: "an empty line stands between rows."
      }
    return place + found + " \(remedy), or let such rows be refused with --max-bad-rows."
  }
  return place + "more than \(allowed) bad \(allowed == 1 ? "row" : "rows"): "
    + rows.prefix(3).map(\.description).joined(separator: "; ")
    + (rows.count > 3 ? " and so on" : "")
    + ". Correct them, or allow more with --max-bad-rows."
}

/// A cell's text between quotation marks, on one line and no longer than a message can bear.
private func quoted(_ text: String) -> String {
  var shown = ""
  for scalar in text.unicodeScalars.prefix(60) {
    shown.unicodeScalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
  }
  return "'\(shown)\(text.unicodeScalars.count > 60 ? "…" : "")'"
}

private func hexadecimal(_ byte: UInt8) -> String {
  let digits = String(byte, radix: 16, uppercase: true)
  return digits.count == 1 ? "0" + digits : digits
}
