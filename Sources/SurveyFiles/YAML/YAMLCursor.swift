import SurveyData

/// A node of a YAML file, read as what its owner expects; whatever else it is, is an error with
/// its line and column.
///
/// Scalars stay as they were written: `0101`, `No` and `1.50` are texts.
struct YAMLCursor {
  let node: YAMLNode
  /// What messages call the node: `variables.trust_politicians`, or "the survey file" at the root.
  let name: String
  let file: String
  var isRoot = true

  var place: SourcePlace { SourcePlace(file: file, mark: node.mark) }

  var kind: YAMLKind {
    switch node {
    case .mapping: .mapping
    case .sequence: .list
    case .scalar: .text
    }
  }

  /// Whether nothing was written after the key.
  private var isEmpty: Bool {
    if case .scalar(let text, .plain, _) = node {
      text.isEmpty
    } else {
      false
    }
  }

  private func require(_ expected: YAMLKind) throws(YAMLError) {
    if isEmpty { throw .noValue(name, place: place) }
    if kind != expected {
      throw .wrongKind(name, expected: expected, found: kind, place: place)
    }
  }

  fileprivate func child(_ node: YAMLNode, _ suffix: String) -> YAMLCursor {
    YAMLCursor(
      node: node, name: isRoot ? suffix : "\(name).\(suffix)", file: file, isRoot: false)
  }

  // MARK: Mappings

  /// Reads a mapping whose keys are known; a key that `read` does not take is an error.
  func mapping<Value>(_ read: (inout YAMLKeys) throws -> Value) throws -> Value {
    var keys = YAMLKeys(owner: self, entries: try entries())
    let value = try read(&keys)
    try keys.finish()
    return value
  }

  /// The entries of a mapping whose keys are the writer's own, in order.
  func entries() throws(YAMLError) -> [YAMLEntry] {
    try require(.mapping)
    var entries: [YAMLEntry] = []
    var places: [String: SourcePlace] = [:]
    guard case .mapping(let pairs, _) = node else { return [] }
    for (keyNode, value) in pairs {
      let place = SourcePlace(file: file, mark: keyNode.mark)
      guard let key = keyNode.text else {
        throw .wrongKind(
          "a key of \(name)", expected: .text, found: child(keyNode, "").kind, place: place)
      }
      if let first = places[key] { throw .duplicateKey(key, first: first, place: place) }
      places[key] = place
      entries.append(YAMLEntry(key: key, place: place, value: child(value, key)))
    }
    return entries
  }

  // MARK: Lists

  /// The entries of a list.
  func list() throws(YAMLError) -> [YAMLCursor] {
    try require(.list)
    guard case .sequence(let items, _) = node else { return [] }
    return items.enumerated().map { index, node in
      YAMLCursor(node: node, name: "\(name)[\(index + 1)]", file: file, isRoot: false)
    }
  }

  /// The entries of a list of at least one.
  func filledList() throws(YAMLError) -> [YAMLCursor] {
    let list = try list()
    if list.isEmpty { throw .tooFew(name, place: place) }
    return list
  }

  /// The entries of a list; a single text stands for a list of one.
  func listOrText() throws(YAMLError) -> [YAMLCursor] {
    kind == .text && !isEmpty ? [self] : try list()
  }

  // MARK: Scalars

  /// The text as written; an empty text only where it is in quotation marks.
  func text() throws(YAMLError) -> String {
    try require(.text)
    return node.text ?? ""
  }

  func wholeNumber(atLeast least: Int = 0) throws(YAMLError) -> Int {
    let text = try text()
    guard text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(text), number >= least
    else { throw .notANumber(text, of: name, expected: .wholeNumber(atLeast: least), place: place) }
    return number
  }

  func number() throws(YAMLError) -> Double {
    let text = try text()
    guard let number = decimalNumber(text) else {
      throw .notANumber(text, of: name, expected: .number, place: place)
    }
    return number
  }

  func flag() throws(YAMLError) -> Bool { try word(among: ["true", "false"]) == "true" }

  /// One of the cases of an enumeration, by its word.
  func word<Word: RawRepresentable & CaseIterable>(
    of type: Word.Type
  ) throws(YAMLError) -> Word where Word.RawValue == String {
    Word(rawValue: try word(among: Word.allCases.map(\.rawValue)))!
  }

  func word(among words: [String]) throws(YAMLError) -> String {
    let text = try text()
    guard words.contains(text) else {
      throw .unknownWord(
        text, of: name, nearest: nearestName(to: text, among: words), words: words, place: place)
    }
    return text
  }

  /// A day of the calendar, kept as written.
  func date() throws(YAMLError) -> String {
    let text = try text()
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.count) == [4, 2, 2],
      parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
      (1...12).contains(month), (1...dayCount(of: month, in: year)).contains(day)
    else { throw .notADate(text, of: name, place: place) }
    return text
  }

  /// A text for both languages, or one for each: `{da: …, en: …}`.
  func localizedText() throws -> LocalizedText {
    guard kind == .mapping else { return LocalizedText(try text()) }
    return try mapping { keys in
      let result = LocalizedText(
        da: try keys.take("da")?.text(), en: try keys.take("en")?.text())
      if result.da == nil, result.en == nil {
        try keys.finish()
        throw YAMLError.missingKey("da", of: name, place: place)
      }
      return result
    }
  }
}

/// A key with its value.
struct YAMLEntry {
  let key: String
  let place: SourcePlace
  let value: YAMLCursor
}

/// The keys of a mapping, taken one by one.
struct YAMLKeys {
  let owner: YAMLCursor
  private let entries: [YAMLEntry]
  private var asked: [String] = []

  fileprivate init(owner: YAMLCursor, entries: [YAMLEntry]) {
    self.owner = owner
    self.entries = entries
  }

  /// Whether a key is there; it still has to be taken.
  func has(_ key: String) -> Bool { entries.contains { $0.key == key } }

  /// The value of a key that may be left out.
  mutating func take(_ key: String) -> YAMLCursor? { takeEntry(key)?.value }

  mutating func takeEntry(_ key: String) -> YAMLEntry? {
    asked.append(key)
    return entries.first { $0.key == key }
  }

  mutating func require(_ key: String) throws(YAMLError) -> YAMLCursor {
    if let value = take(key) { return value }
    // A misspelt key is the likelier mistake.
    let untaken = entries.filter { !asked.contains($0.key) }
    if let near = nearestName(to: key, among: untaken.map(\.key)),
      let entry = untaken.first(where: { $0.key == near })
    {
      throw .unknownKey(near, of: owner.name, nearest: key, known: asked, place: entry.place)
    }
    throw .missingKey(key, of: owner.name, place: owner.place)
  }

  /// - Throws: for a key that was never asked for.
  func finish() throws(YAMLError) {
    guard let entry = entries.first(where: { !asked.contains($0.key) }) else { return }
    throw .unknownKey(
      entry.key, of: owner.name, nearest: nearestName(to: entry.key, among: asked), known: asked,
      place: entry.place)
  }
}

extension SourcePlace {
  init(file: String, mark: YAMLNode.Mark) {
    self.init(file: file, line: mark.line, column: mark.column)
  }
}

private func dayCount(of month: Int, in year: Int) -> Int {
  switch month {
  case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
  case 4, 6, 9, 11: 30
  default: 31
  }
}
