import SurveyData

/// An SPSS file as a dataset.
public struct SAVReading: Sendable {
  /// With the codebook of all variables, also of those that were not selected.
  public let dataset: Dataset
  /// Every case of the file is kept.
  public let rows: RowAccount
  /// Sentences on what was settled on the file's behalf.
  public let warnings: [String]
  /// The file's own label.
  public let label: String
  /// The lines of its documents.
  public let documents: [String]
  /// The variable by which SPSS weights the cases; nothing here does.
  public let weight: String?
  /// The file's dictionary, for those who write such files.
  package let variables: [SAVVariable]
}

/// What an SPSS file says of a variable beyond the codebook.
package struct SAVVariable: Sendable {
  package let name: String
  /// As SPSS writes it: `F8.2`, `A20`.
  package let format: String
  /// 0 for a number.
  package let width: Int
  /// Codes that are missing; a number at its shortest.
  package let missingValues: [String]
  package let missingRanges: [ClosedRange<Double>]
}

/// Reads an SPSS file, `.sav` or `.zsav`: the columns selected, every case, with the file's hash.
///
/// - Numbers with few different values, or with a label for each, are categories; those with more
///   than 250 are numbers. Strings are categories. Categories stand in the order of their values.
/// - Days and times are categories in ISO 8601, for a role of `number` the seconds of SPSS.
/// - User-missing values keep their codes and have the reason that their label tells
///   (`unspecified` where it tells none); system-missing values and blank strings are `noAnswer`,
///   with an empty code.
///
/// A name in `selecting` that the file does not have is passed over: `Dataset.column(_:)` names the
/// nearest.
///
/// - Parameter hashes: whether the file's hash is wanted.
public func readSAV(
  at path: String, selecting: ColumnSelection, hashes: Bool = true
) throws(SAVError) -> SAVReading {
  try readSAV(at: path, selecting: selecting, hashes: hashes, lanes: processorCount)
}

/// The same with the number of threads given, for tests.
package func readSAV(
  at path: String, selecting: ColumnSelection, hashes: Bool = true, lanes: Int
) throws(SAVError) -> SAVReading {
  let bytes: Bytes
  do throws(CSVError) {
    bytes = try openedFile(path)
  } catch {
    switch error {
    case .unreadable(let file, let reason): throw .unreadable(file: file, reason: reason)
    default: throw .missing(file: path)
    }
  }
  let hash = BackgroundHash(of: bytes, isWanted: hashes)
  // A caller that ends the process after an error would take libcrypto from under the hash.
  defer {
    hash.wait()
    withExtendedLifetime(bytes) {}
  }
  var cursor = SAVCursor(bytes, file: path, record: .header)
  let dictionary = try SAVDictionary(try cursor.records(), file: path)
  let cases = try SAVCases(bytes, dictionary, file: path, lanes: lanes)
  let decoded = try cases.columns(selecting)
  guard decoded.rowCount > 0 else {
    throw .noCases(file: path, variables: dictionary.entries.count)
  }
  var codebook = Codebook(multiResponseSets: dictionary.multiResponseSets)
  for entry in dictionary.entries {
    codebook.variables[entry.variable.name] = entry.variable.codebookEntry
  }
  let source = DataSource(
    path: path, sha256: hash.value, columnNames: dictionary.entries.map(\.variable.name))
  return SAVReading(
    dataset: Dataset(
      rowCount: decoded.rowCount, columns: decoded.columns, codebook: codebook, source: source),
    rows: RowAccount(kept: decoded.rowCount, refused: []),
    warnings: dictionary.warnings + decoded.warnings, label: dictionary.fileLabel,
    documents: dictionary.documents, weight: dictionary.weight,
    variables: dictionary.entries.map { entry in
      SAVVariable(
        name: entry.variable.name, format: entry.variable.format, width: entry.width,
        missingValues: entry.variable.missing.values.map { $0.code(nil) },
        missingRanges: entry.variable.missing.ranges)
    })
}

