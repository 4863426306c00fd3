import SurveyData

/// Each member's estimated chance to answer: a logistic regression of response on columns of the
/// register, weighted by base weights, those of unknown eligibility by e times theirs (Rosenbaum and
/// Rubin 1983; Little 1986; R: `svyglm(family = quasibinomial)`).
public struct ResponsePropensity: Sendable {
  package let model: RegressionModel
  /// ρ̂ by row of the register; NaN for who is not eligible.
  let propensities: [Double]
  public let respondents: Spread
  public let nonrespondents: Spread
  /// The mean and the standard deviation of ρ̂ over the eligible, by base weights.
  public let mean: Double
  public let standardDeviation: Double

  /// R = 1 − 2·S(ρ̂): 1 where all are as likely to answer, 0 where some surely do and others surely
  /// do not (Schouten, Cobben and Bethlehem 2009).
  public var rIndicator: Double { 1 - 2 * standardDeviation }

  /// How propensities are spread over some members, each counting 1; quartiles by the rule hf7.
  public struct Spread: Sendable {
    public let members: Int
    public let mean: Double
    public let minimum: Double
    public let quartiles: [Double]
    public let maximum: Double

    /// - Precondition: there is at least one.
    init(_ values: [Double]) {
      let sorted = values.sorted()
      var sum = Compensated()
      for value in sorted { sum.add(value) }
      members = sorted.count
      mean = sum.value / Double(sorted.count)
      minimum = sorted[0]
      maximum = sorted[sorted.count - 1]
      quartiles = (1...3).map { quantile(sorted, $0, of: 4) }
    }
  }

  /// - Throws: a `NonresponseError` for a member without a value, columns that give each other, or
  ///   categories in which all or none answered; a `ModelError` for what else a model lacks.
  init(terms: String, categorical: [String], members: InvitedMembers) throws {
    let register = members.register
    let file = register.source.path
    let parsed = try ModelTerms(parsing: terms)
    let weights = members.eligibleWeights
    for name in parsed.columnNames {
      let validity = try register.column(name).validity
      if let row = weights.indices.first(where: {
        weights[$0] > 0 && validity.categories[validity.index(at: $0)].missing != nil
      }) {
        throw NonresponseError.missingVariable(
          column: name, place: register.source.place(ofRow: row))
      }
    }
    let answered = members.hasAnswered
    let outcome = NumericColumn(answered.map { $0 ? 1 : 0 })
    // No name of a column can be that of the weights.
    let weightName = "\u{0}weight"
    let dataset = register.with([Column(name: weightName, values: .numeric(NumericColumn(weights)))]
    )
    let design = try Design(
      DesignDescription(weight: weightName, lonelyPSU: .remove), in: dataset,
      keeping: Domain(weights.map { $0 > 0 }))
    do {
      model = try RegressionModel(
        ModelDescription(
          .number(outcome, name: "response"), family: .logistic, terms: parsed,
          categorical: Set(categorical)),
        in: dataset, design: design)
    } catch ModelError.separation(let term, _, let file) {
      throw NonresponseError.separation(term: term, file: file)
    } catch ModelError.oneOutcome(_, let value, let file) {
      throw NonresponseError.oneOutcome(everybody: value == "yes", file: file)
    }
    if !model.leftOut.isEmpty {
      throw NonresponseError.collinear(columns: model.leftOut, file: file)
    }
    let fitted = model.fittedMeans
    propensities = fitted
    let inside = fitted.indices.filter { !fitted[$0].isNaN }
    respondents = Spread(inside.filter { answered[$0] }.map { fitted[$0] })
    nonrespondents = Spread(inside.filter { !answered[$0] }.map { fitted[$0] })
    var total = Compensated()
    var sum = Compensated()
    for row in inside {
      total.add(weights[row])
      sum.add(weights[row] * fitted[row])
    }
    let mean = sum.value / total.value
    var squares = Compensated()
    for row in inside {
      squares.add(weights[row] * (fitted[row] - mean) * (fitted[row] - mean))
    }
    self.mean = mean
    standardDeviation = (squares.value / max(total.value - 1, .leastNormalMagnitude)).squareRoot()
  }
}
