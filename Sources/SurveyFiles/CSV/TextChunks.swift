/// A part of the answers that begins and ends at row ends.
///
/// Its last byte ends a row, and 64 bytes may be read beyond it.
@safe struct TextChunk: Sendable {
  nonisolated(unsafe) let start: UnsafePointer<UInt8>
  let count: Int
  /// Where the chunk begins in the text.
  let offset: Int
  /// Its rows, counted from the first answers, where every line break so far ends a good row. There are
  /// never more before it, nor in it.
  let rows: Range<Int>
  /// Holds the bytes where they are a copy.
  private let copy: CopiedBytes?

  init(_ text: CSVText, _ range: Range<Int>, rows: Range<Int>) {
    offset = range.lowerBound
    self.rows = rows
    if range.upperBound + 64 <= text.count,
      text[range.upperBound - 1] == lineFeed || text[range.upperBound - 1] == carriageReturn
    {
      copy = nil
      unsafe start = text.start + range.lowerBound
      count = range.count
    } else {
      // The end of the file: a copy that can have a row end and be read beyond.
      let bytes = CopiedBytes(text, range)
      copy = bytes
      unsafe start = UnsafePointer(bytes.memory)
      count = bytes.count
    }
  }
}

/// A copy of some bytes, ended by a line feed, with 64 zeros after it.
@safe private final class CopiedBytes: Sendable {
  nonisolated(unsafe) let memory: UnsafeMutablePointer<UInt8>
  let count: Int

  init(_ text: CSVText, _ range: Range<Int>) {
    let last = range.isEmpty ? 0 : text[range.upperBound - 1]
    count = range.count + (last == lineFeed || last == carriageReturn ? 0 : 1)
    unsafe memory = .allocate(capacity: count + 64)
    unsafe memory.initialize(from: text.start + range.lowerBound, count: range.count)
    unsafe (memory + range.count).initialize(repeating: 0, count: count + 64 - range.count)
    if count > range.count { unsafe memory[range.count] = lineFeed }
  }

  deinit { unsafe memory.deallocate() }
}

/// Cuts the answers at row ends near evenly spaced places. The cuts depend on the file alone, never
/// on the number of threads.
func textChunks(
  _ text: CSVText, _ answers: Range<Int>, _ survey: ByteSurvey, cellCount: Int
) -> [TextChunk] {
  var cuts = [answers.lowerBound]
  for place in 1..<max(1, survey.insideQuotes.count - 1) {
    let nominal = place * survey.step
    guard nominal > cuts.last!, nominal < answers.upperBound else { continue }
    let limit = min(nominal + survey.step, answers.upperBound)
    if let cut = firstRowStart(
      text, nominal..<limit, isInside: survey.insideQuotes[place]), cut < answers.upperBound
    {
      cuts.append(cut)
    }
  }
  cuts.append(answers.upperBound)
  let lines = cuts.map { survey.lineBreaks(before: $0, of: text) }
  var rows = 0
  return cuts.indices.dropLast().map { index in
    let range = cuts[index]..<cuts[index + 1]
    // The last row may end with the text. No row has fewer bytes than cells.
    let ends = lines[index + 1] - lines[index] + (index + 2 == cuts.count ? 1 : 0)
    let count = min(ends, range.count / cellCount + 1)
    rows += count
    return TextChunk(text, range, rows: rows - count..<rows)
  }
}

private func firstRowStart(_ text: CSVText, _ range: Range<Int>, isInside: Bool) -> Int? {
  var isInside = isInside
  for position in range {
    let byte = text[position]
    if byte == quoteMark {
      isInside.toggle()
    } else if !isInside {
      if byte == lineFeed { return position + 1 }
      if byte == carriageReturn {
        let isPair = position + 1 < text.count && text[position + 1] == lineFeed
        return position + (isPair ? 2 : 1)
      }
    }
  }
  return nil
}
