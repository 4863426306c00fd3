import SurveyData

extension SurveyFileReader {
  /// The register of those invited: the keys are the options of `response`.
  func response(_ cursor: YAMLCursor) throws -> ResponseDescription {
    try cursor.mapping { keys in
      var response = ResponseDescription(
        register: besideSurveyFile(try keys.require("register").text()))
      response.id = try keys.take("id")?.text()
      let answered = keys.take("answered")
      let disposition = keys.take("disposition")
      let codes = keys.takeEntry("codes")
      if let answered {
        if let disposition {
          throw YAMLError.wrongKeys(
            cursor.name, expected: ["answered", "disposition"], place: disposition.place)
        }
        response.source = .indicator(try answered.text())
      } else if let disposition {
        response.source = .dispositions(
          try disposition.text(), codes: try codes.map { try dispositions($0.value) } ?? [:])
      } else if response.id == nil {
        try keys.finish()
        throw YAMLError.missingKey("id", of: cursor.name, place: cursor.place)
      }
      if let codes, disposition == nil {
        throw YAMLError.missingKey("disposition", of: cursor.name, place: codes.place)
      }
      response.weight = try keys.take("weight")?.text()
      if let share = keys.take("eligibleShare") {
        let number = try share.number()
        guard (0...1).contains(number) else {
          throw YAMLError.belowLeast(
            try share.text(), of: share.name, least: "from 0 to 1", place: share.place)
        }
        response.eligibleShare = number
      }
      return response
    }
  }

  /// Codes of the register with what they mean.
  private func dispositions(_ cursor: YAMLCursor) throws -> [String: Disposition] {
    var codes: [String: Disposition] = [:]
    for entry in try cursor.entries() {
      let text = try entry.value.text()
      guard let disposition = Disposition(code: text) else {
        let words =
          Disposition.allCases.map(\.rawValue) + Disposition.words.map(\.word)
        throw YAMLError.unknownWord(
          text, of: entry.value.name, nearest: nearestName(to: text, among: words), words: words,
          place: entry.value.place)
      }
      codes[entry.key] = disposition
    }
    return codes
  }

  /// How weights make up for those who did not answer.
  func nonresponse(_ cursor: YAMLCursor) throws -> NonresponseDescription {
    try cursor.mapping { keys in
      let classes = keys.take("classes")
      let model = keys.take("model")
      guard (classes == nil) != (model == nil) else {
        try keys.finish()
        throw YAMLError.wrongKeys(
          cursor.name, expected: ["classes", "model"], place: cursor.place)
      }
      let method: NonresponseDescription.Method
      if let classes {
        // `region:sector` and `[region, sector]` are the same.
        method = .classes(
          try classes.listOrText().flatMap { try $0.text().split(separator: ":").map(String.init) })
      } else {
        method = .propensity(
          terms: try model!.listOrText().map { try $0.text() }.joined(separator: ","),
          categorical: try keys.take("categorical")?.listOrText().map { try $0.text() } ?? [],
          classes: try keys.take("propensityClasses")?.wholeNumber(atLeast: 2))
      }
      var nonresponse = NonresponseDescription(method)
      if let smallest = keys.take("smallestClass") {
        nonresponse.smallestClass = try smallest.wholeNumber(atLeast: 1)
      }
      if let largest = keys.take("largestFactor") {
        let number = try largest.number()
        guard number > 1 else {
          throw YAMLError.belowLeast(
            try largest.text(), of: largest.name, least: "above 1", place: largest.place)
        }
        nonresponse.largestFactor = number
      }
      for entry in try keys.take("collapse")?.entries() ?? [] {
        nonresponse.collapse[entry.key] = try Dictionary(
          entry.value.entries().map { ($0.key, try $0.value.text()) },
          uniquingKeysWith: { first, _ in first })
      }
      return nonresponse
    }
  }
}
