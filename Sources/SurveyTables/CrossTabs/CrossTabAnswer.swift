import SurveyData
import SurveyStatistics

/// One table on its way: first its blocks, added to a plan that may hold those of many tables; then,
/// when the plan has been tabulated, the table.
struct CrossTabAnswer {
  let question: CrossTabQuestion
  let survey: ResolvedSurvey
  let stub: Stub
  let breakdowns: [BannerBreakdown]

  // Places of blocks in the plan.
  private var ledgerBlock = 0
  /// All respondents: by part, by number.
  private var totals = Places()
  /// By breakdown, by its groupings.
  private(set) var byColumn: [[Places]] = []
  /// By breakdown, grouping and share row: its row share and total share.
  private var rowShares: [[[Int]]] = []
  private var totalShares: [[[(block: Int, columns: Int)]]] = []
  /// By breakdown with overlap, then the first column's and the second's: their four groups.
  private(set) var pairs: [[[Int: Places]]] = []

  /// The blocks of one grouping.
  struct Places {
    var parts: [Int] = []
    var numbers: [Int] = []
    /// By part, Σw² of the respondents with an answer; empty where no test needs it.
    var squaredWeights: [Int] = []
  }

  /// A block with all covariances has the square of this many: beyond, memory gives out.
  private static let componentLimit = 1500

  /// - Parameter domains: by condition, shared by the tables of a plan: their blocks are then of the
  ///   same rows, and counted together.
  init(
    _ question: CrossTabQuestion, survey: ResolvedSurvey, plan: inout TabulationPlan,
    domains: inout [String: Domain]
  ) throws {
    self.question = question
    self.survey = survey
    let stub = try Stub(question, survey: survey)
    self.stub = stub
    breakdowns = try question.banner.map { try BannerBreakdown($0, survey: survey) }
    let domain = try question.domain.map { condition in
      if let known = domains[condition.text] { return known }
      let domain = try survey.dataset.domain(where: condition)
      domains[condition.text] = domain
      return domain
    }

    func add(_ block: TabulationPlan.Block) -> Int {
      plan.blocks.append(block)
      return plan.blocks.count - 1
    }
    let weights = try Self.squaredWeightSum(question, survey)
    func places(
      _ groups: [TabulationPlan.Factor], moments: TabulationPlan.Moments
    ) throws -> Places {
      var places = Places()
      for part in stub.parts {
        let block = TabulationPlan.Block(
          groups: groups, cells: part, domain: domain, moments: moments)
        if moments == .all, block.componentCount > Self.componentLimit {
          throw QuestionError.tooManyCells(
            stub.name, categories: block.levelCount, groups: block.groupCount,
            file: survey.dataset.source.path)
        }
        places.parts.append(add(block))
        if let weights {
          places.squaredWeights.append(
            add(
              .init(
                groups: groups, cells: part, sums: [weights], domain: domain, moments: .none)))
        }
      }
      for sums in stub.numbers {
        places.numbers.append(
          add(.init(groups: groups, sums: sums, domain: domain, moments: moments)))
      }
      return places
    }

    ledgerBlock = add(
      .init(cells: .everyCategory(of: stub.ledgerColumn), domain: domain, moments: .rowsAlone))
    totals = try places([], moments: .withinGroups)
    for breakdown in breakdowns {
      var moments = TabulationPlan.Moments.withinGroups
      if question.letters != nil || hasTest(breakdown) { moments = .all }
      byColumn.append(try breakdown.groupings.map { try places($0, moments: moments) })
      pairs.append(try pairs(of: breakdown) { try places($0, moments: .all) })
      addShares(breakdown, domain, add)
    }
  }

  /// Whether Rao and Scott's test is made: of one answer by columns that do not overlap, in a table
  /// that is not too large for it.
  func hasTest(_ breakdown: BannerBreakdown) -> Bool {
    !stub.hasSeveralAnswers && !breakdown.hasOverlap
      && stub.parts[0].levelCount * breakdown.values.count <= 600
  }

  private func pairs(
    of breakdown: BannerBreakdown, _ places: ([TabulationPlan.Factor]) throws -> Places
  ) rethrows -> [[Int: Places]] {
    guard breakdown.hasOverlap, question.letters?.against == .pairs else { return [] }
    return try breakdown.factors.indices.map { first in
      var row: [Int: Places] = [:]
      for second in breakdown.factors.indices where second > first {
        row[second] = try places([breakdown.factors[first], breakdown.factors[second]])
      }
      return row
    }
  }

  private mutating func addShares(
    _ breakdown: BannerBreakdown, _ domain: Domain?, _ add: (TabulationPlan.Block) -> Int
  ) {
    var rows: [[Int]] = []
    var totals: [[(block: Int, columns: Int)]] = []
    for grouping in breakdown.groupings {
      let columns = TabulationPlan.Factor.crossing(grouping)
      var joint: [Int: Int] = [:]
      var ofRows: [Int] = []
      var ofTotals: [(block: Int, columns: Int)] = []
      for (_, figures) in stub.rows {
        guard case .share(let part, let levels) = figures else { continue }
        if question.percents.contains(.row) {
          ofRows.append(
            add(
              .init(
                groups: [stub.parts[part].only(levels)], cells: columns, domain: domain)))
        }
        if question.percents.contains(.total) {
          let block =
            joint[part]
            ?? add(
              .init(
                cells: TabulationPlan.Factor.crossing([stub.parts[part], columns]),
                domain: domain))
          joint[part] = block
          ofTotals.append((block, columns.levelCount))
        }
      }
      rows.append(ofRows)
      totals.append(ofTotals)
    }
    rowShares.append(rows)
    totalShares.append(totals)
  }

