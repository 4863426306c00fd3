import SurveyData

/// A column as a model uses it: categories with a reference, or numbers.
struct ModelVariable: Sendable {
  let name: String
  let content: Content

  enum Content: Sendable {
    /// Valid categories in order, a level each.
    case categories(TabulationPlan.Factor, codes: [String])
    /// Numbers by row of the dataset.
    case numbers(NumericColumn)
    /// Few different numbers: a level each, with its value.
    case fewNumbers(TabulationPlan.Factor, values: [Double])
  }

  /// The different values, where they are known beforehand.
  var factor: TabulationPlan.Factor? {
    switch content {
    case .categories(let factor, _), .fewNumbers(let factor, _): factor
    case .numbers: nil
    }
  }

  var isCategorical: Bool {
    if case .categories = content { return true }
    return false
  }

  /// - Parameter isCategorical: asked for; text is categorical in any case, and labelled codes are.
  init(_ name: String, in dataset: Dataset, isCategorical: Bool) throws {
    self.name = name
    let column = try dataset.column(name)
    if isCategorical || column.holdsText || dataset.hasLabelledCodes(name) {
      let categories = try dataset.categories(name)
      let valid = categories.categories.filter { $0.missing == nil }.map(\.code)
      content = .categories(TabulationPlan.Factor(categories), codes: valid)
    } else if case .categorical(let categories) = column.values {
      // What is no number is found by reading it as numbers.
      let numbers = categories.categories.map { $0.missing == nil ? $0.number : nil }
      if zip(categories.categories, numbers).allSatisfy({ $0.missing != nil || $1 != nil }) {
        content = .fewNumbers(TabulationPlan.Factor(categories), values: numbers.compactMap { $0 })
      } else {
        content = .numbers(try dataset.numbers(name))
      }
    } else {
      let numbers = try dataset.numbers(name)
      content =
        numbers.asFewValues(atMost: 64).map { .fewNumbers($0, values: $1) } ?? .numbers(numbers)
    }
  }

  /// The numbers by row, whatever they are held as.
  func numbers(in dataset: Dataset) throws -> NumericColumn { try dataset.numbers(name) }
}

extension Column {
  /// Whether some valid answer is no number.
  fileprivate var holdsText: Bool {
    guard case .categorical(let column) = values,
      column.categories.contains(where: { $0.missing == nil && $0.number == nil })
    else { return false }
    return zip(column.categories, column.frequencies()).contains {
      $0.missing == nil && $0.number == nil && $1 > 0
    }
  }
}

extension Dataset {
  /// Whether the codebook gives the column's codes labels: then its numbers are names.
  package func hasLabelledCodes(_ name: String) -> Bool {
    guard let variable = codebook.variables[name], variable.kind != .numeric,
      name != SurveyFile.waveColumn
    else { return false }
    return variable.categories.contains { $0.missing == nil }
  }
}

extension NumericColumn {
  /// The numbers as levels, where there are few different ones.
  fileprivate func asFewValues(atMost limit: Int) -> (TabulationPlan.Factor, [Double])? {
    withValues { numbers -> (TabulationPlan.Factor, [Double])? in
      var seen: [Double] = []
      for row in numbers.indices where !numbers[row].isNaN && !seen.contains(numbers[row]) {
        guard seen.count < limit else { return nil }
        seen.append(numbers[row])
      }
      seen.sort()
      let values = seen
      let missing = UInt8(values.count)
      let bytes = Bytes(of: UInt8.self, count: numbers.count) { span in
        var last = 0
        for row in numbers.indices {
          let number = numbers[row]
          if number.isNaN {
            span[row] = missing
          } else {
            if values[last] != number { last = values.firstIndex(of: number)! }
            span[row] = UInt8(last)
          }
        }
      }
      let categories =
        values.map { SurveyData.Category(code: shortestText($0)) }
        + [SurveyData.Category(code: "", missing: .noAnswer)]
      let column = CategoricalColumn(categories: categories, width: .one, bytes: bytes)
      return (TabulationPlan.Factor(column), values)
    }
  }
}
