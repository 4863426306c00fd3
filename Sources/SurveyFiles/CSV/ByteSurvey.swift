import CByteScan
import SurveyData

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What a first, fast look at every byte tells: whether the text is valid, and the quote parity at
/// evenly spaced places, without which no place can be told to be outside quotation marks.
struct ByteSurvey {
  /// Bytes between two places.
  let step: Int
  /// Whether an odd number of quotation marks stands before place `i`, at byte `i * step`; the last
  /// one is the end of the text.
  let insideQuotes: [Bool]
  /// The line breaks before place `i`.
  private let lineBreaks: [Int]
  let firstZero: Int?
  let firstInvalidUTF8: Int?

  /// - Complexity: O(bytes), on all cores.
  init(_ text: CSVText, step: Int) {
    self.step = step
    let parts = max(1, (text.count + step - 1) / step)
    let findings = concurrentMap(count: parts, threads: nil) { part in
      survey(text, part * step..<min((part + 1) * step, text.count))
    }
    var inside = false
    var parities = [false]
    var breaks = [0]
    for finding in findings {
      if finding.oddQuotes { inside.toggle() }
      parities.append(inside)
      breaks.append(breaks.last! + finding.lineBreaks)
    }
    insideQuotes = parities
    lineBreaks = breaks
    firstZero = findings.lazy.compactMap(\.zero).first
    firstInvalidUTF8 = findings.lazy.compactMap(\.invalidUTF8).first
  }

  /// The line breaks before a byte, those inside quotation marks among them.
  func lineBreaks(before position: Int, of text: CSVText) -> Int {
    let place = position / step
    return lineBreaks[place] + marks(text, place * step..<position).lineBreaks
  }
}

private struct PartSurvey: Sendable {
  let oddQuotes: Bool
  let lineBreaks: Int
  let zero: Int?
  let invalidUTF8: Int?
}

private func survey(_ text: CSVText, _ range: Range<Int>) -> PartSurvey {
  let found = marks(text, range)
  return PartSurvey(
    oddQuotes: found.quotes & 1 == 1, lineBreaks: found.lineBreaks,
    zero: found.hasZeros ? range.first { text[$0] == 0 } : nil,
    invalidUTF8: found.hasNonASCII && text.encoding == .utf8 ? firstInvalidUTF8(text, range) : nil)
}

/// Line breaks of a carriage return and a line feed count where the line feed is.
private func marks(
  _ text: CSVText, _ range: Range<Int>
) -> (quotes: Int, lineBreaks: Int, hasZeros: Bool, hasNonASCII: Bool) {
  let found = unsafe surveyText(text.start + range.lowerBound, range.count, vectorLevel)
  let end = range.upperBound
  let isPairCut =
    end > range.lowerBound && end < text.count && text[end - 1] == carriageReturn
    && text[end] == lineFeed
  return (
    Int(found.quotes), Int(found.lineBreaks) - (isPairCut ? 1 : 0), found.zeros != 0,
    found.nonASCII != 0
  )
}

/// The first byte that no UTF-8 has there, among the sequences that begin in `range`.
///
/// Continuation bytes at the start belong to a sequence that began before the range, if that
/// sequence reaches them.
private func firstInvalidUTF8(_ text: CSVText, _ range: Range<Int>) -> Int? {
  var position = range.lowerBound
  // Go back to where the sequence across the border begins; it is then checked twice.
  var back = 0
  while back < 3, position > 0, text[position] & 0xC0 == 0x80 {
    position -= 1
    back += 1
  }
  while position < range.upperBound {
    if position + 8 <= range.upperBound,
      unsafe UnsafeRawPointer(text.start + position).loadUnaligned(as: UInt64.self)
        & 0x8080_8080_8080_8080 == 0
    {
      position += 8
      continue
    }
    let byte = text[position]
    if byte < 0x80 {
      position += 1
      continue
    }
    guard let length = sequenceLength(text, position) else { return position }
    position += length
  }
  return nil
}

/// The bytes of the well-formed UTF-8 sequence at a position (Unicode, table 3-7).
private func sequenceLength(_ text: CSVText, _ position: Int) -> Int? {
  func byte(_ offset: Int) -> UInt8 {
    position + offset < text.count ? text[position + offset] : 0
  }
  func continues(_ offsets: ClosedRange<Int>) -> Bool {
    offsets.allSatisfy { byte($0) & 0xC0 == 0x80 }
  }
  switch byte(0) {
  case 0xC2...0xDF: return continues(1...1) ? 2 : nil
  case 0xE0: return (0xA0...0xBF).contains(byte(1)) && continues(2...2) ? 3 : nil
  case 0xED: return (0x80...0x9F).contains(byte(1)) && continues(2...2) ? 3 : nil
  case 0xE1...0xEF: return continues(1...2) ? 3 : nil
  case 0xF0: return (0x90...0xBF).contains(byte(1)) && continues(2...3) ? 4 : nil
  case 0xF1...0xF3: return continues(1...3) ? 4 : nil
  case 0xF4: return (0x80...0x8F).contains(byte(1)) && continues(2...3) ? 4 : nil
  default: return nil
  }
}

/// The widest vectors of this processor.
let vectorLevel = widestVectorLevel()

/// The processors that this process may use.
let processorCount = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
