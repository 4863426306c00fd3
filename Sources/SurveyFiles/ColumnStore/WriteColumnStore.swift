#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif
import SurveyData

/// The order in which a store's rows stand, and the design that it is the order of.
public struct StoreOrder: Sendable {
  let weight: String?
  let design: DesignOrder
  /// Every row of the dataset, once: those of the design in its order, then the others.
  package let rows: [Int32]

  package init(weight: String?, design: DesignOrder, rows: [Int32]) {
    self.weight = weight
    self.design = design
    self.rows = rows
  }
}

/// Writes a dataset as a column store, a folder of one file a column and a manifest.
///
/// The manifest is renamed into its place when all files that it names are on the disk: until then
/// a store that was there before is whole, and a new one is not there at all.
///
/// - Parameter order: puts the rows in this order; the source's row numbers are kept beside them.
public func writeColumnStore(
  _ dataset: Dataset, to path: String, order: StoreOrder? = nil, warnings: [String] = []
) throws {
  let source = StoreManifest.Source(path: dataset.source.path, sha256: dataset.source.sha256)
  try writeColumnStore(dataset, to: path, order: order, source: source, warnings: warnings)
}

func writeColumnStore(
  _ dataset: Dataset, to path: String, order: StoreOrder?, source: StoreManifest.Source,
  warnings: [String]
) throws {
  let place = storeFolder(path)
  let isNew = !exists(place)
  guard isNew || exists(place + "/" + StoreManifest.fileName) else {
    throw UnwritableFile(path: place, reason: "it is there already and is no column store")
  }
  // A new store is made under another name; in an old one new files stand beside the old.
  let folder = isNew ? "\(place).\(getpid()).part" : place
  if isNew, unsafe mkdir(folder, 0o755) != 0 {
    throw UnwritableFile(path: place, reason: lastSystemError())
  }
  do {
    let manifest = try StoreFiles(folder, dataset, order).manifest(source, warnings)
    let bytes = [UInt8](try manifest.json())
    try sync(folder, of: place)
    let writer = try FileWriter(folder + "/" + StoreManifest.fileName)
    try writer.append(bytes)
    try writer.finish()
    try sync(folder, of: place)
    if isNew, unsafe rename(folder, place) != 0 {
      throw UnwritableFile(path: place, reason: lastSystemError())
    }
    removeFiles(of: place) { name in
      name != StoreManifest.fileName && !manifest.files.contains { $0.name == name }
    }
  } catch {
    if isNew {
      removeFiles(of: folder) { _ in true }
      unsafe rmdir(folder)
    }
    throw error
  }
}

private func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

func isFolder(_ path: String) -> Bool {
  var status = stat()
  return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

private func sync(_ folder: String, of place: String) throws(UnwritableFile) {
  let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else { throw UnwritableFile(path: place, reason: lastSystemError()) }
  // Some file systems cannot: then there is nothing to be done.
  _ = fsync(descriptor)
  close(descriptor)
}

/// Removes what a store no longer needs: files of its own making, as their suffixes show.
private func removeFiles(of folder: String, where isStale: (String) -> Bool) {
  guard let directory = unsafe opendir(folder) else { return }
  defer { unsafe closedir(directory) }
  var stale: [String] = []
  while let entry = unsafe readdir(directory) {
    let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { start in
      unsafe start.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
    }
    let isOurs =
      name.hasSuffix(StoreFiles.suffix) || name.hasSuffix(".part") || name == StoreManifest.fileName
    if isOurs, isStale(name) { stale.append(name) }
  }
  for name in stale { unsafe unlink(folder + "/" + name) }
}

/// The files of a store in the making.
private struct StoreFiles {
  static let suffix = ".column"
  /// Longer dictionaries stand in files of their own, so that the manifest stays quick to read.
  private static let mostCategoriesInManifest = 250

  private let folder: String
  private let dataset: Dataset
  private let order: StoreOrder?

  init(_ folder: String, _ dataset: Dataset, _ order: StoreOrder?) {
    self.folder = folder
    self.dataset = dataset
    self.order = order
  }

  func manifest(_ source: StoreManifest.Source, _ warnings: [String]) throws -> StoreManifest {
    var columns: [StoredColumn] = []
    for column in dataset.columns { columns.append(try stored(column)) }
    return StoreManifest(
      rows: dataset.rowCount, source: source, columns: columns,
      codebook: StoredCodebook(dataset.codebook, order: dataset.columns.map(\.name)),
      order: try order.map { order in
        let design = order.design
        return StoreManifest.Order(
          weight: order.weight, strata: design.strata, clusters: design.clusters,
          nest: design.isNested, rows: try stored(Bytes(order.rows)),
          units: StoreManifest.Units(
            rows: design.rowCount, strata: try stored(Bytes(design.stratumStarts)),
            clusters: try design.unitStarts.map { try stored(Bytes($0)) }))
      },
      warnings: warnings)
  }

  private func stored(_ column: Column) throws -> StoredColumn {
    switch (order.map { column.rearranged(by: $0.rows) } ?? column).values {
    case .numeric(let values):
      var result = StoredColumn(
        name: column.name, kind: .numbers,
        values: try stored(values.bytes))
      if let reasons = values.reasons {
        let (flags, missing) = values.prunedReasons(reasons)
        result.reasons = try stored(flags)
        result.categories = missing.map(StoredCategory.init)
      }
      return result
    case .categorical(let values):
      var result = StoredColumn(
        name: column.name, kind: .categories, values: try stored(values.bytes),
        width: values.width.rawValue)
      if values.areNumbersAmbiguous { result.areNumbersAmbiguous = true }
      let valid = values.categories.prefix { $0.missing == nil }
      let missing = values.categories[valid.count...]
      if valid.count > Self.mostCategoriesInManifest, missing.allSatisfy({ $0.missing != nil }) {
        result.dictionary = try stored(Bytes(dictionaryBytes(valid.map(\.code))))
        result.categories = missing.map(StoredCategory.init)
      } else {
        result.categories = values.categories.map(StoredCategory.init)
      }
      return result
    }
  }

  /// Writes bytes under the name of their content; equal columns share a file.
  private func stored(_ bytes: Bytes) throws(UnwritableFile) -> StoredFile {
    let hash = bytes.sha256
    let file = StoredFile(
      name: hash.prefix(32) + Self.suffix, bytes: bytes.count, sha256: hash)
    let path = folder + "/" + file.name
    // A file that an earlier write left may have been damaged since.
    if let old = Bytes(mapping: path), old.count == bytes.count, old.sha256 == hash { return file }
    let writer = try FileWriter(path)
    try writer.append(bytes)
    try writer.finish()
    return file
  }
}

extension NumericColumn {
  /// The reasons with those left out that no row has.
  fileprivate func prunedReasons(_ reasons: Bytes) -> (flags: Bytes, missing: [SurveyData.Category])
  {
    reasons.withSpan(of: UInt8.self) { flags in
      var isUsed = [Bool](repeating: false, count: 256)
      for row in flags.indices { isUsed[Int(flags[row])] = true }
      var table = [UInt8](repeating: 0, count: 256)
      var kept: [SurveyData.Category] = []
      for (index, category) in missing.enumerated() where isUsed[index + 1] {
        kept.append(category)
        table[index + 1] = UInt8(kept.count)
      }
      let pruned = Bytes(of: UInt8.self, count: flags.count) { span in
        for row in flags.indices { span[row] = table[Int(flags[row])] }
      }
      return (pruned, kept)
    }
  }
}