/// What one thread made of a column.
private struct AssembledColumn: Sendable {
  let values: Result<Column.Values, NotNumeric>
  let metInvalidBytes: Bool
}

extension SAVCases {
  /// The columns selected, in the order of the file.
  fileprivate func columns(
    _ selecting: ColumnSelection
  ) throws(SAVError) -> (rowCount: Int, columns: [Column], warnings: [String]) {
    var selected: [(entry: SAVDictionary.Entry, role: ColumnRole)] = []
    for entry in dictionary.entries {
      switch selecting {
      case .all: selected.append((entry, .asFound))
      case .only(let roles):
        if let role = roles[entry.variable.name] { selected.append((entry, role)) }
      }
    }
    // Columns of many different values show it in the first few thousand cases.
    let probe = try plans(selected, wide: [])
    let probed = try decode(probe, rowLimit: 4096)
    var wide = Set(selected.indices.filter { probed.hasOverflowed($0) })
    var plans = try plans(selected, wide: wide)
    var decoded = try decode(plans)
    // Others show it later, as in a sorted file: these are decoded once more.
    let late = selected.indices.filter { !wide.contains($0) && decoded.hasOverflowed($0) }
    var raw: [RawColumn] = []
    func collect(_ plans: [CasePlan], _ decoded: DecodedCases, _ columns: some Sequence<Int>) {
      let runs = decoded.runs
      for column in columns {
        raw.append(
          RawColumn(
            variable: plans[column].entry.variable, role: plans[column].role,
            store: plans[column].store, rows: plans[column].rows, rowCount: decoded.rowCount,
            runs: runs, lanes: decoded.lanes.map { $0.values(column) },
            systemMissing: dictionary.systemMissing))
      }
    }
    collect(plans, decoded, selected.indices.filter { !late.contains($0) })
    if !late.isEmpty {
      wide.formUnion(late)
      plans = try self.plans(late.map { selected[$0] }, wide: Set(late.indices))
      decoded = try decode(plans)
      collect(plans, decoded, late.indices)
    }
    let rowCount = decoded.rowCount
    let waiting = raw
    let coding = dictionary.coding
    let outcomes: [AssembledColumn] = concurrentMap(count: waiting.count, threads: nil) { index in
      let decoder = TextDecoder(coding)
      let values = assembled(waiting[index], decoder)
      waiting[index].rows.discard()
      return AssembledColumn(values: values, metInvalidBytes: decoder.metInvalidBytes)
    }
    var columns: [String: Column] = [:]
    var warnings: [String] = []
    for (column, outcome) in zip(raw, outcomes) {
      let name = column.variable.name
      switch outcome.values {
      case .success(let values): columns[name] = Column(name: name, values: values)
      case .failure(let text): throw .notNumeric(column: name, value: text.value, file: file)
      }
      if outcome.metInvalidBytes {
        warnings.append(
          "\(file): column '\(name)' has texts that are no valid \(coding.name), as the file says "
            + "they are; what cannot be read shows as \u{FFFD}.")
      }
    }
    return (rowCount, selected.compactMap { columns[$0.entry.variable.name] }, warnings)
  }

  private func plans(
    _ selected: [(entry: SAVDictionary.Entry, role: ColumnRole)], wide: Set<Int>
  ) throws(SAVError) -> [CasePlan] {
    var plans: [CasePlan] = []
    let isSwapped = dictionary.header.isBigEndian != (UInt16(1).bigEndian == 1)
    for (index, (entry, role)) in selected.enumerated() {
      guard
        let plan = CasePlan(
          entry, role, wide: wide.contains(index), rows: rowCapacity, isSwapped: isSwapped)
      else { throw .noMemory(file: file, bytes: rowCapacity * 8) }
      plans.append(plan)
    }
    return plans
  }
}
