import SurveyData

/// How numbers may be written in a file, as far as the file settles it.
struct NumberDialect: Sendable {
  /// The mark that was asked for; `nil`: each column's values settle it.
  var decimalMark: DecimalMark?
  /// Whether the point of `1.234` may separate thousands.
  var pointMayGroup = true
  /// Whether the comma of `1,234` may separate thousands.
  var commaMayGroup = false
}

/// A number as it is written: its digits, and where its decimals begin under either decimal mark.
struct WrittenNumber {
  private(set) var digits: UInt64 = 0
  private(set) var digitCount = 0
  private(set) var exponent = 0
  private(set) var isNegative = false
  /// Digits after the decimal mark where that is a point, or a comma; `nil`: no such reading.
  private(set) var decimalsWithPoint: Int?
  private(set) var decimalsWithComma: Int?
  /// No plus sign and no leading zero before another digit: the number has no other spelling that a
  /// code might need (`0101` is a municipality).
  private(set) var isCanonical = true

  /// The same number whichever mark decimals have.
  var isNeutral: Bool { decimalsWithPoint == 0 && decimalsWithComma == 0 }

  /// Reads the bytes of a trimmed cell; `nil` where they are no number.
  @unsafe init?(_ start: UnsafePointer<UInt8>, count: Int, dialect: NumberDialect) {
    var position = 0
    guard count > 0 else { return nil }
    switch unsafe start[0] {
    case UInt8(ascii: "-"):
      isNegative = true
      position = 1
    case UInt8(ascii: "+"):
      isCanonical = false
      position = 1
    default: break
    }
    let firstDigit = position
    var points = 0
    var commas = 0
    var lastMark: UInt8 = 0
    var wholeDigits = 0
    var sinceMark = 0
    var marksGroup = true  // every group closed so far has three digits, the first one to three
    while position < count {
      let byte = unsafe start[position]
      let digit = byte &- UInt8(ascii: "0")
      if digit < 10 {
        if digitCount < 19 { digits = digits * 10 + UInt64(digit) }
        digitCount += 1
        sinceMark += 1
      } else if byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",") {
        if lastMark == 0 {
          wholeDigits = sinceMark
          marksGroup = (1...3).contains(sinceMark)
        } else {
          marksGroup = marksGroup && sinceMark == 3
        }
        if byte == UInt8(ascii: ".") { points += 1 } else { commas += 1 }
        // The decimal mark is last, so the other mark cannot follow it.
        if points > 0, commas > 0, byte == lastMark { return nil }
        lastMark = byte
        sinceMark = 0
      } else {
        break
      }
      position += 1
    }
    if lastMark == 0 { wholeDigits = sinceMark }
    guard digitCount > 0, lastMark == 0 || sinceMark > 0 else { return nil }
    let leadsWithZero = unsafe wholeDigits > 0 && start[firstDigit] == UInt8(ascii: "0")
    if leadsWithZero, wholeDigits > 1 { isCanonical = false }
    if position < count {
      guard let written = unsafe exponentValue(start + position, count: count - position) else {
        return nil
      }
      exponent = written
    }
    let hasExponent = position < count
    switch (points, commas) {
    case (0, 0):
      decimalsWithPoint = 0
      decimalsWithComma = 0
    case (1, 0), (0, 1):
      let groups =
        marksGroup && sinceMark == 3 && !leadsWithZero && !hasExponent
        && (points == 1 ? dialect.pointMayGroup : dialect.commaMayGroup)
      if points == 1 {
        decimalsWithPoint = sinceMark
        if groups { decimalsWithComma = 0 }
      } else {
        decimalsWithComma = sinceMark
        if groups { decimalsWithPoint = 0 }
      }
    case (_, 0), (0, _):
      guard marksGroup, sinceMark == 3, !leadsWithZero, !hasExponent else { return nil }
      if points > 0 { decimalsWithComma = 0 } else { decimalsWithPoint = 0 }
    default:
      // Groups by one mark, decimals after the other, which stands once and last.
      guard marksGroup, !leadsWithZero else { return nil }
      if lastMark == UInt8(ascii: ",") {
        guard commas == 1 else { return nil }
        decimalsWithComma = sinceMark
      } else {
        guard points == 1 else { return nil }
        decimalsWithPoint = sinceMark
      }
    }
    if let mark = dialect.decimalMark {
      if mark == .point { decimalsWithComma = nil } else { decimalsWithPoint = nil }
      if decimalsWithPoint == nil, decimalsWithComma == nil { return nil }
    }
  }

  func fits(_ mark: DecimalMark) -> Bool {
    (mark == .point ? decimalsWithPoint : decimalsWithComma) != nil
  }

  /// The number under a decimal mark that it fits.
  ///
  /// Up to 2^53 and 10^22 both factors are exact, so one operation rounds once, as `strtod` does.
  func value(_ mark: DecimalMark) -> Double {
    let decimals = (mark == .point ? decimalsWithPoint : decimalsWithComma) ?? 0
    let power = exponent - decimals
    if digitCount <= 15, power >= -22, power <= 22 {
      let whole = Double(digits)
      let size = power < 0 ? whole / powersOfTen[-power] : whole * powersOfTen[power]
      return isNegative ? -size : size
    }
    return .nan
  }

  /// Whether `value` can be exact; otherwise the digits themselves must be read (`slowValue`).
  func isShort(_ mark: DecimalMark) -> Bool {
    let power = exponent - ((mark == .point ? decimalsWithPoint : decimalsWithComma) ?? 0)
    return digitCount <= 15 && power >= -22 && power <= 22
  }
}

