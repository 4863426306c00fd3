import Foundation
import SurveyTestSupport
import Testing

/// LibreOffice, where it is installed: CI installs it, a newcomer need not.
private let soffice: URL? = ["/usr/bin/soffice", "/usr/local/bin/soffice"]
  .first { FileManager.default.isExecutableFile(atPath: $0) }.map { URL(fileURLWithPath: $0) }

@Suite("LibreOffice opens our workbooks", .enabled(if: soffice != nil))
struct LibreOfficeTests {
  @Test("it prints a book, and shows the shares of the JSON book in every sheet")
  func book() throws {
    let soffice = try #require(soffice)
    let call = [
      "crunch", "fixtures/jobcenter-2022/survey.yaml", "--items",
      "trust_politicians,demands,stress", "--banner", "region:sex,seniority,demands", "--letters",
      "0.95,0.90", "--language", "da", "--chart",
    ]
    try withFolder { folder in
      let book = folder.appending(path: "book.xlsx")
      let made = try runPejling(call + ["-o", book.path], directory: Fixture.packageRoot)
      #expect(made.status == 0, Comment(rawValue: made.stderr))
      func convert(to format: String) throws {
        let outcome = try run(
          soffice,
          [
            "--headless", "-env:UserInstallation=\(folder.appending(path: "profile"))",
            "--convert-to", format, "--outdir", folder.path, book.path,
          ], directory: folder, timeout: 300)
        #expect(outcome.status == 0, Comment(rawValue: outcome.stderr))
      }
      try convert(to: "pdf")
      let printed = try Data(contentsOf: folder.appending(path: "book.pdf"))
      #expect(printed.starts(with: Data("%PDF-".utf8)) && printed.count > 10_000)

      // Every sheet as CSV.
      try convert(
        to: "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1")
      let json = try json(runPejling(call + ["--format", "json"], directory: Fixture.packageRoot))
      let tables = try #require(json["tables"] as? [[String: Any]])
      #expect(tables.count == 3)
      for (number, table) in tables.enumerated() {
        let name = "book-\(number + 1) \(table["variable"]!).csv"
        let lines = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
          .split(separator: "\n").map { cells(of: $0) }
        let estimates = try #require(table["estimates"] as? [[String: Any]])
        let shares = estimates.filter {
          ["columnShare", "answerShare"].contains($0["statistic"] as? String)
        }
        #expect(shares.count > 100)
        for (key, group) in Dictionary(
          grouping: shares, by: { "\($0["statistic"]!)|\($0["label"]!)" })
        {
          let label = String(key.split(separator: "|")[1])
          let expected = group.compactMap { $0["estimate"] as? Double }
          let isThere = lines.contains { line in
            let shown = line.dropFirst().compactMap(share)
            return line.first == label && shown.count == expected.count
              && zip(shown, expected).allSatisfy { abs($0 - $1) < 1e-9 }
          }
          #expect(isThere, "\(name): \(key) \(expected)")
        }
      }
    }
  }

  /// The number of a cell that shows a percentage, whatever its decimal mark.
  private func share(_ cell: String) -> Double? {
    guard cell.hasSuffix("%") else { return nil }
    let digits = cell.dropLast().filter { !$0.isWhitespace && $0 != "\u{00A0}" }
    return Double(digits.replacing(",", with: ".")).map { $0 / 100 }
  }

  private func cells(of line: Substring) -> [String] {
    var (cells, isQuoted) = ([""], false)
    for character in line {
      if character == "\"" {
        isQuoted.toggle()
      } else if character == ",", !isQuoted {
        cells.append("")
      } else {
        cells[cells.count - 1].append(character)
      }
    }
    return cells
  }
}
