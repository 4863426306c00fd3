import SurveyData

/// A register and answers that do not fit together, or classes that bear no weights.
public enum NonresponseError: InputFault {
  // The register by itself.
  case nobodyKnown(register: String)
  case noID(column: String, place: RowPlace)
  case repeatedID(String, column: String, first: RowPlace, place: RowPlace)
  case notZeroOne(column: String, value: String, place: RowPlace)
  case unknownDisposition(column: String, value: String, nearest: String?, place: RowPlace)
  case noBaseWeight(column: String, value: Double?, place: RowPlace)
  case missingVariable(column: String, place: RowPlace)

  // Against the answers.
  case noIDInAnswers(column: String, answers: String, nearest: String?)
  case notInRegister(id: String, column: String, register: String, place: RowPlace)
  case answeredAgainstRegister(
    id: String, disposition: Disposition, answers: RowPlace, register: RowPlace)
  case noAnswersOfRespondent(id: String, answers: String, register: RowPlace)
  case baseWeightsDiffer(
    column: String, answers: Double?, register: Double, place: RowPlace, other: RowPlace)
  case missingClassOfRespondent(column: String, place: RowPlace)
  case classNotInRegister(columns: String, code: String, register: String, place: RowPlace)
  case respondentsDiffer(
    name: String, register: Int, answers: Int, file: String, registerFile: String)

  // The adjustment.
  case modelNeedsID
  case oneOutcome(everybody: Bool, file: String)
  case smallClass(
    name: String, respondents: Int, invited: Int, smallest: Int, isByColumns: Bool, file: String)
  case largeFactor(
    name: String, factor: Double, respondents: Int, invited: Int, largest: Double,
    isByColumns: Bool, file: String)
  case largeMemberFactor(factor: Double, largest: Double, place: RowPlace, register: RowPlace)
  case unknownCollapse(name: String, code: String?, known: [String], file: String)
  case separation(term: String, file: String)
  case collinear(columns: [String], file: String)

  public var fault: Fault {
    switch self {
    case .nobodyKnown, .modelNeedsID: .usage
    default: .data
    }
  }

