import ArgumentParser
import SurveyData
import SurveyFiles
import SurveyReports
import SurveyStatistics
import SurveyTables

struct Crunch: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "crunch",
    abstract: "A tab book: every item by every banner column, as a workbook.",
    discussion: """
      The items are those of --items, of a plan of tables (--tables, a YAML file with filters,
      weights, nets, titles and order), or every question of the survey file. The book is Excel,
      HTML, Markdown, long CSV or JSON. Its figures have no more digits than --decimals asks for;
      --full-precision marks a book as not for publication.

      Example:
        pejling crunch fixtures/jobcenter-2022/survey.yaml --items trust_politicians,demands --banner region,seniority --letters 0.95,0.90 -o book.xlsx
      """)

  @OptionGroup var input: InputOptions
  @Option(help: ArgumentHelp("The items, in order.", valueName: "col,…"))
  var items: String?
  @Option(help: ArgumentHelp("A plan of tables.", valueName: "file"))
  var tables: String?
  @Option(
    help: ArgumentHelp(
      "The columns: side by side with a comma, nested with a colon.", valueName: "col,…"))
  var banner: String?
  @Flag(help: "A bar chart of the total below each table of a workbook.")
  var chart = false
  @Flag(help: "CSV and JSON at full precision: not for publication.")
  var fullPrecision = false
  @OptionGroup(title: "Table options") var table: CrossTabOptions
  @OptionGroup(title: "Design options") var design: DesignOptions
  @OptionGroup(title: "Selection and inference options") var selection: SelectionOptions
  @OptionGroup(title: "Output options") var output: OutputOptions

  func validate() throws {
    if items != nil, tables != nil {
      throw ValidationError("--items and --tables are two lists of tables; give one.")
    }
    if let items, list(items).isEmpty { throw ValidationError("--items takes COL[,COL…].") }
    guard banner != nil || tables != nil else {
      throw ValidationError("Give the columns of the tables by --banner, as region,sector.")
    }
    if let banner { _ = try pejling.banner(banner, option: "--banner") }
    if selection.by != nil { throw ValidationError("A book has --banner in place of --by.") }
    if selection.explain { throw ValidationError("A book has no --explain; JSON says all.") }
  }

  func run() throws {
    let data = try InputData(input, wave: selection.wave)
    let wanted = try WantedBook(self, data)
    var answers: [CrossTable?] = Array(repeating: nil, count: wanted.tables.count)
    var facts: SurveyFacts?
    var language: SurveyData.Language?
    var warnings: [String] = []
    // One pass for all tables of the same weight.
    for weight in wanted.weights {
      let places = wanted.tables.indices.filter { wanted.tables[$0].weight == weight }
      let questions = places.map { wanted.tables[$0].question }
      var design = design
      if case .column(let name) = weight { design.weight = name }
      let survey = try OpenedSurvey(
        input, design: design, selection: selection,
        columns: questions.flatMap(\.columnNames), ignoresWeight: weight == .unweighted)
      facts = survey.facts
      language = survey.language
      warnings += survey.warnings.filter { !warnings.contains($0) }
      for (place, table) in zip(places, try survey.tables(answering: questions)) {
        answers[place] = wanted.tables[place].isSorted ? table.sortedByShare() : table
      }
    }
    let file = input.input.split(separator: "/").last.map(String.init) ?? input.input
    let title = wanted.title ?? facts?.title ?? LocalizedText(file)
    let book = TableBook(
      title: title,
      entries: zip(answers, wanted.tables).map {
        TableBook.Entry(table: $0!, hasChart: $1.hasChart)
      }, publishedDecimals: fullPrecision ? nil : output.decimals, facts: facts,
      warnings: warnings)
    try output.write(book, language: wanted.language ?? language)
  }
}

/// The tables that a book is to hold, from the options and the plan.
struct WantedBook {
  enum Weight: Hashable {
    /// That of the survey file or the options.
    case usual
    case column(String)
    case unweighted
  }

  struct Table {
    var question: CrossTabQuestion
    var weight: Weight
    var hasChart: Bool
    var isSorted: Bool
  }

  private(set) var title: LocalizedText?
  private(set) var language: SurveyData.Language?
  private(set) var tables: [Table] = []

