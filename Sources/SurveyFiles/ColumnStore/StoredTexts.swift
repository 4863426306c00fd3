import SurveyData

/// Texts as a dictionary's file has them: their number and where each ends, in eight bytes each,
/// and then the texts themselves.
func dictionaryBytes(_ texts: [String]) -> [UInt8] {
  var ends: [UInt64] = [UInt64(texts.count)]
  var bytes: [UInt8] = []
  for text in texts {
    bytes += text.utf8
    ends.append(UInt64(bytes.count))
  }
  var result: [UInt8] = []
  result.reserveCapacity(ends.count * 8 + bytes.count)
  for end in ends {
    for shift in 0..<8 { result.append(UInt8(truncatingIfNeeded: end >> (8 * UInt64(shift)))) }
  }
  return result + bytes
}

/// The texts of a dictionary's file; `nil` where it is none, or where a text stands in it twice.
func texts(in bytes: Bytes) -> [String]? {
  guard let bounds = textBounds(in: bytes) else { return nil }
  return bytes.withSpan(of: UInt8.self) { span -> [String]? in
    var texts: [String] = []
    texts.reserveCapacity(bounds.count - 1)
    var areAscending = true
    for (start, end) in zip(bounds, bounds.dropFirst()) {
      let text = unsafe span.extracting(start..<end).withUnsafeBufferPointer {
        unsafe String(decoding: $0, as: UTF8.self)
      }
      if let last = texts.last, last >= text { areAscending = false }
      texts.append(text)
    }
    return areAscending || Set(texts).count == texts.count ? texts : nil
  }
}

/// Where each text begins in the file, and the end of the last; `nil` where the file does not say.
private func textBounds(in bytes: Bytes) -> [Int]? {
  bytes.withSpan(of: UInt64.self) { words -> [Int]? in
    guard words.count > 0, let count = Int(exactly: UInt64(littleEndian: words[0])),
      count < words.count
    else { return nil }
    let start = (count + 1) * 8
    var bounds = [start]
    bounds.reserveCapacity(count + 1)
    for index in 1..<count + 1 {
      guard let end = Int(exactly: UInt64(littleEndian: words[index])),
        end <= bytes.count - start, start + end >= bounds[index - 1]
      else { return nil }
      bounds.append(start + end)
    }
    return bounds
  }
}
