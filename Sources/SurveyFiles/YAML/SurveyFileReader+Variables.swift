import SurveyData

/// The answers that a variable can have: shared by many, or a variable's own.
struct AnswerScale {
  /// Valid ones in order, then the missing ones.
  var categories: [LabelledCategory] = []
  var nets: [Net] = []
  var codePlaces: [String: SourcePlace] = [:]
  var netPlaces: [String: SourcePlace] = [:]

  /// A code that stands in both has the meaning that `own` gives it.
  mutating func add(missing own: [(category: LabelledCategory, place: SourcePlace)]) {
    for (category, place) in own {
      categories.removeAll { $0.code == category.code }
      categories.append(category)
      codePlaces[category.code] = place
    }
  }

  mutating func add(nets own: [(net: Net, place: SourcePlace)]) {
    for (net, place) in own {
      nets.removeAll { $0.name == net.name }
      nets.append(net)
      netPlaces[net.name] = place
    }
  }

  /// Nets hold valid codes only, where the valid codes are listed.
  func checkNets(at place: SourcePlace) throws(SurveyFileError) {
    let valid = categories.filter { $0.missing == nil }.map(\.code)
    for net in nets {
      let place = netPlaces[net.name] ?? place
      let isMissing = { code in categories.contains { $0.code == code && $0.missing != nil } }
      for code in net.codes where valid.isEmpty ? isMissing(code) : !valid.contains(code) {
        throw .unknownNetCode(net: net.name, code: code, codes: valid, place: place)
      }
    }
  }
}

extension SurveyFileReader {
  func scales(_ cursor: YAMLCursor) throws -> [String: AnswerScale] {
    var scales: [String: AnswerScale] = [:]
    for entry in try cursor.entries() {
      scales[entry.key] = try entry.value.mapping { keys in
        let scale = try answers(&keys)
        try scale.checkNets(at: entry.place)
        return scale
      }
    }
    return scales
  }

  func variable(_ entry: YAMLEntry, scales: [String: AnswerScale]) throws -> SurveyVariable {
    try entry.value.mapping { keys in
      var variable = Variable(name: entry.key)
      variable.label = try keys.take("label")?.localizedText() ?? LocalizedText()
      variable.question = try keys.take("question")?.localizedText() ?? LocalizedText()
      variable.kind = try keys.take("type")?.word(of: Variable.Kind.self)
      let source = try keys.take("source")?.text()
      let empty = try keys.take("empty")?.word(of: MissingReason.self)
      let waves = try keys.take("waves").map(self.waves) ?? (harmonisations: [:], wordings: [:])
      variable.waveWordings = waves.wordings

      var scale = AnswerScale()
      if let name = keys.take("scale") {
        let text = try name.text()
        guard let shared = scales[text] else {
          throw SurveyFileError.noSuchScale(
            text, nearest: nearestName(to: text, among: scales.keys.sorted()), place: name.place)
        }
        scale = shared
        if let categories = keys.takeEntry("categories") {
          throw YAMLError.wrongKeys(
            entry.value.name, expected: ["scale", "categories"], place: categories.place)
        }
      }
      scale = try answers(&keys, addedTo: scale)
      try scale.checkNets(at: entry.place)
      variable.categories = scale.categories
      variable.nets = scale.nets
      variable.statements = try statements(keys.take("statements"), of: variable)
      var result = SurveyVariable(variable, source: source, place: entry.place)
      result.empty = empty
      result.waves = waves.harmonisations
      result.codePlaces = scale.codePlaces
      result.netPlaces = scale.netPlaces
      if variable.kind == .numeric, !result.validCodes.isEmpty {
        throw SurveyFileError.categoriesOfNumbers(variable: entry.key, place: entry.place)
      }
      return result
    }
  }

  /// Reads the keys `categories`, `missing` and `nets`.
  func answers(
    _ keys: inout YAMLKeys, addedTo shared: AnswerScale = AnswerScale()
  ) throws -> AnswerScale {
    var scale = shared
    if let cursor = keys.take("categories") {
      for (category, place) in try categories(cursor) {
        scale.categories.append(category)
        scale.codePlaces[category.code] = place
      }
    }
    if let cursor = keys.take("missing") {
      let missing = try missingCodes(cursor)
      for (category, place) in missing {
        let isOwn = !shared.categories.contains { $0.code == category.code }
        if isOwn, scale.categories.contains(where: { $0.code == category.code }) {
          throw SurveyFileError.codeIsBothValidAndMissing(category.code, place: place)
        }
      }
      scale.add(missing: missing)
    }
    if let cursor = keys.take("nets") { scale.add(nets: try nets(cursor)) }
    return scale
  }

