import ArgumentParser
import SurveyData
import SurveyStatistics
import SurveyTables

/// What a table shows: shares of what, nets, the mean, letters.
struct CrossTabOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Shares of the column, the row or the total; several with commas.",
      valueName: "column|row|total"),
    transform: percents)
  var percent = [CrossTabQuestion.Percent.column]

  @Option(
    help: ArgumentHelp(
      "Nets below the categories: 'codebook', 'none', or names of the codebook.",
      valueName: "name,…"))
  var nets = "codebook"

  @Flag(help: "A row with the mean of the codes.")
  var mean = false

  @Option(
    defaultAsFlag: "0.95", parsing: .next,
    help: ArgumentHelp(
      "Letters of the columns that a cell is larger than, at a confidence level or two: '0.95,0.90'.",
      valueName: "levels"))
  var letters: String?

  @Option(help: "How columns are compared: design, or as SPSS: ctables or dimensions.")
  var lettersMethod = ColumnTest.design

  @Option(help: "Compare columns in pairs, or each with the rest: pairs or rest.")
  var lettersAgainst = LetterRule.Against.pairs

  @Option(help: "Adjust p-values within a row: none, bonferroni, holm or bh.")
  var adjust = Adjustment.none

  func validate() throws {
    guard letters != nil else {
      guard lettersMethod == .design, lettersAgainst == .pairs, adjust == .none else {
        throw ValidationError(
          "--letters-method, --letters-against and --adjust need --letters.")
      }
      return
    }
    _ = try rule()
    if lettersMethod != .design, lettersAgainst == .rest {
      throw ValidationError("--letters-against rest is of --letters-method design alone.")
    }
  }

  func rule() throws -> LetterRule? {
    guard let letters else { return nil }
    let levels = list(letters).map { Double($0) ?? .nan }
    guard (1...2).contains(levels.count), levels.allSatisfy({ $0 > 0 && $0 < 1 }),
      Set(levels).count == levels.count
    else {
      throw ValidationError(
        "--letters takes one or two confidence levels between 0 and 1, as 0.95,0.90, not "
          + "'\(letters)'.")
    }
    return LetterRule(
      levels: levels, method: lettersMethod, against: lettersAgainst, adjustment: adjust)
  }

  var netChoices: CrossTabQuestion.Nets {
    switch nets {
    case "codebook": .codebook
    case "none": .none
    default: .chosen(list(nets).map { NetChoice($0) })
    }
  }

  private static func percents(_ text: String) throws -> [CrossTabQuestion.Percent] {
    let percents = try list(text).map { word in
      guard let percent = CrossTabQuestion.Percent(rawValue: word) else {
        throw ValidationError("--percent takes column, row or total, not '\(word)'.")
      }
      return percent
    }
    guard !percents.isEmpty, Set(percents).count == percents.count else {
      throw ValidationError("--percent takes column, row or total, each once.")
    }
    return percents
  }
}

/// The breakdowns of a banner: columns with commas between them, nested ones with a colon.
func banner(_ text: String, option: String) throws -> [[String]] {
  let breakdowns = list(text).map { $0.split(separator: ":").map(String.init) }
  guard !breakdowns.isEmpty,
    breakdowns.allSatisfy({ !$0.isEmpty && Set($0).count == $0.count }),
    Set(breakdowns).count == breakdowns.count
  else {
    throw ValidationError("\(option) takes COL[,COL…], each once, or A:B to nest, not '\(text)'.")
  }
  return breakdowns
}

extension ColumnTest: ExpressibleByArgument {}
extension LetterRule.Against: ExpressibleByArgument {}
