import SurveyData

/// Reads a survey file and checks all that can be checked without the data.
///
/// - Throws: a `YAMLError` or a `SurveyFileError`; each names the file, the line and what to do.
public func readSurveyFile(at path: String) throws -> SurveyFile {
  let document = try YAMLDocument(at: path, called: "the survey file")
  var survey = try SurveyFileReader(path: path).survey(document.root)
  survey.sha256 = document.sha256
  return try survey.validated()
}

/// The same from bytes at hand, for tests; `path` is what messages call them.
package func surveyFile(of bytes: [UInt8], path: String) throws -> SurveyFile {
  let root = try YAMLDocument.root(of: bytes, file: path, called: "the survey file")
  return try SurveyFileReader(path: path).survey(root).validated()
}

/// The keys of a survey file and what they mean.
struct SurveyFileReader {
  let path: String

  func survey(_ cursor: YAMLCursor) throws -> SurveyFile {
    try cursor.mapping { keys in
      let title = try keys.require("survey").localizedText()
      let data = try keys.require("data")
      var survey = SurveyFile(
        path: path, title: title, dataFiles: try data.filledList().map(dataFile))
      if let language = keys.take("language") {
        survey.language = try language.word(of: Language.self)
      }
      survey.population = try keys.take("population").map(population)
      survey.fieldwork = try keys.take("fieldwork").map(fieldwork)
      let scales = try keys.take("scales").map(scales) ?? [:]
      if let variables = keys.take("variables") {
        survey.variables = try variables.entries().map { entry in
          try variable(entry, scales: scales)
        }
      }
      if let sets = keys.take("multi") {
        for entry in try sets.entries() {
          survey.multiResponseSets.append(try multiResponseSet(entry))
          survey.places.multiResponseSets[entry.key] = entry.place
        }
      }
      survey.derived = try keys.take("derived")?.entries().map(derivedVariable) ?? []
      survey.guidelines = try keys.take("guidelines")?.entries().map(guideline) ?? []
      if let design = keys.takeEntry("design") {
        survey.design = try self.design(design.value)
        survey.places.design = design.place
      }
      survey.response = try keys.take("response").map(response)
      if let weighting = keys.takeEntry("weighting") {
        let made = try self.weighting(weighting.value, response: survey.response)
        survey.weighting = made
        survey.places.weighting = weighting.place
        if let weight = survey.design.weight {
          survey.design.weighting = made.remembered(as: weight, response: survey.response)
          survey.design.takesNonresponseAsKnown = made.takesNonresponseAsKnown
        }
      }
      if let rules = keys.take("disclosure") { survey.disclosure = try disclosure(rules) }
      survey.notes = try keys.take("notes")?.localizedText() ?? LocalizedText()
      survey.usesCache = try keys.take("cache")?.flag() ?? false
      return survey
    }
  }

  private func population(_ cursor: YAMLCursor) throws -> Population {
    try cursor.mapping { keys in
      Population(
        name: try keys.require("name").localizedText(),
        size: try keys.take("size")?.wholeNumber(atLeast: 1))
    }
  }

  private func fieldwork(_ cursor: YAMLCursor) throws -> Fieldwork {
    try cursor.mapping { keys in
      var fieldwork = Fieldwork()
      fieldwork.from = try keys.take("from")?.date()
      if let to = keys.take("to") {
        fieldwork.to = try to.date()
        if let from = fieldwork.from, try to.text() < from {
          throw YAMLError.wrongOrder(try to.text(), after: from, place: to.place)
        }
      }
      fieldwork.mode = try keys.take("mode")?.localizedText()
      fieldwork.invited = try keys.take("invited")?.wholeNumber(atLeast: 1)
      fieldwork.sample = try keys.take("sample")?.word(of: Fieldwork.Sample.self)
      fieldwork.by = try keys.take("by")?.localizedText()
      fieldwork.commissioner = try keys.take("commissioner")?.localizedText()
      return fieldwork
    }
  }

  /// A data file: its name alone, or a mapping with how it is written.
  private func dataFile(_ cursor: YAMLCursor) throws -> SurveyDataFile {
    guard cursor.kind != .text else {
      return SurveyDataFile(path: besideSurveyFile(try cursor.text()), place: cursor.place)
    }
    return try cursor.mapping { keys in
      let file = try keys.require("file")
      var data = SurveyDataFile(
        path: besideSurveyFile(try file.text()), wave: try keys.take("wave")?.text(),
        place: file.place)
      data.delimiter = try keys.take("delimiter").map(delimiter)
      data.decimal = try keys.take("decimal")?.word(among: [".", ","]).first
      data.encoding = try keys.take("encoding")?
        .word(among: ["utf-8", "utf-16", "windows-1252"])
      data.sheet = try keys.take("sheet")?.text()
      data.missing = try keys.take("missing").map(missingCodes)?.map(\.category) ?? []
      data.empty = try keys.take("empty")?.word(of: MissingReason.self) ?? .noAnswer
      return data
    }
  }

