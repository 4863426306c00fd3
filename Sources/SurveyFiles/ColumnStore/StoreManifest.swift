import FoundationEssentials
import SurveyData

/// What `manifest.json` of a column store says: everything but the columns' values.
struct StoreManifest: Codable {
  static let schema = "pejling-store/1"
  static let fileName = "manifest.json"

  var schema = StoreManifest.schema
  var rows: Int
  var source: Source
  var columns: [StoredColumn]
  var codebook: StoredCodebook
  /// The design whose order the rows stand in; absent where they stand as in the source.
  var order: Order?
  /// What was settled when the source was read.
  var warnings: [String]

  /// The file that the store was made from.
  struct Source: Codable, Equatable {
    var path: String
    var sha256: String?
    /// What is needed to tell, without hashing, whether the file has changed.
    var size: Int?
    var modified: Int?
    /// How the file was read: its dialect.
    var reading: String?
    /// Breakpoints of `DataSource.lineBreakpoints`.
    var lines: [[Int]]?
    /// Rows that could not be read.
    var refused: Int?
    /// Every column, where some were not kept.
    var columnNames: [String]?
  }

  /// The first row of each stratum and of each unit of a stage, and after them the end: `Int32`.
  struct Units: Codable {
    /// The rows of the design, which stand first.
    var rows: Int
    var strata: StoredFile
    /// By stage; without values where every row is a unit.
    var clusters: [StoredFile]

    var files: [StoredFile] { [strata] + clusters }
  }

  struct Order: Codable {
    var weight: String?
    var strata: [String]
    var clusters: [String]
    var nest: Bool
    /// The row of the source, counted from 0, that each row was: `Int32`.
    var rows: StoredFile
    /// Where the design's units begin; absent in stores of earlier versions.
    var units: Units?
  }
}

/// A file of the folder, named after its content.
struct StoredFile: Codable, Hashable {
  var name: String
  var bytes: Int
  var sha256: String
}

/// A column's file and what its values stand for.
struct StoredColumn: Codable {
  enum Kind: String, Codable { case categories, numbers }

  var name: String
  var kind: Kind
  /// Categories: indices of `width` bytes. Numbers: doubles.
  var values: StoredFile
  var width: Int?
  /// The dictionary, or of numbers what `reasons` stands for.
  var categories: [StoredCategory]?
  /// A dictionary that is too long to stand here.
  var dictionary: StoredFile?
  /// A byte a row: 0, or 1 + the index in `categories`.
  var reasons: StoredFile?
  var areNumbersAmbiguous: Bool?

  var files: [StoredFile] { [values] + [dictionary, reasons].compactMap { $0 } }
}

struct StoredCategory: Codable {
  var code: String
  var missing: MissingReason?

  init(_ category: SurveyData.Category) {
    code = category.code
    missing = category.missing
  }

  var category: SurveyData.Category { SurveyData.Category(code: code, missing: missing) }
}

extension StoreManifest {
  init(at folder: String) throws(ColumnStoreError) {
    let path = folder + "/" + Self.fileName
    guard let bytes = Bytes(mapping: path) else {
      throw isFolder(folder) ? .noManifest(store: folder) : .missing(store: folder)
    }
    let data = bytes.withSpan(of: UInt8.self) { span in
      unsafe span.withUnsafeBufferPointer { unsafe Data($0) }
    }
    struct Head: Decodable { var schema: String }
    do {
      self = try JSONDecoder().decode(Self.self, from: data)
    } catch {
      // Another schema's manifest may lack what this one has.
      guard let head = try? JSONDecoder().decode(Head.self, from: data), head.schema != Self.schema
      else { throw .damagedManifest(store: folder, reason: words(for: error)) }
      throw .otherSchema(head.schema, store: folder)
    }
    guard schema == Self.schema else { throw .otherSchema(schema, store: folder) }
  }

  func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self)
  }

  /// Every file that the manifest names.
  var files: [StoredFile] { columns.flatMap(\.files) + orderFiles }

  /// The order of rows, and where units begin.
  var orderFiles: [StoredFile] { order.map { [$0.rows] + ($0.units?.files ?? []) } ?? [] }
}

private func words(for error: any Error) -> String {
  func place(_ context: DecodingError.Context) -> String {
    let path = context.codingPath.map(\.stringValue).joined(separator: ".")
    return path.isEmpty ? "its first level" : "'\(path)'"
  }
  switch error {
  case DecodingError.keyNotFound(let key, let context):
    return "'\(key.stringValue)' is missing in \(place(context))"
  case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
    return "\(place(context)) has another type of value"
  case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
    return "\(place(context)) has an impossible value"
  default: return "it is no JSON"
  }
}
