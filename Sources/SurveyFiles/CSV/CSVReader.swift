import SurveyData
import Synchronization

/// One reading of one file.
struct CSVReader {
  let path: String
  let text: CSVText
  let head: FileHead
  let header: CSVHeader
  let chunks: [TextChunk]
  let plans: [ColumnPlan]
  let laneCount: Int
  var dialect: CSVDialect

  init(
    _ bytes: Bytes, _ path: String, _ selecting: ColumnSelection, _ dialect: CSVDialect,
    _ chunkBytes: Int?, _ lanes: Int?
  ) throws(CSVError) {
    self.path = path
    if let delimiter = dialect.delimiter {
      guard let byte = delimiter.asciiValue, byte == tab || byte > space, byte != quoteMark else {
        throw .unusableDelimiter(delimiter)
      }
    }
    var (text, encoding) = try openedText(bytes, file: path, encoding: dialect.encoding)
    let step = chunkBytes ?? min(max(text.count / 16, 1 << 16), 1 << 21)
    let survey = ByteSurvey(text, step: step)
    text.encoding = try settledEncoding(text, survey, asked: dialect.encoding, file: path)
    if encoding == .utf8 { encoding = text.encoding }
    self.text = text
    var end = text.count
    while end > text.first, [lineFeed, carriageReturn, space, 0x1A].contains(text[end - 1]) {
      end -= 1
    }
    guard end > text.first else { throw .empty(file: path) }
    head = try fileHead(text, contentEnd: end, dialect: dialect, file: path)
    if survey.insideQuotes.last!, head.records[0].end >= end, !head.records[0].isTerminated {
      throw .unclosedQuote(file: path, line: lineOfOpenQuote(text, from: text.first, line: 1))
    }
    header = CSVHeader(head, file: path)
    guard header.end < end else { throw .headerOnly(file: path, columns: header.names.count) }
    chunks = textChunks(
      text, header.end..<end, survey, cellCount: header.names.count)
    plans = try columnPlans(header, selecting, head.numbers, file: path)
    laneCount = lanes ?? (chunks.count == 1 ? 1 : processorCount)
    self.dialect = dialect
    self.dialect.delimiter = Character(Unicode.Scalar(head.delimiter))
    self.dialect.encoding = encoding
    self.dialect.decimalMark = head.decimalMark
    for chunk in chunks where chunk.count > Int32.max {
      throw .oversizedRow(file: path, line: header.endLine)
    }
  }

  func read(sha256: BackgroundHash) throws(CSVError) -> CSVReading {
    var (accounts, parts) = readChunks(plans)
    let (refused, breakpoints) = try settledRows(accounts)
    let rowCount = accounts.reduce(0) { $0 + $1.rows }
    var columns: [Int: Column] = [:]
    var warnings = header.warnings
    var faults: [ColumnFault] = []
    while !parts.isEmpty {
      let columnsAtHand = parts.map { (position: $0.plan.column, name: $0.name) }
      let waiting = WaitingColumns(parts)
      parts = []
      let text = self.text
      let path = self.path
      let outcomes = concurrentMap(count: columnsAtHand.count, threads: nil) { index in
        assembled(waiting.take(index), encoding: text.encoding, file: path)
      }
      var again: [ColumnPlan] = []
      for ((position, name), outcome) in zip(columnsAtHand, outcomes) {
        switch outcome {
        case .values(let values, let warning):
          columns[position] = Column(name: name, values: values)
          if let warning { warnings.append(warning) }
        case .again(let plan): again.append(plan)
        case .fault(let fault): faults.append(fault)
        }
      }
      if !again.isEmpty { parts = readChunks(again).parts }
    }
    if let first = faults.min(by: { ($0.cell, $0.column) < ($1.cell, $1.column) }) {
      throw error(first, accounts, breakpoints)
    }
    if rowCount == 0, refused.isEmpty {
      throw .headerOnly(file: path, columns: header.names.count)
    }
    var source = DataSource(path: path, sha256: sha256.value, columnNames: header.names)
    source.lineBreakpoints = breakpoints
    source.refusedRows = refused.count
    let dataset = Dataset(
      rowCount: rowCount, columns: columns.sorted { $0.key < $1.key }.map(\.value), source: source)
    let rows = RowAccount(kept: rowCount, refused: refused)
    if let refusal = rows.refusalWarning(file: path) { warnings.append(refusal) }
    return CSVReading(
      dataset: dataset, rows: rows, warnings: warnings,
      dialect: dialect, hasRepeatedNames: !header.duplicates.isEmpty)
  }

