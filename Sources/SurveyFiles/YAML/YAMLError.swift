import SurveyData

/// What is wrong with a YAML file, before its meaning is looked at.
public enum YAMLError: InputFault {
  case missing(file: String)
  case unreadable(file: String)
  case empty(file: String)
  case notUTF8(SourcePlace)
  case syntax(problem: String, place: SourcePlace)
  case duplicateKey(String, first: SourcePlace, place: SourcePlace)
  case unknownKey(String, of: String, nearest: String?, known: [String], place: SourcePlace)
  case missingKey(String, of: String, place: SourcePlace)
  case noValue(String, place: SourcePlace)
  case wrongKind(String, expected: YAMLKind, found: YAMLKind, place: SourcePlace)
  case unknownWord(String, of: String, nearest: String?, words: [String], place: SourcePlace)
  case notANumber(String, of: String, expected: ExpectedNumber, place: SourcePlace)
  case notADate(String, of: String, place: SourcePlace)
  case wrongOrder(String, after: String, place: SourcePlace)
  case wrongKeys(String, expected: [String], place: SourcePlace)
  case tooFew(String, place: SourcePlace)
  case wrongCount(String, expected: Int, found: Int, place: SourcePlace)
  case belowLeast(String, of: String, least: String, place: SourcePlace)
  /// A name or a code that does not fit the crossing; without columns, the name of a margin itself.
  case crossing(String, columns: [String]?, place: SourcePlace)

  /// What a number may be.
  public enum ExpectedNumber: Sendable {
    case number
    case wholeNumber(atLeast: Int)
  }

  public var fault: Fault {
    switch self {
    case .missing, .unreadable: .input
    default: .data
    }
  }

  public var description: String { inOneLine(sentence) }

  private var sentence: String {
    switch self {
    case .missing(let file): "\(file): there is no such file."
    case .unreadable(let file): "\(file): the file cannot be read."
    case .empty(let file): "\(file): the file is empty."
    case .notUTF8(let place): "\(place): the text is not valid UTF-8. Save the file as UTF-8."
    case .syntax(let problem, let place): "\(place): \(explained(problem))"
    case .duplicateKey(let key, let first, let place):
      "\(place): the key '\(key)' stands twice, first on line \(first.line ?? 0). Keep one of them."
    case .unknownKey(let key, let owner, let nearest, let known, let place):
      "\(place): '\(key)' is no key of \(owner). "
        + (nearest.map { "Did you mean '\($0)'?" } ?? "Its keys: \(list(known)).")
    case .missingKey(let key, let owner, let place):
      "\(place): \(owner) needs the key '\(key)'."
    case .noValue(let name, let place):
      "\(place): \(name) has no value. Give it one, or take the key out."
    case .wrongKind(let name, let expected, let found, let place):
      "\(place): \(name) must be \(expected), not \(found). \(expected.example)"
    case .unknownWord(let word, let name, let nearest, let words, let place):
      "\(place): '\(word)' is no word for \(name). "
        + (nearest.map { "Did you mean '\($0)'? " } ?? "") + "The words: \(list(words))."
    case .notANumber(let text, let name, let expected, let place):
      switch expected {
      case .number:
        "\(place): \(name) must be a number with a decimal point, not '\(text)'."
      case .wholeNumber(let least):
        "\(place): \(name) must be a whole number of at least \(least), written in digits alone, "
          + "not '\(text)'."
      }
    case .notADate(let text, let name, let place):
      "\(place): \(name) must be a day, written year-month-day as 2022-05-02, not '\(text)'."
    case .wrongOrder(let text, let earlier, let place):
      "\(place): '\(text)' must come after '\(earlier)'."
    case .wrongKeys(let owner, let expected, let place):
      "\(place): \(owner) needs exactly one of the keys \(list(expected))."
    case .wrongCount(let name, let expected, let found, let place):
      "\(place): \(name) must be a list of \(expected), not of \(found)."
    case .belowLeast(let text, let name, let least, let place):
      "\(place): \(name) must be \(least), not \(text)."
    case .crossing(let name, nil, let place):
      "\(place): '\(name)' names no crossing. Write different columns with a colon between them, "
        + "as \"region:sex\"."
    case .crossing(let code, let columns?, let place):
      "\(place): '\(code)' is no category of \(columns.joined(separator: ":")), which wants "
        + "\(columns.count) codes with a colon between them, as "
        + "\"\((1...columns.count).map { "\($0)" }.joined(separator: ":"))\"."
    case .tooFew(let name, let place): "\(place): \(name) is empty. List at least one."
    }
  }

  private func list(_ words: [String]) -> String { words.joined(separator: ", ") }
}

/// The kinds of nodes, as messages name them.
public enum YAMLKind: Sendable, CustomStringConvertible {
  case text, list, mapping

  public var description: String {
    switch self {
    case .text: "a text"
    case .list: "a list"
    case .mapping: "a mapping of keys to values"
    }
  }

  /// How one is written.
  var example: String {
    switch self {
    case .text: "Put a text that holds a colon or begins with a bracket in quotation marks."
    case .list: "Write it as [a, b] or with a dash before each."
    case .mapping: "Write it as {key: value} or one key: value a line."
    }
  }
}

/// The parser's complaint in a sentence that says what to do.
private func explained(_ problem: String) -> String {
  switch problem {
  case let text where text.hasPrefix("mapping values are not allowed"):
    "a colon stands where no key can be. Put a text that holds a colon in quotation marks, "
      + "and check the indentation."
  case let text where text.hasPrefix("found character that cannot start any token"):
    "a value cannot begin with this character. Put the text in quotation marks, and indent with "
      + "spaces, not tabs."
  case let text where text.hasPrefix("found a tab character"):
    "a tab stands in the indentation. Indent with spaces."
  case let text where text.hasPrefix("did not find expected key"):
    "a key is expected here. Indent it like its neighbours, and let nothing follow a closing "
      + "quotation mark."
  case let text where text.hasPrefix("could not find expected ':'"):
    "a key before this has no colon, or a text over several lines is not indented."
  case let text where text.hasPrefix("did not find expected '-'"):
    "an entry of the list is expected here: a dash, indented like the others."
  case let text where text.hasPrefix("did not find expected ',' or"):
    "a comma or the closing bracket is missing before this."
  case let text where text.hasPrefix("found unexpected end of stream"):
    "the quotation mark that opens here is never closed."
  case let text where text.hasPrefix("found unexpected document indicator"):
    "the quotation mark that opens here is never closed."
  case let text where text.hasPrefix("found unknown escape character"):
    "this is no escape that double quotation marks know. Use single ones, or double the backslash."
  case let text where text.hasPrefix("found undefined alias"):
    "a star refers to an anchor, and there is none of this name. Put the text in quotation marks."
  case let text where text.hasPrefix("but found another document"):
    "a second document begins here. Keep one in the file."
  default: "this is not valid YAML: \(problem)."
  }
}