  /// Each weight once, in the order of the tables.
  var weights: [Weight] {
    tables.map(\.weight).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  init(_ command: Crunch, _ data: InputData) throws {
    let options = command.table
    let domain = try command.selection.domain()
    let usual = CrossTabQuestion(
      rows: "", banner: try command.banner.map { try banner($0, option: "--banner") } ?? [],
      percents: options.percent, where: domain, nets: options.netChoices,
      mean: options.mean ? .whereCodesMeasure : .none,
      keepingMissing: try command.selection.keptMissing(),
      letters: try options.rule(), inference: command.selection.inference)
    guard let path = command.tables else {
      let items =
        command.items.map(list) ?? data.questions(besides: Set(usual.banner.joined()))
      guard !items.isEmpty else {
        throw ValidationError(
          "Nothing to tabulate: a data file has no list of questions; name the items with --items.")
      }
      tables = items.map { item in
        var question = usual
        question.rows = item
        return Table(question: question, weight: .usual, hasChart: command.chart, isSorted: false)
      }
      return
    }
    let plan = try readTablePlan(at: path)
    try WantedBook.check(plan, against: data, input: command.input.input)
    title = plan.title
    language = plan.language
    tables = try plan.tables.map { entry in
      let own = entry.choices
      let common = plan.common
      var question = usual
      question.rows = entry.item
      question.title = entry.title
      if let banner = own.banner ?? common.banner {
        question.banner = banner.map { $0.map(\.text) }
      }
      guard !question.banner.isEmpty else {
        throw TablePlanError.noBanner(item: entry.item, place: entry.place)
      }
      // Who a table is of: those whom the options, the plan and the table all select.
      let conditions = [domain, common.filter, own.filter].compactMap { $0 }
      question.domain =
        try conditions.count < 2
        ? conditions.first
        : Expression(conditions.map { "(\($0.text))" }.joined(separator: " and "))
      if let uses = own.usesCodebookNets ?? (own.nets == nil ? common.usesCodebookNets : nil) {
        question.nets = uses ? .codebook : .none
      } else if let nets = own.nets ?? common.nets {
        question.nets = .chosen(nets.map { NetChoice($0) })
      }
      if let wanted = own.mean {
        question.mean = wanted ? .wanted : .none
      } else if let wanted = common.mean {
        question.mean = wanted ? .whereCodesMeasure : .none
      }
      if let percents = own.percents ?? common.percents {
        question.percents = percents.map { CrossTabQuestion.Percent(rawValue: $0)! }
      }
      if let levels = own.letters ?? common.letters {
        question.letters = LetterRule(
          levels: levels, method: options.lettersMethod, against: options.lettersAgainst,
          adjustment: options.adjust)
      }
      let weight: Weight =
        switch own.weight ?? common.weight {
        case .column(let name)?: .column(name.text)
        case .unweighted?: .unweighted
        case nil: .usual
        }
      return Table(
        question: question, weight: weight, hasChart: own.chart ?? common.chart ?? command.chart,
        isSorted: (own.order ?? common.order) == .share)
    }
  }

  /// Every name of a plan must be a column of the input, or a set or variable of its survey file.
  private static func check(
    _ plan: TablePlan, against data: InputData, input: String
  ) throws {
    let known =
      try data.columnNames() + (data.file?.multiResponseSets.map(\.name) ?? [])
      + (data.file?.variableNames ?? []) + (data.file?.hasWaves == true ? ["wave"] : [])
    let names = Set(known)
    func check(_ name: String, _ place: SourcePlace) throws {
      guard names.contains(name) else {
        throw TablePlanError.noSuchColumn(
          name, nearest: nearestName(to: name, among: known), input: input, place: place)
      }
    }
    func check(_ choices: TablePlan.Choices) throws {
      for name in (choices.banner ?? []).joined() { try check(name.text, name.place) }
      if case .column(let name) = choices.weight { try check(name.text, name.place) }
      for name in choices.filter?.columnNames ?? [] {
        try check(name, choices.filterPlace!)
      }
    }
    try check(plan.common)
    for entry in plan.tables {
      try check(entry.item, entry.place)
      try check(entry.choices)
    }
  }
}

extension InputData {
  /// The questions of the survey file: what has categories and is no part of a set, of the design or
  /// of the banner; the sets after them, and what is derived last.
  func questions(besides excluded: Set<String>) -> [String] {
    guard let file else { return [] }
    let sets = file.multiResponseSets
    let taken = excluded.union(sets.flatMap(\.columns)).union(file.design.columnNames)
    let variables = file.variables.filter { !$0.validCodes.isEmpty }.map(\.variable.name)
    return (variables + sets.map(\.name) + file.derived.map(\.variable.name))
      .filter { !taken.contains($0) }
  }
}

extension TableBook: Presentable {
  func content(
    _ format: OutputFormat, _ numbers: NumberFormat, style: TerminalStyle
  ) throws -> OutputContent {
    switch format {
    case .table: .text(terminal(in: numbers, style: style))
    case .markdown: .text(markdown(in: numbers))
    case .json: .text(json(language: numbers.language))
    case .csv: .text(csv(language: numbers.language))
    case .html: .text(html(in: numbers))
    case .xlsx: .bytes(try workbook(in: numbers))
    case .svg, .png: throw ValidationError(noPicture)
    }
  }
}
