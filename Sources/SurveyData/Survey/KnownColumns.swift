/// The survey file's names held against those in the data.
struct KnownColumns {
  /// Every name that a command may use, in the order of the data, then the wave, then the derived.
  let names: [String]
  private let stored: Set<String>

  func isStored(_ name: String) -> Bool { stored.contains(name) }

  /// - Parameter wanted: the names that a command asks for. Where data files were left out, only
  ///   these must be there.
  init(
    _ file: SurveyFile, in parts: [Dataset], wanted: Set<String>
  ) throws(SurveyFileError) {
    let present = parts.map { $0.source.columnNames ?? $0.columns.map(\.name) }
    var inData: [String] = []
    var seen: Set<String> = []
    for name in present.joined() where seen.insert(name).inserted { inData.append(name) }
    func holder(of name: String) -> String {
      zip(parts, present).first { $0.1.contains(name) }?.0.source.path ?? parts[0].source.path
    }

    var namesBySource: [String: [String]] = [:]
    for variable in file.variables where !file.isWaveColumn(variable.variable.name) {
      let name = variable.variable.name
      let sources = variable.sources.filter(seen.contains)
      guard let source = sources.first else {
        if file.leavesFilesOut, !wanted.contains(name) { continue }
        throw .noSuchVariable(
          name, source: variable.source, nearest: nearestName(to: variable.source, among: inData),
          files: parts.map(\.source.path), place: variable.place)
      }
      namesBySource[source, default: []].append(name)
      // Columns of single waves have no name of their own.
      for other in sources.dropFirst() where namesBySource[other] == nil {
        namesBySource[other] = []
      }
    }
    var names: [String] = []
    for column in inData { names += namesBySource[column] ?? [column] }
    var stored: Set<String> = []
    for name in names where !stored.insert(name).inserted {
      // Only a name that the survey file gives can meet another's.
      let place = file.variable(name)?.place ?? file.places.design
      throw .columnTaken(name, file: holder(of: name), place: place)
    }
    if file.hasWaves {
      if stored.contains(SurveyFile.waveColumn) {
        throw .columnTaken(
          SurveyFile.waveColumn, file: holder(of: SurveyFile.waveColumn),
          place: file.dataFiles[0].place)
      }
      names.append(SurveyFile.waveColumn)
    }
    for derived in file.derived {
      let name = derived.variable.name
      if stored.contains(name) {
        throw .columnTaken(name, file: holder(of: name), place: derived.place)
      }
      names.append(name)
    }
    self.names = names
    self.stored = stored

    let all = Set(names)
    func check(_ name: String, _ wantedBy: String, _ place: SourcePlace) throws(SurveyFileError) {
      guard !all.contains(name) else { return }
      throw .noSuchColumn(
        name, wantedBy: wantedBy, nearest: nearestName(to: name, among: names), place: place)
    }
    for derived in file.derived
    where !file.leavesFilesOut || wanted.contains(derived.variable.name) {
      let wantedBy = "'\(derived.variable.name)'"
      switch derived.rule {
      case .any(let conditions), .all(let conditions), .count(let conditions):
        for condition in conditions {
          for column in condition.expression.columnPlaces {
            try check(column.name, wantedBy, condition.place(of: column.offset))
          }
        }
      case .bands(let column, _), .recode(let column, _):
        try check(column, wantedBy, derived.place)
      }
    }
    for set in file.multiResponseSets where !file.leavesFilesOut {
      let place = file.places.multiResponseSets[set.name] ?? file.places.design
      for column in set.columns { try check(column, "the set '\(set.name)'", place) }
    }
    for column in file.design.columnNames {
      try check(column, "the design", file.places.design)
    }
    for column in file.design.weighting?.columnNames ?? [] {
      try check(column, "the weighting", file.places.weighting ?? file.places.design)
    }
  }
}
