import SurveyData

/// Reads a column store: the columns selected are mapped into memory, and nothing else is touched.
///
/// Every stored index of a column selected is held against its dictionary once, here; checksums are
/// for `checkColumnStore(at:)`. The roles of a selection are left to what asks for the column.
public func readColumnStore(
  at path: String, selecting: ColumnSelection
) throws(ColumnStoreError) -> DataReading {
  let folder = storeFolder(path)
  let manifest = try StoreManifest(at: folder)
  var dataset = try ColumnStore(folder, manifest).dataset(selecting)
  guard let bytes = Bytes(mapping: folder + "/" + StoreManifest.fileName) else {
    throw .noManifest(store: folder)
  }
  dataset.source.sha256 = bytes.sha256
  return DataReading(dataset: dataset, warnings: manifest.warnings)
}

/// Reads every file of a column store and holds it against its checksum.
///
/// - Returns: the number of files.
public func checkColumnStore(at path: String) throws(ColumnStoreError) -> Int {
  let folder = storeFolder(path)
  let manifest = try StoreManifest(at: folder)
  let store = ColumnStore(folder, manifest)
  var seen: Set<StoredFile> = []
  for column in manifest.columns {
    for file in column.files where seen.insert(file).inserted {
      try store.check(file, of: "column '\(column.name)'")
    }
  }
  if let order = manifest.order, seen.insert(order.rows).inserted {
    try store.check(order.rows, of: "the order of rows")
  }
  _ = try store.dataset(.all)
  return seen.count
}

/// The path without the slash that a shell puts after a folder's name.
func storeFolder(_ path: String) -> String {
  var path = path
  while path.count > 1, path.hasSuffix("/") { path.removeLast() }
  return path
}

/// A folder of column files and the manifest that describes them.
struct ColumnStore {
  private let folder: String
  private let manifest: StoreManifest

  init(_ folder: String, _ manifest: StoreManifest) {
    self.folder = folder
    self.manifest = manifest
  }

  func dataset(_ selecting: ColumnSelection) throws(ColumnStoreError) -> Dataset {
    guard manifest.rows >= 0, manifest.rows <= Int(Int32.max) else {
      throw damagedManifest("'rows' is \(manifest.rows)")
    }
    var columns: [Column] = []
    var names: Set<String> = []
    for stored in manifest.columns {
      guard names.insert(stored.name).inserted else {
        throw damagedManifest("two columns are named '\(stored.name)'")
      }
      if case .only(let roles) = selecting, roles[stored.name] == nil { continue }
      columns.append(Column(name: stored.name, values: try values(stored)))
    }
    var source = DataSource(
      path: folder, columnNames: manifest.source.columnNames ?? manifest.columns.map(\.name))
    if let order = manifest.order {
      let owner = "the order of rows"
      let rows = try mapped(order.rows, of: owner, width: 4)
      // It is for messages where some columns are wanted, and for putting the rows back where all are.
      if case .all = selecting, !rows.isPermutation(of: manifest.rows) {
        throw damaged(order.rows, owner, "does not name every row of the store once")
      }
      source.originalRows = rows
    }
    return Dataset(
      rowCount: manifest.rows, columns: columns, codebook: manifest.codebook.codebook,
      source: source)
  }

  func check(_ file: StoredFile, of owner: String) throws(ColumnStoreError) {
    guard file.isPlainName, let bytes = Bytes(mapping: folder + "/" + file.name) else {
      throw .missingFile(file.name, column: owner, store: folder)
    }
    guard bytes.count == file.bytes, bytes.sha256 == file.sha256 else {
      throw damaged(file, owner, "is not what was written: its checksum differs")
    }
  }

  // MARK: Columns

  private func values(_ stored: StoredColumn) throws(ColumnStoreError) -> Column.Values {
    let owner = "column '\(stored.name)'"
    switch stored.kind {
    case .numbers:
      let numbers = try mapped(stored.values, of: owner, width: 8)
      guard let file = stored.reasons else { return .numeric(NumericColumn(bytes: numbers)) }
      let reasons = try mapped(file, of: owner, width: 1)
      let missing = (stored.categories ?? []).map(\.category)
      guard missing.count <= 255, missing.allSatisfy({ $0.missing != nil }),
        reasons.largest(of: UInt8.self) <= missing.count
      else { throw damaged(file, owner, "has reasons that the manifest does not list") }
      return .numeric(NumericColumn(bytes: numbers, reasons: reasons, missing: missing))
    case .categories:
      guard let width = stored.width.flatMap({ CategoricalColumn.Width(rawValue: $0) }) else {
        throw damagedManifest("\(owner) has no usable 'width'")
      }
      let indices = try mapped(stored.values, of: owner, width: width.rawValue)
      let categories = try dictionary(stored, owner)
      let largest =
        switch width {
        case .one: indices.largest(of: UInt8.self)
        case .two: indices.largest(of: UInt16.self)
        case .four: indices.largest(of: UInt32.self)
        }
      guard manifest.rows == 0 || largest < categories.count else {
        throw damaged(stored.values, owner, "has codes beyond its dictionary")
      }
      var column = CategoricalColumn(categories: categories, width: width, bytes: indices)
      column.areNumbersAmbiguous = stored.areNumbersAmbiguous ?? false
      return .categorical(column)
    }
  }

