/// The different cells of a column, as they are spelt in the file, numbered as they come.
///
/// A spelling keeps its quotation marks and blanks: what it reads as is worked out once a spelling,
/// when the column is put together. One dictionary serves all the chunks that one lane reads.
@safe struct CellDictionary: ~Copyable {
  /// One spelling and where it first stands.
  @safe struct Spelling: Sendable {
    let hash: UInt64
    nonisolated(unsafe) let start: UnsafePointer<UInt8>
    let count: Int
    let first: CellPlace
  }

  /// Cells of up to seven bytes: their bytes and length in one word, looked up without a branch.
  private let recentKeys: UnsafeMutablePointer<UInt64>
  private let recentCodes: UnsafeMutablePointer<UInt32>
  private(set) var spellings: [Spelling] = []
  private var slots: UnsafeMutablePointer<UInt32>
  private var slotMask = 1023

  /// A power of two.
  private static var recentCount: Int { 128 }

  init() {
    unsafe recentKeys = .allocate(capacity: Self.recentCount)
    unsafe recentKeys.initialize(repeating: .max, count: Self.recentCount)
    unsafe recentCodes = .allocate(capacity: Self.recentCount)
    unsafe recentCodes.initialize(repeating: 0, count: Self.recentCount)
    unsafe slots = .allocate(capacity: slotMask + 1)
    unsafe slots.initialize(repeating: .max, count: slotMask + 1)
  }

  deinit {
    unsafe recentKeys.deallocate()
    unsafe recentCodes.deallocate()
    unsafe slots.deallocate()
  }

  var count: Int { spellings.count }

  /// The code of a cell of `count` bytes; eight bytes may be read at `start`.
  @inline(__always)
  mutating func code(
    _ start: UnsafePointer<UInt8>, _ count: Int, at place: @autoclosure () -> CellPlace
  ) -> UInt32 {
    if count < 8 {
      let key = unsafe shortKey(start, count)
      let recent = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 57)
      if unsafe recentKeys[recent] == key { return unsafe recentCodes[recent] }
      let code = unsafe lookUp(start, count, hash: mixed(key), place())
      unsafe recentKeys[recent] = key
      unsafe recentCodes[recent] = code
      return code
    }
    return unsafe lookUp(start, count, hash: hash(start, count), place())
  }

  @inline(never)
  private mutating func lookUp(
    _ start: UnsafePointer<UInt8>, _ count: Int, hash: UInt64, _ place: CellPlace
  ) -> UInt32 {
    var slot = Int(truncatingIfNeeded: hash) & slotMask
    while true {
      let code = unsafe slots[slot]
      if code == .max { break }
      let known = spellings[Int(code)]
      if known.hash == hash, known.count == count, unsafe sameBytes(known.start, start, count) {
        return code
      }
      slot = (slot + 1) & slotMask
    }
    let code = UInt32(spellings.count)
    unsafe spellings.append(
      Spelling(hash: hash, start: start, count: count, first: place))
    unsafe slots[slot] = code
    if spellings.count * 2 > slotMask { grow() }
    return code
  }

  private mutating func grow() {
    unsafe slots.deallocate()
    slotMask = slotMask * 4 + 3
    unsafe slots = .allocate(capacity: slotMask + 1)
    unsafe slots.initialize(repeating: .max, count: slotMask + 1)
    for (code, spelling) in spellings.enumerated() {
      var slot = Int(truncatingIfNeeded: spelling.hash) & slotMask
      while unsafe slots[slot] != .max { slot = (slot + 1) & slotMask }
      unsafe slots[slot] = UInt32(code)
    }
  }
}

/// Where a cell stands: ordered as in the file.
struct CellPlace: Sendable, Comparable {
  var chunk: Int
  /// Counted within the chunk, over good rows.
  var row: Int

  static func < (a: CellPlace, b: CellPlace) -> Bool { (a.chunk, a.row) < (b.chunk, b.row) }
}

/// Up to seven bytes and their number as one word.
@inline(__always)
@unsafe func shortKey(_ start: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
  let word = unsafe UnsafeRawPointer(start).loadUnaligned(as: UInt64.self)
  let kept = word & ((1 &<< UInt64(truncatingIfNeeded: count &* 8)) &- 1)
  return kept | UInt64(truncatingIfNeeded: count) &<< 56
}

@inline(__always)
private func mixed(_ word: UInt64) -> UInt64 {
  let product = word.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
  return product.high ^ product.low
}

@inline(__always)
@unsafe private func hash(_ start: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
  let raw = unsafe UnsafeRawPointer(start)
  var hash = UInt64(truncatingIfNeeded: count)
  var position = 0
  while position + 8 < count {
    hash = unsafe mixed(hash ^ raw.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    position += 8
  }
  return unsafe mixed(hash ^ raw.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self))
}

@inline(__always)
@unsafe private func sameBytes(
  _ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ count: Int
) -> Bool {
  let a = unsafe UnsafeRawPointer(a)
  let b = unsafe UnsafeRawPointer(b)
  if count < 8 {
    var position = 0
    while position < count {
      if unsafe a.load(fromByteOffset: position, as: UInt8.self)
        != b.load(fromByteOffset: position, as: UInt8.self)
      {
        return false
      }
      position += 1
    }
    return true
  }
  var position = 0
  while position + 8 < count {
    if unsafe a.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      != b.loadUnaligned(fromByteOffset: position, as: UInt64.self)
    {
      return false
    }
    position += 8
  }
  return unsafe a.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
    == b.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
}
