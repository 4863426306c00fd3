/// A column of the data that a command needs, and how the survey file means it.
public struct NeededColumn: Sendable, Hashable {
  /// The column's name in the data.
  public var source: String
  /// `nil` leaves it to the data.
  public var kind: Variable.Kind?

  public init(source: String, kind: Variable.Kind?) {
    self.source = source
    self.kind = kind
  }
}

extension SurveyFile {
  /// The columns of the data behind these names: multi-response sets and derived variables with
  /// all that they are made from, variables by the name they have in the data.
  ///
  /// The same list serves every data file; a file that lacks one of them is dealt with by
  /// `dataset(from:selecting:)`. A name that nothing describes stands for itself.
  public func columnsNeeded(for names: [String]) -> [NeededColumn] {
    var needed: [NeededColumn] = []
    for name in expanded(names) where derivedVariable(name) == nil && !isWaveColumn(name) {
      let columns =
        variable(name).map { variable in
          variable.sources.map {
            NeededColumn(
              source: $0, kind: variable.hasCodeMaps ? .categorical : variable.readingKind)
          }
        } ?? [NeededColumn(source: name, kind: nil)]
      for column in columns where !needed.contains(where: { $0.source == column.source }) {
        needed.append(column)
      }
    }
    return needed
  }

  /// One dataset of all waves, under the survey file's names, labels and missing codes, with the
  /// derived variables computed.
  ///
  /// - Parameters:
  ///   - parts: the data files as read, one each in the order of `dataFiles`, with at least the
  ///     `columnsNeeded`.
  ///   - names: what is wanted; `nil` is every column that was read and all that derives from them.
  /// - Throws: a `SurveyFileError` for what does not fit the data, with the survey file's line and
  ///   the data's. Columns that the commands did not ask for are held against the names in the
  ///   data too, but their codes are not read.
  public func dataset(from parts: [Dataset], selecting names: [String]? = nil) throws -> Dataset {
    precondition(parts.count == dataFiles.count, "a dataset for each data file")
    let selected = names.map(expanded)
    let known = try KnownColumns(self, in: parts, wanted: Set(selected ?? []))
    var source = parts[0].source
    source.columnNames = known.names
    if parts.count > 1 {
      source.sha256 = nil
      var row = 0
      for part in parts {
        source.parts.append(DataSource.Part(firstRow: row, source: part.source))
        row += part.rowCount
      }
    }
    let application = SurveyApplication(file: self, parts: parts)
    var columns: [Column] = []
    var codebook = Codebook(
      multiResponseSets: application.multiResponseSets(Set(known.names)))
    for name in selected ?? known.names where known.isStored(name) {
      guard let (column, variable) = try application.column(name) else { continue }
      columns.append(column)
      codebook.variables[name] = variable
    }
    if hasWaves {
      let (column, variable) = application.waves()
      columns.append(column)
      codebook.variables[column.name] = variable
    }
    // Labels of what is not read are kept, so that a message can use them.
    for variable in variables where codebook.variables[variable.variable.name] == nil {
      codebook.variables[variable.variable.name] = variable.variable
    }
    var dataset = Dataset(
      rowCount: parts.reduce(0) { $0 + $1.rowCount }, columns: columns, codebook: codebook,
      source: source)
    for name in derived.map(\.variable.name) where selected?.contains(name) ?? true {
      for name in try inputsInOrder(of: name) where dataset[name] == nil {
        let derived = derivedVariable(name)!
        guard selected != nil || derived.inputs.allSatisfy({ dataset[$0] != nil }) else { continue }
        let (column, variable) = try DerivedComputation(derived, in: dataset).result()
        dataset = dataset.with([Column(name: name, values: .categorical(column))])
        dataset.codebook.variables[name] = variable
      }
    }
    return dataset
  }

  func isWaveColumn(_ name: String) -> Bool { hasWaves && name == Self.waveColumn }

  /// The names, and behind sets and derived variables what they are made from; each once.
  private func expanded(_ names: [String]) -> [String] {
    var result: [String] = []
    func add(_ name: String) {
      guard !result.contains(name) else { return }
      if let set = multiResponseSets.first(where: { $0.name == name }) {
        set.columns.forEach(add)
        return
      }
      result.append(name)
      derivedVariable(name)?.inputs.forEach(add)
    }
    names.forEach(add)
    return result
  }
}

extension SurveyVariable {
  /// Whether some wave has codes of its own: then the column is read as codes.
  fileprivate var hasCodeMaps: Bool { waves.values.contains { !$0.codes.isEmpty } }

  /// How the column should be read: numbers with a missing code that is no number are read as text
  /// and become numbers when that code is known to be missing.
  fileprivate var readingKind: Variable.Kind? {
    if variable.kind == .numeric {
      return variable.categories.allSatisfy { decimalNumber($0.code) != nil }
        ? .numeric : .categorical
    }
    return variable.kind ?? (variable.categories.isEmpty ? nil : .categorical)
  }
}
