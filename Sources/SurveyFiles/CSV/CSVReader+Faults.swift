import SurveyData

extension CSVReader {
  /// The message for a cell, with its text and line.
  func error(
    _ fault: ColumnFault, _ accounts: [ChunkAccount], _ breakpoints: [(row: Int, line: Int)]
  ) -> CSVError {
    var source = DataSource(path: path)
    source.lineBreakpoints = breakpoints
    let rowsBefore = accounts.prefix(fault.cell.chunk).reduce(0) { $0 + $1.rows }
    let place = source.place(ofRow: rowsBefore + fault.cell.row)
    let column = header.names[fault.column]
    let value = cellText(at: fault.cell, column: fault.column)
    switch fault.kind {
    case .notNumeric: return .notNumeric(column: column, value: value, place: place)
    case .ambiguous: return .ambiguousNumber(column: column, value: value, place: place)
    case .mixed(let earlier):
      return .mixedDecimalMarks(
        column: column, value: value, place: place,
        earlier: cellText(at: earlier, column: fault.column))
    }
  }

  /// The text of one cell, found once more: only messages need it.
  private func cellText(at place: CellPlace, column: Int) -> String {
    var index = ChunkIndex(
      cellCount: header.names.count, delimiter: head.delimiter, badRowLimit: 0)
    let chunk = chunks[place.chunk]
    var found = ""
    var rowsBefore = 0
    _ = index.read(chunk) { batch in
      let row = place.row - rowsBefore
      if row >= 0, row < batch.count {
        let before = row * batch.cellCount + column
        let start = unsafe Int(batch.positions[before]) + 1
        let end = unsafe Int(batch.positions[before + 1])
        found = unsafe SurveyFiles.cellText(chunk.start, start..<end, encoding: text.encoding)
      }
      rowsBefore += batch.count
    }
    return found
  }

  /// The fault behind a quotation mark in the wrong place: a cell that was not closed where it
  /// should have been, or a mark inside a cell.
  func strayQuote(in chunk: TextChunk, at position: Int, line: Int) -> CSVError {
    var line = line
    var openLine = line
    var cellStart = chunk.offset
    var isInside = false
    let limit = min(chunk.offset + position, text.count)
    var current = chunk.offset
    while current < limit {
      let byte = text[current]
      if byte == quoteMark {
        isInside.toggle()
        if isInside { openLine = line }
      }
      let endsLine =
        byte == lineFeed
        || (byte == carriageReturn && !(current + 1 < text.count && text[current + 1] == lineFeed))
      if !isInside, byte == head.delimiter || endsLine { cellStart = current + 1 }
      if endsLine { line += 1 }
      current += 1
    }
    if isInside, openLine != line { return .unclosedQuote(file: path, line: openLine) }
    var end = limit
    while end < text.count, text[end] != head.delimiter, text[end] != lineFeed,
      text[end] != carriageReturn
    {
      end += 1
    }
    return .strayQuote(file: path, line: line, cell: text.string(cellStart..<end))
  }
}

/// The line on which the quotation mark opens that is open at the end of the text.
func lineOfOpenQuote(_ text: CSVText, from start: Int, line: Int) -> Int {
  var line = line
  var openLine = line
  var isInside = false
  for position in start..<text.count {
    let byte = text[position]
    if byte == quoteMark {
      isInside.toggle()
      if isInside { openLine = line }
    } else if byte == lineFeed
      || (byte == carriageReturn && !(position + 1 < text.count && text[position + 1] == lineFeed))
    {
      line += 1
    }
  }
  return openLine
}
