import SurveyData

extension Description {
  /// The description with every count withheld that the rules protect: the same rules as for
  /// estimates. The smallest and largest number of a column are those of single persons.
  public func protected(by rules: DisclosureRules) -> Description {
    guard rules.areActive else { return self }
    var description = self
    description.columns = columns.map { $0.protected(by: rules) }
    return description
  }
}

extension DescribedColumn {
  fileprivate func protected(by rules: DisclosureRules) -> DescribedColumn {
    var column = self
    column.missing = missing.map { reason, count in
      (reason, count.map { $0 < rules.minimumCount ? nil : $0 } ?? nil)
    }
    switch content {
    case .categories(let categories):
      let counts = categories.map { $0.count ?? 0 }
      let suppressions = rules.suppressions(ofParts: counts, base: valid ?? 0)
      column.content = .categories(
        zip(categories, suppressions).map { category, suppression in
          (category.code, category.label, suppression == nil ? category.count : nil)
        })
    case .numbers(_, let mean, _):
      column.content =
        (valid ?? 0) < rules.minimumBase
        ? .nothing : .numbers(minimum: nil, mean: mean, maximum: nil)
    case .text, .nothing: break
    }
    if let valid, valid < rules.minimumBase { column.valid = nil }
    return column
  }
}