  /// The weights as numbers to be summed by weight, where a test needs Σw².
  private static func squaredWeightSum(
    _ question: CrossTabQuestion, _ survey: ResolvedSurvey
  ) throws -> TabulationPlan.Sum? {
    guard let letters = question.letters, letters.method == .dimensions,
      let weight = survey.design.description.weight
    else { return nil }
    return TabulationPlan.Sum(try survey.dataset.numbers(weight))
  }

  // MARK: The table

  /// What the item is called in the table's sentences.
  private var title: LocalizedText {
    let label = question.title ?? stub.label
    return label == LocalizedText() ? LocalizedText(stub.name) : label
  }

  func table(_ tabulations: [Tabulation]) throws -> CrossTable {
    let dataset = survey.dataset
    let ledger = RowLedger(
      tabulations[ledgerBlock], of: stub.ledgerColumn, named: stub.name, label: title,
      isAnswer: stub.isAnswer, survey: survey)
    try ledger.requireAnswers(
      Question(.shares, of: stub.name, where: question.domain), file: dataset.source.path)

    var table = CrossTable(
      source: dataset.source, use: ledger.use, design: survey.designSummary, variable: stub.name,
      label: question.title ?? stub.label, question: stub.question, percents: question.percents,
      level: question.inference.level, domain: question.domain?.text,
      breakdowns: breakdowns.map {
        .init(columns: $0.columns, label: $0.label, hasOverlap: $0.hasOverlap)
      },
      columns: [], rows: stub.rows.map(\.row), cells: [],
      hasSeveralAnswers: stub.hasSeveralAnswers, letters: question.letters,
      warnings: ledger.sentences)

    for (index, (row, source)) in stub.rows.enumerated() where row.kind == .net {
      guard case .share(_, let levels) = source else { continue }
      table.netCodes[index] = Set(levels.compactMap { stub.rows[$0].row.code })
    }
    let figures = CrossTabFigures(tabulations, design: survey.design, question.inference)
    let ofAll = figures.base(totals.parts[0], group: 0)
    table.columns.append(
      .init(breakdown: nil, values: [], base: ofAll.base, weightedBase: ofAll.weight))
    for (index, breakdown) in breakdowns.enumerated() {
      for (column, values) in breakdown.values.enumerated() {
        let place = breakdown.place(ofColumn: column)
        let base = figures.base(
          byColumn[index][place.grouping].parts[0], group: place.group)
        table.columns.append(
          .init(
            breakdown: index, values: values,
            letter: question.letters.map { _ in CrossTable.Column.letter(column) },
            base: base.base, weightedBase: base.weight))
      }
    }

    var share = 0
    for (_, source) in stub.rows {
      var cells = [totalCell(source, figures)]
      for (index, breakdown) in breakdowns.enumerated() {
        for column in breakdown.values.indices {
          cells.append(cell(source, share, index, column, figures))
        }
      }
      table.cells.append(cells)
      if case .share = source { share += 1 }
    }
    addTests(to: &table, tabulations)
    if let rule = question.letters {
      table.differences = ColumnComparisons(self, tabulations, rule).differences
      table.markDifferences()
    }
    addWarnings(to: &table, used: ledger.use.used)
    table = table.protected(by: survey.disclosure)
    table.addCaveats()
    return table
  }

  private func totalCell(_ source: Stub.Figures, _ figures: CrossTabFigures) -> CrossTable.Cell {
    switch source {
    case .share(let part, let levels):
      let share = figures.share(totals.parts[part], group: 0, levels: levels)
      return .init(
        estimates: question.percents.map { percent in
          // Of a row's respondents, all are in the total.
          percent == .row ? share.whole : share
        })
    case .mean(let number):
      return .init(
        estimates: [
          figures.mean(totals.numbers[number], group: 0, origin: stub.numbers[number][0].origin)
        ])
    case .ratio(let number):
      return .init(estimates: [figures.ratio(totals.numbers[number], group: 0)])
    }
  }

  /// - Parameter share: the how manyth of the share rows it is.
  private func cell(
    _ source: Stub.Figures, _ share: Int, _ breakdown: Int, _ column: Int,
    _ figures: CrossTabFigures
  ) -> CrossTable.Cell {
    let place = breakdowns[breakdown].place(ofColumn: column)
    let places = byColumn[breakdown][place.grouping]
    switch source {
    case .share(let part, let levels):
      return .init(
        estimates: question.percents.map { percent in
          switch percent {
          case .column:
            return figures.share(places.parts[part], group: place.group, levels: levels)
          case .row:
            return figures.share(
              rowShares[breakdown][place.grouping][share], group: 0, levels: [place.group])
          case .total:
            let (block, columns) = totalShares[breakdown][place.grouping][share]
            return figures.share(
              block, group: 0, levels: levels.map { $0 * columns + place.group })
          }
        })
    case .mean(let number):
      return .init(
        estimates: [
          figures.mean(
            places.numbers[number], group: place.group, origin: stub.numbers[number][0].origin)
        ])
    case .ratio(let number):
      return .init(estimates: [figures.ratio(places.numbers[number], group: place.group)])
    }
  }

