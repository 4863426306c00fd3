import SurveyData

/// The first 176 bytes of an SPSS file.
struct SAVHeader: Sendable {
  enum Compression: Int, Sendable {
    case none = 0
    case bytecode = 1
    case zlib = 2
  }

  let isBigEndian: Bool
  let compression: Compression
  /// The number of the weight's element in a case, counted from 1; 0 for none.
  let weightIndex: Int
  /// `nil` where the writer did not know.
  var caseCount: Int?
  /// What is taken from a code byte to give its number: 100 in practice.
  let bias: Double
  let product: [UInt8]
  let created: [UInt8]
  let label: [UInt8]
}

extension SAVCursor {
  /// Reads the header and with it the byte order of all that follows.
  mutating func header() throws(SAVError) -> SAVHeader {
    begin(.header, at: 0)
    guard bytes.count >= 4 else { throw .notSAV(file: file) }
    let magic = try take(4)
    guard magic == Array("$FL2".utf8) || magic == Array("$FL3".utf8) else {
      throw .notSAV(file: file)
    }
    let product = try take(60)
    let layout = try int32()
    if layout != 2, layout != 3 {
      isBigEndian = true
      offset -= 4
      let swapped = try int32()
      guard swapped == 2 || swapped == 3 else {
        throw .unsupported(
          file: file, field: "the layout code", value: String(layout), offset: offset - 4)
      }
    }
    try skip(4)
    let compressionCode = try int32()
    guard let compression = SAVHeader.Compression(rawValue: compressionCode) else {
      throw .unsupported(
        file: file, field: "the compression", value: String(compressionCode), offset: offset - 4)
    }
    let weightIndex = try int32()
    let caseCount = try int32()
    guard caseCount >= -1 else { throw unusable("a number of cases of", caseCount) }
    let bias = try double()
    let created = try take(9 + 8)
    let label = try take(64)
    try skip(3)
    return SAVHeader(
      isBigEndian: isBigEndian, compression: compression, weightIndex: weightIndex,
      caseCount: caseCount < 0 ? nil : caseCount, bias: bias, product: product, created: created,
      label: label)
  }
}
