import SurveyData

/// The text of a file, in an encoding whose syntax bytes are ASCII: UTF-8 or Windows-1252.
///
/// UTF-16 is turned into UTF-8 when the file is opened; everything else stays where it is mapped.
@safe struct CSVText: Sendable {
  /// The bytes; valid as long as this value, which holds their owner.
  nonisolated(unsafe) let start: UnsafePointer<UInt8>
  let count: Int
  /// Where the text begins, after a byte-order mark.
  let first: Int
  /// Of the bytes here: never UTF-16.
  var encoding: TextEncoding
  private let owner: Bytes

  init(_ bytes: Bytes, first: Int, encoding: TextEncoding) {
    owner = bytes
    unsafe start = bytes.withSpan(of: UInt8.self) { span in
      unsafe span.withUnsafeBufferPointer { buffer in
        // An empty file has no first byte; nothing is read through the pointer then.
        unsafe buffer.baseAddress ?? UnsafePointer(bitPattern: 64)!
      }
    }
    count = bytes.count
    self.first = first
    self.encoding = encoding
  }

  subscript(position: Int) -> UInt8 {
    precondition(position >= 0 && position < count)
    return unsafe start[position]
  }

  /// The characters of some bytes.
  func string(_ range: Range<Int>) -> String {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return unsafe decodedText(start + range.lowerBound, count: range.count, encoding: encoding)
  }

  /// Where a byte stands, counted in lines and in characters of the line.
  func place(of position: Int, file: String) -> SourcePlace {
    var line = 1
    var lineStart = first
    var index = first
    while index < position {
      let byte = self[index]
      if byte == lineFeed
        || (byte == carriageReturn && !(index + 1 < count && self[index + 1] == lineFeed))
      {
        line += 1
        lineStart = index + 1
      }
      index += 1
    }
    return SourcePlace(
      file: file, line: line, column: string(lineStart..<position).unicodeScalars.count + 1)
  }
}

let lineFeed = UInt8(ascii: "\n")
let carriageReturn = UInt8(ascii: "\r")
let quoteMark = UInt8(ascii: "\"")
let space = UInt8(ascii: " ")
let tab = UInt8(ascii: "\t")

/// The characters of bytes in UTF-8 or Windows-1252.
@unsafe func decodedText(
  _ start: UnsafePointer<UInt8>, count: Int, encoding: TextEncoding
) -> String {
  let bytes = unsafe UnsafeBufferPointer(start: start, count: count)
  if encoding != .windows1252 { return unsafe String(decoding: bytes, as: UTF8.self) }
  var text = ""
  for index in 0..<count {
    let byte = unsafe bytes[index]
    text.unicodeScalars.append(
      byte >= 0x80 && byte < 0xA0
        ? Unicode.Scalar(windows1252Scalars[Int(byte) - 0x80])! : Unicode.Scalar(byte))
  }
  return text
}

/// Bytes 0x80 to 0x9F of Windows-1252; the five that it leaves undefined stand for themselves.
private let windows1252Scalars: [UInt16] = [
  0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
  0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F,
  0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
  0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
]
