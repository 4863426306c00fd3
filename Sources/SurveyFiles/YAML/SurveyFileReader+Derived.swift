import SurveyData

extension SurveyFileReader {
  func derivedVariable(_ entry: YAMLEntry) throws -> DerivedVariable {
    try entry.value.mapping { keys in
      var variable = Variable(name: entry.key)
      variable.label = try keys.take("label")?.localizedText() ?? LocalizedText()
      var rules: [DerivedVariable.Rule] = []
      if let list = keys.take("any") { rules.append(.any(try conditions(list))) }
      if let list = keys.take("all") { rules.append(.all(try conditions(list))) }
      if let list = keys.take("count") { rules.append(.count(try conditions(list))) }
      if let bands = keys.take("bands") { rules.append(try self.bands(bands)) }
      if let recode = keys.take("recode") { rules.append(try self.recode(recode)) }
      let scale = try answers(&keys)
      variable.categories = scale.categories
      variable.nets = scale.nets
      variable.statements = try statements(
        keys.take("statements"), of: variable, codes: rules.first?.resultCodes ?? [])
      guard let rule = rules.first, rules.count == 1 else {
        try keys.finish()
        throw YAMLError.wrongKeys(
          entry.value.name, expected: ["any", "all", "count", "bands", "recode"],
          place: entry.place)
      }
      return DerivedVariable(variable, rule: rule, place: entry.place)
    }
  }

  private func conditions(_ cursor: YAMLCursor) throws -> [DerivedVariable.Condition] {
    try cursor.filledList().map { item in
      let place = item.contentPlace
      let text = try item.text()
      do throws(ExpressionError) {
        var condition = DerivedVariable.Condition(
          try Expression(text), place: place.start)
        condition.escapes = place.escapes
        return condition
      } catch {
        var start = place.start
        if let column = start.column {
          start.column = column + error.offset + place.escapes.count { $0 < error.offset }
        }
        throw SurveyFileError.condition(error, place: start)
      }
    }
  }

  private func bands(_ cursor: YAMLCursor) throws -> DerivedVariable.Rule {
    try cursor.mapping { keys in
      let column = try keys.require("of").text()
      var cuts: [Double] = []
      for item in try keys.require("cuts").filledList() {
        let cut = try item.number()
        if let last = cuts.last, cut <= last {
          throw YAMLError.wrongOrder(
            try item.text(), after: shortestText(last), place: item.place)
        }
        cuts.append(cut)
      }
      return .bands(of: column, cuts: cuts)
    }
  }

  private func recode(_ cursor: YAMLCursor) throws -> DerivedVariable.Rule {
    try cursor.mapping { keys in
      let column = try keys.require("of").text()
      let map = try keys.require("map").entries().map { entry in
        DerivedVariable.Recoding(
          from: entry.key, to: try entry.value.text(), place: entry.place)
      }
      return .recode(of: column, map: map)
    }
  }
}

extension YAMLCursor {
  /// Where a scalar's first character stands, and the characters of it that have an escape before
  /// them. A text over several lines has no column.
  var contentPlace: (start: SourcePlace, escapes: [Int]) {
    var start = place
    guard case .scalar(let text, let style, _) = node else { return (start, []) }
    switch style {
    case .singleQuoted, .doubleQuoted:
      start.column = start.column.map { $0 + 1 }
      let escaped: [Character] = style == .singleQuoted ? ["'"] : ["\"", "\\"]
      return (start, text.enumerated().filter { escaped.contains($1) }.map(\.offset))
    case .literal, .folded:
      start.column = nil
      return (start, [])
    case .plain: return (start, [])
    }
  }
}
