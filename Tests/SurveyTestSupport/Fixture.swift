import Foundation

/// Files under `fixtures/`, wherever the package is checked out.
package enum Fixture {
  /// The folder of `Package.swift`.
  package static let packageRoot: URL =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  package static func url(_ path: String) -> URL {
    packageRoot.appendingPathComponent("fixtures").appendingPathComponent(path)
  }

  package static func path(_ path: String) -> String { url(path).path }

  package static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: url(path)))
  }

  package static func text(_ path: String) throws -> String {
    try String(contentsOf: url(path), encoding: .utf8)
  }

  /// The rows of a reference table, as cells by column name: see `ReferenceTable`.
  package static func table(_ path: String) throws -> [[String: String]] {
    try ReferenceTable.rows(of: text(path))
  }
}
