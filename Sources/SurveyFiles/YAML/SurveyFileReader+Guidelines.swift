import SurveyData

extension SurveyFileReader {
  /// `name: {item, label, fullTime: {column, hours}, versions: [{from, until, low, high}]}`.
  func guideline(_ entry: YAMLEntry) throws -> Guideline {
    try entry.value.mapping { keys in
      let item = try keys.require("item").text()
      let label = try keys.take("label")?.localizedText() ?? LocalizedText(entry.key)
      let fullTime = try keys.take("fullTime")?.mapping { keys in
        Guideline.FullTime(
          column: try keys.require("column").text(),
          hours: try keys.take("hours")?.number() ?? 37)
      }
      var versions: [Guideline.Version] = []
      for cursor in try keys.require("versions").filledList() {
        let version = try cursor.mapping { keys in
          Guideline.Version(
            from: try keys.take("from")?.number(), until: try keys.take("until")?.number(),
            low: try keys.require("low").number(), high: try keys.require("high").number())
        }
        guard version.low < version.high else {
          throw SurveyFileError.guidelineOrder(
            entry.key, low: version.low, high: version.high, place: cursor.place)
        }
        if let before = versions.last, (version.from ?? -.infinity) <= before.until ?? .infinity {
          throw SurveyFileError.guidelineOverlap(entry.key, place: cursor.place)
        }
        versions.append(version)
      }
      return Guideline(
        name: entry.key, label: label, item: item, fullTime: fullTime, versions: versions,
        place: entry.place)
    }
  }
}
