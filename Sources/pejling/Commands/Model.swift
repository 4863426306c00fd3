import ArgumentParser
import SurveyData
import SurveyStatistics
import SurveyTables

struct Model: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "Regression with design-based errors.",
    discussion: """
      Terms are columns, with A:B for an interaction and A*B for both columns and it; a number may be
      log(x), poly(x,2) or ns(x,3). Text, labelled codes and columns of --categorical become dummies
      against their first category, or that of --reference. An outcome COL=CODE is a share, and its
      model logistic where --family says nothing else.

      Other forms, on the data of the example:
        pejling model fixtures/data/api/apiclus2.csv --outcome api00 --terms "ns(meals,3),stype" --weight pw --cluster dnum --cluster snum
        pejling model fixtures/data/api/apiclus2.csv --outcome stype --terms meals,awards --family ordinal --weight pw --cluster dnum

      Example:
        pejling model fixtures/data/api/apistrat.csv --outcome awards=Yes --terms stype,meals --weight pw --strata stype --fpc fpc
      """)

  @OptionGroup var input: InputOptions
  @Option(
    help: ArgumentHelp("What is explained: a column, or a code of it.", valueName: "col|col=code"))
  var outcome: String
  @Option(help: ArgumentHelp("What explains it, as A,B,A:B.", valueName: "terms"))
  var terms: String
  @Option(
    help: ArgumentHelp("Columns that are categories though they are numbers.", valueName: "col,…"))
  var categorical: String?
  @Option(
    help: ArgumentHelp(
      "The category that others are held against; repeat per column.", valueName: "col=code"))
  var reference: [String] = []
  @Option(help: "linear, logistic, poisson or ordinal.")
  var family: ModelFamily?
  @OptionGroup(title: "Design options") var design: DesignOptions
  @OptionGroup(title: "Selection and inference options") var selection: SelectionOptions
  @OptionGroup(title: "Output options") var output: OutputOptions

  func validate() throws {
    guard selection.by == nil else {
      throw ValidationError(
        "A model has no --by: give it as a term, or a subpopulation by --where.")
    }
    _ = try references()
  }

  private func references() throws -> [String: String] {
    var result: [String: String] = [:]
    for text in reference {
      guard let split = text.firstIndex(of: "="), split > text.startIndex else {
        throw ValidationError("--reference takes COL=CODE, not '\(text)'.")
      }
      result[String(text[..<split])] = String(text[text.index(after: split)...])
    }
    return result
  }

  func run() throws {
    let question = ModelQuestion(
      outcome: outcome, terms: terms, categorical: categorical.map(list) ?? [],
      references: try references(), family: family, where: try selection.domain(),
      inference: selection.inference)
    let survey = try OpenedSurvey(
      input, design: design, selection: selection, columns: try question.columnNames(),
      categories: question.categoryNames)
    try output.write(try survey.table(answering: question), language: survey.language)
  }
}

extension ModelFamily: ExpressibleByArgument {}
