#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The different strings of a column, numbered as they come; each is kept once.
struct BytesDictionary {
  private var arena: [UInt8] = []
  /// Where each string ends in the arena, by code.
  private var ends: [Int] = []
  private var hashes: [UInt64] = []
  /// A code and one, or 0 for an empty slot.
  private var slots = [UInt32](repeating: 0, count: 256)

  var count: Int { ends.count }

  /// The bytes of each code.
  var strings: [ArraySlice<UInt8>] {
    ends.indices.map { arena[($0 == 0 ? 0 : ends[$0 - 1])..<ends[$0]] }
  }

  /// The code of a string, which it is given where it is new.
  @unsafe mutating func code(_ start: UnsafePointer<UInt8>, _ count: Int) -> UInt32 {
    let hash = unsafe hash(start, count)
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      let code = Int(slots[slot]) - 1
      if hashes[code] == hash {
        let first = code == 0 ? 0 : ends[code - 1]
        let isSame = unsafe arena.withUnsafeBufferPointer { arena in
          unsafe ends[code] - first == count
            && (count == 0 || memcmp(arena.baseAddress! + first, start, count) == 0)
        }
        if isSame { return UInt32(code) }
      }
      slot = (slot + 1) & mask
    }
    let code = UInt32(ends.count)
    unsafe arena.append(contentsOf: UnsafeBufferPointer(start: start, count: count))
    ends.append(arena.count)
    hashes.append(hash)
    slots[slot] = code + 1
    if ends.count * 2 > slots.count { grow() }
    return code
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 4)
    let mask = slots.count - 1
    for (code, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(code) + 1
    }
  }
}

@unsafe private func hash(_ start: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
  let raw = unsafe UnsafeRawPointer(start)
  var hash = UInt64(truncatingIfNeeded: count) &* 0xD6E8_FEB8_6659_FD93
  var position = 0
  while position + 8 <= count {
    hash = unsafe mixed(hash ^ raw.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    position += 8
  }
  var last: UInt64 = 0
  while position < count {
    last = unsafe last << 8 | UInt64(start[position])
    position += 1
  }
  return mixed(hash ^ last)
}

@inline(__always)
private func mixed(_ word: UInt64) -> UInt64 {
  let product = (word ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
  return product.high ^ product.low
}
