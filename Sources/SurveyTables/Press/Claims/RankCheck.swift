import SurveyData
import SurveyStatistics

/// A claim on the place of a group among all groups of a column: "number two".
///
/// The place is borne where every other group is told from it, with Holm's adjustment for their
/// number.
struct RankCheck {
  let claim: Claim
  let rank: ClaimedRank
  let survey: ResolvedSurvey

  init(_ claim: Claim, _ rank: ClaimedRank, survey: ResolvedSurvey) {
    self.claim = claim
    self.rank = rank
    self.survey = survey
  }

  var verified: VerifiedClaim {
    get throws {
      guard case .number(let number)? = claim.published else {
        preconditionFailure("a claim on a rank is a number")
      }
      let comparison = Comparison(
        try rank.figure.question(by: [[rank.by.text]]), .against(group: [rank.group.text]),
        adjustment: .holm)
      let table = try survey.table(answering: comparison)
      if let withheld = table.cells.first(where: { $0.suppression != nil }) {
        return claim.notRecomputed(withheld)
      }
      let values = table.cells.compactMap { cell in
        cell.estimate.value.map { (code: cell.group.map(\.code).first ?? "", value: $0) }
      }
      guard let own = values.first(where: { $0.code == rank.group.text })?.value else {
        throw ClaimError.noSuchGroup(
          rank.group.text, by: rank.by.text, groups: values.map(\.code), place: rank.group.place)
      }
      let before = values.count { rank.isHighestFirst ? $0.value > own : $0.value < own }
      let recomputed = Recomputed(
        value: Double(before + 1), base: nil, unit: .rank)
      let close = table.differences.filter { ($0.adjustedPValue ?? 1) >= 0.05 }
        .flatMap { $0.to.codes.map(\.code) }
      let da = "Gruppe \(rank.group.text) er nummer \(before + 1) af \(values.count)"
      let en = "Group \(rank.group.text) is number \(before + 1) of \(values.count)"
      guard Double(before + 1) == number.value else {
        return VerifiedClaim(
          claim, .wrong, recomputed, da: "\(da), ikke \(number.text).",
          en: "\(en), not \(number.text).")
      }
      guard close.isEmpty else {
        let list = close.joined(separator: ", ")
        return VerifiedClaim(
          claim, .weaker, recomputed, da: "\(da), men kan ikke skelnes fra \(list).",
          en: "\(en), but cannot be told from \(list).")
      }
      return VerifiedClaim(claim, .holds, recomputed, da: da + ".", en: en + ".")
    }
  }
}
