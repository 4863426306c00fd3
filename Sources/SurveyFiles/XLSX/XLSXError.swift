import SurveyData

/// Why a workbook cannot be read.
public enum XLSXError: InputFault {
  case missing(file: String)
  case unreadable(file: String, reason: String)
  case notWorkbook(file: String, reason: String)
  case damagedPart(String, file: String, reason: String)
  case oversized(file: String)
  case noSheet(String, names: [String], file: String)
  case emptySheet(String, file: String)

  public var fault: Fault {
    switch self {
    case .missing, .unreadable: .input
    case .noSheet: .usage
    default: .data
    }
  }

  public var description: String {
    switch self {
    case .missing(let file): "\(file): there is no such file."
    case .unreadable(let file, let reason): "\(file): the file cannot be read: \(reason)."
    case .notWorkbook(let file, let reason):
      "\(file): this is no Excel workbook (.xlsx): \(reason). Save it again from the spreadsheet."
    case .damagedPart(let part, let file, let reason):
      "\(file): its part \(part) cannot be read: \(reason). Save it again from the spreadsheet."
    case .oversized(let file):
      "\(file): unpacked it is more than 100 times its size, which no answers are. "
        + "Save the sheet as .csv."
    case .noSheet(let sheet, let names, let file):
      "\(file): no sheet is named '\(sheet)'. The sheets are "
        + names.map { "'\($0)'" }.joined(separator: ", ") + "."
    case .emptySheet(let sheet, let file):
      "\(file): the sheet '\(sheet)' has no answers. Choose another with --sheet."
    }
  }
}
