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
    for finding in findings {
      if finding.oddQuotes { inside.toggle() }
      parities.append(inside)
    }
    insideQuotes = parities
    firstZero = findings.lazy.compactMap(\.zero).first
    firstInvalidUTF8 = findings.lazy.compactMap(\.invalidUTF8).first
  }
}

private struct PartSurvey: Sendable {
  var oddQuotes = false
  var zero: Int?
  var invalidUTF8: Int?
}

private func survey(_ text: CSVText, _ range: Range<Int>) -> PartSurvey {
  var part = PartSurvey()
  var quotes: UInt64 = 0
  var nonASCII: UInt64 = 0
  var zeros: UInt64 = 0
  var position = range.lowerBound
  while position + 64 <= range.upperBound {
    let masks = unsafe textMasks(text.start + position)
    quotes ^= masks.quotes
    nonASCII |= masks.nonASCII
    zeros |= masks.zeros
    position += 64
  }
  while position < range.upperBound {
    let byte = text[position]
    if byte == quoteMark { quotes ^= 1 }
    if byte >= 0x80 { nonASCII = 1 }
    if byte == 0 { zeros = 1 }
    position += 1
  }
  part.oddQuotes = quotes.nonzeroBitCount & 1 == 1
  if zeros != 0 { part.zero = range.first { text[$0] == 0 } }
  if nonASCII != 0, text.encoding == .utf8 { part.invalidUTF8 = firstInvalidUTF8(text, range) }
  return part
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

/// The processors that this process may use.
let processorCount = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
