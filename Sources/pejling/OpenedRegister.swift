import SurveyData
import SurveyFiles
import SurveyStatistics
import SurveyTables

/// Reads a register whole: ids, classes and margins as codes, base weights and what a response model
/// takes for numbers as such, under the labels and missing codes of the survey file.
///
/// - Parameters:
///   - numbers: columns that hold numbers.
///   - found: columns that are what they look like.
func openedRegister(
  at path: String, numbers: [String] = [], asFound found: [String] = [], file: SurveyFile? = nil
) throws -> Dataset {
  var roles: [String: ColumnRole] = [:]
  for name in try columnNames(of: path) { roles[name] = .category }
  for name in found where roles[name] != nil { roles[name] = .asFound }
  for name in numbers where roles[name] != nil { roles[name] = .number }
  let register = try readData(at: path, selecting: .only(roles)).dataset
  guard let file else { return register }
  let described = file.variables.map(\.variable).filter { register[$0.name] != nil }
  return try register.coded(
    by: Codebook(
      variables: Dictionary(
        described.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })))
}

extension InputData {
  /// Those in a register of the invited, held against the ids of the answers where they have one.
  ///
  /// - Parameter answers: a file of answers in place of the survey file's.
  func invitedMembers(
    _ description: ResponseDescription, answers: String? = nil
  ) throws -> InvitedMembers {
    try InvitedMembers(
      description,
      register: try openedRegister(
        at: description.register, numbers: description.weight.map { [$0] } ?? [], file: file),
      answers: try description.id.map { id in
        try answers.map { try readData(at: $0, selecting: .only([id: .category])).dataset }
          ?? read([id: .category])
      })
  }

  /// The outcome rates of the register that the survey file names.
  func responseRates() throws -> ResponseRates? {
    guard let file, let response = file.response else { return nil }
    return try ResponseRates(invitedMembers(response), disclosure: file.disclosure)
  }
}

/// The first stage of weights: non-response made up for, from the register of those invited.
struct NonresponseStage {
  let response: ResponseDescription
  let description: NonresponseDescription

  /// The columns of the register that are no codes.
  var numberNames: [String] { response.weight.map { [$0] } ?? [] }

  /// The columns of the register that a response model takes as they are.
  func foundNames(besides codes: [String]) throws -> [String] {
    guard case .propensity(let terms, let categorical, _) = description.method else { return [] }
    return try ModelTerms(parsing: terms).columnNames.filter {
      !categorical.contains($0) && !codes.contains($0)
    }
  }

  /// What must be read of the answers.
  func answerRoles(among known: [String]) -> [String: ColumnRole] {
    var roles: [String: ColumnRole] = [:]
    if let id = response.id {
      if known.contains(id) { roles[id] = .category }
    } else if case .classes(let columns) = description.method {
      for column in columns { roles[column] = .category }
    }
    if let weight = response.weight, known.contains(weight) || response.id == nil {
      roles[weight] = .number
    }
    return roles
  }

  /// The columns that stand beside weights of that name, by what they hold.
  static func columnNames(
    besides name: String, of adjustment: NonresponseDescription, hasBase: Bool, marginsFollow: Bool
  ) -> [String] {
    (hasBase ? [name + NonresponseDescription.baseSuffix] : [])
      + (adjustment.hasClasses ? [name + NonresponseDescription.classSuffix] : [])
      + (marginsFollow ? [name + NonresponseDescription.adjustedSuffix] : [])
  }

  /// The same with their values.
  func columns(
    of adjustment: NonresponseAdjustment, besides name: String, marginsFollow: Bool
  ) -> [Column] {
    var columns: [Column] = []
    if response.weight != nil {
      columns.append(
        Column(
          name: name + NonresponseDescription.baseSuffix, values: .numeric(adjustment.baseWeights)))
    }
    if let classes = adjustment.classColumn {
      columns.append(
        Column(name: name + NonresponseDescription.classSuffix, values: .categorical(classes)))
    }
    if marginsFollow {
      columns.append(
        Column(
          name: name + NonresponseDescription.adjustedSuffix, values: .numeric(adjustment.weights)))
    }
    return columns
  }

  /// What a survey file says so that later commands know of it: under `response:` and under
  /// `nonresponse:` of `weighting:`.
  var remembered: (response: String, nonresponse: String) {
    var keys = ["register: \(response.register)"]
    if let id = response.id { keys.append("id: \(id)") }
    switch response.source {
    case .answers: break
    case .indicator(let column): keys.append("answered: \(column)")
    case .dispositions(let column, let codes):
      keys.append("disposition: \(column)")
      if !codes.isEmpty {
        let pairs = codes.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value.rawValue)" }
        keys.append("codes: {\(pairs.joined(separator: ", "))}")
      }
    }
    if let weight = response.weight { keys.append("weight: \(weight)") }
    if let share = response.eligibleShare { keys.append("eligibleShare: \(shortestText(share))") }
    var own: [String] = []
    switch description.method {
    case .classes(let columns): own.append("classes: [\(columns.joined(separator: ", "))]")
    case .propensity(let terms, let categorical, let classes):
      own.append("model: \"\(terms)\"")
      if !categorical.isEmpty {
        own.append("categorical: [\(categorical.joined(separator: ", "))]")
      }
      if let classes { own.append("propensityClasses: \(classes)") }
    }
    return (keys.joined(separator: ", "), own.joined(separator: ", "))
  }
}
