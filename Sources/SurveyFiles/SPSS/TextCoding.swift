import SurveyData

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The encoding of the texts of a file.
enum TextCoding: Sendable, Hashable {
  case utf8
  case windows1252
  /// By the name that iconv(3) knows.
  case named(String)

  /// The encoding of an SPSS file: what its encoding record names, else its code page.
  ///
  /// The codes 2 and 3 ("ASCII", "eight-bit ASCII") and silence mean Windows-1252, as they do to
  /// SPSS on a Western machine and to ReadStat.
  init?(encoding name: String?, characterCode: Int?) {
    if let name, !name.isEmpty {
      self.init(name: name)
      return
    }
    switch characterCode {
    case nil, 2, 3, 1252: self = .windows1252
    case 65001: self = .utf8
    case 20127: self = .named("US-ASCII")
    case let code? where (28591...28605).contains(code):
      self.init(name: "ISO-8859-\(code - 28590)")
    case 932?: self.init(name: "SHIFT_JIS")
    case 936?: self.init(name: "GBK")
    case 950?: self.init(name: "BIG5")
    case 51949?: self.init(name: "EUC-KR")
    case let code? where code > 4: self.init(name: "CP\(code)")
    default: return nil
    }
  }

  private init?(name: String) {
    switch name.uppercased().filter({ $0 != "-" && $0 != "_" }) {
    case "UTF8": self = .utf8
    case "WINDOWS1252", "CP1252": self = .windows1252
    default:
      guard let converter = Converter(name) else { return nil }
      withExtendedLifetime(converter) {}
      self = .named(name)
    }
  }

  var name: String {
    switch self {
    case .utf8: "utf-8"
    case .windows1252: "windows-1252"
    case .named(let name): name.lowercased()
    }
  }
}

/// Makes texts of bytes; for one thread.
final class TextDecoder {
  private let coding: TextCoding
  private let converter: Converter?
  /// Whether any bytes were none of the encoding; they became U+FFFD.
  private(set) var metInvalidBytes = false

  init(_ coding: TextCoding) {
    self.coding = coding
    if case .named(let name) = coding { converter = Converter(name) } else { converter = nil }
  }

  /// The text without the blanks and zeros at its end.
  func text(_ bytes: some Collection<UInt8>) -> String {
    let bytes = Array(Array(bytes).trimmed)
    if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
    switch coding {
    case .utf8:
      // A label that was cut to its length may end in the middle of a character.
      let text = String(decoding: withoutPartAtEnd(bytes), as: UTF8.self)
      if text.unicodeScalars.contains("\u{FFFD}") { metInvalidBytes = true }
      return text
    case .windows1252:
      return unsafe bytes.withUnsafeBufferPointer {
        unsafe decodedText($0.baseAddress!, count: $0.count, encoding: .windows1252)
      }
    case .named:
      guard let (text, isValid) = converter?.text(bytes) else {
        metInvalidBytes = true
        return String(decoding: bytes, as: UTF8.self)
      }
      if !isValid { metInvalidBytes = true }
      return text
    }
  }
}

/// UTF-8 without a character at its end that is not whole.
private func withoutPartAtEnd(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
  var start = bytes.count - 1
  while start > 0, bytes.count - start < 4, bytes[start] & 0xC0 == 0x80 { start -= 1 }
  guard start >= 0 else { return bytes[...] }
  let length =
    switch bytes[start] {
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: 1
    }
  return bytes.count - start < length ? bytes[..<start] : bytes[...]
}

/// An open conversion of iconv(3) to UTF-8.
@safe private final class Converter {
  private let handle: iconv_t

  init?(_ name: String) {
    // "//" would ask iconv for transliteration and the like.
    guard name.utf8.allSatisfy({ $0 > space && $0 < 0x7F && $0 != UInt8(ascii: "/") }) else {
      return nil
    }
    let opened = unsafe iconv_open("UTF-8", name)
    guard let opened = unsafe opened, Int(bitPattern: opened) != -1 else { return nil }
    unsafe handle = opened
  }

  deinit { unsafe iconv_close(handle) }

  /// The text, and whether every byte belonged to one; a part of a character at the end is left
  /// out.
  func text(_ bytes: [UInt8]) -> (text: String, isValid: Bool) {
    var isValid = true
    var input = bytes.map { CChar(bitPattern: $0) }
    var result: [UInt8] = []
    var output = [CChar](repeating: 0, count: bytes.count * 4 + 16)
    unsafe iconv(handle, nil, nil, nil, nil)
    var position = 0
    while position < input.count {
      var inputLeft = input.count - position
      var outputLeft = output.count
      let (status, failure) = unsafe input.withUnsafeMutableBufferPointer { input in
        unsafe output.withUnsafeMutableBufferPointer { output in
          var from: UnsafeMutablePointer<CChar>? = unsafe input.baseAddress! + position
          var to: UnsafeMutablePointer<CChar>? = output.baseAddress!
          let status = unsafe iconv(handle, &from, &inputLeft, &to, &outputLeft)
          return (status, errno)
        }
      }
      result += output.prefix(output.count - outputLeft).map { UInt8(bitPattern: $0) }
      position = input.count - inputLeft
      guard status == -1 else { break }
      if failure == EINVAL { break }
      if failure == EILSEQ {
        isValid = false
        result += Array("\u{FFFD}".utf8)
        position += 1
      } else if failure != E2BIG {
        break
      }
    }
    return (String(decoding: result, as: UTF8.self), isValid)
  }
}