  /// Reads the chunks into the columns planned, on all lanes: a lane takes the next chunk as soon
  /// as it is done with one, and keeps one dictionary a column.
  private func readChunks(_ plans: [ColumnPlan]) -> (accounts: [ChunkAccount], parts: [ColumnParts])
  {
    let cellCount = header.names.count
    let queue = ChunkQueue(chunks.count)
    let chunks = self.chunks
    let encoding = text.encoding
    let delimiter = head.delimiter
    let badRowLimit = dialect.maximumBadRows
    let memories = columnMemories(plans.count, rowCount: chunks.last!.rows.upperBound)
    let results = concurrentMap(count: min(laneCount, chunks.count), threads: nil) { _ in
      let lanes = zip(plans, memories).map { ColumnLane($0, $1, encoding: encoding) }
      var done: [(chunk: Int, account: ChunkAccount, columns: [ChunkColumn])] = []
      var index = ChunkIndex(
        cellCount: cellCount, delimiter: delimiter, badRowLimit: badRowLimit)
      while let number = queue.next() {
        let chunk = chunks[number]
        for lane in lanes { lane.begin(chunk: number, rows: chunk.rows) }
        let account = index.read(chunk) { batch in
          for lane in lanes { unsafe lane.read(batch, chunk.start) }
        }
        done.append((number, account, lanes.map { $0.end() }))
      }
      return (lanes: lanes, done: done)
    }
    var accounts = [ChunkAccount](repeating: ChunkAccount(), count: chunks.count)
    var origin = [(lane: Int, position: Int)](repeating: (0, 0), count: chunks.count)
    for (lane, result) in results.enumerated() {
      for (position, done) in result.done.enumerated() {
        accounts[done.chunk] = done.account
        origin[done.chunk] = (lane, position)
      }
    }
    let rowCount = accounts.reduce(0) { $0 + $1.rows }
    let parts = plans.enumerated().map { index, plan in
      ColumnParts(
        name: header.names[plan.column], plan: plan, lanes: results.map { $0.lanes[index] },
        memory: memories[index],
        chunks: origin.map { ($0.lane, results[$0.lane].done[$0.position].columns[index]) },
        rowCount: rowCount)
    }
    return (accounts, parts)
  }

  /// The rows refused and the lines of the rows kept, or the first fault of the file's rows.
  private func settledRows(
    _ accounts: [ChunkAccount]
  ) throws(CSVError) -> (refused: [RefusedRow], breakpoints: [(row: Int, line: Int)]) {
    var refused: [RefusedRow] = []
    var refusedCount = 0
    var breakpoints: [(row: Int, line: Int)] = []
    var row = 0
    var line = header.endLine
    for (number, account) in accounts.enumerated() {
      for bad in account.badRows {
        refused.append(
          RefusedRow(
            line: line + bad.line,
            reason: bad.isBlank
              ? .blankLine
              : .fieldCount(found: bad.cellCount, expected: header.names.count)))
      }
      refusedCount += account.badRowCount
      if refusedCount > dialect.maximumBadRows {
        throw .badRows(refused, file: path, allowed: dialect.maximumBadRows)
      }
      if let stray = account.strayQuote {
        throw strayQuote(in: chunks[number], at: stray, line: line)
      }
      if account.endsInsideQuotes {
        throw .unclosedQuote(
          file: path, line: lineOfOpenQuote(text, from: chunks[number].offset, line: line))
      }
      // The lines of a chunk's rows run on from its first one, unless its breakpoints say so.
      if account.rows > 0 {
        let first = account.lineBreakpoints.first
        if first?.row != 0 { note(row, line) }
        for breakpoint in account.lineBreakpoints {
          note(row + breakpoint.row, line + breakpoint.line)
        }
      }
      row += account.rows
      line += account.lines
    }
    return (refused, breakpoints)

    func note(_ row: Int, _ line: Int) {
      if let last = breakpoints.last, line - last.line == row - last.row { return }
      breakpoints.append((row, line))
    }
  }
}

/// Hands out chunk numbers, each once.
final class ChunkQueue: Sendable {
  private let count: Int
  private let taken = Atomic<Int>(0)

  init(_ count: Int) { self.count = count }

  func next() -> Int? {
    let number = taken.wrappingAdd(1, ordering: .relaxed).oldValue
    return number < count ? number : nil
  }
}

/// The columns to read, in the order of the file.
private func columnPlans(
  _ header: CSVHeader, _ selecting: ColumnSelection, _ numbers: NumberDialect, file: String
) throws(CSVError) -> [ColumnPlan] {
  switch selecting {
  case .all:
    return header.names.indices.map { ColumnPlan(column: $0, role: .asFound, numbers: numbers) }
  case .only(let roles):
    var plans: [ColumnPlan] = []
    for (column, name) in header.names.enumerated() {
      guard let role = roles[name] else { continue }
      if let same = header.duplicates[name] {
        throw .duplicateColumn(name, first: same[0] + 1, second: same[1] + 1, file: file)
      }
      plans.append(ColumnPlan(column: column, role: role, numbers: numbers))
    }
    return plans
  }
}
