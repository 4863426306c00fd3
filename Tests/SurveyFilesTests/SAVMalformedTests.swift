import Foundation
import SurveyData
import SurveyFiles
import SurveyTestSupport
import Testing

@Suite("SAV: damaged files are errors, never traps")
struct SAVMalformedTests {
  /// Small files of all three kinds.
  static let files: [(name: String, bytes: [UInt8])] = (0...2).flatMap { compression in
    [false, true].map { isBigEndian in
      var sample = SAVCaseTests.sample(rows: 6)
      sample.compression = compression
      sample.isBigEndian = isBigEndian
      sample.items[0].missing = [.number(3)]
      sample.items[0].missingCount = 1
      sample.labels = [([(.number(1), "Ja"), (.number(2), "Nej")], [0])]
      sample.information += [
        (13, 1, Array("Q1=question".utf8)), (7, 1, Array("$a=D1 1 2 ab q1 sex\n".utf8)),
      ]
      return ("compression \(compression), big-endian \(isBigEndian)", sample.bytes)
    }
  }

  /// Reads the bytes by way of a file; `nil` where they are refused.
  private func reading(_ bytes: [UInt8], at path: String) throws -> SAVReading? {
    // A new file each time: the old one may still be mapped, to be hashed.
    try Data(bytes).write(to: URL(filePath: path), options: .atomic)
    do throws(SAVError) {
      return try readSAV(at: path, selecting: .all, lanes: 1)
    } catch {
      #expect(error.description.hasPrefix(path) && error.description.hasSuffix("."))
      return nil
    }
  }

  @Test(
    "every truncation of a file with a declared number of cases is refused",
    arguments: SAVMalformedTests.files.indices)
  func truncations(_ index: Int) throws {
    let bytes = Self.files[index].bytes
    // What follows the last case in bytecode (the end code and padding) is of no importance.
    let spare = Self.files[index].name.hasPrefix("compression 1") ? 8 : 0
    try withFile([UInt8](), named: "damaged.sav") { (path: String) throws -> Void in
      #expect(try reading(bytes, at: path) != nil)
      for length in 0..<bytes.count - spare {
        #expect(try reading(Array(bytes.prefix(length)), at: path) == nil, "\(length) bytes")
      }
    }
  }

  @Test(
    "1,000 seeded mutations are read or refused",
    arguments: SAVMalformedTests.files.indices)
  func mutations(_ index: Int) throws {
    let bytes = Self.files[index].bytes
    try withFile([UInt8](), named: "damaged.sav") { (path: String) throws -> Void in
      var numbers = SeededNumbers(state: UInt64(index) + 1)
      var refused = 0
      for _ in 0..<1000 {
        var mutated = bytes
        for _ in 0...Int(numbers.next() % 4) {
          let place = Int(numbers.next() % UInt64(mutated.count))
          switch numbers.next() % 4 {
          case 0: mutated[place] = UInt8(truncatingIfNeeded: numbers.next())
          case 1: mutated[place] ^= 1 << UInt8(numbers.next() % 8)
          case 2: mutated[place] = [0, 0x7F, 0x80, 0xFF][Int(numbers.next() % 4)]
          default:
            let count = Int(numbers.next() % 16)
            mutated.removeSubrange(place..<min(place + count, mutated.count))
          }
          if mutated.isEmpty { break }
        }
        if try reading(mutated, at: path) == nil { refused += 1 }
      }
      #expect(refused > 100)
    }
  }

  @Test(
    "1,000 seeded mutations of real files are read or refused",
    arguments: ["simple_alltypes.sav", "sample_missing.sav", "sample.zsav"])
  func realMutations(_ name: String) throws {
    let bytes = try Fixture.bytes("data/labelled_sav/pyreadstat/\(name)")
    try withFile([UInt8](), named: "damaged.sav") { (path: String) throws -> Void in
      var numbers = SeededNumbers(state: 99)
      for _ in 0..<1000 {
        var mutated = bytes
        for _ in 0...Int(numbers.next() % 3) {
          let place = Int(numbers.next() % UInt64(mutated.count))
          mutated[place] = UInt8(truncatingIfNeeded: numbers.next())
        }
        _ = try reading(mutated, at: path)
      }
    }
  }

  @Test("what is no SPSS file is told from one that is damaged")
  func otherFiles() throws {
    try withFile([UInt8](), named: "damaged.sav") { (path: String) throws -> Void in
      for text in ["", "$FL", "id;q1\n1;2\n", "PK\u{3}\u{4}"] {
        #expect(try reading(Array(text.utf8), at: path) == nil)
      }
      #expect(throws: SAVError.self) { _ = try readSAV(at: "/no/such.sav", selecting: .all) }
    }
  }
}
