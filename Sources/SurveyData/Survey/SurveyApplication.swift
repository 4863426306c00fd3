/// The columns of the data under the survey file: coded, checked and stacked, one at a time.
struct SurveyApplication {
  let file: SurveyFile
  /// One a data file.
  let parts: [Dataset]

  /// A variable's answers in all waves and its codebook entry; `nil` where no part was read with
  /// the column.
  func column(_ name: String) throws -> (Column, Variable)? {
    let described = file.variable(name)
    let source = described?.source ?? name
    let written = described?.variable ?? Variable(name: name)
    var entry = written
    var coded: [Column.Values?] = []
    for (part, dataFile) in zip(parts, file.dataFiles) {
      guard let own = described.map({ $0.source(inWave: dataFile.wave) }) ?? source,
        let column = part[own]
      else {
        coded.append(nil)
        continue
      }
      var raw = column.values
      if let wave = dataFile.wave, let harmonisation = described?.waves[wave] {
        raw = try raw.harmonised(by: harmonisation, variable: name, wave: wave, in: part)
      }
      let coding = VariableCoding(described, entry: written, dataFile: dataFile, part: part)
      let (values, found) = try coding.coded(raw)
      coded.append(values)
      for category in found where !entry.categories.contains(where: { $0.code == category.code }) {
        entry.categories.append(category)
      }
    }
    guard coded.contains(where: { $0 != nil }) else { return nil }
    let values: Column.Values
    do throws(MixedMeaning) {
      values = try Column.Values.stacked(
        coded, rowCounts: parts.map(\.rowCount), isScale: !(described?.validCodes.isEmpty ?? true))
    } catch {
      throw SurveyFileError.validAndMissing(
        column: name, code: error.code, files: file.dataFiles.map(\.path),
        place: described?.place ?? file.dataFiles[0].place)
    }
    if let described { try checkNets(of: described, in: values) }
    for part in parts {
      if let data = part.codebook.variables[source] { entry = entry.completed(by: data) }
    }
    return (Column(name: name, values: values), entry)
  }

  /// The multiple-response sets of the survey file, and those of the data that it does not name and
  /// whose columns are all there, under the survey file's names.
  func multiResponseSets(_ names: Set<String>) -> [MultiResponseSet] {
    var sets = file.multiResponseSets
    for set in parts.flatMap(\.codebook.multiResponseSets) {
      guard !sets.contains(where: { $0.name == set.name }), !names.contains(set.name) else {
        continue
      }
      var set = set
      set.columns = set.columns.map { column in
        file.variables.first { $0.source == column }?.variable.name ?? column
      }
      if set.columns.allSatisfy(names.contains) { sets.append(set) }
    }
    return sets
  }

  /// The wave of each row, in the order in which the survey file names the waves.
  func waves() -> (Column, Variable) {
    var waves: [String] = []
    var indices: [Int] = []
    for (part, dataFile) in zip(parts, file.dataFiles) {
      let wave = dataFile.wave!
      if !waves.contains(wave) { waves.append(wave) }
      indices += Array(repeating: waves.firstIndex(of: wave)!, count: part.rowCount)
    }
    let column = CategoricalColumn(
      categories: waves.map { Category(code: $0) }, indices: indices)
    let described = file.variable(SurveyFile.waveColumn)?.variable
    return (
      Column(name: SurveyFile.waveColumn, values: .categorical(column)),
      described
        ?? Variable(
          name: SurveyFile.waveColumn, label: LocalizedText(da: "Måling", en: "Wave"))
    )
  }

  /// A net of a variable whose categories are left to the data: its codes must be there.
  private func checkNets(
    of variable: SurveyVariable, in values: Column.Values
  ) throws(SurveyFileError) {
    guard variable.validCodes.isEmpty, !variable.variable.nets.isEmpty else { return }
    let codes = Set(values.asCategories.categories.filter { $0.missing == nil }.map(\.code))
    for net in variable.variable.nets {
      for code in net.codes where !codes.contains(code) {
        throw .codeNobodyHas(
          variable: variable.variable.name, net: net.name, code: code,
          place: variable.netPlaces[net.name] ?? variable.place)
      }
    }
  }
}

/// One column of one data file under its codebook entry.
private struct VariableCoding {
  let described: SurveyVariable?
  let entry: Variable
  let dataFile: SurveyDataFile
  let part: Dataset
  /// The entry's valid codes.
  let scale: Set<String>

  init(
    _ described: SurveyVariable?, entry: Variable, dataFile: SurveyDataFile, part: Dataset
  ) {
    self.described = described
    self.entry = entry
    self.dataFile = dataFile
    self.part = part
    scale = Set(described?.validCodes ?? [])
  }

