import ArgumentParser
import SurveyData
import SurveyStatistics

/// Which respondents and groups an estimate is for, and how it is inferred.
struct SelectionOptions: ParsableArguments {
  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "A subpopulation, as 'area == \"jobcenter\" and age >= 30'.", valueName: "condition"))
  var condition: String?

  @Option(
    help: ArgumentHelp("Group columns, each in turn; A:B crosses.", valueName: "col,…"))
  var by: String?

  @Option(
    defaultAsFlag: "all", parsing: .next,
    help: ArgumentHelp(
      "Missing answers as categories of their own: all reasons, or those named.",
      valueName: "reasons"))
  var keepMissing: String?

  @Option(
    help: ArgumentHelp(
      "A wave of the survey file, or 'all'; the newest where none is named.", valueName: "wave"))
  var wave: String?

  @Option(
    help: ArgumentHelp(
      "Withhold figures of fewer respondents (10 with a survey file that says nothing else).",
      valueName: "n"))
  var minimumBase: Int?

  @Option(
    help: ArgumentHelp(
      "Withhold shares with fewer respondents in or outside the category (3, likewise).",
      valueName: "n"))
  var minimumCount: Int?

  @Option(help: ArgumentHelp("Confidence level.", valueName: "share"))
  var level = 0.95

  @Option(help: "Interval of a share: logit, beta, korn-graubard, wilson, wald or asin.")
  var ci = IntervalMethod.logit

  @Option(help: "Design effect against sampling without (wor) or with replacement (wr).")
  var deff: DesignEffectKind?

  @Flag(help: "Say how each figure was made, and the R call that gives the same.")
  var explain = false

  func validate() throws {
    guard level > 0, level < 1 else {
      throw ValidationError("--level takes a share between 0 and 1, as 0.95.")
    }
    for columns in groups where columns.isEmpty || Set(columns).count < columns.count {
      throw ValidationError(
        "--by takes COL[,COL…], or A:B to cross two columns, not '\(by ?? "")'.")
    }
  }

  var inference: Inference {
    Inference(level: level, intervalMethod: ci, designEffect: deff)
  }

  /// The disclosure rules of the options, over those of the input.
  func disclosure(over rules: DisclosureRules) -> DisclosureRules {
    DisclosureRules(
      minimumBase: minimumBase ?? rules.minimumBase,
      minimumCount: minimumCount ?? rules.minimumCount)
  }

  func domain() throws -> Expression? { try condition.map { try Expression($0) } }

  var groups: [[String]] {
    (by.map(list) ?? []).map { $0.split(separator: ":").map(String.init) }
  }

  func keptMissing() throws -> Set<MissingReason> {
    guard let keepMissing else { return [] }
    if keepMissing == "all" {
      return Set(MissingReason.allCases).subtracting([.notAsked])
    }
    return Set(
      try list(keepMissing).map { word in
        guard let reason = MissingReason(rawValue: word) else {
          throw ValidationError(
            "--keep-missing takes 'all' or some of "
              + MissingReason.allCases.map(\.rawValue).joined(separator: ", ") + ", not '\(word)'.")
        }
        return reason
      })
  }
}

extension IntervalMethod: ExpressibleByArgument {}
extension DesignEffectKind: ExpressibleByArgument {}