  /// Code to label; or a list of codes that are their own labels.
  func categories(
    _ cursor: YAMLCursor
  ) throws -> [(category: LabelledCategory, place: SourcePlace)] {
    guard cursor.kind != .list else {
      return try codes(cursor).map { code, place in
        (LabelledCategory(code: code, label: LocalizedText(code)), place)
      }
    }
    return try cursor.entries().map { entry in
      (
        LabelledCategory(code: entry.key, label: try entry.value.localizedText()),
        entry.place
      )
    }
  }

  /// A list of codes, each once.
  private func codes(_ cursor: YAMLCursor) throws -> [(code: String, place: SourcePlace)] {
    var places: [String: SourcePlace] = [:]
    return try cursor.filledList().map { item in
      let code = try item.text()
      if let first = places[code] {
        throw YAMLError.duplicateKey(code, first: first, place: item.place)
      }
      places[code] = item.place
      return (code, item.place)
    }
  }

  /// Code to `{reason, label}`, to a reason's word, or to a label; or a list of codes. A label
  /// that is one of the usual words, as "Ved ikke", tells the reason too; otherwise it is
  /// `unspecified`.
  func missingCodes(
    _ cursor: YAMLCursor
  ) throws -> [(category: LabelledCategory, place: SourcePlace)] {
    guard cursor.kind != .list else {
      return try codes(cursor).map { code, place in
        (LabelledCategory(code: code, label: LocalizedText(), missing: .unspecified), place)
      }
    }
    return try cursor.entries().map { entry in
      let (reason, label) = try missingMeaning(entry.value)
      return (LabelledCategory(code: entry.key, label: label, missing: reason), entry.place)
    }
  }

  private func missingMeaning(_ cursor: YAMLCursor) throws -> (MissingReason, LocalizedText) {
    guard cursor.kind == .text else {
      return try cursor.mapping { keys in
        if let da = try keys.take("da")?.text() {
          let label = LocalizedText(da: da, en: try keys.take("en")?.text())
          return (MissingReason(label: da) ?? .unspecified, label)
        }
        if let en = try keys.take("en")?.text() {
          return (MissingReason(label: en) ?? .unspecified, LocalizedText(en: en))
        }
        let reason = try keys.require("reason").word(of: MissingReason.self)
        return (reason, try keys.take("label")?.localizedText() ?? reason.text)
      }
    }
    let text = try cursor.text()
    if let reason = MissingReason(rawValue: text) { return (reason, reason.text) }
    if let reason = MissingReason(label: text) { return (reason, LocalizedText(text)) }
    let words = MissingReason.allCases.map(\.rawValue)
    if let nearest = nearestName(to: text, among: words) {
      throw YAMLError.unknownWord(
        text, of: cursor.name, nearest: nearest, words: words, place: cursor.place)
    }
    return (.unspecified, LocalizedText(text))
  }

  /// A net's name, or a code, to how it reads in a sentence.
  func statements(
    _ cursor: YAMLCursor?, of variable: Variable, codes: [String] = []
  ) throws -> [String: LocalizedText] {
    var statements: [String: LocalizedText] = [:]
    for entry in try cursor?.entries() ?? [] {
      let names =
        variable.nets.map(\.name) + codes
        + variable.categories.filter { $0.missing == nil }.map(\.code)
      guard names.isEmpty || names.contains(entry.key) else {
        throw YAMLError.unknownWord(
          entry.key, of: "statements", nearest: nearestName(to: entry.key, among: names),
          words: names, place: entry.place)
      }
      statements[entry.key] = try entry.value.localizedText()
    }
    return statements
  }

  /// Name to a list of codes, or to `{codes, label}`.
  private func nets(_ cursor: YAMLCursor) throws -> [(net: Net, place: SourcePlace)] {
    try cursor.entries().map { entry in
      guard entry.value.kind == .mapping else {
        let codes = try codes(entry.value).map(\.code)
        return (Net(name: entry.key, codes: codes, label: LocalizedText(entry.key)), entry.place)
      }
      return try entry.value.mapping { keys in
        let codes = try codes(try keys.require("codes")).map(\.code)
        let label = try keys.take("label")?.localizedText() ?? LocalizedText(entry.key)
        return (Net(name: entry.key, codes: codes, label: label), entry.place)
      }
    }
  }
}
