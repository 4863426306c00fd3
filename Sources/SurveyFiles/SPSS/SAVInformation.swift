import SurveyData

/// What the information records (type 7) of an SPSS file say, by their subtypes.
struct SAVInformation: Sendable {
  /// Subtype 3: a code page, or 2 and 3 for "some eight-bit code".
  var characterCode: Int?
  /// Subtype 4: the number that stands for a system-missing value.
  var systemMissing: Double?
  /// Subtypes 7 and 19: one line a multiple-response set.
  var multiResponseSets: [UInt8] = []
  /// Subtype 11: two or three numbers a variable: measurement, width and alignment.
  var display: [Int] = []
  /// Subtype 13.
  var longNames: [UInt8] = []
  /// Subtype 14.
  var veryLongStrings: [UInt8] = []
  /// Subtype 16: the number of cases, for files with more than an `Int32` has room for.
  var cases: Int?
  /// Subtype 20: the name of the encoding.
  var encoding: [UInt8]?
  /// Subtype 21.
  var longStringLabels: [LongStringLabels] = []
  /// Subtype 22.
  var longStringMissing: [LongStringMissing] = []

  struct LongStringLabels: Sendable {
    let variable: [UInt8]
    let labels: [(value: [UInt8], text: [UInt8])]
  }

  struct LongStringMissing: Sendable {
    let variable: [UInt8]
    let values: [[UInt8]]
  }
}

extension SAVCursor {
  /// Reads one information record; those of no use here are passed over.
  mutating func information(_ found: inout SAVInformation, at start: Int) throws(SAVError) {
    begin(.information, at: start)
    let subtype = try int32()
    let size = try int32()
    let count = try int32()
    guard size >= 0 else { throw unusable("an element size of", size) }
    guard count >= 0 else { throw unusable("a number of elements of", count) }
    // Two 32-bit counts cannot overflow 64 bits.
    let length = size * count
    switch subtype {
    case 3 where size == 4 && count >= 8:
      var part = try self.part(length, .information)
      try part.skip(4 * 4)
      let floatingPoint = try part.int32()
      guard floatingPoint == 1 else {
        throw .unsupported(
          file: file, field: "the floating-point format", value: String(floatingPoint),
          offset: start + 32)
      }
      try part.skip(4 * 2)
      found.characterCode = try part.int32()
    case 4 where size == 8 && count >= 1:
      var part = try self.part(length, .information)
      found.systemMissing = try part.double()
    case 7, 19: found.multiResponseSets += try take(length) + [lineFeed]
    case 11 where size == 4:
      var part = try self.part(length, .information)
      var display: [Int] = []
      while !part.isAtEnd { display.append(try part.int32()) }
      found.display = display
    case 13: found.longNames = try take(length)
    case 14: found.veryLongStrings = try take(length)
    case 16 where size == 8 && count >= 2:
      var part = try self.part(length, .information)
      try part.skip(8)
      let cases = try part.int64()
      if cases >= 0 { found.cases = cases }
    case 20: found.encoding = try take(length)
    case 21:
      var part = try self.part(length, .longStringLabels)
      found.longStringLabels += try part.longStringLabels()
    case 22:
      var part = try self.part(length, .longStringMissing)
      found.longStringMissing += try part.longStringMissing()
    default: try skip(length)
    }
  }

  private mutating func longStringLabels() throws(SAVError) -> [SAVInformation.LongStringLabels] {
    var result: [SAVInformation.LongStringLabels] = []
    while !isAtEnd {
      let variable = try countedBytes()
      try skip(4)
      let count = try int32()
      guard count >= 0 else { throw unusable("a number of labels of", count) }
      var labels: [(value: [UInt8], text: [UInt8])] = []
      for _ in 0..<count {
        let value = try countedBytes()
        labels.append((value, try countedBytes()))
      }
      result.append(SAVInformation.LongStringLabels(variable: variable, labels: labels))
    }
    return result
  }

  private mutating func longStringMissing() throws(SAVError) -> [SAVInformation.LongStringMissing] {
    var result: [SAVInformation.LongStringMissing] = []
    while !isAtEnd {
      let variable = try countedBytes()
      let count = Int(try take(1)[0])
      let width = try int32()
      var values: [[UInt8]] = []
      for index in 0..<count {
        // Some writers repeat the width before every value.
        if index > 0, offset + 4 <= bytes.count {
          let start = offset
          if try int32() != width || width > bytes.count - offset { offset = start }
        }
        values.append(try take(width))
      }
      result.append(SAVInformation.LongStringMissing(variable: variable, values: values))
    }
    return result
  }

  private mutating func countedBytes() throws(SAVError) -> [UInt8] {
    let length = try int32()
    return try take(length)
  }
}