/// The text of a number with a decimal point and no thousands marks, under the mark that it has.
func plainNumberText(_ text: String, _ mark: DecimalMark) -> String {
  let decimal = mark == .point ? UInt8(ascii: ".") : UInt8(ascii: ",")
  let thousands = mark == .point ? UInt8(ascii: ",") : UInt8(ascii: ".")
  return String(
    decoding: text.utf8.compactMap {
      $0 == thousands ? nil : $0 == decimal ? UInt8(ascii: ".") : $0
    }, as: UTF8.self)
}

/// The number in a trimmed cell under the one mark, or NaN where it is none or too large.
@unsafe func exactValue(
  _ number: WrittenNumber, _ mark: DecimalMark, _ start: UnsafePointer<UInt8>, count: Int
) -> Double {
  if number.isShort(mark) { return number.value(mark) }
  let text = unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  return Double(plainNumberText(text, mark)) ?? .nan
}

/// The number after an `e` or `E`, at most 999 either way.
@unsafe private func exponentValue(_ start: UnsafePointer<UInt8>, count: Int) -> Int? {
  guard unsafe start[0] | 0x20 == UInt8(ascii: "e") else { return nil }
  var position = 1
  var isNegative = false
  if position < count,
    unsafe start[position] == UInt8(ascii: "-") || start[position] == UInt8(ascii: "+")
  {
    isNegative = unsafe start[position] == UInt8(ascii: "-")
    position += 1
  }
  guard position < count, count - position <= 3 else { return nil }
  var value = 0
  while position < count {
    let digit = unsafe start[position] &- UInt8(ascii: "0")
    guard digit < 10 else { return nil }
    value = value * 10 + Int(digit)
    position += 1
  }
  return isNegative ? -value : value
}

let powersOfTen: [Double] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
  1e18, 1e19, 1e20, 1e21, 1e22,
]

/// A plain number such as `1.2345` or `-7,5`, the shape of nearly every number in a file.
struct PlainNumber {
  let value: Double
  /// The mark it shows; 0 for an integer.
  let mark: UInt8

  /// `nil` for every other shape, and wherever the mark might separate thousands: those are for
  /// `WrittenNumber`.
  @inline(__always)
  @unsafe init?(_ start: UnsafePointer<UInt8>, count: Int) {
    guard count > 0, count <= 16 else { return nil }
    var position = 0
    let isNegative = unsafe start[0] == UInt8(ascii: "-")
    if isNegative { position = 1 }
    let first = position
    var digits: UInt64 = 0
    var markPosition = -1
    var mark: UInt8 = 0
    while position < count {
      let byte = unsafe start[position]
      let digit = byte &- UInt8(ascii: "0")
      if digit < 10 {
        digits = digits &* 10 &+ UInt64(digit)
      } else {
        guard byte == UInt8(ascii: ".") || byte == UInt8(ascii: ","), mark == 0, position > first
        else { return nil }
        mark = byte
        markPosition = position
      }
      position += 1
    }
    let whole = (mark == 0 ? count : markPosition) - first
    guard whole > 0 else { return nil }
    if whole > 1, unsafe start[first] == UInt8(ascii: "0") { return nil }
    let decimals = mark == 0 ? 0 : count - markPosition - 1
    if mark != 0 {
      if decimals == 0 { return nil }
      if decimals == 3, whole <= 3, unsafe start[first] != UInt8(ascii: "0") { return nil }
    }
    guard whole + decimals <= 15 else { return nil }
    let size = unsafe Double(digits) / plainPowersOfTen[decimals]
    value = isNegative ? -size : size
    self.mark = mark
  }
}

nonisolated(unsafe) let plainPowersOfTen: UnsafePointer<Double> = {
  let powers = UnsafeMutablePointer<Double>.allocate(capacity: powersOfTen.count)
  for index in powersOfTen.indices { unsafe powers[index] = powersOfTen[index] }
  return unsafe UnsafePointer(powers)
}()