  private func addTests(to table: inout CrossTable, _ tabulations: [Tabulation]) {
    for (index, breakdown) in breakdowns.enumerated() where hasTest(breakdown) {
      let tabulation = tabulations[byColumn[index][0].parts[0]]
      table.tests.append(
        TestResult(
          variable: stub.name, by: breakdown.columns,
          test: TwoWayTable(tabulation, design: survey.design).independence(.raoScott),
          labels: (title, breakdown.label)))
    }
  }

  private func addWarnings(to table: inout CrossTable, used: Int) {
    for (index, breakdown) in breakdowns.enumerated() {
      let name = breakdown.label
      let columns = table.columns(ofBreakdown: index)
      if !breakdown.hasOverlap {
        let inColumns = columns.reduce(0) { $0 + (table.columns[$1].base ?? 0) }
        if inColumns < used {
          table.warnings.append(
            LocalizedText(
              da:
                "\(name[.da]): \(used - inColumns) af \(used) står ikke i nogen kolonne, fordi de ikke har "
                + "et gyldigt svar der; de er med i \u{201C}I alt\u{201D}.",
              en:
                "\(name[.en]): \(used - inColumns) of \(used) respondents are in no column, since they "
                + "have no valid answer there; they are in the total."))
        }
      }
      let empty = columns.filter { table.columns[$0].base == 0 }
      if !empty.isEmpty {
        func labels(_ language: Language) -> String {
          empty.map { column in
            table.columns[column].values.map { $0.label[language] }.joined(separator: " \u{00D7} ")
          }.map { "\u{201C}\($0)\u{201D}" }.joined(separator: ", ")
        }
        table.warnings.append(
          LocalizedText(
            da: "\(name[.da]): ingen i \(labels(.da)) har svaret, så der er ingen tal.",
            en: "\(name[.en]): nobody in \(labels(.en)) answered, so there are no figures."))
      }
      if !stub.hasSeveralAnswers, !breakdown.hasOverlap, !hasTest(breakdown) {
        table.warnings.append(
          LocalizedText(
            da:
              "Ingen test af \(title[.da]) efter \(name[.da]): en tabel "
              + "på \(stub.parts[0].levelCount) gange \(breakdown.values.count) er for stor til det.",
            en:
              "No test of \(title[.en]) by \(name[.en]): a table of "
              + "\(stub.parts[0].levelCount) by \(breakdown.values.count) is too large for it."))
      }
    }
    if !stub.absent.isEmpty {
      let codes = stub.absent.map { "'\($0)'" }.joined(separator: ", ")
      table.warnings.append(
        LocalizedText(
          da: "\(title[.da]): ingen har koden \(codes) i en samling.",
          en: "\(title[.en]): nobody has the code \(codes) of a net."))
    }
  }
}

extension CrossTable {
  /// Why shown figures lack a test, an error or an interval.
  mutating func addCaveats() {
    warnings += tests.flatMap(\.localizedCaveats)
    let caveats = Set(cells.flatMap { $0 }.flatMap(\.estimates).flatMap(\.caveats))
    func say(_ isSo: Bool, da: String, en: String) {
      if isSo { warnings.append(LocalizedText(da: da, en: en)) }
    }
    say(
      caveats.contains(.onePSU),
      da: "Tal, hvis svar alle er fra én klynge (PSU), har ingen standardfejl.",
      en: "Figures whose respondents are all of one PSU have no standard error.")
    say(
      caveats.contains(.noVariance),
      da: "Nogle tal har ingen standardfejl, fordi hvert stratum kun har én klynge.",
      en: "Some figures have no standard error, since every stratum has a lonely sampling unit.")
    say(
      caveats.contains { if case .noDegreesOfFreedom = $0 { true } else { false } },
      da: "Nogle tal har intet interval, fordi deres klynger ikke giver frihedsgrader.",
      en: "Some figures have no interval, since their sampling units leave no degrees of freedom.")
    say(
      caveats.contains { if case .replicatesWithoutValue = $0 { true } else { false } },
      da: "Nogle replikater har ingen svar i en celle; dens standardfejl er fra de øvrige.",
      en: "Some replicates leave nobody in a cell; its standard error is from the others.")
  }
}

extension Estimate {
  /// The respondents of a share as a share of themselves.
  fileprivate var whole: Estimate {
    let weight = (value ?? 0) * weightedBase
    return Estimate(
      value: (count ?? 0) > 0 ? 1 : nil, count: count, base: count ?? 0, weightedBase: weight,
      degreesOfFreedom: degreesOfFreedom)
  }
}
