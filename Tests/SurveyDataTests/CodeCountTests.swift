import SurveyData
import SurveyTestSupport
import Testing

/// Codes counted many at a time, against one after the other.
@Suite("Counted codes")
struct CodeCountTests {
  @Test(
    "few codes are counted by comparison, with and without rows left out",
    arguments: [0, 1, 63, 64, 65, 16_319, 16_320, 16_321, 40_000], [1, 9, 24])
  func compared(rows: Int, codes: Int) {
    var generator = SeededGenerator(seed: UInt64(rows + codes))
    let indices = (0..<rows).map { _ in
      // One code by far the most, so that a byte would not count it.
      generator.chance(0.9) ? 0 : generator.integer(in: 0...codes - 1)
    }
    let column = CategoricalColumn(
      categories: (0..<codes).map { SurveyData.Category(code: "\($0)") }, indices: indices)
    #expect(column.countsByComparison)
    let isInside = (0..<rows).map { _ in generator.chance(0.7) }
    let mask = Bytes(isInside.map { UInt8($0 ? 200 : 0) })
    func expected(_ part: Range<Int>, _ counts: (Int) -> Bool) -> [Int] {
      (0..<codes).map { code in part.filter { indices[$0] == code && counts($0) }.count }
    }
    for part in [0..<rows, rows / 3..<rows, rows / 5..<rows - rows / 7] {
      #expect(column.frequencies(of: part) == expected(part) { _ in true })
      #expect(column.frequencies(of: part, inside: mask) == expected(part) { isInside[$0] })
    }
    #expect(column.frequencies() == expected(0..<rows) { _ in true })
  }
}
