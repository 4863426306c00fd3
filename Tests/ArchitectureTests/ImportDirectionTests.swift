import Foundation
import SurveyTestSupport
import Testing

/// The line of targets: data move from left to right, and nothing looks back.
@Suite("Imports go from right to left only")
struct ImportDirectionTests {
  /// Each target with all that its files may import.
  private static let allowed: [String: Set<String>] = {
    // All of Foundation, with its tables for every language, would be read at each start.
    let system: Set<String> = [
      "Glibc", "Musl", "FoundationEssentials", "Dispatch", "Synchronization",
    ]
    let data: Set<String> = ["SurveyData"]
    let statistics = data.union(["SurveyStatistics"])
    let tables = statistics.union(["SurveyTables"])
    return [
      "SurveyData": system.union(["CVectorKernels"]),
      "SurveyFiles": system.union(data).union([
        "CCrypto", "CYAML", "CByteScan", "CReadStat", "CZip", "CExpat", "CZlib",
      ]),
      "SurveyStatistics": system.union(data).union(["CVectorKernels", "CSpecialFunctions"]),
      "SurveyTables": system.union(statistics),
      "SurveyReports": system.union(tables).union(["CXLSXWriter"]),
      "pejling": system.union(tables).union(["SurveyFiles", "SurveyReports", "ArgumentParser"]),
    ]
  }()

  @Test("every import of a target stands to its left", arguments: allowed.keys.sorted())
  func direction(target: String) throws {
    let sources = Fixture.packageRoot.appending(path: "Sources/\(target)")
    let files = try #require(
      FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    var count = 0
    for case let file as URL in files where file.pathExtension == "swift" {
      count += 1
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        guard line.hasPrefix("import ") else { continue }
        let module = String(line.split(separator: " ").last!.split(separator: ".")[0])
        #expect(
          Self.allowed[target]!.contains(module),
          "\(file.lastPathComponent) of \(target) imports \(module)")
      }
    }
    #expect(count > 0)
  }

  @Test("no test reaches behind `package` access")
  func noTestableImports() throws {
    let tests = Fixture.packageRoot.appending(path: "Tests")
    let files = try #require(
      FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil))
    let forbidden = "@" + "testable"
    for case let file as URL in files where file.pathExtension == "swift" {
      #expect(
        !(try String(contentsOf: file, encoding: .utf8)).contains(forbidden),
        "\(file.lastPathComponent)")
    }
  }
}
