import SurveyData

extension Dataset {
  /// SPSS has no set of one column: cells with several answers become a column of 0 and 1 for each
  /// answer, behind the column that they come from, and the set names those.
  ///
  /// - Returns: the dataset, and a sentence for each set.
  func withSeparatedAnswers(file: String) -> (dataset: Dataset, notes: [String]) {
    var columns = columns
    var codebook = codebook
    var notes: [String] = []
    var taken = Set(columns.map(\.name))
    for index in codebook.multiResponseSets.indices {
      let set = codebook.multiResponseSets[index]
      guard case .joined(let separator) = set.coding,
        let place = columns.firstIndex(where: { $0.name == set.columns[0] }),
        case .categorical(let column) = columns[place].values
      else { continue }
      let parts = column.answers(separatedBy: separator)
      let described = codebook.variables[set.name] ?? codebook.variables[set.columns[0]]
      let labels = set.codes + (described?.categories ?? [])
      var made: [Column] = []
      for code in allCodes(set.codes.map(\.code), in: parts) {
        var name = "\(set.name)_\(code)"
        while !taken.insert(name).inserted { name += "_" }
        made.append(Column(name: name, values: .categorical(column.indicator(of: code, in: parts))))
        var variable = Variable(
          name: name,
          label: labels.first { $0.code == code && !$0.label.isEmpty }?.label ?? LocalizedText(code)
        )
        // The reasons for no answer keep their texts.
        variable.categories = labels.filter { $0.missing != nil }
        codebook.variables[name] = variable
      }
      columns.insert(contentsOf: made, at: place + 1)
      codebook.multiResponseSets[index].coding = .dichotomies
      codebook.multiResponseSets[index].selected = "1"
      codebook.multiResponseSets[index].columns = made.map(\.name)
      let shown = made.prefix(3).map { "'\($0.name)'" }.joined(separator: ", ")
      notes.append(
        "\(file): the answers of '\(set.name)' stand in one cell, for which SPSS has no set: it is "
          + "written as \(made.count) columns of 0 and 1, \(shown)"
          + (made.count > 3 ? " and so on." : "."))
    }
    guard !notes.isEmpty else { return (self, []) }
    let result = Dataset(rowCount: rowCount, columns: columns, codebook: codebook, source: source)
    return (result, notes)
  }
}

extension CategoricalColumn {
  /// 1 where a cell holds the code, 0 where it holds others, and what is missing stays missing.
  fileprivate func indicator(of code: String, in parts: [Set<String>]) -> CategoricalColumn {
    let missing = categories.filter { $0.missing != nil }
    let all = [SurveyData.Category(code: "0"), SurveyData.Category(code: "1")] + missing
    var next = 1
    let map = categories.indices.map { index in
      if categories[index].missing == nil { return parts[index].contains(code) ? 1 : 0 }
      next += 1
      return next
    }
    return recoded(to: all, map: map)
  }
}