  /// The values, and the data file's missing codes that are among them.
  func coded(
    _ values: Column.Values
  ) throws(SurveyFileError) -> (values: Column.Values, found: [LabelledCategory]) {
    var values = emptyCellsExplained(values)
    if !scale.isEmpty { values = .categorical(values.asCategories) }
    let found = missingCodesOfTheFile(in: values)
    var entry = entry
    for category in found where !entry.categories.contains(where: { $0.code == category.code }) {
      entry.categories.append(category)
    }
    if entry.kind == .numeric, case .categorical(let column) = values {
      values = .numeric(try numbers(column, entry))
    }
    if !scale.isEmpty, case .categorical(let column) = values {
      try checkScale(column, entry)
    }
    return (part.coding(values, by: entry, keepingAbsent: !scale.isEmpty) ?? values, found)
  }

  /// Empty cells with the reason that the survey file gives them.
  private func emptyCellsExplained(_ values: Column.Values) -> Column.Values {
    let reason = described?.empty ?? dataFile.empty
    guard reason != .noAnswer else { return values }
    switch values {
    case .categorical(let column):
      let categories = column.categories.map { category in
        category.code.isEmpty && category.missing == .noAnswer
          ? Category(code: "", missing: reason) : category
      }
      return .categorical(
        CategoricalColumn(categories: categories, width: column.width, bytes: column.bytes))
    case .numeric(let column):
      let empty = Category(code: "", missing: .noAnswer)
      let missing = column.missing.map {
        $0 == empty ? Category(code: "", missing: reason) : $0
      }
      let reasons =
        column.reasons ?? Bytes(Column.Values.numeric(column).reasonFlags)
      return .numeric(NumericColumn(bytes: column.bytes, reasons: reasons, missing: missing))
    }
  }

  private func missingCodesOfTheFile(in values: Column.Values) -> [LabelledCategory] {
    let listed = Set(entry.categories.filter { described != nil || $0.missing == nil }.map(\.code))
    let unlisted = dataFile.missing.filter { !listed.contains($0.code) }
    guard !unlisted.isEmpty else { return [] }
    switch values {
    case .categorical(let column):
      let codes = Set(column.categories.filter { $0.missing == nil }.map(\.code))
      return unlisted.filter { codes.contains($0.code) }
    case .numeric(let column):
      return unlisted.filter { category in
        guard let number = decimalNumber(category.code) else { return false }
        return column.withValues { values in
          for row in values.indices where values[row] == number { return true }
          return false
        }
      }
    }
  }

  private func numbers(
    _ column: CategoricalColumn, _ entry: Variable
  ) throws(SurveyFileError) -> NumericColumn {
    let missing = Dictionary(
      entry.categories.map { ($0.code, $0.missing) }, uniquingKeysWith: { first, _ in first })
    let categories = column.categories.map { category in
      Category(code: category.code, missing: category.missing ?? missing[category.code] ?? nil)
    }
    let declared = CategoricalColumn(
      categories: categories, width: column.width, bytes: column.bytes)
    if let numbers = declared.asNumbers({ $0.number }) { return numbers }
    let (code, rows, first) = firstOffender(in: declared) { $0.missing == nil && $0.number == nil }
    throw .notNumeric(
      variable: entry.name, code: code, rows: rows, first: first, place: place)
  }

  private func checkScale(
    _ column: CategoricalColumn, _ entry: Variable
  ) throws(SurveyFileError) {
    let codes = Set(entry.categories.map(\.code))
    let isStrange = { (category: Category) in
      category.missing == nil && !codes.contains(category.code)
    }
    let frequencies = column.frequencies()
    guard zip(column.categories, frequencies).contains(where: { isStrange($0) && $1 > 0 }) else {
      return
    }
    let (code, rows, first) = firstOffender(in: column, where: isStrange)
    throw .codeOutsideScale(
      variable: entry.name, code: code, rows: rows, first: first,
      nearest: decimalNumber(code) == nil
        ? nearestName(to: code, among: entry.categories.map(\.code)) : nil,
      place: place)
  }

  private var place: SourcePlace { described?.place ?? dataFile.place }

  private func firstOffender(
    in column: CategoricalColumn, where isStrange: (Category) -> Bool
  ) -> (code: String, rows: Int, first: RowPlace) {
    let (index, rows, first) = column.firstRow(where: isStrange)!
    return (column.categories[index].code, rows, part.source.place(ofRow: first))
  }
}

extension CategoricalColumn {
  /// The category of the first row whose category meets a condition, its rows and that row.
  func firstRow(
    where condition: (Category) -> Bool
  ) -> (category: Int, rows: Int, first: Int)? {
    let meets = categories.map(condition)
    var found: (category: Int, rows: Int, first: Int)?
    forEachIndex { row, index in
      guard meets[index] else { return }
      if found == nil { found = (index, 0, row) }
      if found!.category == index { found!.rows += 1 }
    }
    return found
  }
}
