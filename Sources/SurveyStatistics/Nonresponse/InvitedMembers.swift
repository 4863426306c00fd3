import SurveyData

/// A register of those invited, held against the answers: what became of each member, and what each
/// counts.
public struct InvitedMembers: Sendable {
  public let description: ResponseDescription
  public let register: Dataset
  /// By row of the register.
  public let dispositions: [Disposition]
  /// Base weights by row of the register; 1 where there are none.
  public let baseWeights: [Double]
  /// e: the share of those of unknown eligibility that is taken for eligible.
  public let eligibleShare: Double
  /// By row of the register: the member's row of the answers; empty without an id.
  let answerRows: [Int?]
  /// Whether a member's answers are among those that are weighted, by row of the register.
  let hasAnswered: [Bool]

  /// - Parameters:
  ///   - register: with at least the columns that the description names.
  ///   - answers: with the id, where members are told apart by one.
  ///   - kept: the rows of the answers that are in the design; `nil`: all.
  /// - Throws: a `NonresponseError` that names the file, the line, the column and the value.
  public init(
    _ description: ResponseDescription, register: Dataset, answers: Dataset?,
    keeping kept: Domain? = nil
  ) throws {
    self.description = description
    self.register = register
    var known: [Disposition]? = try Self.dispositions(description.source, in: register)
    if let id = description.id, let answers {
      let match = try IDMatch(id, register: register, answers: answers, keeping: kept)
      answerRows = match.answerRows
      hasAnswered = answerRows.map { $0 != nil }
      if let known {
        try Self.requireAgreement(known, match, description, register: register, answers: answers)
      } else {
        known = answerRows.map { $0 == nil ? .nonContact : .complete }
      }
    } else {
      guard let known else { throw NonresponseError.nobodyKnown(register: register.source.path) }
      answerRows = []
      hasAnswered = known.map(\.isRespondent)
    }
    let dispositions = known!
    self.dispositions = dispositions
    baseWeights = try Self.baseWeights(description, in: register)
    var totals = DispositionTotals()
    for row in dispositions.indices { totals.add(dispositions[row], baseWeights[row]) }
    eligibleShare = description.eligibleShare ?? totals.eligibleShare ?? 1
    try requireSameBaseWeights(in: answers)
  }

  /// What a member counts among the eligible: the base weight of one who is known to be eligible, e
  /// times that of one who may be, and 0.
  public func eligibleWeight(_ row: Int) -> Double {
    let disposition = dispositions[row]
    return disposition.isEligible
      ? baseWeights[row] : disposition.isUnknown ? eligibleShare * baseWeights[row] : 0
  }

  /// The same for every row of the register.
  public var eligibleWeights: [Double] { dispositions.indices.map(eligibleWeight) }

  /// Everybody's dispositions, each counting 1 or the base weight.
  public func totals(weighted: Bool = false) -> DispositionTotals {
    var totals = DispositionTotals()
    for row in dispositions.indices {
      totals.add(dispositions[row], weighted ? baseWeights[row] : 1)
    }
    return totals
  }

  // MARK: Reading the register

  /// `nil` where the register does not say.
  private static func dispositions(
    _ source: ResponseDescription.Source, in register: Dataset
  ) throws -> [Disposition]? {
    switch source {
    case .answers: return nil
    case .indicator(let name):
      let column = try register.categories(name)
      return try dispositions(column, name: name, in: register) { code in
        code == "1" ? .complete : code == "0" ? .nonContact : nil
      } otherwise: { value, place in
        .notZeroOne(column: name, value: value, place: place)
      }
    case .dispositions(let name, let codes):
      let column = try register.categories(name)
      let written = codes.keys.sorted() + Disposition.words.map(\.word)
      return try dispositions(column, name: name, in: register) { code in
        codes[code] ?? Disposition(code: code)
      } otherwise: { value, place in
        .unknownDisposition(
          column: name, value: value, nearest: nearestName(to: value, among: written), place: place)
      }
    }
  }

  private static func dispositions(
    _ column: CategoricalColumn, name: String, in register: Dataset,
    _ meaning: (String) -> Disposition?, otherwise: (String, RowPlace) -> NonresponseError
  ) throws -> [Disposition] {
    let meanings = column.categories.map { $0.missing == nil ? meaning($0.code) : nil }
    return try (0..<column.rowCount).map { row in
      let index = column.index(at: row)
      guard let disposition = meanings[index] else {
        throw otherwise(column.categories[index].code, register.source.place(ofRow: row))
      }
      return disposition
    }
  }

