import SurveyData

/// Why an SPSS file could not be read.
public enum SAVError: InputFault {
  /// The parts of the file, as messages call them.
  public enum Record: String, Sendable {
    case header = "file header"
    case variable = "variable record"
    case valueLabels = "value label record"
    case labelledVariables = "record of labelled variables"
    case documents = "document record"
    case information = "information record"
    case longNames = "record of long names"
    case veryLongStrings = "record of very long strings"
    case longStringLabels = "record of long string labels"
    case longStringMissing = "record of long string missing values"
    case dictionaryEnd = "end of the dictionary"
    case compressedHeader = "header of the compressed data"
    case compressedTrailer = "table of compressed blocks"
    case compressedBlock = "compressed block"
    case cases = "case data"
  }

  case missing(file: String)
  case unreadable(file: String, reason: String)
  case notSAV(file: String)
  case unsupported(file: String, field: String, value: String, offset: Int)
  /// The file ends inside a record, or a count in it is larger than the file.
  case truncated(Record, file: String, offset: Int, needed: Int)
  /// A field holds what it cannot hold.
  case unusable(Record, file: String, offset: Int, field: String, value: Int)
  case unknownRecord(type: Int, file: String, offset: Int)
  case corruptBlock(number: Int, file: String, offset: Int)
  /// `declared` is `nil` where the file does not say how many cases it has.
  case truncatedCases(complete: Int, declared: Int?, file: String, offset: Int)
  case noVariables(file: String)
  case noCases(file: String, variables: Int)
  case noMemory(file: String, bytes: Int)
  case notNumeric(column: String, value: String, file: String)

  public var fault: Fault {
    switch self {
    case .missing, .unreadable: .input
    default: .data
    }
  }

  public var description: String {
    switch self {
    case .missing(let file): "\(file): there is no such file."
    case .unreadable(let file, let reason): "\(file): the file cannot be read: \(reason)."
    case .notSAV(let file):
      "\(file): this is no SPSS file: it does not begin with $FL2 or $FL3. "
        + "Save it from SPSS as .sav, or give the file the suffix of its own format."
    case .unsupported(let file, let field, let value, let offset):
      "\(file): the file has \(field) \(inOneLine(value)) (byte \(offset)), which Pejling does not read. "
        + "Save it once more from SPSS or PSPP."
    case .truncated(let record, let file, let offset, let needed):
      "\(file): the \(record.rawValue) at byte \(offset) needs \(needed) more bytes than the file "
        + "has. The file is damaged or incomplete: copy or export it again."
    case .unusable(let record, let file, let offset, let field, let value):
      "\(file): the \(record.rawValue) at byte \(offset) has \(field) \(value), which is impossible. "
        + "The file is damaged: copy or export it again."
    case .unknownRecord(let type, let file, let offset):
      "\(file): a record of the unknown type \(type) stands at byte \(offset). "
        + "The file is damaged: copy or export it again."
    case .corruptBlock(let number, let file, let offset):
      "\(file): the compressed block \(number) at byte \(offset) cannot be unpacked. "
        + "The file is damaged: copy or export it again."
    case .truncatedCases(let complete, let declared, let file, let offset):
      "\(file): the case data end at byte \(offset), after \(complete) complete "
        + (complete == 1 ? "case" : "cases")
        + (declared.map { " of the \($0) that the header promises" } ?? " and a part of the next")
        + ". The file is incomplete: copy or export it again."
    case .noVariables(let file): "\(file): the file has no variables. Export it again."
    case .noCases(let file, let variables):
      "\(file): the file has \(variables) \(variables == 1 ? "variable" : "variables") but no cases. "
        + "Export it again with the answers."
    case .noMemory(let file, let bytes):
      "\(file): there is no memory for \(bytes) bytes of its cases. Read fewer columns."
    case .notNumeric(let column, let value, let file):
      "\(file): column '\(column)' holds the text '\(value)', which is no number. "
        + "Choose a column of numbers."
    }
  }
}
