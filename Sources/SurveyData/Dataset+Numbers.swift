extension Dataset {
  /// A column's answers as numbers: the codes of a categorical column are read as numbers.
  ///
  /// A valid code that is no number is an error that names the first row that has it.
  package func numbers(_ name: String) throws(DatasetError) -> NumericColumn {
    switch try column(name).values {
    case .numeric(let column): return column
    case .categorical(let column):
      if let ambiguous = column.ambiguousNumber, let row = column.firstRow(of: ambiguous) {
        throw .ambiguousNumber(
          column: name, value: ambiguous.code, place: source.place(ofRow: row))
      }
      var table: [Double] = []
      for category in column.categories {
        if category.missing != nil {
          table.append(.nan)
        } else if let number = category.number {
          table.append(number)
        } else {
          guard let first = column.firstRow(of: category) else {
            table.append(.nan)
            continue
          }
          throw .notNumeric(
            column: name, value: category.code, place: source.place(ofRow: first))
        }
      }
      return NumericColumn(
        bytes: Bytes(of: Double.self, count: column.rowCount) { span in
          column.forEachIndex { row, index in span[row] = table[index] }
        })
    }
  }

  /// A column as categories: a numeric column becomes a dictionary of its distinct numbers.
  package func categories(_ name: String) throws(DatasetError) -> CategoricalColumn {
    switch try column(name).values {
    case .categorical(let column): return column
    case .numeric(let column): return column.asCategories()
    }
  }
}

extension CategoricalColumn {
  fileprivate func firstRow(of category: Category) -> Int? {
    guard let wanted = categories.firstIndex(of: category) else { return nil }
    var first: Int?
    forEachIndex { row, index in
      if first == nil, index == wanted { first = row }
    }
    return first
  }
}

/// A number as the shortest text that reads back as the same number, without a useless `.0`.
package func shortestText(_ number: Double) -> String {
  if number == number.rounded(), abs(number) < 1e15 { return String(Int(number)) }
  return String(number)
}

extension Column {
  /// Which rows have a valid answer, and why the others have none: a category `valid`, and one a
  /// reason. A categorical column is that already.
  package var validity: CategoricalColumn {
    switch values {
    case .categorical(let column): return column
    case .numeric(let column):
      let reasons = MissingReason.allCases
      let categories =
        [Category(code: "valid")] + reasons.map { Category(code: $0.rawValue, missing: $0) }
      let indices = Bytes(of: UInt8.self, count: column.rowCount) { span in
        column.withValues { values in
          for row in values.indices where values[row].isNaN {
            let reason = column.missingReason(at: row) ?? .noAnswer
            span[row] = UInt8(1 + reasons.firstIndex(of: reason)!)
          }
        }
      }
      return CategoricalColumn(categories: categories, width: .one, bytes: indices)
    }
  }
}