  private static func baseWeights(
    _ description: ResponseDescription, in register: Dataset
  ) throws -> [Double] {
    guard let name = description.weight else {
      return Array(repeating: 1, count: register.rowCount)
    }
    let weights = try register.numbers(name).withValues { span in span.indices.map { span[$0] } }
    if let row = weights.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
      throw NonresponseError.noBaseWeight(
        column: name, value: weights[row].isNaN ? nil : weights[row],
        place: register.source.place(ofRow: row))
    }
    return weights
  }

  // MARK: Register and answers

  /// What the register says of a member and what the answers show must not contradict each other.
  private static func requireAgreement(
    _ known: [Disposition], _ match: IDMatch, _ description: ResponseDescription,
    register: Dataset, answers: Dataset
  ) throws {
    for row in known.indices {
      if let answer = match.answerRows[row], !known[row].isRespondent {
        throw NonresponseError.answeredAgainstRegister(
          id: match.code(row), disposition: known[row],
          answers: answers.source.place(ofRow: answer), register: register.source.place(ofRow: row))
      }
      if match.answerRows[row] == nil, known[row] == .complete, !match.isDropped(row) {
        throw NonresponseError.noAnswersOfRespondent(
          id: match.code(row), answers: answers.source.path,
          register: register.source.place(ofRow: row))
      }
    }
  }

  /// Base weights that stand in the answers too are those of the register.
  private func requireSameBaseWeights(in answers: Dataset?) throws {
    guard let name = description.weight, let answers, answers[name] != nil, !answerRows.isEmpty
    else { return }
    let own = try answers.numbers(name)
    for (row, answer) in answerRows.enumerated() {
      guard let answer else { continue }
      let value = own.withValues { $0[answer] }
      guard !(abs(value - baseWeights[row]) <= 1e-9 * baseWeights[row]) else { continue }
      throw NonresponseError.baseWeightsDiffer(
        column: name, answers: value.isNaN ? nil : value, register: baseWeights[row],
        place: answers.source.place(ofRow: answer), other: register.source.place(ofRow: row))
    }
  }
}

/// Who is who, in the register and in the answers.
private struct IDMatch {
  private let column: CategoricalColumn
  /// By row of the register: the row of the answers.
  let answerRows: [Int?]
  /// The ids of rows that are out of the design: test answers and duplicates, not held to anything.
  private let droppedIDs: Set<String>

  init(_ id: String, register: Dataset, answers: Dataset, keeping kept: Domain?) throws {
    column = try register.categories(id)
    guard answers[id] != nil else {
      throw NonresponseError.noIDInAnswers(
        column: id, answers: answers.source.path,
        nearest: nearestName(to: id, among: answers.source.columnNames ?? []))
    }
    let members = try Self.rows(column, id: id, of: register, keeping: nil)
    let own = try answers.categories(id)
    var answerRows = [Int?](repeating: nil, count: register.rowCount)
    let rows = try Self.rows(own, id: id, of: answers, keeping: kept)
    var found: [(row: Int, member: Int?)] = rows.map { (row: $0.value, member: members[$0.key]) }
    found.sort { $0.row < $1.row }
    for (row, member) in found {
      guard let member else {
        throw NonresponseError.notInRegister(
          id: own.categories[own.index(at: row)].code, column: id,
          register: register.source.path, place: answers.source.place(ofRow: row))
      }
      answerRows[member] = row
    }
    self.answerRows = answerRows
    let dropped = kept?.rows(inside: false) ?? []
    droppedIDs = Set(dropped.map { own.categories[own.index(at: $0)].code })
  }

  /// Whether a member has answers that are out of the design.
  func isDropped(_ row: Int) -> Bool { droppedIDs.contains(code(row)) }

  func code(_ row: Int) -> String { column.categories[column.index(at: row)].code }

  /// The row of each id; each has one, and each row has one.
  private static func rows(
    _ column: CategoricalColumn, id: String, of dataset: Dataset, keeping kept: Domain?
  ) throws -> [String: Int] {
    var first = [Int](repeating: -1, count: column.categories.count)
    var rows: [String: Int] = [:]
    rows.reserveCapacity(column.rowCount)
    for row in kept?.rows(inside: true) ?? Array(0..<column.rowCount) {
      let index = column.index(at: row)
      let category = column.categories[index]
      guard category.missing == nil else {
        throw NonresponseError.noID(column: id, place: dataset.source.place(ofRow: row))
      }
      guard first[index] < 0 else {
        throw NonresponseError.repeatedID(
          category.code, column: id, first: dataset.source.place(ofRow: first[index]),
          place: dataset.source.place(ofRow: row))
      }
      first[index] = row
      rows[category.code] = row
    }
    return rows
  }
}

extension Domain {
  /// The rows that are in it, or those that are not.
  func rows(inside: Bool) -> [Int] {
    mask.withSpan(of: UInt8.self) { mask in
      mask.indices.filter { (mask[$0] == 1) == inside }
    }
  }
}
