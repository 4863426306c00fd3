/// The different cells of a column, as they are spelt in the file, numbered as they come.
///
/// A spelling keeps its quotation marks and blanks: what it reads as is worked out once a spelling,
/// when the column is put together. One dictionary serves all the chunks that one lane reads.
@safe struct CellDictionary: ~Copyable {
  /// One spelling and where it first stands.
  @safe struct Spelling: Sendable {
    nonisolated(unsafe) let start: UnsafePointer<UInt8>
    let count: Int
    let first: CellPlace
  }

  /// A place in the hash table. The key of a cell of up to seven bytes is the cell; that of a longer
  /// one is a hash, with the highest bit set, and the bytes must be compared.
  private struct Slot {
    var key: UInt64
    var code: UInt32
  }

  /// The codes of cells that are one byte or none, by the byte at the cell's start: that of an empty cell
  /// is the byte that ends it, which is the same for the whole column.
  let byteCodes: UnsafeMutablePointer<UInt8>
  /// The keys of short cells seen lately, and their codes: looked up without a branch on length.
  private let recentKeys: UnsafeMutablePointer<UInt64>
  private let recentCodes: UnsafeMutablePointer<UInt32>
  private(set) var spellings: [Spelling] = []
  private var slots: UnsafeMutablePointer<Slot>
  private var slotMask = 1023
  /// Of no meaning: it keeps `fetch` from being optimised away.
  private var fetched: UInt64 = 0

  /// What `byteCodes` has for a byte that begins no such cell yet, or that never tells the cell; greater
  /// than all that it has for others, so that the bits of several tell whether one of them is it.
  static var noByteCode: UInt8 { 128 }
  /// No cell has this key: it would be 127 bytes in seven.
  private static var noKey: UInt64 { 0x7F << 56 }
  /// A power of two.
  private static var recentCount: Int { 512 }

  init() {
    unsafe byteCodes = .allocate(capacity: 256)
    unsafe byteCodes.initialize(repeating: Self.noByteCode, count: 256)
    unsafe recentKeys = .allocate(capacity: Self.recentCount)
    unsafe recentKeys.initialize(repeating: Self.noKey, count: Self.recentCount)
    unsafe recentCodes = .allocate(capacity: Self.recentCount)
    unsafe recentCodes.initialize(repeating: 0, count: Self.recentCount)
    unsafe slots = .allocate(capacity: slotMask + 1)
    unsafe slots.initialize(repeating: Slot(key: Self.noKey, code: 0), count: slotMask + 1)
  }

  deinit {
    unsafe byteCodes.deallocate()
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
      let recent = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 55)
      if unsafe recentKeys[recent] == key { return unsafe recentCodes[recent] }
      let code = unsafe shortCode(key, start, count, place())
      unsafe recentKeys[recent] = key
      unsafe recentCodes[recent] = code
      return code
    }
    return unsafe longCode(start, count, place())
  }

  /// Fetches a short cell's place in the table into the cache.
  ///
  /// A large table is not in the cache, and each look-up waits for memory before its branches are
  /// known. Fetching a batch of cells first lets the processor wait for many at once.
  @inline(__always)
  mutating func fetch(_ start: UnsafePointer<UInt8>, _ count: Int) {
    guard count < 8 else { return }
    let key = unsafe shortKey(start, count)
    fetched ^= unsafe slots[Int(truncatingIfNeeded: mixed(key)) & slotMask].key
  }

  private mutating func shortCode(
    _ key: UInt64, _ start: UnsafePointer<UInt8>, _ count: Int, _ place: CellPlace
  ) -> UInt32 {
    var slot = Int(truncatingIfNeeded: mixed(key)) & slotMask
    while true {
      let known = unsafe slots[slot]
      if known.key == key { return known.code }
      if known.key == Self.noKey { break }
      slot = (slot + 1) & slotMask
    }
    return unsafe add(key, slot, start, count, place)
  }

  private mutating func longCode(
    _ start: UnsafePointer<UInt8>, _ count: Int, _ place: CellPlace
  ) -> UInt32 {
    let key = unsafe hash(start, count) | 1 << 63
    var slot = Int(truncatingIfNeeded: mixed(key)) & slotMask
    while true {
      let known = unsafe slots[slot]
      if known.key == key {
        let spelling = spellings[Int(known.code)]
        if spelling.count == count, unsafe sameBytes(spelling.start, start, count) {
          return known.code
        }
      } else if known.key == Self.noKey {
        break
      }
      slot = (slot + 1) & slotMask
    }
    return unsafe add(key, slot, start, count, place)
  }

  @inline(never)
  private mutating func add(
    _ key: UInt64, _ slot: Int, _ start: UnsafePointer<UInt8>, _ count: Int, _ place: CellPlace
  ) -> UInt32 {
    let code = UInt32(spellings.count)
    unsafe spellings.append(Spelling(start: start, count: count, first: place))
    unsafe slots[slot] = Slot(key: key, code: code)
    // A carriage return is a cell before a line feed, and the end of an empty cell elsewhere.
    if count <= 1, unsafe start[0] != carriageReturn, code < UInt32(Self.noByteCode) {
      unsafe byteCodes[Int(start[0])] = UInt8(code)
    }
    if spellings.count * 2 > slotMask { grow() }
    return code
  }

  private mutating func grow() {
    let old = unsafe slots
    let oldMask = slotMask
    slotMask = slotMask * 2 + 1
    unsafe slots = .allocate(capacity: slotMask + 1)
    unsafe slots.initialize(repeating: Slot(key: Self.noKey, code: 0), count: slotMask + 1)
    for position in 0...oldMask {
      let moved = unsafe old[position]
      guard moved.key != Self.noKey else { continue }
      var slot = Int(truncatingIfNeeded: mixed(moved.key)) & slotMask
      while unsafe slots[slot].key != Self.noKey { slot = (slot + 1) & slotMask }
      unsafe slots[slot] = moved
    }
    unsafe old.deallocate()
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

/// Two halves of a product with the golden ratio: every bit of the word moves the low ones.
@inline(__always)
private func mixed(_ word: UInt64) -> UInt64 {
  let product = word.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
  return product.high ^ product.low
}

/// Of eight bytes or more.
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

/// Of eight bytes or more.
@inline(__always)
@unsafe private func sameBytes(
  _ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ count: Int
) -> Bool {
  let a = unsafe UnsafeRawPointer(a)
  let b = unsafe UnsafeRawPointer(b)
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
