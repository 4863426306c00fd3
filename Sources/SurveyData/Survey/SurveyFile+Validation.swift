extension SurveyFile {
  /// The survey file itself, where its parts fit each other; what needs the data comes later.
  package func validated() throws(SurveyFileError) -> SurveyFile {
    try checkWaves()
    try checkNames()
    for derived in derived {
      try checkLabels(of: derived)
      try checkInputs(of: derived)
      _ = try inputsInOrder(of: derived.variable.name)
    }
    return self
  }

  private func checkWaves() throws(SurveyFileError) {
    guard hasWaves else { return }
    if let without = dataFiles.first(where: { $0.wave == nil }) { throw .noWave(without.place) }
    let known = dataFiles.compactMap(\.wave)
    for variable in variables {
      for (wave, harmonisation) in variable.waves.sorted(by: { $0.key < $1.key })
      where !known.contains(wave) {
        throw .noSuchWave(
          wave, variable: variable.variable.name, waves: known, place: harmonisation.place)
      }
    }
    guard let described = variable(Self.waveColumn), !described.validCodes.isEmpty else { return }
    for wave in dataFiles.compactMap(\.wave) where !described.validCodes.contains(wave) {
      throw .unknownWave(wave, codes: described.validCodes, place: described.place)
    }
  }

  private func checkNames() throws(SurveyFileError) {
    var taken: [String: SourcePlace] = [:]
    if hasWaves { taken[Self.waveColumn] = dataFiles[0].place }
    for variable in variables { taken[variable.variable.name] = variable.place }
    for derived in derived {
      let name = derived.variable.name
      if let first = taken[name] { throw .nameTaken(name, first: first, place: derived.place) }
      taken[name] = derived.place
    }
    for set in multiResponseSets {
      let place = places.multiResponseSets[set.name] ?? places.design
      if let first = taken[set.name] { throw .nameTaken(set.name, first: first, place: place) }
      for column in set.columns where set.coding == .dichotomies {
        let codes = variable(column)?.validCodes ?? []
        if !codes.isEmpty, !codes.contains(set.selected) {
          throw .unknownSelected(
            set.selected, set: set.name, column: column, codes: codes, place: place)
        }
      }
    }
  }

  private func checkLabels(of derived: DerivedVariable) throws(SurveyFileError) {
    let labelled = derived.variable.categories.map(\.code)
    let codes = derived.rule.resultCodes
    if !labelled.isEmpty, Set(labelled) != Set(codes) {
      throw .wrongLabels(
        derived: derived.variable.name, labelled: labelled, codes: codes, place: derived.place)
    }
    let valid = derived.validCodes
    for net in derived.variable.nets {
      for code in net.codes where !valid.contains(code) {
        throw .unknownNetCode(net: net.name, code: code, codes: valid, place: derived.place)
      }
    }
  }

  /// Codes that a rule names must be codes of the column, where the survey file lists them.
  private func checkInputs(of derived: DerivedVariable) throws(SurveyFileError) {
    switch derived.rule {
    case .any(let conditions), .all(let conditions), .count(let conditions):
      for condition in conditions {
        if let strange = strangeCode(in: condition) { throw strange }
      }
    case .recode(let column, let map):
      guard let categories = categories(of: column) else { return }
      for entry in map where !categories.contains(where: { $0.code == entry.from }) {
        throw .unknownRecodedCode(
          entry.from, column: column, codes: categories.map(\.code), place: entry.place)
      }
    case .bands: break
    }
  }

  /// A condition that compares a column with a code that it cannot have is never true.
  private func strangeCode(in condition: DerivedVariable.Condition) -> SurveyFileError? {
    var result: SurveyFileError?
    condition.expression.root.visitEqualities { column, literal in
      guard result == nil, let categories = categories(of: column.name) else { return }
      let valid = categories.filter { $0.missing == nil }
      if !valid.contains(where: { literal.names($0) }) {
        result = .comparedWithNoCode(
          literal.content, column: column.name, codes: valid.map(\.code),
          place: condition.place(of: column.offset))
      }
    }
    return result
  }

  /// The categories that the survey file gives a variable or derived variable; `nil` where it
  /// leaves the valid ones to the data.
  private func categories(of name: String) -> [LabelledCategory]? {
    if let derived = derivedVariable(name) {
      return derived.variable.categories.isEmpty
        ? derived.rule.resultCodes.map { LabelledCategory(code: $0, label: LocalizedText()) }
        : derived.variable.categories
    }
    guard let variable = variable(name), !variable.validCodes.isEmpty else { return nil }
    return variable.variable.categories
  }
}

extension SurveyFile {
  /// A derived variable's own derived inputs, each after its own, and then itself.
  func inputsInOrder(of name: String) throws(SurveyFileError) -> [String] {
    var done: [String] = []
    var open: [String] = []
    func visit(_ name: String) throws(SurveyFileError) {
      guard !done.contains(name), let derived = derivedVariable(name) else { return }
      if let start = open.firstIndex(of: name) {
        throw .circular(open[start...] + [name], place: derived.place)
      }
      open.append(name)
      for input in derived.inputs { try visit(input) }
      open.removeLast()
      done.append(name)
    }
    try visit(name)
    return done
  }
}

extension DerivedVariable {
  /// The codes of valid results, in their order.
  var validCodes: [String] {
    variable.categories.isEmpty
      ? rule.resultCodes : variable.categories.filter { $0.missing == nil }.map(\.code)
  }
}

extension DerivedVariable.Condition {
  /// Where a character of the condition stands in the survey file, as far as that can be told.
  func place(of offset: Int) -> SourcePlace {
    var place = place
    if let column = place.column {
      place.column = column + offset + escapes.count { $0 < offset }
    }
    return place
  }
}

extension Expression.Literal {
  /// Whether this is how a condition names that category.
  fileprivate func names(_ category: LabelledCategory) -> Bool {
    switch self {
    case .number(let number, let written):
      decimalNumber(category.code).map { $0 == number } ?? (category.code == written)
    case .text(let text): category.code == text || category.label.matches(text)
    }
  }
}
