import SurveyData

/// Weights that make up for those who were invited and did not answer: base weight times the factor
/// of the weighting class, or divided by the response propensity.
public struct NonresponseAdjustment: Sendable {
  public let description: NonresponseDescription
  public let members: InvitedMembers
  /// The weighting classes, or the classes of propensity; empty where each member has a factor of
  /// their own.
  public let classes: [WeightingClass]
  /// The columns that make the weighting classes; empty of propensities.
  public let classColumns: [String]
  public let propensity: ResponsePropensity?
  /// Base weights by row of the answers; NaN for rows that are out of the design.
  public let baseWeights: NumericColumn
  /// New over base weight by row of the answers; NaN likewise.
  public let factors: NumericColumn
  /// Base weights times factors.
  public let weights: NumericColumn
  /// The class of each row of the answers; `nil` without classes.
  public let classColumn: CategoricalColumn?
  public let respondents: Int

  /// - Parameters:
  ///   - answers: the rows that get weights, with the id; without an id, with the columns of the
  ///     classes and the base weights.
  ///   - kept: the rows in the design; `nil`: all.
  /// - Throws: a `NonresponseError` that names the class or the member and the numbers.
  public init(
    _ description: NonresponseDescription, members: InvitedMembers, answers: Dataset,
    keeping kept: Domain? = nil
  ) throws {
    self.description = description
    self.members = members
    let file = members.register.source.path
    let rows = kept?.rows(inside: true) ?? Array(0..<answers.rowCount)
    respondents = rows.count
    guard respondents > 0, members.hasAnswered.contains(true) else {
      throw NonresponseError.oneOutcome(everybody: false, file: file)
    }
    var memberOfRow = [Int?](repeating: nil, count: answers.rowCount)
    for (member, row) in members.answerRows.enumerated() {
      if let row { memberOfRow[row] = member }
    }

    var classes: WeightingClasses?
    switch description.method {
    case .classes(let columns):
      propensity = nil
      classes = try WeightingClasses(columns, collapse: description.collapse, members: members)
    case .propensity(let terms, let categorical, let count):
      guard !members.answerRows.isEmpty else { throw NonresponseError.modelNeedsID }
      let propensity = try ResponsePropensity(
        terms: terms, categorical: categorical, members: members)
      self.propensity = propensity
      classes = count.map {
        WeightingClasses(propensity.propensities, count: $0, members: members)
      }
    }
    try classes?.require(description, in: file)
    self.classes = classes?.classes ?? []
    classColumns = classes?.columns ?? []

    var bases = [Double](repeating: .nan, count: answers.rowCount)
    var factors = bases
    var classOfAnswer = [Int](repeating: -1, count: answers.rowCount)
    if members.answerRows.isEmpty {
      let matched = try Self.classes(of: answers, rows, classes!, members)
      classOfAnswer = matched.classes
      bases = matched.bases
      for row in classOfAnswer.indices where classOfAnswer[row] >= 0 {
        factors[row] = classes!.classes[classOfAnswer[row]].factor
      }
    } else {
      for row in rows {
        let member = memberOfRow[row]!
        bases[row] = members.baseWeights[member]
        if let classes {
          classOfAnswer[row] = classes.classOfRow[member]
          factors[row] = classes.classes[classOfAnswer[row]].factor
        } else {
          factors[row] = 1 / propensity!.propensities[member]
          if let largest = description.largestFactor, factors[row] > largest {
            throw NonresponseError.largeMemberFactor(
              factor: factors[row], largest: largest, place: answers.source.place(ofRow: row),
              register: members.register.source.place(ofRow: member))
          }
        }
      }
    }
    baseWeights = NumericColumn(bytes: Bytes(bases))
    self.factors = NumericColumn(bytes: Bytes(factors))
    weights = NumericColumn(bytes: Bytes(zip(bases, factors).map { $0 * $1 }))
    classColumn = classes.map { classes in
      let missing = classes.classes.count
      return CategoricalColumn(
        categories: classes.classes.map { Category(code: $0.name) }
          + [Category(code: "", missing: .notAsked)],
        indices: classOfAnswer.map { $0 < 0 ? missing : $0 })
    }
  }

  /// The classes of respondents who are told apart by nothing but their class: each class must have as
  /// many of them as the register says answered.
  private static func classes(
    of answers: Dataset, _ rows: [Int], _ classes: WeightingClasses, _ members: InvitedMembers
  ) throws -> (classes: [Int], bases: [Double]) {
    let sources = try classes.columns.map { try answers.categories($0) }
    var found = [Int](repeating: -1, count: answers.rowCount)
    var counts = [Int](repeating: 0, count: classes.classes.count)
    for row in rows {
      let cells = sources.map { $0.categories[$0.index(at: row)] }
      let place = answers.source.place(ofRow: row)
      if let empty = cells.firstIndex(where: { $0.missing != nil }) {
        throw NonresponseError.missingClassOfRespondent(
          column: classes.columns[empty], place: place)
      }
      let codes = cells.map(\.code)
      guard let index = classes.position(of: codes) else {
        throw NonresponseError.classNotInRegister(
          columns: classes.columns.joined(separator: ":"), code: codes.joined(separator: ":"),
          register: members.register.source.path, place: place)
      }
      found[row] = index
      counts[index] += 1
    }
    for (one, count) in zip(classes.classes, counts) where one.respondents != count {
      throw NonresponseError.respondentsDiffer(
        name: "\(classes.columns.joined(separator: ":")) = \(one.name)",
        register: one.respondents, answers: count, file: answers.source.path,
        registerFile: members.register.source.path)
    }
    guard let name = members.description.weight else {
      return (found, found.map { $0 < 0 ? .nan : 1 })
    }
    let bases = try answers.numbers(name).withValues { span in span.indices.map { span[$0] } }
    if let row = bases.indices.first(where: { found[$0] >= 0 && !(bases[$0] > 0) }) {
      throw NonresponseError.noBaseWeight(
        column: name, value: bases[row].isNaN ? nil : bases[row],
        place: answers.source.place(ofRow: row))
    }
    return (found, found.indices.map { found[$0] < 0 ? .nan : bases[$0] })
  }

  /// The weights of the adjustment alone, where no margins follow.
  ///
  /// - Parameter base: the column of base weights; `nil` where all are 1.
  public func fitted(base: String?) -> FittedWeights {
    var total = Compensated()
    var start = Compensated()
    weights.withValues { weights in
      baseWeights.withValues { bases in
        for row in weights.indices where !weights[row].isNaN {
          total.add(weights[row])
          start.add(bases[row])
        }
      }
    }
    let rows = weights.rowCount
    return FittedWeights(
      description: WeightingDescription(
        targets: MarginTargets(path: members.register.source.path), startWeight: base),
      weights: weights, startWeights: baseWeights,
      groups: [
        FittedWeights.Group(
          code: nil, respondents: respondents, population: total.value, startTotal: start.value,
          iterations: 0, error: 0, isConverged: true, margins: [], totals: [], trimming: nil)
      ], datasetRowCount: rows, rowsOutside: rows - respondents)
  }

  /// Weighting classes as the margin that later commands take residuals from.
  ///
  /// - Parameters:
  ///   - column: the column of classes, beside the answers.
  ///   - base: the column of base weights; `nil` where all are 1.
  public func postStratification(on column: String, base: String?) -> WeightingDescription {
    let place = SourcePlace(file: members.register.source.path)
    return .ofClasses(
      column, base: base, path: place.file,
      cells: classes.map { .init(codes: [$0.name], amount: $0.eligible, place: place) })
  }
}
