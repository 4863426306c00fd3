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
  for file in manifest.orderFiles where seen.insert(file).inserted {
    try store.check(file, of: "the order of rows")
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
    var selected: [StoredColumn] = []
    var names: Set<String> = []
    for stored in manifest.columns {
      guard names.insert(stored.name).inserted else {
        throw damagedManifest("two columns are named '\(stored.name)'")
      }
      if case .only(let roles) = selecting, roles[stored.name] == nil { continue }
      selected.append(stored)
    }
    let readings = concurrentMap(count: selected.count, threads: nil) { [selected] index in
      Result { () throws(ColumnStoreError) in try values(selected[index]) }
    }
    var columns: [Column] = []
    for (stored, reading) in zip(selected, readings) {
      columns.append(Column(name: stored.name, values: try reading.get()))
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
      source.designOrder = try designOrder(order, of: columns)
    }
    return Dataset(
      rowCount: manifest.rows, columns: columns, codebook: manifest.codebook.codebook,
      source: source)
  }

  /// Where the units of the order's design begin; `nil` where the store does not say.
  private func designOrder(
    _ order: StoreManifest.Order, of columns: [Column]
  ) throws(ColumnStoreError) -> DesignOrder? {
    guard let units = order.units else { return nil }
    guard units.rows >= 0, units.rows <= manifest.rows, units.clusters.count == order.clusters.count
    else { throw damagedManifest("'units' is not of its rows and clusters") }
    let strata = try starts(units.strata, within: [0, Int32(units.rows)])
    var parents = strata
    var clusters: [[Int32]] = []
    for file in units.clusters {
      // Below a stage of rows, which has no starts, others cannot be within any.
      let starts = file.bytes == 0 ? [] : try starts(file, within: parents)
      clusters.append(starts)
      parents = starts
    }
    var result = DesignOrder(
      strata: order.strata, clusters: order.clusters, isNested: order.nest, rowCount: units.rows,
      stratumStarts: strata, unitStarts: clusters)
    for column in columns where (order.strata + order.clusters).contains(column.name) {
      result.values[column.name] =
        switch column.values {
        case .numeric(let numbers): numbers.bytes
        case .categorical(let codes): codes.bytes
        }
    }
    return result
  }

  /// First rows, ascending, and the end; those of the parents are among them.
  private func starts(
    _ file: StoredFile, within parents: [Int32]
  ) throws(ColumnStoreError) -> [Int32] {
    let owner = "the order of rows"
    let starts = try mapped(file, of: owner, width: nil).withSpan(of: Int32.self) { span in
      span.indices.map { span[$0] }
    }
    guard starts.first == parents.first, starts.last == parents.last,
      zip(starts, starts.dropFirst()).allSatisfy({ $0 < $1 }),
      Set(parents).isSubset(of: starts)
    else { throw damaged(file, owner, "does not say where units begin") }
    return starts
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
      let counts = indices.countedCodes(width, below: categories.count)
      let isCovered =
        counts.map { $0.reduce(0, +) == manifest.rows }
        ?? indices.hasCodes(width, below: categories.count)
      guard isCovered else {
        throw damaged(stored.values, owner, "has codes beyond its dictionary")
      }
      var column = CategoricalColumn(
        categories: categories, width: width, bytes: indices, countedFrequencies: counts)
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

  /// How many rows have each code of a dictionary, where counting costs about what checking does.
  fileprivate func countedCodes(
    _ width: CategoricalColumn.Width, below categories: Int
  ) -> [Int]? {
    CategoricalColumn.countsByComparison(width, categories: categories)
      ? codeCounts(of: 0..<count, below: categories) : nil
  }

  /// Whether a dictionary has every code.
  fileprivate func hasCodes(_ width: CategoricalColumn.Width, below categories: Int) -> Bool {
    let largest =
      switch width {
      case .one: largest(of: UInt8.self)
      case .two: largest(of: UInt16.self)
      case .four: largest(of: UInt32.self)
      }
    return count == 0 || largest < categories
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
