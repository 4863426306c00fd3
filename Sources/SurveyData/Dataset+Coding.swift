extension Dataset {
  /// The same answers under a codebook: categories in the order of their scale (those that nobody
  /// chose included), missing codes set apart with their reasons, labels attached.
  ///
  /// A code that is in the data but not in the codebook's categories is kept, after the others;
  /// whether it may be there is for the survey file to say.
  package func coded(by codebook: Codebook) throws(DatasetError) -> Dataset {
    var changed: [Column] = []
    for column in columns {
      guard let variable = codebook.variables[column.name] else { continue }
      if let values = coding(column.values, by: variable) {
        changed.append(Column(name: column.name, values: values))
      }
    }
    var result = with(changed)
    result.codebook = codebook
    return result
  }

  /// The same answers with some codes declared missing; `*` as the column means every column that
  /// is not spared.
  package func declaringMissing(
    _ declarations: [MissingDeclaration], sparing spared: Set<String> = []
  ) throws(DatasetError) -> Dataset {
    var result = self
    for declaration in declarations {
      var changed: [Column] = []
      let targets =
        declaration.column == "*"
        ? result.columns.filter { !spared.contains($0.name) }
        : [try result.column(declaration.column)]
      for column in targets {
        let missing = declaration.codes.map {
          LabelledCategory(code: $0, label: LocalizedText(), missing: declaration.reason)
        }
        let variable = Variable(name: column.name, categories: missing)
        if let values = result.coding(column.values, by: variable, keepingAbsent: false) {
          changed.append(Column(name: column.name, values: values))
        }
      }
      result = result.with(changed)
    }
    return result
  }

  func coding(
    _ values: Column.Values, by variable: Variable, keepingAbsent: Bool = true
  ) -> Column.Values? {
    guard !variable.categories.isEmpty else { return nil }
    switch values {
    case .categorical(let column):
      return .categorical(column.coded(by: variable.categories, keepingAbsent: keepingAbsent))
    case .numeric(let column):
      let missing = variable.categories.compactMap { category in
        category.missing.flatMap { reason in
          decimalNumber(category.code).map {
            (number: $0, category: Category(code: category.code, missing: reason))
          }
        }
      }
      return missing.isEmpty ? nil : .numeric(column.declaringMissing(missing))
    }
  }
}

/// Codes of one column (or of every column, `*`) that are no valid answer.
public struct MissingDeclaration: Sendable, Hashable {
  public var column: String
  public var codes: [String]
  public var reason: MissingReason

  public init(column: String, codes: [String], reason: MissingReason = .unspecified) {
    self.column = column
    self.codes = codes
    self.reason = reason
  }
}

extension CategoricalColumn {
  /// The column under a list of categories: valid ones in the list's order, then valid codes that
  /// the list does not have, then the missing ones.
  fileprivate func coded(by list: [LabelledCategory], keepingAbsent: Bool) -> CategoricalColumn {
    let present = Set(categories.map(\.code))
    // A code that is listed twice is what it is called first.
    var listed: Set<String> = []
    let known =
      list
      .filter { keepingAbsent || present.contains($0.code) }
      .filter { listed.insert($0.code).inserted }
      .map { Category(code: $0.code, missing: $0.missing) }
    let others = categories.filter { !listed.contains($0.code) }
    let valid =
      keepingAbsent
      ? known.filter { $0.missing == nil } + others.filter { $0.missing == nil }
      : others.filter { $0.missing == nil } + known.filter { $0.missing == nil }
    let all = valid + (known + others).filter { $0.missing != nil }
    let position = Dictionary(
      uniqueKeysWithValues: all.enumerated().map { ($0.element.code, $0.offset) })
    return recoded(to: all, map: categories.map { position[$0.code]! })
  }
}

extension NumericColumn {
  fileprivate func declaringMissing(
    _ declared: [(number: Double, category: Category)]
  ) -> NumericColumn {
    // Flags have room for 255 codes; further ones go by their reasons alone.
    var list = missing
    func flag(of category: Category) -> UInt8 {
      if let known = list.firstIndex(of: category) { return UInt8(known + 1) }
      if list.count < 255 {
        list.append(category)
        return UInt8(list.count)
      }
      return UInt8(list.firstIndex { $0.missing == category.missing }.map { $0 + 1 } ?? 255)
    }
    let noAnswer = flag(of: Category(code: "", missing: .noAnswer))
    let flags = declared.map { flag(of: $0.category) }
    let newReasons = Bytes(of: UInt8.self, count: rowCount) { span in
      withValues { values in
        for row in values.indices {
          if values[row].isNaN {
            span[row] = reasons?.withSpan(of: UInt8.self) { $0[row] } ?? noAnswer
          } else if let hit = declared.firstIndex(where: { $0.number == values[row] }) {
            span[row] = flags[hit]
          }
        }
      }
    }
    let newValues = Bytes(of: Double.self, count: rowCount) { span in
      withValues { values in
        newReasons.withSpan(of: UInt8.self) { reasons in
          for row in values.indices { span[row] = reasons[row] == 0 ? values[row] : .nan }
        }
      }
    }
    return NumericColumn(bytes: newValues, reasons: newReasons, missing: list)
  }
}
