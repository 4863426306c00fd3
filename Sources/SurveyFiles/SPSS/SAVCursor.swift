import SurveyData

/// A place in the bytes of an SPSS file that moves on as records are read.
///
/// Every read is checked against the bytes there are: a count in the file is never trusted.
struct SAVCursor {
  let file: String
  let bytes: Bytes
  /// What `bytes` begin with, counted in the file.
  let base: Int
  var offset = 0
  var isBigEndian = false
  /// The record at hand, for messages.
  private(set) var record: SAVError.Record
  private(set) var recordOffset = 0

  init(_ bytes: Bytes, file: String, record: SAVError.Record, base: Int = 0) {
    self.bytes = bytes
    self.file = file
    self.record = record
    self.base = base
  }

  var isAtEnd: Bool { offset >= bytes.count }

  /// Says which record the next reads belong to.
  mutating func begin(_ record: SAVError.Record, at offset: Int) {
    self.record = record
    recordOffset = offset
  }

  /// The next bytes.
  mutating func take(_ count: Int) throws(SAVError) -> [UInt8] {
    let range = try advance(count)
    return bytes.withSpan(of: UInt8.self) { span in
      var result: [UInt8] = []
      result.reserveCapacity(count)
      for position in range { result.append(span[position]) }
      return result
    }
  }

  mutating func skip(_ count: Int) throws(SAVError) { _ = try advance(count) }

  mutating func int32() throws(SAVError) -> Int {
    Int(Int32(truncatingIfNeeded: try integer(byteCount: 4)))
  }

  mutating func int64() throws(SAVError) -> Int {
    Int(Int64(bitPattern: try integer(byteCount: 8)))
  }

  mutating func double() throws(SAVError) -> Double {
    Double(bitPattern: try integer(byteCount: 8))
  }

  /// A cursor over the next bytes alone.
  mutating func part(_ count: Int, _ record: SAVError.Record) throws(SAVError) -> SAVCursor {
    let range = try advance(count)
    var part = SAVCursor(
      Bytes(bytes, range: range), file: file, record: record, base: base + range.lowerBound)
    part.isBigEndian = isBigEndian
    return part
  }

  /// The fault of a field that holds what it cannot hold.
  func unusable(_ field: String, _ value: Int) -> SAVError {
    .unusable(record, file: file, offset: base + recordOffset, field: field, value: value)
  }

  private mutating func advance(_ count: Int) throws(SAVError) -> Range<Int> {
    let left = bytes.count - offset
    guard count >= 0 else { throw unusable("a length of", count) }
    guard count <= left else {
      throw .truncated(record, file: file, offset: base + recordOffset, needed: count - left)
    }
    defer { offset += count }
    return offset..<offset + count
  }

  private mutating func integer(byteCount: Int) throws(SAVError) -> UInt64 {
    let range = try advance(byteCount)
    return bytes.withSpan(of: UInt8.self) { span in
      var value: UInt64 = 0
      for position in range {
        let place = isBigEndian ? range.upperBound - 1 - position : position - range.lowerBound
        value |= UInt64(span[position]) << UInt64(8 * place)
      }
      return value
    }
  }
}

extension [UInt8] {
  /// The eight bytes as a number in the file's byte order.
  func double(isBigEndian: Bool) -> Double {
    precondition(count == 8)
    let ordered = isBigEndian ? self : Array(reversed())
    let word = ordered.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Double(bitPattern: word)
  }

  /// Without the blanks and zeros at the end.
  var trimmed: ArraySlice<UInt8> {
    var end = count
    while end > 0, self[end - 1] == space || self[end - 1] == 0 { end -= 1 }
    return self[..<end]
  }
}
