import SurveyReports
import Testing

@Suite("CSV that is written")
struct CSVTextTests {
  private func line(_ values: [CSVText.Value]) -> String {
    var csv = CSVText(header: ["h"])
    csv.append(values)
    return String(csv.text.dropFirst(2))
  }

  @Test(
    "a text that a spreadsheet would run gets an apostrophe before it",
    arguments: [
      ("=1+1", "'=1+1\n"), ("+cmd", "'+cmd\n"), ("-x", "'-x\n"), ("@SUM(A1)", "'@SUM(A1)\n"),
      ("\t=1", "'\t=1\n"), ("=a,b", "\"'=a,b\"\n"), ("\r=1", "\"'\r=1\"\n"),
      ("\r\n=1", "\"'\r\n=1\"\n"), ("=\u{338}1", "'=\u{338}1\n"),
    ])
  func formulas(text: String, written: String) {
    #expect(Array(line([.text(text)]).utf8) == Array(written.utf8))
  }

  @Test(
    "a number and ordinary text stand as they are",
    arguments: ["-1", "-99", "+1", "-1.5e3", "0101", "a=b", "Enig", " =", "", "æøå"])
  func harmless(text: String) {
    #expect(line([.text(text)]) == text + "\n")
  }

  @Test(
    "commas, quotes and line breaks are quoted as RFC 4180 has it, combining marks or not",
    arguments: ["a,b", "say \"no\"", "two\nlines", "two\r\nlines", "\"\u{301}x", ",\u{301}", "\""])
  func quoted(text: String) {
    let inside = text.utf8.flatMap { $0 == UInt8(ascii: "\"") ? [$0, $0] : [$0] }
    #expect(Array(line([.text(text)]).utf8) == Array("\"".utf8) + inside + Array("\"\n".utf8))
  }

  @Test("numbers are at full precision, and what is not there is empty")
  func numbers() {
    #expect(
      line([
        .number(0.1 + 0.2), .number(nil), .number(.nan), .number(.infinity), .int(3), .int(nil),
      ])
        == "0.30000000000000004,,,,3,\n")
  }
}
