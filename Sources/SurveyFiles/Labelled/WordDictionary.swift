/// The different words of eight bytes of a column, numbered as they come: numbers by their bits,
/// and strings of up to eight bytes.
@safe struct WordDictionary: ~Copyable {
  /// By code.
  private(set) var words: [UInt64] = []
  private var keys: UnsafeMutablePointer<UInt64>
  private var codes: UnsafeMutablePointer<UInt32>
  private var mask: Int

  /// A NaN that no program writes stands for an empty slot. Should a file have it, it is read as
  /// the next NaN, which means the same.
  private static var empty: UInt64 { 0xFFF7_50EA_1CE5_0EA1 }

  init(slots: Int = 512) {
    mask = slots - 1
    unsafe keys = .allocate(capacity: slots)
    unsafe keys.initialize(repeating: Self.empty, count: slots)
    unsafe codes = .allocate(capacity: slots)
    unsafe codes.initialize(repeating: 0, count: slots)
  }

  deinit {
    unsafe keys.deallocate()
    unsafe codes.deallocate()
  }

  var count: Int { words.count }

  /// The code of a word, which it is given where it is new.
  @inline(__always)
  mutating func code(_ word: UInt64) -> UInt32 {
    let slot = Self.slot(word) & mask
    if unsafe keys[slot] == word { return unsafe codes[slot] }
    return otherCode(word)
  }

  /// Writes the codes of words that stand `stride` bytes apart, each cut to a byte: of use only
  /// while `count` is at most 256.
  @unsafe mutating func write(
    _ first: UnsafeRawPointer, stride: Int, count: Int, isSwapped: Bool,
    to output: UnsafeMutablePointer<UInt8>
  ) {
    // Local names, since the compiler must think that a byte written may be part of `self`.
    var keys = unsafe self.keys
    var codes = unsafe self.codes
    var mask = self.mask
    var place = unsafe first
    for row in 0..<count {
      var word = unsafe place.loadUnaligned(as: UInt64.self)
      if isSwapped { word = word.byteSwapped }
      let slot = Self.slot(word) & mask
      if unsafe keys[slot] == word {
        unsafe output[row] = UInt8(truncatingIfNeeded: codes[slot])
      } else {
        unsafe output[row] = UInt8(truncatingIfNeeded: otherCode(word))
        unsafe keys = self.keys
        unsafe codes = self.codes
        mask = self.mask
      }
      unsafe place += stride
    }
  }

  @inline(never)
  private mutating func otherCode(_ word: UInt64) -> UInt32 {
    let word = word == Self.empty ? word + 1 : word
    var slot = Self.slot(word) & mask
    while true {
      let key = unsafe keys[slot]
      if key == word { return unsafe codes[slot] }
      if key == Self.empty { break }
      slot = (slot + 1) & mask
    }
    let code = UInt32(words.count)
    words.append(word)
    unsafe keys[slot] = word
    unsafe codes[slot] = code
    if words.count * 2 > mask { grow() }
    return code
  }

  @inline(__always)
  private static func slot(_ word: UInt64) -> Int {
    let product = word.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return Int(truncatingIfNeeded: product.high ^ product.low)
  }

  private mutating func grow() {
    unsafe keys.deallocate()
    unsafe codes.deallocate()
    let slots = (mask + 1) * 4
    mask = slots - 1
    unsafe keys = .allocate(capacity: slots)
    unsafe keys.initialize(repeating: Self.empty, count: slots)
    unsafe codes = .allocate(capacity: slots)
    unsafe codes.initialize(repeating: 0, count: slots)
    for (code, word) in words.enumerated() {
      var slot = Self.slot(word) & mask
      while unsafe keys[slot] != Self.empty { slot = (slot + 1) & mask }
      unsafe keys[slot] = word
      unsafe codes[slot] = UInt32(code)
    }
  }
}
