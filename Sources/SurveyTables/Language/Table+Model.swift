import SurveyData
import SurveyStatistics

extension Table {
  /// A regression in words and rounded numbers: coefficients, tests of terms, effects, adjusted
  /// means.
  func modelShown(_ model: ModelSummary, in format: NumberFormat) -> ShownTable {
    let words = TableWords(format.language)
    let shown = ShownModel(model, format)
    var grids = [shown.tests, shown.effects(level: level)]
    if !cells.isEmpty { grids.append(shown.means(of: cells, level: level)) }
    let coefficients = shown.coefficients(level: level)
    var table = ShownTable(
      title: "\(words.model(model.family)): \(model.outcome)",
      lead: label[format.language].isEmpty ? [] : [label[format.language]],
      columns: coefficients.columns, rows: coefficients.rows,
      notes: [
        words.rows(rows, format), words.design(design, format),
        words.converged(model, format),
      ] + warnings + explanationLines)
    table.further = grids.filter { !$0.rows.isEmpty }
    return table
  }
}

/// The figures of a model, each table with its headings.
struct ShownModel {
  private let model: ModelSummary
  private let format: NumberFormat
  private let words: TableWords

  init(_ model: ModelSummary, _ format: NumberFormat) {
    self.model = model
    self.format = format
    words = TableWords(format.language)
  }

  func coefficients(level: Double) -> ShownTable.Grid {
    grid(model.coefficients, heading: words.coefficient, level: level, scale: 1)
  }

  /// Effects on a share in percentage points.
  func effects(level: Double) -> ShownTable.Grid {
    grid(
      model.effects, heading: model.isOfShare ? words.effectOnShare : words.effect, level: level,
      scale: model.isOfShare ? 100 : 1)
  }

  private func grid(
    _ entries: [ModelSummary.Coefficient], heading: String, level: Double, scale: Double
  ) -> ShownTable.Grid {
    let hasAnswers = entries.contains { $0.answer != nil }
    var columns = [ShownTable.Column(heading: words.term, isNumeric: false)]
    if hasAnswers { columns.append(.init(heading: model.outcome, isNumeric: false)) }
    columns += [heading, words.interval(level, format), words.standardError, "t", "p"].map {
      .init(heading: $0, isNumeric: true)
    }
    let rows = entries.map { entry -> [String] in
      let names =
        [words.termName(entry.term)]
        + (hasAnswers ? [entry.answer?.label[format.language] ?? ""] : [])
      guard !entry.isWithheld else {
        return names + [words.withheldTerm]
          + Array(repeating: words.nothing, count: 4)
      }
      // Decimals that show a hundredth of the error.
      func number(_ value: Double) -> String {
        format.number(
          value * scale, decimals: decimals(for: entry.standardError.map { $0 * scale }))
      }
      return names + [
        entry.estimate.map(number) ?? words.leftOut,
        entry.interval.map { "\(number($0.low)) \(words.until) \(number($0.high))" }
          ?? words.nothing,
        entry.standardError.map(number) ?? words.nothing,
        entry.statistic.map { format.number($0, decimals: 2) } ?? words.nothing,
        entry.pValue.map(format.pValue) ?? words.nothing,
      ]
    }
    return ShownTable.Grid(columns: columns, rows: rows)
  }

  var tests: ShownTable.Grid {
    let columns =
      [ShownTable.Column(heading: words.test, isNumeric: false)]
      + ["F", words.degrees, "p"].map { .init(heading: $0, isNumeric: true) }
    let rows = model.tests.map { test in
      [
        test.term, test.statistic.map { format.number($0, decimals: 2) } ?? words.nothing,
        "\(format.shortest(test.df1)); "
          + (test.df2.isFinite ? format.shortest(test.df2) : "\u{221E}"),
        test.pValue.map(format.pValue) ?? words.nothing,
      ]
    }
    return ShownTable.Grid(columns: columns, rows: rows)
  }

  func means(of cells: [Cell], level: Double) -> ShownTable.Grid {
    let headings = [
      model.isOfShare ? words.adjustedShare : words.adjustedMean, words.interval(level, format),
      model.isOfShare ? words.standardErrorOfShare : words.standardError,
    ]
    let hasAnswers = cells.contains { $0.category != nil }
    let columns =
      ([words.group, words.answer] + (hasAnswers ? [model.outcome] : [])).map {
        ShownTable.Column(heading: $0, isNumeric: false)
      }
      + headings.map { .init(heading: $0, isNumeric: true) }
    let rows = cells.map { cell -> [String] in
      let group = cell.group[0]
      let names =
        [group.column, group.label[format.language]]
        + (hasAnswers ? [cell.label[format.language]] : [])
      guard cell.suppression == nil else {
        return names + [words.withheldTerm, words.nothing, words.nothing]
      }
      let scale = model.isOfShare ? 100.0 : 1
      let estimate = cell.estimate
      let places =
        model.isOfShare
        ? format.decimals : decimals(for: estimate.standardError)
      func number(_ value: Double) -> String { format.number(value * scale, decimals: places) }
      return names + [
        estimate.value.map {
          model.isOfShare ? format.percent($0) : number($0)
        } ?? words.nothing,
        estimate.interval.map { "\(number($0.low))\u{2013}\(number($0.high))" } ?? words.nothing,
        estimate.standardError.map { format.number($0 * scale, decimals: places + 1) }
          ?? words.nothing,
      ]
    }
    return ShownTable.Grid(columns: columns, rows: rows)
  }

  private func decimals(for error: Double?) -> Int {
    var decimals = 0
    var unit = (error ?? 1) / 10
    while unit < 1, decimals < 8, unit > 0 {
      unit *= 10
      decimals += 1
    }
    return decimals
  }
}

extension TableWords {
  var term: String { choose("led", "term") }
  var test: String { choose("Wald-test af", "Wald test of") }
  var degrees: String { choose("frihedsgrader", "df") }
  var coefficient: String { choose("koefficient", "coefficient") }
  var effect: String { choose("gennemsnitlig virkning", "average effect") }
  var effectOnShare: String {
    choose("gennemsnitlig virkning (pct.point)", "average effect (pp)")
  }
  var adjustedShare: String { choose("justeret andel", "adjusted share") }
  var adjustedMean: String { choose("justeret gennemsnit", "adjusted mean") }
  var leftOut: String { choose("udeladt", "left out") }
  var withheldTerm: String { choose("tilbageholdt", "withheld") }

  func termName(_ name: String) -> String {
    name == "(intercept)" ? choose("(konstant)", "(intercept)") : name
  }

  func model(_ family: String) -> String {
    switch family {
    case "logistic": choose("Logistisk regression", "Logistic regression")
    case "poisson": choose("Poisson-regression", "Poisson regression")
    case "ordinal": choose("Ordinal regression (proportionale odds)", "Proportional odds")
    default: choose("Lineær regression", "Linear regression")
    }
  }

  func converged(_ model: ModelSummary, _ format: NumberFormat) -> String {
    let count = format.count(model.iterations)
    let errors = choose("Standardfejl fra designet (sandwich).", "Design-based errors (sandwich).")
    return choose("Konvergeret (\(count) iterationer). ", "Converged (iterations: \(count)). ")
      + errors
  }
}
