import Foundation
import SurveyData
import SurveyFiles

/// The package's folder, found from this file.
let packageRoot = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// Writes bytes to a file that lives as long as `body` runs.
func withFile<Result>(
  _ bytes: some Sequence<UInt8>, named name: String = "answers.csv",
  _ body: (String) throws -> Result
) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "pejling-\(UUID())")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let path = folder.appending(path: name).path
  try Data(bytes).write(to: URL(filePath: path))
  return try body(path)
}

/// Reads a text as a CSV file.
func reading(
  _ text: String, _ selecting: ColumnSelection = .all, _ dialect: CSVDialect = CSVDialect()
) throws -> CSVReading {
  try withFile(text.utf8) { try readCSV(at: $0, selecting: selecting, dialect: dialect) }
}

/// The message that reading a file gives, with the file called FILE; `nil` where it can be read.
func message(
  _ bytes: some Sequence<UInt8>, _ selecting: ColumnSelection = .all,
  _ dialect: CSVDialect = CSVDialect()
) throws -> String? {
  try withFile(bytes) { path -> String? in
    do throws(CSVError) {
      _ = try readCSV(at: path, selecting: selecting, dialect: dialect)
      return nil
    } catch {
      return error.description.replacingOccurrences(of: path, with: "FILE")
    }
  }
}

/// The cells of a column as texts: codes, or numbers at their shortest; empty for a missing answer.
func texts(_ reading: CSVReading, _ name: String) throws -> [String] {
  let column = try reading.dataset.column(name)
  switch column.values {
  case .categorical(let categorical):
    let codes = categorical.categories.map(\.code)
    var result: [String] = []
    categorical.forEachIndex { _, index in result.append(codes[index]) }
    return result
  case .numeric(let numeric):
    return numeric.withValues { values in
      values.indices.map { values[$0].isNaN ? "" : shortestText(values[$0]) }
    }
  }
}

func table(_ reading: CSVReading) throws -> [[String]] {
  try reading.dataset.columns.map { try texts(reading, $0.name) }
}

func codes(_ reading: CSVReading, _ name: String) throws -> [String] {
  guard case .categorical(let column) = try reading.dataset.column(name).values else { return [] }
  return column.categories.map(\.code)
}

/// Numbers that are the same in every run (splitmix64).
struct SeededNumbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