  private func delimiter(_ cursor: YAMLCursor) throws -> Character {
    let text = try cursor.text()
    if text == "tab" { return "\t" }
    guard text.count == 1, let character = text.first, character.isASCII else {
      throw YAMLError.unknownWord(
        text, of: cursor.name, nearest: nil, words: [";", ",", "|", "tab"], place: cursor.place)
    }
    return character
  }

  /// A path that is written relative to the survey file.
  func besideSurveyFile(_ file: String) -> String {
    guard !file.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return file }
    return path[...slash] + file
  }

  /// `columns` of 0/1 answers; with `ranked: true` of places; or `column`, whose cells hold codes
  /// with a `separator` between them.
  private func multiResponseSet(_ entry: YAMLEntry) throws -> MultiResponseSet {
    try entry.value.mapping { keys in
      var set: MultiResponseSet
      if let column = keys.take("column") {
        set = MultiResponseSet(name: entry.key, columns: [try column.text()])
        let separator = keys.take("separator")
        set.coding = .joined(separator: try separator?.text() ?? ",")
        if let separator, try separator.text().isEmpty {
          throw YAMLError.noValue(separator.name, place: separator.place)
        }
      } else {
        let columns = try keys.require("columns").filledList().map { try $0.text() }
        set = MultiResponseSet(name: entry.key, columns: columns)
        if try keys.take("ranked")?.flag() ?? false {
          set.coding = .ranked
          set.top = try keys.take("top")?.wholeNumber(atLeast: 1) ?? min(3, columns.count)
        } else {
          set.selected = try keys.take("selected")?.text() ?? "1"
        }
      }
      if set.coding != .dichotomies {
        set.codes = try keys.take("categories").map(categories)?.map(\.category) ?? []
      }
      set.label = try keys.take("label")?.localizedText() ?? LocalizedText()
      set.question = try keys.take("question")?.localizedText() ?? LocalizedText()
      return set
    }
  }

  /// The keys are the design options of the command line.
  private func design(_ cursor: YAMLCursor) throws -> DesignDescription {
    try cursor.mapping { keys in
      func columns(_ key: String) throws -> [String] {
        try keys.take(key)?.listOrText().map { try $0.text() } ?? []
      }
      var design = DesignDescription()
      design.weight = try keys.take("weight")?.text()
      design.strata = try columns("strata")
      design.clusters = try columns("cluster")
      design.finitePopulation = try columns("fpc")
      design.isNested = try keys.take("nest")?.flag() ?? false
      design.lonelyPSU = try keys.take("lonelyPSU")?.word(of: LonelyPSU.self) ?? .fail
      design.appliesLonelyPSUToDomains = try keys.take("lonelyPSUDomains")?.flag() ?? false
      if let degrees = keys.take("df") {
        design.degreesOfFreedom = try degrees.text() == "inf" ? .infinity : degrees.number()
      }
      design.replicates = try keys.take("replicates").map(replicates)
      return design
    }
  }

  /// Columns of replicate weights, or how to make them where `columns` is left out.
  private func replicates(_ cursor: YAMLCursor) throws -> ReplicateDescription {
    try cursor.mapping { keys in
      let method = try keys.require("method").word(of: ReplicateMethod.self)
      let columns = try keys.take("columns")?.listOrText().map { try $0.text() } ?? []
      let count =
        try keys.take("count")?.wholeNumber(atLeast: 2) ?? ReplicateDescription.usualCount
      let seed = try keys.take("seed")?.wholeNumber() ?? 1
      var replicates = ReplicateDescription(
        columns.isEmpty ? .design(count: count, seed: UInt64(seed)) : .columns(columns),
        method: method)
      replicates.scale = try keys.take("scale")?.number()
      replicates.rscales = try keys.take("rscales")?.listOrText().map { try $0.number() } ?? []
      replicates.rho = try keys.take("rho")?.number()
      replicates.isCentredOnEstimate = try keys.take("mse")?.flag() ?? false
      return replicates
    }
  }

  private func disclosure(_ cursor: YAMLCursor) throws -> DisclosureRules {
    try cursor.mapping { keys in
      var rules = DisclosureRules()
      if let base = keys.take("minimumBase") { rules.minimumBase = try base.wholeNumber() }
      if let count = keys.take("minimumCount") { rules.minimumCount = try count.wholeNumber() }
      return rules
    }
  }
}
