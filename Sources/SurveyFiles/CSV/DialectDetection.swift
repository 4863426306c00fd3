import SurveyData

/// The head of a file read in its dialect: where the names stand and where the answers begin.
struct FileHead {
  var delimiter: UInt8
  /// The rows of the head: the header and up to 49 of answers, none of them cut off.
  var records: [HeadRecord]
  var numbers: NumberDialect
  /// The mark that the decimals in the head show, where they agree.
  var decimalMark: DecimalMark?
}

/// Rows looked at to find out the dialect.
private let sampleRows = 200
/// Rows whose texts are looked at for numbers and for a second header.
private let textRows = 50
/// Bytes looked at: enough for 200 rows of most surveys, and for a header of question texts.
private let sampleBytes = 1 << 20

/// Finds the delimiter, the header and the marks of numbers.
func fileHead(
  _ text: CSVText, contentEnd: Int, dialect: CSVDialect, file: String
) throws(CSVError) -> FileHead {
  var start = text.first
  var line = 1
  var announced: UInt8?
  if let (delimiter, end) = separatorLine(text) {
    announced = delimiter
    start = end
    line = 2
  }
  // Empty lines before the header.
  while start < contentEnd, text[start] == lineFeed || text[start] == carriageReturn {
    if text[start] == lineFeed || text[start + 1] != lineFeed { line += 1 }
    start += 1
  }
  guard start < contentEnd else { throw .empty(file: file) }
  let limit = min(contentEnd, start + sampleBytes)
  func sample(_ delimiter: UInt8) -> [HeadRecord] {
    var reader = HeadReader(text, delimiter: delimiter, from: start, line: line, limit: limit)
    var records: [HeadRecord] = []
    while records.count < textRows, let record = reader.next() {
      // A row cut off by the end of the sample tells nothing, unless it is the header itself.
      if !record.isTerminated, limit < contentEnd, !records.isEmpty { break }
      records.append(record)
    }
    return records
  }
  func cellCounts(_ delimiter: UInt8) -> [Int] {
    var reader = HeadReader(text, delimiter: delimiter, from: start, line: line, limit: limit)
    var counts: [Int] = []
    while counts.count < sampleRows, let (cells, isTerminated) = reader.nextCount() {
      if !isTerminated, limit < contentEnd, !counts.isEmpty { break }
      if cells > 0 { counts.append(cells) }
    }
    return counts
  }
  var delimiter = dialect.delimiter?.asciiValue ?? announced
  if delimiter == nil { delimiter = detectedDelimiter(cellCounts) }
  let settled = delimiter ?? unusedDelimiter(cellCounts)
  var records = sample(settled)
  if !records[0].isTerminated, limit < contentEnd {
    // A header longer than the sample.
    var reader = HeadReader(text, delimiter: settled, from: start, line: line, limit: contentEnd)
    records = reader.next().map { [$0] } ?? []
  }
  return headNumbers(
    FileHead(delimiter: settled, records: records, numbers: NumberDialect()), text, dialect)
}

/// The first line that Excel reads as an instruction: `sep=;`.
private func separatorLine(_ text: CSVText) -> (delimiter: UInt8, end: Int)? {
  var end = text.first
  while end < text.count, end - text.first < 12, text[end] != lineFeed, text[end] != carriageReturn
  {
    end += 1
  }
  var words = text.string(text.first..<end)
  if words.hasPrefix("\""), words.hasSuffix("\""), words.utf8.count >= 2 {
    words = String(words.dropFirst().dropLast())
  }
  guard words.lowercased().hasPrefix("sep="), words.utf8.count == 5, let delimiter = words.utf8.last
  else { return nil }
  if end < text.count, text[end] == carriageReturn { end += 1 }
  if end < text.count, text[end] == lineFeed { end += 1 }
  return (delimiter, end)
}

/// The delimiter under which most rows have the same number of cells, two or more; among equals the
/// one that gives more cells.
private func detectedDelimiter(_ cellCounts: (UInt8) -> [Int]) -> UInt8? {
  var best: (delimiter: UInt8, share: Double, cells: Int)?
  for candidate in [",", ";", "\t", "|"].map({ UInt8(ascii: $0) }) {
    let counts = cellCounts(candidate)
    guard let header = counts.first, header > 1 else { continue }
    let rows = counts.dropFirst()
    let agreeing = rows.filter { $0 == header }.count
    let share = rows.isEmpty ? 1 : Double(agreeing) / Double(rows.count)
    if best == nil || (share, Double(header)) > (best!.share, Double(best!.cells)) {
      best = (candidate, share, header)
    }
  }
  return best?.delimiter
}

/// For a file of one column: a delimiter that does not occur in it.
private func unusedDelimiter(_ cellCounts: (UInt8) -> [Int]) -> UInt8 {
  for candidate in [",", ";", "\t", "|"].map({ UInt8(ascii: $0) })
  where cellCounts(candidate).allSatisfy({ $0 == 1 }) {
    return candidate
  }
  return 0x1F
}

/// What the head says on numbers: which marks may group thousands, and which mark decimals have.
///
/// Where the delimiter is a comma and numbers are not quoted, no number has a comma, so a point is
/// the decimal mark. Where it is a semicolon, a comma in a number is the decimal mark.
private func headNumbers(_ head: FileHead, _ text: CSVText, _ dialect: CSVDialect) -> FileHead {
  var head = head
  var quotesNumbers = false
  var points = 0
  var commas = 0
  let open = NumberDialect(pointMayGroup: true, commaMayGroup: true)
  for record in head.records.dropFirst() {
    for cell in record.cells {
      guard let number = writtenNumber(cell.text, open) else { continue }
      if cell.isQuoted { quotesNumbers = true }
      if number.fits(.point), !number.fits(.comma) { points += 1 }
      if number.fits(.comma), !number.fits(.point) { commas += 1 }
    }
  }
  head.numbers.decimalMark = dialect.decimalMark
  let isComma = head.delimiter == UInt8(ascii: ",")
  head.numbers.pointMayGroup = dialect.decimalMark != nil || !isComma || quotesNumbers
  head.numbers.commaMayGroup =
    dialect.decimalMark != nil || head.delimiter != UInt8(ascii: ";")
  head.decimalMark =
    dialect.decimalMark
    ?? (points > 0 && commas == 0 ? .point : commas > 0 && points == 0 ? .comma : nil)
  return head
}

/// A text as a number, in a dialect of numbers.
func writtenNumber(_ text: String, _ dialect: NumberDialect) -> WrittenNumber? {
  // Copied: numbers are short, and a slice of another string may have no bytes of its own.
  var text = text
  return text.withUTF8 { bytes in
    guard let start = bytes.baseAddress else { return nil }
    return unsafe WrittenNumber(start, count: bytes.count, dialect: dialect)
  }
}
