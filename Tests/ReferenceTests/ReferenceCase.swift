import SurveyData
import SurveyFiles
import SurveyStatistics
import SurveyTables
import SurveyTestSupport
import Testing

/// One line of a reference table: a design and a question that R `survey` answered.
struct ReferenceCase {
  let row: [String: String]

  /// The lines of a table under `fixtures/reference/r-survey-4.1`.
  static func all(in table: String) throws -> [ReferenceCase] {
    try Fixture.table("reference/r-survey-4.1/\(table)").map { ReferenceCase(row: $0) }
  }

  private func text(_ column: String) -> String? {
    row[column].flatMap { $0.isEmpty ? nil : $0 }
  }

  private func list(_ column: String, separator: Character) -> [String] {
    (text(column) ?? "").split(separator: separator).map(String.init)
  }

  var name: String { row["case"] ?? "" }

  /// The design of the line; equal descriptions share a resolved survey.
  var designKey: String {
    [
      "data", "weight", "strata", "cluster", "fpc", "nest", "lonely", "domain_lonely",
      "replicate_columns", "replicate_method", "replicate_scale", "replicate_rscales", "rho", "mse",
      "calibration",
    ].map { row[$0] ?? "" }.joined(separator: "|")
  }

  func survey() throws -> ResolvedSurvey {
    var dataset = try readCSV(
      at: Fixture.path("data/\(row["data"]!)"), selecting: .all
    ).dataset
    var description = DesignDescription(
      weight: text("weight"), strata: list("strata", separator: ","),
      clusters: list("cluster", separator: ":").filter { $0 != "1" },
      finitePopulation: list("fpc", separator: ":"), isNested: text("nest") == "yes",
      lonelyPSU: text("lonely").map { LonelyPSU(rawValue: $0)! } ?? .fail,
      appliesLonelyPSUToDomains: text("domain_lonely") == "yes", replicates: replicates)
    if let weighting {
      let weights = try weighting.fitted(in: dataset).weights
      dataset = dataset.with([Column(name: "fitted", values: .numeric(weights))])
      description.weight = "fitted"
      description.weighting = weighting
    }
    return try ResolvedSurvey(dataset, design: description)
  }

  /// How the line's weights are fitted; `nil` where they stand in the data.
  var weighting: WeightingDescription? {
    guard text("calibration") != nil else { return nil }
    let place = SourcePlace(file: "calibration.csv")
    var targets = MarginTargets(path: "calibration.csv", variance: text("variance_column"))
    for margin in list("margins", separator: ";") {
      let parts = margin.split(separator: "|").map(String.init)
      func amount(_ text: String) -> (name: String, amount: Double) {
        let halves = text.split(separator: "=").map(String.init)
        return (halves[0], Double(halves[1])!)
      }
      if parts.count == 1 {
        let total = amount(parts[0])
        if total.name == "(intercept)" {
          targets.population = total.amount
        } else {
          targets.totals.append(.init(column: total.name, amount: total.amount, place: place))
        }
        continue
      }
      targets.margins.append(
        .init(
          columns: parts[0].split(separator: ":").map(String.init),
          cells: parts.dropFirst().map { cell in
            let (codes, amount) = amount(cell)
            return .init(
              codes: codes.split(separator: ":").map(String.init), amount: amount, place: place)
          }, place: place))
    }
    let low = row.number("bound_low")
    return WeightingDescription(
      method: WeightingMethod(rawValue: row["method"]!)!, targets: targets,
      startWeight: text("weight"), bounds: low.map { $0...row.number("bound_high")! })
  }

  private var replicates: ReplicateDescription? {
    guard let columns = text("replicate_columns") else { return nil }
    return ReplicateDescription(
      .columns([columns]), method: ReplicateMethod(rawValue: row["replicate_method"]!)!,
      scale: row.number("replicate_scale"),
      rscales: list("replicate_rscales", separator: ",").map { Double($0)! },
      rho: row.number("rho"), isCentredOnEstimate: text("mse") == "yes")
  }

  var inference: Inference {
    Inference(
      level: row.number("level") ?? 0.95,
      intervalMethod: text("interval_method").flatMap { IntervalMethod(rawValue: $0) } ?? .logit,
      designEffect: text("deff_kind").map { DesignEffectKind(rawValue: $0)! })
  }

  func question(_ statistic: Statistic) throws -> Question {
    Question(
      statistic, of: row["item"]!,
      by: text("by").map { [$0.split(separator: ":").map(String.init)] }
        ?? [], where: try text("where").map { try Expression($0) }, inference: inference)
  }

  /// The cell of a table that the line is about.
  func cell(in table: Table) -> Cell? {
    let group = list("group", separator: ":")
    return table.cells.first { cell in
      cell.group.map(\.code) == group && (text("category") ?? cell.category) == cell.category
    }
  }

  var net: NetChoice? { text("top").map { NetChoice($0) } }
}

extension ReferenceCase {
  /// Asks each line's question and compares the answer with R's.
  ///
  /// - Parameter statistic: what a line asks for; `nil` passes over it.
  /// - Returns: the number of lines compared.
  static func compareAll(
    in table: String, statistic: (ReferenceCase) -> Statistic?
  ) throws -> Int {
    try answerAll(in: table, statistic: statistic) { try $0.compare(with: $1) }
  }

  /// Asks each line's question, and hands over the answer.
  ///
  /// - Returns: the number of lines.
  static func answerAll(
    in table: String, statistic: (ReferenceCase) -> Statistic?,
    _ body: (ReferenceCase, Table) throws -> Void
  ) throws -> Int {
    var surveys: [String: ResolvedSurvey] = [:]
    var tables: [String: Table] = [:]
    var count = 0
    for reference in try all(in: table) {
      guard let statistic = statistic(reference) else { continue }
      let survey = try surveys[reference.designKey] ?? reference.survey()
      surveys[reference.designKey] = survey
      // Lines of one question differ in group, category and numbers alone.
      let key =
        reference.designKey
        + ["case", "item", "top", "interval_method"].map { reference.row[$0] ?? "" }.joined(
          separator: "|")
      let answer = try tables[key] ?? survey.table(answering: reference.question(statistic))
      tables[key] = answer
      try body(reference, answer)
      count += 1
    }
    return count
  }

  private func compare(with table: Table) throws {
    let place = "\(name) \(row["item"]!) \(row["group"]!) \(row["category"] ?? "")"
    let estimate = try #require(cell(in: table), Comment(rawValue: place)).estimate
    // R writes an interval of no width where the design leaves no sampling error; we write none.
    let isCertain = row.number("se") == 0 && estimate.caveats.contains(.noSamplingError)
    // R gives the error of one PSU against nothing (0 for a mean); we give none.
    let isOnePSU = estimate.caveats.contains(.onePSU)
    func check(_ column: String, _ ours: Double?) {
      guard let theirs = row.number(column), !theirs.isNaN else { return }
      if isOnePSU, column == "se" || column == "deff" { return }
      if let ours {
        expectClose(ours, theirs, relative: 1e-8, absolute: 1e-10, "\(place), \(column)")
      } else if !(isCertain && (column == "low" || column == "high")) {
        Issue.record("\(place): no \(column), R has \(theirs)")
      }
    }
    check("estimate", estimate.value)
    check("se", estimate.standardError)
    check("low", estimate.interval?.low)
    check("high", estimate.interval?.high)
    check("df", estimate.degreesOfFreedom)
    check("deff", estimate.designEffect)
  }
}
