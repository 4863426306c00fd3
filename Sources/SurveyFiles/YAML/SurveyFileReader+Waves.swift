import SurveyData

extension SurveyFileReader {
  /// How single waves asked a variable: `not comparable`, or `{source, codes, wording, comparable}`.
  func waves(
    _ cursor: YAMLCursor
  ) throws -> (harmonisations: [String: WaveHarmonisation], wordings: [String: LocalizedText]) {
    var harmonisations: [String: WaveHarmonisation] = [:]
    var wordings: [String: LocalizedText] = [:]
    for entry in try cursor.entries() {
      var harmonisation = WaveHarmonisation(place: entry.place)
      if entry.value.kind == .text {
        _ = try entry.value.word(among: ["not comparable"])
        harmonisation.isComparable = false
      } else {
        try entry.value.mapping { keys in
          harmonisation.source = try keys.take("source")?.text()
          harmonisation.codes =
            try keys.take("codes")?.entries().map { code in
              DerivedVariable.Recoding(
                from: code.key, to: try code.value.text(), place: code.place)
            } ?? []
          harmonisation.isComparable = try keys.take("comparable")?.flag() ?? true
          if let wording = try keys.take("wording")?.localizedText() {
            wordings[entry.key] = wording
          }
        }
      }
      harmonisations[entry.key] = harmonisation
    }
    return (harmonisations, wordings)
  }
}
