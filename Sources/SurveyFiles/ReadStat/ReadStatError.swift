import SurveyData

/// Why a Stata, SAS or portable SPSS file could not be read.
public enum ReadStatError: InputFault {
  case missing(file: String)
  case unreadable(file: String, reason: String)
  /// `reason` is ReadStat's own sentence.
  case refused(file: String, format: ReadStatFormat, reason: String)
  case noCases(file: String, variables: Int)
  case noMemory(file: String)
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
    case .refused(let file, let format, let reason):
      "\(file): this cannot be read as \(format.title): \(reason). "
        + "The file is damaged or of another format: export it again."
    case .noCases(let file, let variables):
      "\(file): the file has \(variables) \(variables == 1 ? "variable" : "variables") but no rows. "
        + "Export it again with the answers."
    case .noMemory(let file): "\(file): there is no memory for its rows. Read fewer columns."
    case .notNumeric(let column, let value, let file):
      "\(file): column '\(column)' holds the text '\(value)', which is no number. "
        + "Choose a column of numbers."
    }
  }
}

/// The formats that ReadStat reads, by their suffixes.
public enum ReadStatFormat: String, Sendable {
  case por, dta, sas7bdat, xpt
  /// Pejling has a reader of its own for these: ReadStat's is the oracle in tests.
  case sav

  /// Those for which ReadStat is the reader.
  static let own: [ReadStatFormat] = [.por, .dta, .sas7bdat, .xpt]

  var title: String {
    switch self {
    case .por: "a portable SPSS file (.por)"
    case .dta: "a Stata file (.dta)"
    case .sas7bdat: "a SAS file (.sas7bdat)"
    case .xpt: "a SAS transport file (.xpt)"
    case .sav: "an SPSS file (.sav)"
    }
  }

  /// What a number with this print format says of time.
  func moment(_ format: String) -> Moment? {
    // Stata and SAS count from 1960-01-01.
    let sixties = -3653
    let day = Moment(kind: .day, epoch: sixties, perSecond: 1 / 86_400)
    switch self {
    case .por, .sav:
      let letters = format.uppercased().prefix { $0.isLetter }
      switch letters {
      case "DATE", "ADATE", "EDATE", "SDATE", "JDATE", "MOYR", "QYR", "WKYR": return .spss(.day)
      case "DATETIME", "YMDHMS": return .spss(.instant)
      case "TIME", "DTIME", "MTIME": return .spss(.time)
      default: return nil
      }
    case .dta:
      let plain = format.filter { $0 != "-" }
      if plain.hasPrefix("%td") || plain.hasPrefix("%d") { return day }
      if plain.hasPrefix("%tc") || plain.hasPrefix("%tC") {
        return Moment(kind: .instant, epoch: sixties, perSecond: 1000)
      }
      return nil
    case .sas7bdat, .xpt:
      let letters = format.uppercased().prefix { $0.isLetter }
      for name in ["DATETIME", "E8601DT", "DATEAMPM", "MDYAMPM"] where format.hasPrefix(name) {
        return Moment(kind: .instant, epoch: sixties, perSecond: 1)
      }
      for name in ["TIME", "HHMM", "TOD", "E8601TM"] where format.hasPrefix(name) {
        return Moment(kind: .time, epoch: sixties, perSecond: 1)
      }
      let days = [
        "DATE", "MMDDYY", "DDMMYY", "YYMMDD", "WEEKDATE", "WORDDATE", "JULIAN", "MONYY", "E",
      ]
      for name in days where letters.hasPrefix(name) && (name != "E" || format.hasPrefix("E8601DA"))
      {
        return day
      }
      return nil
    }
  }
}