  private func dictionary(
    _ stored: StoredColumn, _ owner: String
  ) throws(ColumnStoreError) -> [SurveyData.Category] {
    let listed = (stored.categories ?? []).map(\.category)
    guard let file = stored.dictionary else { return listed }
    let bytes = try mapped(file, of: owner, width: nil)
    guard let texts = texts(in: bytes) else { throw damaged(file, owner, "is no dictionary") }
    // Valid codes stand in the file, the missing ones behind them in the manifest.
    return texts.map { SurveyData.Category(code: $0) } + listed
  }

  private func mapped(
    _ file: StoredFile, of owner: String, width: Int?
  ) throws(ColumnStoreError) -> Bytes {
    guard file.isPlainName, let bytes = Bytes(mapping: folder + "/" + file.name) else {
      throw .missingFile(file.name, column: owner, store: folder)
    }
    let expected = width.map { $0 * manifest.rows } ?? file.bytes
    guard bytes.count == expected else {
      throw damaged(file, owner, "has \(bytes.count) bytes where it should have \(expected)")
    }
    return bytes
  }

  private func damaged(
    _ file: StoredFile, _ owner: String, _ reason: String
  ) -> ColumnStoreError {
    .damagedFile(file.name, column: owner, store: folder, reason: reason)
  }

  private func damagedManifest(_ reason: String) -> ColumnStoreError {
    .damagedManifest(store: folder, reason: reason)
  }
}

extension StoredFile {
  /// A manifest may come from anywhere: its files stand in its folder.
  fileprivate var isPlainName: Bool { !name.isEmpty && !name.contains("/") && bytes >= 0 }
}

extension Bytes {
  /// Whether these `Int32` are 0 ..< count in some order.
  fileprivate func isPermutation(of count: Int) -> Bool {
    withSpan(of: Int32.self) { rows in
      var isNamed = [Bool](repeating: false, count: count)
      for index in rows.indices {
        let row = Int(rows[index])
        guard row >= 0, row < count, !isNamed[row] else { return false }
        isNamed[row] = true
      }
      return true
    }
  }

  /// The largest value; 0 of none.
  fileprivate func largest<Value: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    of type: Value.Type
  ) -> Int {
    withSpan(of: type) { values in
      var largest: Value = 0
      for index in values.indices { largest = max(largest, values[index]) }
      return Int(clamping: largest)
    }
  }
}

/// Texts as a dictionary's file has them: their number and where each ends, in eight bytes each,
/// and then the texts themselves.
func dictionaryBytes(_ texts: [String]) -> [UInt8] {
  var ends: [UInt64] = [UInt64(texts.count)]
  var bytes: [UInt8] = []
  for text in texts {
    bytes += text.utf8
    ends.append(UInt64(bytes.count))
  }
  var result: [UInt8] = []
  result.reserveCapacity(ends.count * 8 + bytes.count)
  for end in ends {
    for shift in 0..<8 { result.append(UInt8(truncatingIfNeeded: end >> (8 * UInt64(shift)))) }
  }
  return result + bytes
}

/// The texts of a dictionary's file; `nil` where it is none, or where a text stands in it twice.
private func texts(in bytes: Bytes) -> [String]? {
  let length = bytes.count
  guard length >= 8 else { return nil }
  return bytes.withSpan(of: UInt8.self) { span -> [String]? in
    func word(_ index: Int) -> Int? {
      var value: UInt64 = 0
      for byte in 0..<8 { value |= UInt64(span[index * 8 + byte]) << (8 * UInt64(byte)) }
      return Int(exactly: value)
    }
    guard let count = word(0), count <= length / 8 - 1 else { return nil }
    let start = (count + 1) * 8
    var texts: [String] = []
    texts.reserveCapacity(count)
    var seen: Set<String> = []
    seen.reserveCapacity(count)
    var position = 0
    for index in 0..<count {
      guard let end = word(index + 1), end >= position, end <= length - start else { return nil }
      let text = unsafe span.withUnsafeBufferPointer { buffer in
        unsafe String(decoding: buffer[(start + position)..<(start + end)], as: UTF8.self)
      }
      guard seen.insert(text).inserted else { return nil }
      texts.append(text)
      position = end
    }
    return texts
  }
}
