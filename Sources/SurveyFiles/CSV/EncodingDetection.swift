import SurveyData

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Maps a file, or says why it cannot be read.
func openedFile(_ path: String) throws(CSVError) -> Bytes {
  if let bytes = Bytes(mapping: path) { return bytes }
  var status = stat()
  guard unsafe stat(path, &status) == 0 else {
    if errno == ENOENT || errno == ENOTDIR { throw .missing(file: path) }
    throw .unreadable(file: path, reason: unsafe String(cString: strerror(errno)))
  }
  if status.st_mode & S_IFMT == S_IFDIR {
    throw .unreadable(file: path, reason: "it is a folder, not a file")
  }
  if status.st_mode & S_IFMT != S_IFREG {
    throw .unreadable(file: path, reason: "it is not an ordinary file")
  }
  guard unsafe access(path, R_OK) == 0 else {
    throw .unreadable(file: path, reason: "there is no permission to read it")
  }
  throw .unreadable(file: path, reason: "it cannot be mapped into memory")
}

private enum ByteOrder { case littleEndian, bigEndian }

/// A file's bytes as text, in the order: byte-order mark, UTF-16 by its zeros, and then UTF-8 until
/// a survey of all bytes says otherwise (`settledEncoding`).
func openedText(
  _ bytes: Bytes, file: String, encoding: TextEncoding?
) throws(CSVError) -> (text: CSVText, encoding: TextEncoding) {
  let raw = CSVText(bytes, first: 0, encoding: .windows1252)
  func begins(_ mark: [UInt8]) -> Bool {
    raw.count >= mark.count && mark.indices.allSatisfy { raw[$0] == mark[$0] }
  }
  let mark: ByteOrder? =
    begins([0xFF, 0xFE]) ? .littleEndian : begins([0xFE, 0xFF]) ? .bigEndian : nil
  if encoding == .utf16 || (encoding == nil && mark != nil) {
    let order = mark ?? byteOrderByZeros(raw) ?? .littleEndian
    let decoded = try decodedUTF16(raw, from: mark == nil ? 0 : 2, order, file: file)
    return (CSVText(decoded, first: 0, encoding: .utf8), .utf16)
  }
  if encoding == nil, let order = byteOrderByZeros(raw) {
    let decoded = try decodedUTF16(raw, from: 0, order, file: file)
    return (CSVText(decoded, first: 0, encoding: .utf8), .utf16)
  }
  let kept = encoding ?? .utf8
  let first = kept == .utf8 && begins([0xEF, 0xBB, 0xBF]) ? 3 : 0
  return (CSVText(bytes, first: first, encoding: kept), kept)
}

/// The byte order of UTF-16 without a mark: in mostly Latin text every second byte is zero, and
/// the others are not.
private func byteOrderByZeros(_ raw: CSVText) -> ByteOrder? {
  let sample = min(raw.count, 4096) & ~1
  guard sample >= 4 else { return nil }
  var even = 0
  var odd = 0
  for position in 0..<sample where raw[position] == 0 {
    if position & 1 == 0 { even += 1 } else { odd += 1 }
  }
  if even * 8 <= odd, odd * 2 >= sample * 3 / 4 { return .littleEndian }
  if odd * 8 <= even, even * 2 >= sample * 3 / 4 { return .bigEndian }
  return nil
}

private func decodedUTF16(
  _ raw: CSVText, from first: Int, _ order: ByteOrder, file: String
) throws(CSVError) -> Bytes {
  var output: [UInt8] = []
  output.reserveCapacity(raw.count)
  var line = 1
  var lineStart = first
  func invalid(at position: Int) -> CSVError {
    .invalidText(
      encoding: .utf16,
      place: SourcePlace(file: file, line: line, column: (position - lineStart) / 2 + 1),
      byte: raw[position])
  }
  func codeUnit(at position: Int) -> UInt16? {
    guard position + 1 < raw.count else { return nil }
    let low = UInt16(raw[position])
    let high = UInt16(raw[position + 1])
    return order == .littleEndian ? high << 8 | low : low << 8 | high
  }
  var position = first
  while position < raw.count {
    guard let unit = codeUnit(at: position) else { throw invalid(at: position) }
    var scalar = UInt32(unit)
    var length = 2
    if unit & 0xFC00 == 0xD800, let low = codeUnit(at: position + 2), low & 0xFC00 == 0xDC00 {
      scalar = 0x10000 + (UInt32(unit & 0x3FF) << 10 | UInt32(low & 0x3FF))
      length = 4
    }
    guard let valid = Unicode.Scalar(scalar) else { throw invalid(at: position) }
    if valid == "\n" {
      line += 1
      lineStart = position + 2
    }
    output.append(contentsOf: UTF8.encode(valid)!)
    position += length
  }
  return Bytes(output)
}

/// The encoding of a text once all its bytes were seen, or the error that it is none.
func settledEncoding(
  _ text: CSVText, _ survey: ByteSurvey, asked: TextEncoding?, file: String
) throws(CSVError) -> TextEncoding {
  if let zero = survey.firstZero {
    throw .binary(file: file, kind: familiarKind(text), place: zero)
  }
  guard text.encoding == .utf8, let invalid = survey.firstInvalidUTF8 else { return text.encoding }
  if asked == .utf8 || text.first == 3 {
    throw .invalidText(
      encoding: .utf8, place: text.place(of: invalid, file: file), byte: text[invalid])
  }
  for position in text.first..<text.count {
    switch text[position] {
    case 0x81, 0x8D, 0x8F, 0x90, 0x9D, 0x01...0x08, 0x0E...0x19, 0x1B...0x1F, 0x7F:
      throw .binary(file: file, kind: familiarKind(text), place: position)
    default: continue
    }
  }
  return .windows1252
}

/// What people hand over instead of CSV, by its first bytes.
private func familiarKind(_ text: CSVText) -> String? {
  let kinds: [([UInt8], String)] = [
    (Array("PK\u{3}\u{4}".utf8), "an Excel workbook (.xlsx) or another zip file"),
    ([0xD0, 0xCF, 0x11, 0xE0], "an old Excel workbook (.xls)"),
    (Array("$FL2".utf8), "an SPSS file (.sav)"), (Array("$FL3".utf8), "an SPSS file (.zsav)"),
    (Array("%PDF".utf8), "a PDF"), ([0x1F, 0x8B], "a gzip file"),
    (Array("PAR1".utf8), "a Parquet file"),
  ]
  return kinds.first { start, _ in
    text.count >= start.count && start.indices.allSatisfy { text[$0] == start[$0] }
  }?.1
}
