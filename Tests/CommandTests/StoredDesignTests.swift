import Foundation
import SurveyTestSupport
import Testing

@Suite("A column store in design order gives every design's figures")
struct StoredDesignTests {
  /// 3 × 2 strata, 40 workplaces of 2 teams, weights of which two have gaps, in no order.
  private static let answers: String = {
    var lines = ["region,sector,work,team,w,u,n1,n2,x"]
    for index in 0..<800 {
      let row = index * 331 % 800
      let work = row / 20
      let region = ["a", "b", "c"][work % 3]
      let sector = work / 3 % 2
      let weight = row % 50 == 7 ? "" : "\(1 + row % 9)"
      let other = work == 4 ? "" : "\(2 + row % 5)"
      lines.append(
        "\(region),\(sector),\(Double(work) * 0.5),\(row / 10),\(weight),\(other),30,8,\(row * row % 101)"
      )
    }
    return lines.joined(separator: "\n") + "\n"
  }()

  private static let strata = ["--strata", "region,sector"]
  private static let full =
    strata + ["--cluster", "work", "--cluster", "team", "--fpc", "n1", "--fpc", "n2"]

  @Test(
    "rows used and missing answers of few codes, which a store has counted",
    arguments: [
      [], ["--weight", "w"], ["--weight", "zeros"], ["--weight", "w"] + full,
      ["--weight", "w", "--where", "region == 'b'"], ["--drop", "region == 'b'"],
      ["--missing", "q=2"], ["--strata", "sector", "--weight", "w"],
    ], [[], ["--weight", "w"] + full])
  func ledger(asked: [String], stored: [String]) throws {
    var lines = Self.answers.split(separator: "\n").map(String.init)
    lines[0] += ",q,zeros"
    for row in 1..<lines.count {
      lines[row] += ",\(["", "1", "2", "3", "3"][row / 3 % 5]),\(row % 7 == 0 ? 0 : 1 + row % 3)"
    }
    try withFolder { folder in
      let csv = folder.appending(path: "a.csv")
      try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: csv)
      let store = folder.appending(path: "a.pejl").path
      let made = try ask(["convert", csv.path, "-o", store] + stored)
      #expect(made.status == 0, Comment(rawValue: made.stderr))
      let results = try [csv.path, store].map { path in
        let answer = try ask(["share", "--item", "q", "--format", "json"] + asked + [path])
        #expect(answer.status == 0, Comment(rawValue: answer.stderr))
        return try #require(
          try JSONSerialization.jsonObject(with: Data(answer.stdout.utf8)) as? [String: Any])
      }
      let rows = try results.map { try #require($0["rows"] as? NSDictionary) }
      #expect(rows[0] == rows[1])
      let estimates = try results.map { try #require($0["estimates"] as? [[String: Any]]) }
      #expect(estimates[0].count == estimates[1].count && estimates[0].count >= 2)
      for (first, second) in zip(estimates[0], estimates[1]) {
        for key in ["count", "base", "category"] {
          #expect(first[key] as? NSObject == second[key] as? NSObject)
        }
        let shares = try [first, second].map { try #require($0["estimate"] as? Double) }
        #expect(abs(shares[0] - shares[1]) < 1e-13)
      }
    }
  }

  @Test(
    "the same figures as from the file",
    arguments: [
      ["--weight", "w"] + full, ["--weight", "u"] + full, full,
      ["--weight", "w", "--nest"] + full,
      ["--weight", "w", "--drop", "region == 'b' or work > 15"] + full,
      ["--weight", "w", "--cluster", "work", "--fpc", "n1"] + strata,
      ["--weight", "w", "--cluster", "work", "--strata", "region"],
      ["--weight", "w", "--missing", "x=0"] + full,
    ], [["--weight", "w"], []])
  func figures(asked: [String], stored: [String]) throws {
    try withFolder { folder in
      let csv = folder.appending(path: "a.csv")
      try Data(Self.answers.utf8).write(to: csv)
      let store = folder.appending(path: "a.pejl").path
      let made = try ask(["convert", csv.path, "-o", store] + stored + Self.full)
      #expect(made.status == 0, Comment(rawValue: made.stderr))
      for by in [[], ["--by", "region"]] {
        let question = ["mean", "--item", "x", "--format", "csv"] + asked + by
        let fromFile = try ask(question + [csv.path])
        let fromStore = try ask(question + [store])
        #expect(fromFile.status == 0, Comment(rawValue: fromFile.stderr))
        #expect(fromStore.stderr == fromFile.stderr)
        let (cells, expected) = (cells(fromStore.stdout), cells(fromFile.stdout))
        #expect(cells.count == expected.count && expected.count > 10)
        for (cell, expected) in zip(cells, expected) where cell != expected {
          // A mean is measured from the number of the first row, another one here.
          let (number, other) = (try #require(Double(cell)), try #require(Double(expected)))
          #expect(abs(number - other) <= 1e-13 * abs(other))
        }
      }
    }
  }

  @Test(
    "rows of a design without clusters stand in another order: the same figures but for last digits"
  )
  func withoutClusters() throws {
    try withFolder { folder in
      let csv = folder.appending(path: "a.csv")
      try Data(Self.answers.utf8).write(to: csv)
      let store = folder.appending(path: "a.pejl").path
      #expect(try ask(["convert", csv.path, "-o", store, "--weight", "w"] + Self.full).status == 0)
      let question = ["mean", "--item", "x", "--weight", "w"] + Self.strata
      #expect(try ask(question + [store]).stdout == ask(question + [csv.path]).stdout)
    }
  }

  @Test("every row a unit of each stage")
  func unitsOfOneRow() throws {
    try withFolder { folder in
      let csv = folder.appending(path: "a.csv")
      let rows = (0..<40).map { "\($0 % 2),c\($0),\($0 + 100),200,2,\($0 * $0 % 7)" }
      try Data((["g,c,d,n,m,x"] + rows).joined(separator: "\n").utf8).write(to: csv)
      let store = folder.appending(path: "a.pejl").path
      let design = [
        "--strata", "g", "--cluster", "c", "--cluster", "d", "--fpc", "n", "--fpc", "m",
      ]
      #expect(try ask(["convert", csv.path, "-o", store] + design).status == 0)
      let question = ["mean", "--item", "x", "--lonely-psu", "remove"] + design
      for drop in [[], ["--drop", "x == 4"]] {
        let fromFile = try ask(question + drop + [csv.path])
        #expect(fromFile.status == 0, Comment(rawValue: fromFile.stderr))
        #expect(try ask(question + drop + [store]).stdout == fromFile.stdout)
      }
    }
  }

  @Test("what a design does not bear is said of the rows of the file")
  func faults() throws {
    try withFolder { folder in
      let csv = folder.appending(path: "a.csv")
      try Data("g,c,x\nb,1,2\na,1,3\na,2,4\nb,2,5\n".utf8).write(to: csv)
      let store = folder.appending(path: "a.pejl").path
      let design = ["--strata", "g", "--cluster", "c"]
      #expect(try ask(["convert", csv.path, "-o", store]).status == 0)
      // Without --nest the ids of the clusters stand in two strata.
      #expect(try ask(["convert", csv.path, "-o", store] + design).status == 65)
      #expect(try ask(["convert", csv.path, "-o", store, "--nest"] + design).status == 0)
      let question = ["mean", store, "--item", "x"] + design
      #expect(try ask(question + ["--nest"]).status == 0)
      let crossed = try ask(question)
      #expect(crossed.status == 65 && crossed.stderr.contains("cluster '1' of column 'c'"))
      let missing = try ask(question + ["--nest", "--missing", "g=b"])
      #expect(missing.status == 65 && missing.stderr.contains("it names the stratum"))
      #expect(missing.stderr.contains("row 1"))
    }
  }

  private func cells(_ csv: String) -> [Substring] {
    csv.split(separator: "\n").flatMap { $0.split(separator: ",") }
  }
}
