import SurveyData

/// The dictionary of an SPSS file as its records have it: bytes, not yet texts.
struct SAVRecords: Sendable {
  /// A variable, or a segment of a very long string.
  struct VariableRecord: Sendable {
    /// 0 for a number, else the width of the string.
    let width: Int
    let name: [UInt8]
    let label: [UInt8]
    /// Eight bytes each.
    let missingValues: [[UInt8]]
    /// The first two missing values are the ends of a range.
    let hasMissingRange: Bool
    let format: SAVFormat
    /// The first of its eight-byte elements in a case.
    let element: Int

    var elementCount: Int { width == 0 ? 1 : (width + 7) / 8 }
  }

  struct LabelSet: Sendable {
    var labels: [(value: [UInt8], text: [UInt8])]
    /// Elements of a case, counted from 0.
    var elements: [Int]
  }

  var header: SAVHeader
  var variables: [VariableRecord] = []
  /// The eight-byte elements of a case.
  var elementCount = 0
  var labelSets: [LabelSet] = []
  var documents: [[UInt8]] = []
  var information = SAVInformation()
  /// Where the cases begin.
  var dataStart = 0
}

/// How SPSS prints a variable.
struct SAVFormat: Sendable, Hashable {
  let type: Int
  let width: Int
  let decimals: Int

  init(_ packed: Int) {
    type = packed >> 16 & 0xFF
    width = packed >> 8 & 0xFF
    decimals = packed & 0xFF
  }

  /// As SPSS writes it: `F8.2`, `A20`, `DATE11`; a string of more than 255 bytes has its own width.
  func text(stringWidth: Int) -> String {
    guard let name = Self.names[type] else { return "" }
    let width = stringWidth > 255 ? stringWidth : self.width
    return name + String(width) + (decimals > 0 || type == 5 ? "." + String(decimals) : "")
  }

  var moment: Moment? {
    switch type {
    case 20, 23, 24, 28, 29, 30, 38, 39: .spss(.day)
    case 22, 41: .spss(.instant)
    case 21, 25, 40: .spss(.time)
    default: nil
    }
  }

  private static let names: [Int: String] = [
    1: "A", 2: "AHEX", 3: "COMMA", 4: "DOLLAR", 5: "F", 6: "IB", 7: "PIBHEX", 8: "P", 9: "PIB",
    10: "PK", 11: "RB", 12: "RBHEX", 15: "Z", 16: "N", 17: "E", 20: "DATE", 21: "TIME",
    22: "DATETIME", 23: "ADATE", 24: "JDATE", 25: "DTIME", 26: "WKDAY", 27: "MONTH", 28: "MOYR",
    29: "QYR", 30: "WKYR", 31: "PCT", 32: "DOT", 33: "CCA", 34: "CCB", 35: "CCC", 36: "CCD",
    37: "CCE", 38: "EDATE", 39: "SDATE", 40: "MTIME", 41: "YMDHMS",
  ]
}

extension SAVCursor {
  /// Reads all records up to the cases.
  mutating func records() throws(SAVError) -> SAVRecords {
    var records = SAVRecords(header: try header())
    while true {
      let start = offset
      begin(.dictionaryEnd, at: start)
      let type = try int32()
      switch type {
      case 2: try variable(&records, at: start)
      case 3: try valueLabels(&records, at: start)
      case 6:
        begin(.documents, at: start)
        let count = try int32()
        guard count >= 0 else { throw unusable("a number of lines of", count) }
        for _ in 0..<count { records.documents.append(try take(80)) }
      case 7: try information(&records.information, at: start)
      case 999:
        try skip(4)
        records.dataStart = offset
        guard records.elementCount > 0 else { throw .noVariables(file: file) }
        if records.header.caseCount == nil { records.header.caseCount = records.information.cases }
        return records
      default: throw .unknownRecord(type: type, file: file, offset: start)
      }
    }
  }

  private mutating func variable(_ records: inout SAVRecords, at start: Int) throws(SAVError) {
    begin(.variable, at: start)
    let width = try int32()
    let hasLabel = try int32()
    let missingCount = try int32()
    let format = try int32()
    try skip(4)
    let name = try take(8)
    var label: [UInt8] = []
    if hasLabel == 1 {
      let length = try int32()
      label = try take(length)
      try skip((4 - length % 4) % 4)
    } else if hasLabel != 0 {
      throw unusable("a label flag of", hasLabel)
    }
    guard [0, 1, 2, 3, -2, -3].contains(missingCount) else {
      throw unusable("a number of missing values of", missingCount)
    }
    var missing: [[UInt8]] = []
    for _ in 0..<abs(missingCount) { missing.append(try take(8)) }
    // A continuation of the string before it.
    if width == -1 { return }
    guard (0...255).contains(width) else { throw unusable("a width of", width) }
    let variable = SAVRecords.VariableRecord(
      width: width, name: name, label: label, missingValues: missing,
      hasMissingRange: missingCount < 0, format: SAVFormat(format), element: records.elementCount)
    records.elementCount += variable.elementCount
    records.variables.append(variable)
  }

  private mutating func valueLabels(_ records: inout SAVRecords, at start: Int) throws(SAVError) {
    begin(.valueLabels, at: start)
    let count = try int32()
    guard count >= 0 else { throw unusable("a number of labels of", count) }
    var set = SAVRecords.LabelSet(labels: [], elements: [])
    for _ in 0..<count {
      let value = try take(8)
      let length = Int(try take(1)[0])
      let text = try take(length)
      try skip((8 - (length + 1) % 8) % 8)
      set.labels.append((value, text))
    }
    begin(.labelledVariables, at: offset)
    let type = try int32()
    guard type == 4 else { throw unusable("a record type of", type) }
    let variableCount = try int32()
    guard variableCount >= 0 else { throw unusable("a number of variables of", variableCount) }
    for _ in 0..<variableCount {
      let element = try int32()
      guard element >= 1 else { throw unusable("a variable number of", element) }
      set.elements.append(element - 1)
    }
    records.labelSets.append(set)
  }
}
