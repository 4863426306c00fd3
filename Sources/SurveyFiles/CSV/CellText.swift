/// The bytes of a cell without the white space around it: blanks, tabs, no-break spaces, stray
/// byte-order marks, and the carriage return before a line feed.
func trimmedCell(_ text: CSVText, _ range: Range<Int>) -> Range<Int> {
  unsafe trimmedCell(text.start, range, encoding: text.encoding)
}

@unsafe func trimmedCell(
  _ start: UnsafePointer<UInt8>, _ range: Range<Int>, encoding: TextEncoding
) -> Range<Int> {
  var low = range.lowerBound
  var high = range.upperBound
  if high > low, unsafe start[high - 1] == carriageReturn { high -= 1 }
  while low < high {
    let byte = unsafe start[low]
    if byte == space || byte == tab {
      low += 1
    } else if byte < 0x80 {
      break
    } else if encoding == .windows1252 {
      guard byte == 0xA0 else { break }
      low += 1
    } else if byte == 0xC2, low + 1 < high, unsafe start[low + 1] == 0xA0 {
      low += 2
    } else if byte == 0xEF, low + 2 < high, unsafe start[low + 1] == 0xBB,
      unsafe start[low + 2] == 0xBF
    {
      low += 3
    } else {
      break
    }
  }
  while high > low {
    let byte = unsafe start[high - 1]
    if byte == space || byte == tab {
      high -= 1
    } else if byte < 0x80 {
      break
    } else if encoding == .windows1252 {
      guard byte == 0xA0 else { break }
      high -= 1
    } else if byte == 0xA0, high - 2 >= low, unsafe start[high - 2] == 0xC2 {
      high -= 2
    } else if byte == 0xBF, high - 3 >= low, unsafe start[high - 2] == 0xBB,
      unsafe start[high - 3] == 0xEF
    {
      high -= 3
    } else {
      break
    }
  }
  return low..<high
}

/// The text of a cell as it reads: trimmed, out of its quotation marks, doubled marks made one.
func cellText(_ text: CSVText, _ range: Range<Int>) -> String {
  unsafe cellText(text.start, range, encoding: text.encoding)
}

@unsafe func cellText(
  _ start: UnsafePointer<UInt8>, _ range: Range<Int>, encoding: TextEncoding
) -> String {
  let (content, hasDoubledQuotes) = unsafe cellContent(start, range, encoding: encoding)
  if !hasDoubledQuotes {
    return unsafe decodedText(
      start + content.lowerBound, count: content.count, encoding: encoding)
  }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(content.count)
  var position = content.lowerBound
  while position < content.upperBound {
    let byte = unsafe start[position]
    bytes.append(byte)
    position += 1
    if byte == quoteMark, position < content.upperBound, unsafe start[position] == quoteMark {
      position += 1
    }
  }
  return unsafe bytes.withUnsafeBufferPointer {
    // A cell with doubled marks has at least one byte.
    unsafe decodedText($0.baseAddress!, count: $0.count, encoding: encoding)
  }
}

/// The bytes of a cell inside its quotation marks, trimmed, and whether marks are doubled in it.
@unsafe func cellContent(
  _ start: UnsafePointer<UInt8>, _ range: Range<Int>, encoding: TextEncoding
) -> (content: Range<Int>, hasDoubledQuotes: Bool) {
  let outer = unsafe trimmedCell(start, range, encoding: encoding)
  guard outer.count >= 2, unsafe start[outer.lowerBound] == quoteMark,
    unsafe start[outer.upperBound - 1] == quoteMark
  else { return (outer, false) }
  let quoted = outer.lowerBound + 1..<outer.upperBound - 1
  var hasDoubled = false
  for position in quoted where unsafe start[position] == quoteMark { hasDoubled = true }
  return (unsafe trimmedCell(start, quoted, encoding: encoding), hasDoubled)
}
