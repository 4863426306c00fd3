import SurveyData

extension SurveyFileReader {
  /// How the weights are made, and were: the keys are the options of `weight`.
  ///
  /// - Parameter response: the register of those invited, which margins may be counted from too.
  func weighting(
    _ cursor: YAMLCursor, response: ResponseDescription?
  ) throws -> SurveyWeighting {
    try cursor.mapping { keys in
      let margins = keys.take("margins")
      let register = keys.take("register")
      let nonresponse = keys.takeEntry("nonresponse")
      if let nonresponse, response == nil {
        throw YAMLError.missingKey("response", of: "the survey file", place: nonresponse.place)
      }
      let isCounted = register != nil || (margins == nil && response != nil && keys.has("on"))
      let sources = (margins == nil ? 0 : 1) + (isCounted ? 1 : 0)
      guard sources == 1 || (sources == 0 && nonresponse != nil) else {
        try keys.finish()
        throw YAMLError.wrongKeys(
          cursor.name, expected: ["margins", "register"], place: cursor.place)
      }
      var weighting = SurveyWeighting(
        WeightingDescription(targets: MarginTargets(path: path)))
      weighting.nonresponse = try nonresponse.map { try self.nonresponse($0.value) }
      if let margins { weighting.description.targets = try targets(margins) }
      if isCounted {
        weighting.register =
          try register.map { besideSurveyFile(try $0.text()) } ?? response?.register
        for column in try keys.require("on").filledList() {
          let text = try column.text()
          weighting.description.targets.margins.append(
            MarginTargets.Margin(
              columns: text.split(separator: ":").map(String.init), cells: [],
              place: column.place))
        }
      }
      if let method = keys.take("method") {
        weighting.description.method = try method.word(of: WeightingMethod.self)
      }
      if let start = keys.take("start") {
        // Base weights are the register's, which has those who did not answer too.
        if nonresponse != nil {
          throw YAMLError.wrongKeys(
            cursor.name, expected: ["nonresponse", "start"], place: start.place)
        }
        weighting.description.startWeight = try start.text()
      }
      weighting.description.within = try keys.take("within")?.text()
      weighting.description.bounds = try keys.take("bounds").map(range)
      if let trim = keys.take("trim") {
        weighting.description.trim =
          trim.kind == .mapping
          ? .quantiles(try trim.mapping { try range($0.require("quantiles")) })
          : .ratio(try range(trim))
      }
      if let unknown = keys.take("unknown") {
        weighting.description.unknown = try unknown.word(of: UnknownCategory.self)
      }
      for entry in try keys.take("collapse")?.entries() ?? [] {
        weighting.description.collapse[entry.key] = try Dictionary(
          entry.value.entries().map { ($0.key, try $0.value.text()) },
          uniquingKeysWith: { first, _ in first })
      }
      return weighting
    }
  }

  /// The margins in place, or the file that holds them.
  private func targets(_ cursor: YAMLCursor) throws -> MarginTargets {
    guard cursor.kind == .mapping else {
      return try readMargins(at: besideSurveyFile(try cursor.text()))
    }
    return try MarginsReader(path: path).margins(inPlace: cursor)
  }

  /// Two numbers, the lower first.
  private func range(_ cursor: YAMLCursor) throws -> ClosedRange<Double> {
    let numbers = try cursor.list()
    guard numbers.count == 2 else {
      throw YAMLError.wrongCount(
        cursor.name, expected: 2, found: numbers.count, place: cursor.place)
    }
    let (low, high) = (try numbers[0].number(), try numbers[1].number())
    guard low < high else {
      throw YAMLError.wrongOrder(
        try numbers[1].text(), after: shortestText(low), place: numbers[1].place)
    }
    return low...high
  }
}

extension MarginsReader {
  /// The margins alone, as they stand under `margins:`.
  func margins(inPlace cursor: YAMLCursor) throws -> MarginTargets {
    MarginTargets(path: path, margins: try cursor.entries().map(margin))
  }
}
