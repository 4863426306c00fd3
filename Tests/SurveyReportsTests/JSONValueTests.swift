import Foundation
import SurveyReports
import Testing

@Suite("JSON that is written")
struct JSONValueTests {
  private func parsed(_ value: JSONValue) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(value.text().utf8), options: .fragmentsAllowed)
  }

  @Test("keys stay in the order given")
  func order() {
    let value = JSONValue.object([("z", .int(1)), ("a", .null), ("m", .bool(true))])
    #expect(value.text() == "{\"z\": 1, \"a\": null, \"m\": true}\n")
  }

  @Test("nested lists are indented, flat ones stand on a line")
  func layout() {
    let value = JSONValue.object([
      ("rows", .array([.object([("a", .int(1))]), .object([])])), ("none", .array([])),
    ])
    #expect(
      value.text() == """
        {
          "rows": [
            {"a": 1},
            {}
          ],
          "none": []
        }

        """)
  }

  @Test(
    "a number is read back as the same bits",
    arguments: [
      0.1, 1.0 / 3, 1e-300, Double.leastNonzeroMagnitude, 1.7976931348623157e308, 1e15, 1e16,
      123_456_789.125, -2.5, 1,
      100, 0.30000000000000004, 9_007_199_254_740_992,
    ])
  func numbers(value: Double) throws {
    let text = JSONValue.number(value).text()
    #expect(Double(text.dropLast())?.bitPattern == value.bitPattern)
    // Foundation reads some numbers a last bit off, so it is asked only whether this is one.
    #expect(try parsed(.number(value)) is Double)
  }

  @Test("what is no number is null, never NaN")
  func notFinite() {
    for value in [Double.nan, .infinity, -.infinity, .signalingNaN] {
      #expect(JSONValue.number(value).text() == "null\n")
    }
    #expect(JSONValue(nil as Double?).text() == "null\n")
    #expect(JSONValue(nil as String?).text() == "null\n")
    #expect(JSONValue(nil as Int?).text() == "null\n")
  }

  @Test(
    "a text is read back as it was",
    arguments: [
      "", "\"", "\\", "a\nb\r\n\tc", "\u{0}\u{1}\u{1F}\u{7F}", "æøå €", "\u{2028}\u{2029}", "👩‍🔬",
      "\"\u{301}", "</script>",
    ])
  func strings(text: String) throws {
    #expect(try parsed(.string(text)) as? String == text)
    #expect(try parsed(.object([(text, .string(text))])) as? [String: String] == [text: text])
  }
}
