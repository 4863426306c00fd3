import CByteScan
import Testing

@Suite("Bytes many at a time: every level of vectors finds what one byte after the other does")
struct ByteScanTests {
  /// The levels that this processor has.
  private static let levels = [
    VectorLevel.baseline, VectorLevel.AVX2, VectorLevel.AVX512,
  ].filter { $0.rawValue <= widestVectorLevel().rawValue }

  /// Texts with more of some bytes than of others, and 64 bytes that may be read after them.
  private static func texts(_ kinds: [[UInt8]]) -> [(bytes: [UInt8], count: Int)] {
    var numbers = SeededNumbers(state: 11)
    return kinds.flatMap { kind in
      [0, 1, 63, 64, 65, 500, 4096].map { count in
        let bytes = (0..<count).map { _ in kind.randomElement(using: &numbers)! }
        return (bytes + [UInt8](repeating: 0, count: 64), count)
      }
    }
  }

  @Test("quotation marks, line breaks, zeros and bytes beyond ASCII", arguments: levels)
  func survey(_ level: VectorLevel) {
    let kinds: [[UInt8]] = [
      Array("a1,;\n".utf8), Array("a\"\n\r".utf8), Array("\r\n".utf8), Array("aaaaaaa\0".utf8),
      Array("aaaaaaæ".utf8), [0x0A, 0x0D, 0x22, 0x00, 0x80, 0xFF],
    ]
    for (bytes, count) in Self.texts(kinds) {
      let found = unsafe surveyText(bytes, count, level)
      let text = bytes.prefix(count)
      let pairs = zip(text, text.dropFirst()).count { $0 == 0x0D && $1 == 0x0A }
      #expect(found.quotes == text.count { $0 == 0x22 })
      #expect(found.lineBreaks == text.count { $0 == 0x0A || $0 == 0x0D } - pairs)
      #expect((found.zeros != 0) == text.contains(0))
      #expect((found.nonASCII != 0) == text.contains { $0 >= 0x80 })
    }
  }

  @Test("the ends of cells and rows, as far as no quotation mark stands", arguments: levels)
  func cellEnds(_ level: VectorLevel) {
    let kinds: [[UInt8]] = [
      Array("1;2,33\n".utf8), Array(",,,,,,\n".utf8), Array("\n".utf8), Array(";".utf8),
      Array("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;".utf8),
      Array(repeating: 0x31, count: 200) + Array(";\r\n\"".utf8),
      Array("12;\n".utf8) + [0xC3, 0xA6],
    ]
    for (bytes, count) in Self.texts(kinds) {
      for capacity in [0, 40, 10_000] {
        var from = 0
        var ends: [Int32] = []
        var rows: [Int32] = []
        while true {
          let (stop, found, rowEnds) = list(bytes, from, count, capacity, level)
          rows += rowEnds.map { found[Int($0)] }
          ends += found
          if stop == from { break }
          from = stop
        }
        let passed = bytes.prefix(from)
        #expect(
          ends == passed.indices.filter { [0x3B, 0x0A].contains(passed[$0]) }.map(Int32.init))
        #expect(rows == passed.indices.filter { passed[$0] == 0x0A }.map(Int32.init))
        // It stopped at a block that it is not for.
        let block = bytes[from..<min(from + 64, bytes.count)]
        let hasLoneReturn = block.indices.contains { bytes[$0] == 0x0D && bytes[$0 + 1] != 0x0A }
        #expect(from + 64 > count || block.contains(0x22) || hasLoneReturn)
        #expect(!passed.contains(0x22))
      }
    }
  }

  private func list(
    _ bytes: [UInt8], _ from: Int, _ count: Int, _ capacity: Int, _ level: VectorLevel
  ) -> (stop: Int, ends: [Int32], rowEnds: [Int32]) {
    var ends = [Int32](repeating: -7, count: capacity + 65)
    var rowEnds = ends
    let (stop, endCount, rowCount) = unsafe ends.withUnsafeMutableBufferPointer { ends in
      unsafe rowEnds.withUnsafeMutableBufferPointer { rowEnds in
        var list = unsafe CellEnds(
          ends: ends.baseAddress, rowEnds: rowEnds.baseAddress, endCount: 0, rowCount: 0,
          capacity: Int32(capacity))
        let stop = unsafe listCellEnds(bytes, from, count, UInt8(ascii: ";"), &list, level)
        return unsafe (stop, Int(list.endCount), Int(list.rowCount))
      }
    }
    return (stop, Array(ends.prefix(endCount)), Array(rowEnds.prefix(rowCount)))
  }

  @Test("codes by a table, also where they are", arguments: levels)
  func mapped(_ level: VectorLevel) {
    var numbers = SeededNumbers(state: 5)
    for used in [1, 16, 17, 256] {
      let table = (0..<256).map { _ in UInt8.random(in: 0...255, using: &numbers) }
      for count in [0, 1, 31, 32, 33, 1000] {
        let codes = (0..<count).map { _ in UInt8(Int.random(in: 0..<used, using: &numbers)) }
        var other = [UInt8](repeating: 0, count: count)
        unsafe mapBytes(codes, &other, count, table, used, level)
        #expect(other == codes.map { table[Int($0)] })
        var same = codes
        same.withUnsafeMutableBufferPointer { same in
          if let start = same.baseAddress {
            unsafe mapBytes(start, start, count, table, used, level)
          }
        }
        #expect(same == other)
      }
    }
  }
}
