import SurveyData
import SurveyTables
import Testing

@Suite("Numbers for people")
struct NumberFormatTests {
  private let danish = NumberFormat(language: .da)
  private let english = NumberFormat(language: .en)

  @Test(
    "rounding is half away from zero on the decimal digits, not on the binary ones",
    arguments: [
      (0.5, 0, "1"), (1.5, 0, "2"), (2.5, 0, "3"), (-0.5, 0, "\u{2212}1"), (-2.5, 0, "\u{2212}3"),
      (0.125, 2, "0.13"), (2.675, 2, "2.68"), (1.005, 2, "1.01"), (-1.005, 2, "\u{2212}1.01"),
      (0.285, 2, "0.29"), (8.345, 2, "8.35"), (0.05, 1, "0.1"), (0.049, 1, "0.0"),
      (0.4999999999, 0, "0"), (1.4999999, 0, "1"), (99.95, 1, "100.0"), (0.95, 1, "1.0"),
    ])
  func halfAway(value: Double, decimals: Int, shown: String) {
    #expect(english.number(value, decimals: decimals) == shown)
  }

  @Test("every half of a thousandth rounds up in size, either sign")
  func everyHalf() {
    for unit in 0..<2000 {
      let value = (Double(unit) + 0.5) / 1000
      let up = unit + 1
      let expected = "\(up / 1000)." + String("00\(up % 1000)".suffix(3))
      #expect(english.number(value, decimals: 3) == expected)
      #expect(english.number(-value, decimals: 3) == "\u{2212}" + expected)
    }
  }

  @Test(
    "Danish has a decimal comma, points between thousands and a space before %",
    arguments: [
      (0.033, "3,3 %", "3.3%"), (0.125, "12,5 %", "12.5%"), (1, "100,0 %", "100.0%"),
      (0, "0,0 %", "0.0%"), (-0.0004, "0,0 %", "0.0%"), (-0.02, "\u{2212}2,0 %", "\u{2212}2.0%"),
      (12.5, "1.250,0 %", "1,250.0%"), (0.0325, "3,3 %", "3.3%"), (0.02345, "2,3 %", "2.3%"),
    ])
  func percents(share: Double, da: String, en: String) {
    #expect(danish.percent(share) == da)
    #expect(english.percent(share) == en)
  }

  @Test("a percentage without a sign, and with the decimals asked for")
  func decimals() {
    #expect(NumberFormat(language: .da, decimals: 0).percent(0.125) == "13 %")
    #expect(NumberFormat(language: .da, decimals: 3).percentNumber(0.0331234) == "3,312")
    #expect(NumberFormat(language: .en, decimals: 12).percent(1) == "100.000000000000%")
  }

  @Test(
    "thousands stand apart",
    arguments: [
      (0, "0", "0"), (999, "999", "999"), (1000, "1.000", "1,000"), (21_087, "21.087", "21,087"),
      (1_234_567, "1.234.567", "1,234,567"), (-1000, "\u{2212}1.000", "\u{2212}1,000"),
    ])
  func counts(count: Int, da: String, en: String) {
    #expect(danish.count(count) == da)
    #expect(english.count(count) == en)
  }

  @Test(
    "a total of any size is written out",
    arguments: [
      (1e15, 0, "1,000,000,000,000,000"), (1e15, 2, "1,000,000,000,000,000.00"),
      (-1e16, 1, "\u{2212}10,000,000,000,000,000.0"),
      (123_456_789_012.5, 6, "123,456,789,012.500000"),
      (1e21, 0, "1,000,000,000,000,000,000,000"),
    ])
  func large(value: Double, decimals: Int, shown: String) {
    #expect(english.number(value, decimals: decimals) == shown)
  }

  @Test("significant digits: fewer decimals for larger numbers")
  func significant() {
    #expect(english.significant(0.12345) == "0.123")
    #expect(english.significant(1.2345) == "1.23")
    #expect(english.significant(123.45) == "123.5")
    #expect(english.significant(12_345.6) == "12,346")
    #expect(danish.significant(-12_345.6) == "\u{2212}12.346")
  }
}
