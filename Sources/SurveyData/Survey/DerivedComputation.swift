/// The rows of a derived variable, from a dataset that has its inputs.
struct DerivedComputation {
  private let derived: DerivedVariable
  private let dataset: Dataset

  init(_ derived: DerivedVariable, in dataset: Dataset) {
    self.derived = derived
    self.dataset = dataset
  }

  /// The column, and the codebook entry with the missing reasons that occur.
  func result() throws -> (CategoricalColumn, Variable) {
    let codes: [String]
    let rows: [Row]
    switch derived.rule {
    case .any(let conditions):
      codes = derived.validCodes
      let code = (yes: codes.firstIndex(of: "1")!, no: codes.firstIndex(of: "0")!)
      rows = try combined(conditions) { counts in
        counts.yes > 0 ? code.yes : counts.missing > 0 ? nil : code.no
      }
    case .all(let conditions):
      codes = derived.validCodes
      let code = (yes: codes.firstIndex(of: "1")!, no: codes.firstIndex(of: "0")!)
      rows = try combined(conditions) { counts in
        counts.no > 0 ? code.no : counts.missing > 0 ? nil : code.yes
      }
    case .count(let conditions):
      codes = derived.validCodes
      let positions = (0...conditions.count).map { codes.firstIndex(of: String($0))! }
      rows = try combined(conditions) { counts in
        counts.missing > 0 ? nil : positions[counts.yes]
      }
    case .bands(let column, let cuts):
      codes = derived.validCodes
      let positions = (1...cuts.count + 1).map { codes.firstIndex(of: String($0))! }
      rows = try bands(of: column, cuts).map { row in
        if case .code(let band) = row { .code(positions[band]) } else { row }
      }
    case .recode(let column, let map):
      codes = derived.validCodes
      rows = try recoded(column, map, valid: codes)
    }
    return column(codes, rows)
  }

  /// A result of one row: the position of its code, or why there is none.
  private enum Row {
    case code(Int)
    case missing(UInt8)
  }

  private func column(_ codes: [String], _ rows: [Row]) -> (CategoricalColumn, Variable) {
    var occurring: Set<UInt8> = []
    for case .missing(let flag) in rows { occurring.insert(flag) }
    let flags = occurring.sorted()
    let reasons = flags.map(MissingReason.init(flag:))
    let column = CategoricalColumn(
      categories: codes.map { Category(code: $0) }
        + reasons.map { Category(code: $0.rawValue, missing: $0) },
      indices: rows.map { row in
        switch row {
        case .code(let position): position
        case .missing(let flag): codes.count + flags.firstIndex(of: flag)!
        }
      })
    var variable = derived.variable
    variable.kind = .categorical
    if variable.categories.isEmpty {
      variable.categories = codes.map { LabelledCategory(code: $0, label: LocalizedText()) }
    }
    variable.categories.removeAll { $0.missing != nil }
    variable.categories += reasons.map {
      LabelledCategory(code: $0.rawValue, label: $0.text, missing: $0)
    }
    return (column, variable)
  }

  // MARK: Conditions

  private struct Counts {
    var yes = 0
    var no = 0
    var missing = 0
  }

  /// Counts the conditions of each row by their truth; `code` gives the result's position, or `nil`
  /// for a missing result.
  private func combined(
    _ conditions: [DerivedVariable.Condition], _ code: (Counts) -> Int?
  ) throws(SurveyFileError) -> [Row] {
    var counts = [Counts](repeating: Counts(), count: dataset.rowCount)
    var reasons = [UInt8](repeating: 0, count: dataset.rowCount)
    for condition in conditions {
      let truth: [UInt8]
      do throws(ExpressionError) {
        truth = try dataset.truth(of: condition.expression)
      } catch {
        throw .condition(error, place: condition.place(of: error.offset))
      }
      var flags: [UInt8]?
      for row in truth.indices {
        switch truth[row] {
        case Truth.yes: counts[row].yes += 1
        case Truth.no: counts[row].no += 1
        default:
          counts[row].missing += 1
          if flags == nil { flags = missingReasons(of: condition.expression) }
          reasons[row] = shared(reasons[row], flags![row])
        }
      }
    }
    return counts.indices.map { row in
      code(counts[row]).map(Row.code) ?? .missing(reasons[row])
    }
  }

  /// Per row, the reason that the condition's missing columns share.
  private func missingReasons(of expression: Expression) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: dataset.rowCount)
    for name in expression.columnNames {
      guard let flags = dataset[name]?.values.reasonFlags else { continue }
      for row in flags.indices { result[row] = shared(result[row], flags[row]) }
    }
    return result
  }

  private func shared(_ a: UInt8, _ b: UInt8) -> UInt8 {
    a == 0 || a == b ? b : b == 0 ? a : MissingReason.flag(of: .unspecified)
  }

  // MARK: Bands and recodes

  private func bands(of name: String, _ cuts: [Double]) throws -> [Row] {
    let values = try dataset.column(name).values
    let numbers: NumericColumn
    switch values {
    case .numeric(let column): numbers = column
    case .categorical(let column):
      guard let converted = column.asNumbers({ $0.number }) else {
        let offender = column.firstRow { $0.missing == nil && $0.number == nil }
        guard let (index, rows, first) = offender else {
          // A code of the scale that is no number, and that nobody chose.
          numbers = column.asNumbers { $0.number ?? .nan }!
          break
        }
        throw SurveyFileError.notNumeric(
          variable: name, code: column.categories[index].code, rows: rows,
          first: dataset.source.place(ofRow: first), place: derived.place)
      }
      numbers = converted
    }
    let flags = values.reasonFlags
    return numbers.withValues { numbers in
      numbers.indices.map { row in
        flags[row] != 0 ? .missing(flags[row]) : .code(cuts.count { $0 <= numbers[row] })
      }
    }
  }

  private func recoded(
    _ name: String, _ map: [DerivedVariable.Recoding], valid: [String]
  ) throws -> [Row] {
    let source = try dataset.column(name).values.asCategories
    let targets = Dictionary(map.map { ($0.from, $0.to) }, uniquingKeysWith: { first, _ in first })
    let declaredMissing = Dictionary(
      derived.variable.categories.map { ($0.code, $0.missing) },
      uniquingKeysWith: { first, _ in first })
    if let (index, rows, first) = source.firstRow(
      where: { $0.missing == nil && targets[$0.code] == nil })
    {
      throw SurveyFileError.notRecoded(
        derived.variable.name, code: source.categories[index].code, rows: rows,
        first: dataset.source.place(ofRow: first), place: derived.place)
    }
    let table: [Row] = source.categories.map { category in
      guard let target = targets[category.code] else {
        return .missing(MissingReason.flag(of: category.missing ?? .unspecified))
      }
      if let reason = declaredMissing[target] ?? nil {
        return .missing(MissingReason.flag(of: reason))
      }
      return .code(valid.firstIndex(of: target)!)
    }
    var result = [Row](repeating: .code(0), count: source.rowCount)
    source.forEachIndex { row, index in result[row] = table[index] }
    return result
  }
}
