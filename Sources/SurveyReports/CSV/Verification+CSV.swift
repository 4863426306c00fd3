import SurveyData
import SurveyTables

extension Verification {
  /// The verdicts as CSV, a line a claim.
  public func csv(language: Language) -> String {
    var csv = CSVText(header: [
      "id", "line", "verdict", "published", "recomputed", "low", "high", "unit", "base", "reason",
      "sentence",
    ])
    for claim in claims {
      let recomputed = claim.recomputed
      csv.append([
        .text(claim.claim.id), .int(claim.claim.place.line), .text(claim.verdict.rawValue),
        .text(claim.publishedText(language)), .number(recomputed?.value),
        .number(recomputed?.interval?.low), .number(recomputed?.interval?.high),
        .text(recomputed?.unit.rawValue ?? ""), .int(recomputed?.base),
        .text(claim.reason[language]), .text(claim.claim.sentence),
      ])
    }
    return csv.text
  }
}
