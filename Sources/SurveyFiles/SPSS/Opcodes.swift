/// A place in SPSS' bytecode: eight code bytes, then the values that they call for, and so on.
///
/// A code byte is 0 (nothing), 1 to 251 (a number: the code less the bias), 252 (the end), 253
/// (the next eight bytes as they are), 254 (eight blanks) or 255 (system-missing).
@safe struct OpcodePlace: Sendable {
  /// Where the eight code bytes stand.
  var control: Int
  /// Which of them comes next; 8 when they are used up.
  var index = 8
  /// Where the next eight bytes of values, or the next code bytes, stand.
  var data: Int

  init(start: Int) {
    control = start
    data = start
  }

  enum Progress {
    case done
    /// The bytes ran out, or the end came, amid the values.
    case incomplete
    /// The bytes ran out before the first value.
    case exhausted
    /// The end came before the first value.
    case end
  }

  /// Passes over `count` values without looking at them, within the bytes up to `limit`.
  ///
  /// The place is of no meaning where they were not all there.
  @unsafe mutating func advance(
    _ count: Int, in bytes: UnsafePointer<UInt8>, limit: Int
  ) -> Progress {
    let raw = unsafe UnsafeRawPointer(bytes)
    var left = count
    while left > 0 {
      if index == 8 {
        guard data + 8 <= limit else { return left == count ? .exhausted : .incomplete }
        control = data
        data += 8
        index = 0
        if left >= 8 {
          let word = unsafe raw.loadUnaligned(fromByteOffset: control, as: UInt64.self)
          if !hasByte(word, 0), !hasByte(word, 252) {
            let next = data + 8 * countOf253(word)
            guard next <= limit else { return .incomplete }
            data = next
            left -= 8
            index = 8
            continue
          }
        }
      }
      let code = unsafe bytes[control + index]
      switch code {
      case 0: index += 1
      case 252: return left == count ? .end : .incomplete
      case 253:
        guard data + 8 <= limit else { return .incomplete }
        index += 1
        data += 8
        left -= 1
      default:
        index += 1
        left -= 1
      }
    }
    return .done
  }

  /// Writes the next `count` values as eight bytes each.
  ///
  /// - Precondition: `advance` has passed over them.
  @unsafe mutating func expand(
    _ count: Int, from bytes: UnsafePointer<UInt8>, by table: UnsafePointer<UInt64>,
    into output: UnsafeMutablePointer<UInt64>
  ) {
    let raw = unsafe UnsafeRawPointer(bytes)
    var written = 0
    while written < count {
      if index == 8 {
        control = data
        data += 8
        index = 0
        if count - written >= 8 {
          let word = unsafe raw.loadUnaligned(fromByteOffset: control, as: UInt64.self)
          if !hasByte(word, 0), !hasByte(word, 252) {
            let target = unsafe output + written
            var codes = word
            for position in 0..<8 {
              let code = Int(codes & 0xFF)
              codes >>= 8
              if code == 253 {
                unsafe target[position] = raw.loadUnaligned(
                  fromByteOffset: data, as: UInt64.self)
                data += 8
              } else {
                unsafe target[position] = table[code]
              }
            }
            written += 8
            index = 8
            continue
          }
        }
      }
      let code = unsafe bytes[control + index]
      index += 1
      if code == 0 { continue }
      if code == 253 {
        unsafe output[written] = raw.loadUnaligned(fromByteOffset: data, as: UInt64.self)
        data += 8
      } else {
        unsafe output[written] = table[Int(code)]
      }
      written += 1
    }
  }
}

/// The eight bytes that each code byte stands for, in the file's byte order; of no meaning at 0,
/// 252 and 253.
func opcodeTable(bias: Double, systemMissing: Double, isBigEndian: Bool) -> [UInt64] {
  (0...255).map { code in
    if code == 254 { return 0x2020_2020_2020_2020 }
    let number = code == 255 ? systemMissing : Double(code) - bias
    return isBigEndian ? number.bitPattern.bigEndian : number.bitPattern.littleEndian
  }
}

private var lows: UInt64 { 0x7F7F_7F7F_7F7F_7F7F }

/// The high bit of each byte that is zero, and no other bit.
@inline(__always)
private func zeroBytes(_ word: UInt64) -> UInt64 { ~(((word & lows) &+ lows) | word | lows) }

@inline(__always)
private func hasByte(_ word: UInt64, _ byte: UInt64) -> Bool {
  zeroBytes(word ^ (0x0101_0101_0101_0101 &* byte)) != 0
}

@inline(__always)
private func countOf253(_ word: UInt64) -> Int {
  zeroBytes(word ^ 0xFDFD_FDFD_FDFD_FDFD).nonzeroBitCount
}
