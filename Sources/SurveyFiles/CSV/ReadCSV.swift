import Dispatch
import SurveyData

/// Reads a file of delimited text: the columns selected, every row, and the file's hash where it is wanted.
///
/// What the dialect leaves open is detected and reported in the result. A name in `selecting` that
/// the file does not have is passed over: `Dataset.column(_:)` names the nearest.
///
/// - Parameter hashes: whether the file's hash is wanted: it is worked out beside the reading.
public func readCSV(
  at path: String, selecting: ColumnSelection, dialect: CSVDialect = CSVDialect(),
  hashes: Bool = true
) throws(CSVError) -> CSVReading {
  try readCSV(
    at: path, selecting: selecting, dialect: dialect, hashes: hashes, chunkBytes: nil, lanes: nil)
}

/// The names of a file's columns, without reading its rows for more than their dialect.
public func columnNamesOfCSV(
  at path: String, dialect: CSVDialect = CSVDialect()
) throws(CSVError) -> [String] {
  let bytes = try openedFile(path)
  let reader = try CSVReader(bytes, path, .only([:]), dialect, nil, nil)
  defer { withExtendedLifetime(bytes) {} }
  return reader.header.names
}

/// The same with the bytes of a chunk and the number of threads given, for tests.
package func readCSV(
  at path: String, selecting: ColumnSelection, dialect: CSVDialect, hashes: Bool = true,
  chunkBytes: Int?, lanes: Int?
) throws(CSVError) -> CSVReading {
  let bytes = try openedFile(path)
  let hash = BackgroundHash(of: bytes, isWanted: hashes)
  let result: Result<CSVReading, CSVError>
  do throws(CSVError) {
    let reader = try CSVReader(bytes, path, selecting, dialect, chunkBytes, lanes)
    result = .success(try reader.read(sha256: hash))
  } catch {
    result = .failure(error)
  }
  // Where reading failed the hash may still be under way: a caller that ends the process then would
  // take libcrypto from under it. The mapping too lives until its last reader is done.
  hash.wait()
  withExtendedLifetime(bytes) {}
  return try result.get()
}

/// The hash of a file, worked out on another thread while its text is read.
final class BackgroundHash: @unchecked Sendable {
  private let done = DispatchGroup()
  private var digest: String?

  init(of bytes: Bytes, isWanted: Bool = true) {
    guard isWanted else { return }
    DispatchQueue.global(qos: .userInitiated).async(group: done) { self.digest = bytes.sha256 }
  }

  func wait() { done.wait() }

  /// `nil` where it is not wanted.
  var value: String? {
    wait()
    return digest
  }
}
