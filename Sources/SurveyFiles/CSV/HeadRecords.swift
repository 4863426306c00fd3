/// One cell as it stands in the file, and as it reads.
struct HeadCell {
  let text: String
  let isQuoted: Bool
}

/// One row of the head of a file.
struct HeadRecord {
  let cells: [HeadCell]
  /// Where the next row begins, and on which line.
  let end: Int
  let endLine: Int
  /// Whether a row end follows it, rather than the end of the bytes.
  let isTerminated: Bool
}

/// Reads rows one at a time, cell by cell: for the header and for finding out the dialect.
/// The rows of answers are read by `ChunkIndex`, by the same rules.
struct HeadReader {
  let text: CSVText
  let delimiter: UInt8
  /// Reading ends here.
  let limit: Int
  var position: Int
  var line: Int

  init(_ text: CSVText, delimiter: UInt8, from position: Int, line: Int, limit: Int) {
    self.text = text
    self.delimiter = delimiter
    self.position = position
    self.line = line
    self.limit = limit
  }

  /// The number of cells of the next row, without their texts; 0 for an empty line, `nil` at the end.
  mutating func nextCount() -> (cells: Int, isTerminated: Bool)? {
    guard position < limit else { return nil }
    let start = position
    var cells = 1
    var inside = false
    while position < limit {
      let byte = text[position]
      position += 1
      if byte == quoteMark {
        inside.toggle()
      } else if !inside {
        if byte == delimiter { cells += 1 }
        if byte == lineFeed
          || (byte == carriageReturn && !(position < text.count && text[position] == lineFeed))
        {
          let isEmpty =
            cells == 1 && (start..<position).allSatisfy { text[$0] <= space }
          return (isEmpty ? 0 : cells, true)
        }
      }
    }
    return (cells, false)
  }

  /// The next row; `nil` at the end.
  mutating func next() -> HeadRecord? {
    guard position < limit else { return nil }
    var cells: [HeadCell] = []
    var cellStart = position
    var inside = false
    func cell(upTo end: Int) -> HeadCell {
      let range = cellStart..<end
      let trimmed = trimmedCell(text, range)
      let isQuoted =
        trimmed.count >= 2 && text[trimmed.lowerBound] == quoteMark
        && text[trimmed.upperBound - 1] == quoteMark
      return HeadCell(text: cellText(text, range), isQuoted: isQuoted)
    }
    while position < limit {
      let byte = text[position]
      let endsLine =
        byte == lineFeed
        || (byte == carriageReturn
          && !(position + 1 < text.count && text[position + 1] == lineFeed))
      if endsLine { line += 1 }
      if byte == quoteMark {
        inside.toggle()
      } else if !inside, byte == delimiter {
        cells.append(cell(upTo: position))
        cellStart = position + 1
      } else if !inside, endsLine {
        cells.append(cell(upTo: position))
        position += 1
        return HeadRecord(
          cells: cells, end: position, endLine: line, isTerminated: true)
      }
      position += 1
    }
    cells.append(cell(upTo: limit))
    return HeadRecord(
      cells: cells, end: limit, endLine: line, isTerminated: false)
  }
}
