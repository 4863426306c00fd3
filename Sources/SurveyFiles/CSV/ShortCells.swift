/// Cells of one column in the rows of a batch, as the loops over them want them.
@unsafe struct CellRun {
  /// The start of the chunk.
  let text: UnsafePointer<UInt8>
  /// The position before the column's cell in each row, and its end after it, `stride` from row to row.
  let positions: UnsafePointer<Int32>
  let stride: Int
}

/// Reads cells of one byte or none, as nearly all are in a survey, up to the first other one or the first
/// whose code is not known; gives the row where it stopped.
///
/// By itself, because in a larger loop its few values would not stay in registers.
///
/// - Parameter byteCodes: see `CellDictionary`.
@inline(never)
@unsafe func readByteCells<Code: FixedWidthInteger & BitwiseCopyable>(
  _ cells: CellRun, _ rows: Range<Int>, by byteCodes: UnsafePointer<UInt8>,
  into codes: UnsafeMutablePointer<Code>
) -> Int {
  let last = rows.upperBound
  let stride = unsafe cells.stride
  let text = unsafe cells.text + 1
  var row = rows.lowerBound
  var ends = unsafe cells.positions + row &* stride

  // A length beyond 2, its delimiter among it, makes the difference negative.
  @inline(__always) func code(_ ends: UnsafePointer<Int32>) -> (code: UInt8, room: Int32) {
    let before = unsafe ends[0]
    return (unsafe byteCodes[Int(text[Int(before)])], unsafe before &+ 2 &- ends[1])
  }
  while row &+ 4 <= last {
    let a = unsafe code(ends)
    let b = unsafe code(ends + stride)
    let c = unsafe code(ends + 2 &* stride)
    let d = unsafe code(ends + 3 &* stride)
    if a.room | b.room | c.room | d.room < 0
      || a.code | b.code | c.code | d.code >= CellDictionary.noByteCode
    {
      break
    }
    unsafe codes[row] = Code(truncatingIfNeeded: a.code)
    unsafe codes[row &+ 1] = Code(truncatingIfNeeded: b.code)
    unsafe codes[row &+ 2] = Code(truncatingIfNeeded: c.code)
    unsafe codes[row &+ 3] = Code(truncatingIfNeeded: d.code)
    unsafe ends += 4 &* stride
    row &+= 4
  }
  while row < last {
    let a = unsafe code(ends)
    if a.room < 0 || a.code >= CellDictionary.noByteCode { break }
    unsafe codes[row] = Code(truncatingIfNeeded: a.code)
    unsafe ends += stride
    row &+= 1
  }
  return row
}

/// The decimal marks that a loop over numbers may meet without anybody being told.
struct KnownMarks {
  var point: Bool
  var comma: Bool
}

/// Reads empty cells and plain numbers of up to eight bytes after a sign (`PlainNumber`), up to the first
/// other cell, or the first with a mark that is not known; gives the row where it stopped.
@inline(never)
@unsafe func readShortNumbers(
  _ cells: CellRun, _ rows: Range<Int>, _ marks: KnownMarks,
  _ powersOfTen: UnsafePointer<Double>, into numbers: UnsafeMutablePointer<Double>
) -> Int {
  let last = rows.upperBound
  let stride = unsafe cells.stride
  let text = unsafe cells.text + 1
  var row = rows.lowerBound
  var ends = unsafe cells.positions + row &* stride
  while row < last {
    let before = unsafe Int(ends[0])
    let count = unsafe Int(ends[1]) &- before &- 1
    if count == 0 {
      unsafe numbers[row] = .nan
    } else {
      guard let number = unsafe PlainNumber(wordAt: text + before, count: count, powersOfTen),
        number.mark == 0 || (number.mark == UInt8(ascii: ".") ? marks.point : marks.comma)
      else { break }
      unsafe numbers[row] = number.value
    }
    unsafe ends += stride
    row &+= 1
  }
  return row
}

extension PlainNumber {
  /// The same for up to eight bytes after a minus sign, all at once; `nil` for others too. Nine bytes
  /// may be read.
  @inline(__always)
  @unsafe init?(
    wordAt cell: UnsafePointer<UInt8>, count: Int, _ powersOfTen: UnsafePointer<Double>
  ) {
    let isNegative = unsafe cell[0] == UInt8(ascii: "-")
    let sign = isNegative ? 1 : 0
    let size = count &- sign
    guard UInt(bitPattern: size &- 1) < 8 else { return nil }
    let word = unsafe UnsafeRawPointer(cell + sign).loadUnaligned(as: UInt64.self)
    // The last character is at the top; before the first one, and for each digit 0, there are zeros.
    let unused = UInt64(truncatingIfNeeded: 64 &- 8 &* size)
    var digits = (word ^ 0x3030_3030_3030_3030) &<< unused
    let leadsWithZero = (digits &>> unused) & 0xFF == 0
    // The high bit of each byte that is no digit.
    let others =
      ((digits & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7676_7676_7676_7676 | digits) & 0x8080_8080_8080_8080
    var decimals = 0
    if others == 0 {
      if leadsWithZero, size > 1 { return nil }
      mark = 0
    } else {
      let place = UInt64(truncatingIfNeeded: others.trailingZeroBitCount & 56)
      decimals = 7 &- Int(truncatingIfNeeded: place &>> 3)
      let whole = size &- 1 &- decimals
      mark = UInt8(truncatingIfNeeded: digits &>> place) ^ 0x30
      guard others & (others &- 1) == 0, mark == UInt8(ascii: ".") || mark == UInt8(ascii: ","),
        decimals > 0, whole > 0, whole == 1 || !leadsWithZero,
        decimals != 3 || whole > 3 || leadsWithZero
      else { return nil }
      let before = (1 &<< place) &- 1
      digits = (digits & before) &<< 8 | (digits & ~(before &<< 8 | 0xFF))
    }
    digits = digits &* 10 &+ digits &>> 8
    let low = (digits & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
    let high = (digits &>> 16 & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
    let number = UInt32(truncatingIfNeeded: (low &+ high) &>> 32)
    let magnitude = unsafe Double(number) / powersOfTen[decimals]
    value = isNegative ? -magnitude : magnitude
  }
}