  public var description: String {
    switch self {
    case .nobodyKnown(let register):
      "\(register): nothing says who answered. Give --id, the column that the register and the "
        + "answers share, or the register's column --answered (1 or 0) or --disposition."
    case .noID(let column, let place):
      "\(place): '\(column)' is empty. Everyone has an id of their own; fill it in."
    case .repeatedID(let id, let column, let first, let place):
      "\(place): the id '\(id)' of '\(column)' stands there twice, first at \(first). Leave one of "
        + "the rows out."
    case .notZeroOne(let column, let value, let place):
      "\(place): '\(column)' \(value.isEmpty ? "is empty" : "is '\(value)'"), but it says who "
        + "answered: 1 for an answer, 0 for none. Correct it, or name the codes by --disposition "
        + "\(column) and --disposition-codes."
    case .unknownDisposition(let column, let value, let nearest, let place):
      "\(place): '\(column)' \(value.isEmpty ? "is empty" : "is '\(value)'"), which is no "
        + "disposition. "
        + (nearest.map { "The nearest word is '\($0)'. " } ?? "")
        + "Say what it means with --disposition-codes '\(value.isEmpty ? "CODE" : value)=NC' (codes: "
        + "in a survey file), one of I, P, R, NC, O, UH, UO and NE."
    case .noBaseWeight(let column, let value, let place):
      "\(place): the base weight '\(column)' is \(value.map(shortestText) ?? "missing"), but everyone "
        + "invited had a chance above 0 and counts for at least somebody. Correct it."
    case .missingVariable(let column, let place):
      "\(place): '\(column)' is empty or missing in the register, but all who were invited need it: "
        + "the adjustment for non-response is made from it. Fill it in, or leave the column out."
    case .noIDInAnswers(let column, let answers, let nearest):
      "\(answers): there is no column '\(column)' that says whose answers they are. "
        + (nearest.map { "The nearest name is '\($0)'. " } ?? "")
        + "Give --id the column that the register and the answers share; for answers without one, "
        + "leave --id out and give the register's --answered or --disposition."
    case .notInRegister(let id, let column, let register, let place):
      "\(place): '\(id)' of '\(column)' is not in the register \(register). Correct the id, add the "
        + "member, or leave the row out with --drop."
    case .answeredAgainstRegister(let id, let disposition, let answers, let register):
      "\(answers): '\(id)' has answered, but by the register (\(register)) the disposition is "
        + "\(disposition.rawValue). Correct the register, or leave the row out."
    case .noAnswersOfRespondent(let id, let answers, let register):
      "\(register): by the register '\(id)' has answered, but \(answers) has no such row. Correct the "
        + "register, or add the answers."
    case .baseWeightsDiffer(let column, let answers, let register, let place, let other):
      "\(place): '\(column)' is \(answers.map(shortestText) ?? "missing") here and "
        + "\(shortestText(register)) in the register (\(other)). Correct one of them, or take the "
        + "column out of the answers."
    case .missingClassOfRespondent(let column, let place):
      "\(place): '\(column)' is empty or missing, but the weighting classes are made from it. Fill it "
        + "in, or leave the row out with --drop."
    case .classNotInRegister(let columns, let code, let register, let place):
      "\(place): \(columns) = \(code) is no class of the register \(register): nobody there was "
        + "invited. Correct the answers or the register."
    case .respondentsDiffer(let name, let register, let answers, let file, let registerFile):
      "\(file): \(answers) answered in \(name), but \(register) by the register \(registerFile). "
        + "Correct one of them; with an --id the members are matched one by one."
    case .modelNeedsID:
      "--response-model gives each member a propensity of their own: it needs --id, the column that "
        + "the register and the answers share."
    case .oneOutcome(let everybody, let file):
      "\(file): \(everybody ? "everybody" : "nobody") who was invited answered, so there is nothing "
        + "to adjust for."
    case .smallClass(
      let name, let respondents, let invited, let smallest, let isByColumns, let file):
      "\(file): \(name) has \(count(respondents)) of \(invited) invited"
        + (respondents == 0
          ? ": no weights can stand for the others. "
          : ", fewer than \(smallest). ")
        + advice(isByColumns)
        + (respondents > 0 ? ", or set --smallest-class \(respondents)." : ".")
    case .largeFactor(
      let name, let factor, let respondents, let invited, let largest, let isByColumns, let file):
      "\(file): the factor of \(name) is \(fourDigits(factor)) (\(count(respondents)) of "
        + "\(invited) invited), above \(shortestText(largest)). " + advice(isByColumns)
        + ", or raise --largest-factor."
    case .largeMemberFactor(let factor, let largest, let place, let register):
      "\(place): this respondent's propensity (\(register)) gives a factor of \(fourDigits(factor)), "
        + "above \(shortestText(largest)). Take --propensity-classes, leave terms out, or raise "
        + "--largest-factor."
    case .unknownCollapse(let name, nil, let known, let file):
      "\(file): the collapse of '\(name)' is of no column of the classes. Columns: "
        + known.map { "'\($0)'" }.joined(separator: ", ") + "."
    case .unknownCollapse(let name, let code?, let known, let file):
      "\(file): the collapse of '\(name)' speaks of '\(code)', which is no code of it in the register."
        + (known.isEmpty
          ? "" : " Codes: " + known.prefix(12).map { "'\($0)'" }.joined(separator: ", ") + ".")
    case .separation(let term, let file):
      "\(file): '\(term)' separates those who answered from those who did not: among some members "
        + "everybody or nobody answered, so that no propensity between 0 and 1 exists. Merge its "
        + "categories, leave the term out, or take --response-classes."
    case .collinear(let columns, let file):
      "\(file): \(columns.map { "'\($0)'" }.joined(separator: ", ")) of the response model "
        + "\(columns.count == 1 ? "is" : "are") given by the columns before (collinear). Leave "
        + "\(columns.count == 1 ? "it" : "them") out of --response-model."
    }
  }

  private func advice(_ isByColumns: Bool) -> String {
    isByColumns
      ? "Take it together with another class (collapse: under nonresponse in a survey file), choose "
        + "fewer or coarser columns"
      : "Ask for fewer --propensity-classes"
  }

  private func count(_ respondents: Int) -> String {
    respondents == 0
      ? "no respondents" : respondents == 1 ? "1 respondent" : "\(respondents) respondents"
  }
}
