import CReadStat
import SurveyData

/// What ReadStat hands over, variable by variable and then value by value.
final class ReadStatCollector {
  /// One variable's values as they come.
  struct Values {
    var words: [UInt64] = []
    var strings = BytesDictionary()
    var codes: [UInt32] = []
  }

  private let selecting: ColumnSelection
  private let format: ReadStatFormat
  private(set) var variables: [LabelledVariable] = []
  /// The role of each variable; `nil` for one that is not selected.
  private(set) var roles: [ColumnRole?] = []
  private var labelSets: [String: [(value: FileValue, text: String)]] = [:]
  private var labelSetNames: [String?] = []
  private(set) var values: [Values] = []
  private(set) var rowCount = 0
  private var taken: Set<String> = []

  init(_ selecting: ColumnSelection, _ format: ReadStatFormat) {
    self.selecting = selecting
    self.format = format
  }

  /// The variables with the labels of their sets.
  var labelledVariables: [LabelledVariable] {
    zip(variables, labelSetNames).map { variable, set in
      var variable = variable
      variable.labels = set.flatMap { labelSets[$0] } ?? []
      return variable
    }
  }

  /// - Returns: whether the variable's values are wanted.
  @unsafe func add(
    _ variable: UnsafeMutablePointer<readstat_variable_t>, labelSet: UnsafePointer<CChar>?
  ) -> Bool {
    let isText =
      unsafe readstat_variable_get_type_class(variable) == READSTAT_TYPE_CLASS_STRING
    var name = unsafe text(readstat_variable_get_name(variable))
    if name.isEmpty { name = "VAR\(variables.count + 1)" }
    let plain = name
    var number = 2
    while !taken.insert(name).inserted {
      name = "\(plain)_\(number)"
      number += 1
    }
    let printed = unsafe text(readstat_variable_get_format(variable))
    var described = LabelledVariable(
      name: name, label: unsafe text(readstat_variable_get_label(variable)),
      storage: isText
        ? .text(width: unsafe readstat_variable_get_storage_width(variable)) : .number,
      format: printed, moment: isText ? nil : format.moment(printed))
    described.measurement =
      switch unsafe readstat_variable_get_measure(variable) {
      case READSTAT_MEASURE_NOMINAL: .nominal
      case READSTAT_MEASURE_ORDINAL: .ordinal
      case READSTAT_MEASURE_SCALE: .scale
      default: nil
      }
    let rangeCount = unsafe readstat_variable_get_missing_ranges_count(variable)
    for index in 0..<max(0, rangeCount) {
      let low = unsafe value(readstat_variable_get_missing_range_lo(variable, index))
      let high = unsafe value(readstat_variable_get_missing_range_hi(variable, index))
      if let low, low == high {
        described.missing.values.append(low)
      } else if case .number(let low)? = low, case .number(let high)? = high, low <= high {
        described.missing.ranges.append(low...high)
      }
    }
    let role: ColumnRole? =
      switch selecting {
      case .all: .asFound
      case .only(let roles): roles[name]
      }
    variables.append(described)
    roles.append(role)
    labelSetNames.append(unsafe labelSet.map { unsafe text($0) })
    values.append(Values())
    return role != nil
  }

  @unsafe func add(_ value: readstat_value_t, label: UnsafePointer<CChar>?, set: String) {
    guard let value = unsafe self.value(value) else { return }
    labelSets[set, default: []].append((value, unsafe text(label)))
  }

  @unsafe func add(_ value: readstat_value_t, row: Int, variable: Int) {
    guard values.indices.contains(variable) else { return }
    rowCount = max(rowCount, row + 1)
    if variables[variable].storage == .number {
      unsafe values[variable].words.append(word(value))
      return
    }
    var bytes: [UInt8] = []
    if let start = unsafe readstat_string_value(value) {
      var position = 0
      while unsafe start[position] != 0 {
        bytes.append(UInt8(bitPattern: unsafe start[position]))
        position += 1
      }
    }
    let count = bytes.trimmed.count
    bytes.append(0)
    let code = unsafe bytes.withUnsafeBufferPointer {
      unsafe values[variable].strings.code($0.baseAddress!, count)
    }
    values[variable].codes.append(code)
  }

  /// The bits of a number; a system-missing one is a NaN.
  @unsafe private func word(_ value: readstat_value_t) -> UInt64 {
    if unsafe readstat_value_is_tagged_missing(value) != 0 {
      return taggedWord(UInt8(bitPattern: unsafe readstat_value_tag(value)))
    }
    if unsafe readstat_value_is_system_missing(value) != 0 { return Double.nan.bitPattern }
    return unsafe readstat_double_value(value).bitPattern
  }

  @unsafe private func value(_ value: readstat_value_t) -> FileValue? {
    if unsafe readstat_value_type_class(value) == READSTAT_TYPE_CLASS_STRING {
      return .text(unsafe text(readstat_string_value(value)))
    }
    let word = unsafe word(value)
    if let tag = tag(ofWord: word) { return .tag(tag) }
    let number = Double(bitPattern: word)
    return number.isNaN ? nil : .number(number)
  }
}

/// A C string without the blanks at its end.
@unsafe private func text(_ start: UnsafePointer<CChar>?) -> String {
  guard let start = unsafe start else { return "" }
  let text = unsafe String(cString: start)
  return String(decoding: Array(text.utf8).trimmed, as: UTF8.self)
}
