import ArgumentParser
import SurveyData
import SurveyStatistics
import SurveyTables

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Differences between groups or items, with their design error.",
    discussion: """
      Shares are compared: of every category, or with --top of a net. Means are compared where --mean
      says so, and of --items without --top. A difference is the second less the first: of codes in
      their order, of --items in yours; less the one that --against names, and less the number of
      --value.

      Other forms, on the data of the example:
        pejling compare fixtures/data/api/apistrat.csv --item api00 --mean --weight pw --strata stype --fpc fpc --by stype --against rest
        pejling compare fixtures/data/api/apistrat.csv --items api99,api00 --weight pw --strata stype --fpc fpc
        pejling compare fixtures/data/api/apistrat.csv --item awards --top Yes --value 0.5 --weight pw --strata stype --fpc fpc

      Example:
        pejling compare fixtures/data/api/apistrat.csv --item awards --top Yes --weight pw --strata stype --fpc fpc --by stype
      """)

  @OptionGroup var input: InputOptions
  @Option(help: ArgumentHelp("The column that is compared.", valueName: "col"))
  var item: String?
  @Option(help: ArgumentHelp("Two columns of the same respondents.", valueName: "a,b"))
  var items: String?
  @Option(
    name: [.customLong("top"), .customLong("net")],
    help: ArgumentHelp(
      "A net of categories: codes, as '1,2', or a name of the codebook.", valueName: "codes"))
  var top: String?
  @Flag(help: "Compare means: the item is a number.")
  var mean = false
  @Option(
    help: ArgumentHelp(
      "One group against each other (its code), or each group against the rest or the total.",
      valueName: "code|rest|total"))
  var against: String?
  @Option(help: ArgumentHelp("Compare with this number.", valueName: "number"))
  var value: Double?
  @Option(help: "Adjust p-values: none, bonferroni, holm or bh.")
  var adjust = Adjustment.none
  @OptionGroup(title: "Design options") var design: DesignOptions
  @OptionGroup(title: "Selection and inference options") var selection: SelectionOptions
  @OptionGroup(title: "Output options") var output: OutputOptions

  func validate() throws {
    guard (item == nil) != (items == nil) else {
      throw ValidationError("Give what is compared by --item, or two items by --items.")
    }
    if mean, top != nil { throw ValidationError("--mean and --top are two statistics; give one.") }
    if items != nil {
      guard pair.count == 2 else { throw ValidationError("--items takes two columns, as A,B.") }
      guard selection.by == nil, against == nil, value == nil else {
        throw ValidationError(
          "--items compares within all respondents, or those of --where: no --by, --against or "
            + "--value.")
      }
    } else {
      guard selection.by != nil || value != nil else {
        throw ValidationError("Give the groups by --by, or a number by --value.")
      }
      guard value == nil || against == nil else {
        throw ValidationError("--value and --against are two comparisons; give one.")
      }
    }
    if let value {
      guard value.isFinite else { throw ValidationError("--value takes a number.") }
      guard mean || (0...1).contains(value) else {
        throw ValidationError(
          "--value takes a share between 0 and 1, as 0.5; a mean is compared with --mean.")
      }
    }
  }

  private var pair: [String] { items.map(list) ?? [] }

  private var sides: Comparison.Sides {
    if pair.count == 2 { return .item(pair[1]) }
    if let value { return .number(value) }
    switch against {
    case nil: return .pairs
    case "rest": return .againstRest
    case "total": return .againstTotal
    case let code?:
      let isCrossed = selection.groups.contains { $0.count > 1 }
      return .against(group: isCrossed ? code.split(separator: ":").map(String.init) : [code])
    }
  }

  private var statistic: Statistic {
    if let top { return .share(of: NetChoice(top)) }
    return mean || items != nil ? .mean : .shares
  }

  func run() throws {
    let question = Question(
      statistic, of: item ?? pair[0], by: selection.groups, where: try selection.domain(),
      keepingMissing: try selection.keptMissing(), inference: selection.inference)
    let comparison = Comparison(question, sides, adjustment: adjust)
    let survey = try OpenedSurvey(
      input, design: design, selection: selection, columns: comparison.columnNames)
    try output.write(try survey.table(answering: comparison), language: survey.language)
  }
}

extension Adjustment: ExpressibleByArgument {}
