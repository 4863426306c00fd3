import SurveyData

/// Reads a claims file and checks all that can be checked without the data.
///
/// - Throws: a `YAMLError` or a `ClaimsFileError`; each names the file, the line and the column.
public func readClaimsFile(at path: String) throws -> ClaimsFile {
  let document = try YAMLDocument(at: path, called: "the claims file")
  var file = try ClaimsReader(path: path).file(document.root)
  file.sha256 = document.sha256
  return file
}

/// The same from bytes at hand, for tests; `path` is what messages call them.
package func claimsFile(of bytes: [UInt8], path: String) throws -> ClaimsFile {
  try ClaimsReader(path: path).file(
    YAMLDocument.root(of: bytes, file: path, called: "the claims file"))
}

/// What is wrong with a claims file beyond its form.
public enum ClaimsFileError: InputFault {
  case sameID(String, first: SourcePlace, place: SourcePlace)
  case notInSentence(String, place: SourcePlace)
  case noRounding(place: SourcePlace)
  case needsNumber(of: String, place: SourcePlace)
  case nothingPublished(id: String, place: SourcePlace)
  case noNet(item: String, place: SourcePlace)
  case noSurvey(place: SourcePlace)
  case badRounding(String, place: SourcePlace)
  case finerThanRounding(String, unit: Double, place: SourcePlace)
  case unknownClaim(String, nearest: String?, place: SourcePlace)

  public var fault: Fault { .data }

  public var description: String { inOneLine(sentence) }

  private var sentence: String {
    switch self {
    case .sameID(let id, let first, let place):
      "\(place): the id '\(id)' stands twice, first on line \(first.line ?? 0). Give each claim one of "
        + "its own."
    case .notInSentence(let text, let place):
      "\(place): '\(text)' does not stand in the sentence. Write the number or the phrase as it was "
        + "published."
    case .noRounding(let place):
      "\(place): a number needs the key 'rounding': the unit it was rounded to, as 0.1 for one "
        + "decimal, 1 for a whole number, 5 for the nearest five."
    case .needsNumber(let basis, let place):
      "\(place): \(basis) is held against a number. Give the claim the key 'number'."
    case .nothingPublished(let id, let place):
      "\(place): the claim '\(id)' says neither a 'number' nor a 'phrase'. Give it one of them."
    case .noNet(let item, let place):
      "\(place): a share of '\(item)' needs the key 'net': its codes, as \"1,2\", or the name of a net; "
        + "or give it 'statistic: mean'."
    case .noSurvey(let place):
      "\(place): this claim rests on a survey, and none is named. Put 'survey: survey.yaml' at the top "
        + "of the file or into the claim."
    case .badRounding(let text, let place):
      "\(place): 'rounding' must be above 0, as 0.1 or 5, not '\(text)'."
    case .finerThanRounding(let number, let unit, let place):
      "\(place): \(number) is not rounded to \(shortestText(unit)). Correct the number or its rounding."
    case .unknownClaim(let id, let nearest, let place):
      "\(place): no claim has the id '\(id)'." + (nearest.map { " The nearest is '\($0)'." } ?? "")
    }
  }
}

struct ClaimsReader {
  let path: String

  func file(_ cursor: YAMLCursor) throws -> ClaimsFile {
    try cursor.mapping { keys in
      let survey = try keys.take("survey").map(surveyPath)
      let list = try keys.require("claims").filledList()
      var places: [String: SourcePlace] = [:]
      let claims = try list.map { cursor in
        let claim = try self.claim(cursor, survey: survey)
        if let first = places[claim.id] {
          throw ClaimsFileError.sameID(claim.id, first: first, place: claim.place)
        }
        places[claim.id] = claim.place
        return claim
      }
      for case .arithmetic(.slightlyMore(let other)) in claims.map(\.basis)
      where places[other.text] == nil {
        throw ClaimsFileError.unknownClaim(
          other.text, nearest: nearestName(to: other.text, among: claims.map(\.id)),
          place: other.place)
      }
      return ClaimsFile(path: path, claims: claims)
    }
  }

  private static let bases = ["figure", "difference", "trend", "rank", "arithmetic", "cite"]

  private func claim(_ cursor: YAMLCursor, survey: ClaimedText?) throws -> Claim {
    try cursor.mapping { keys in
      let id = try keys.require("id")
      let sentence = try keys.require("sentence").text()
      let survey = try keys.take("survey").map(surveyPath) ?? survey
      let written = Self.bases.compactMap { name in keys.take(name).map { (name, $0) } }
      guard written.count == 1, let (name, value) = written.first else {
        throw YAMLError.wrongKeys(cursor.name, expected: Self.bases, place: cursor.place)
      }
      let basis: Claim.Basis =
        switch name {
        case "figure": .figure(try figure(value, survey: survey))
        case "difference": .difference(try difference(value, survey: survey))
        case "trend": .difference(try trend(value, survey: survey))
        case "rank": .rank(try rank(value, survey: survey))
        case "arithmetic": .arithmetic(try arithmetic(value, in: sentence))
        default: .cited(source: try value.text())
        }
      let published = try self.published(&keys, sentence: sentence, basis: basis, owner: cursor)
      let claim = Claim(
        id: try id.text(), sentence: sentence, basis: basis, published: published, place: id.place)
      if published == nil { try requireNothing(of: claim) }
      return claim
    }
  }

  /// A claim without a number or a phrase must be one that needs none.
  private func requireNothing(of claim: Claim) throws {
    switch claim.basis {
    case .cited, .arithmetic(.sum): return
    case .arithmetic: throw ClaimsFileError.needsNumber(of: "this arithmetic", place: claim.place)
    default: throw ClaimsFileError.nothingPublished(id: claim.id, place: claim.place)
    }
  }

  // MARK: What was published

  private func published(
    _ keys: inout YAMLKeys, sentence: String, basis: Claim.Basis, owner: YAMLCursor
  ) throws -> Claim.Published? {
    let number = keys.take("number")
    let phrase = keys.take("phrase")
    let rounding = keys.take("rounding")
    if number != nil, phrase != nil {
      throw YAMLError.wrongKeys(owner.name, expected: ["number", "phrase"], place: owner.place)
    }
    if let phrase {
      if let rounding {
        throw YAMLError.unknownKey(
          "rounding", of: "a claim with a phrase", nearest: nil,
          known: ["id", "sentence", "survey", "phrase"] + Self.bases, place: rounding.place)
      }
      switch basis {
      case .rank: throw ClaimsFileError.needsNumber(of: "a rank", place: phrase.place)
      case .arithmetic:
        throw ClaimsFileError.needsNumber(of: "this arithmetic", place: phrase.place)
      default: break
      }
      let text = try phrase.text()
      guard sentence.lowercased().contains(text.lowercased()) else {
        throw ClaimsFileError.notInSentence(text, place: phrase.place)
      }
      return .phrase(text, place: phrase.place)
    }
    guard let number else { return nil }
    let value = try number.number()
    let text = try number.text()
    let isRank = if case .rank = basis { true } else { false }
    // A rank may be said in words: "nummer to".
    guard isRank || numberStands(text, in: sentence) else {
      throw ClaimsFileError.notInSentence(text, place: number.place)
    }
    let unit = try rounding.map { cursor in
      let unit = try cursor.number()
      guard unit > 0 else {
        throw ClaimsFileError.badRounding(try cursor.text(), place: cursor.place)
      }
      return unit
    }
    if let unit, !isMultiple(value, of: unit) {
      throw ClaimsFileError.finerThanRounding(text, unit: unit, place: number.place)
    }
    if unit == nil, basis.needsRounding { throw ClaimsFileError.noRounding(place: number.place) }
    return .number(
      PublishedNumber(value: value, text: text, rounding: unit, place: number.place))
  }

  // MARK: What it rests on

  private func surveyPath(_ cursor: YAMLCursor) throws -> ClaimedText {
    let text = try cursor.text()
    guard !text.hasPrefix("/"), let slash = path.lastIndex(of: "/") else {
      return ClaimedText(text, place: cursor.place)
    }
    return ClaimedText(path[...slash] + text, place: cursor.place)
  }

  private func text(_ cursor: YAMLCursor) throws -> ClaimedText {
    ClaimedText(try cursor.text(), place: cursor.place)
  }

  private func figure(_ cursor: YAMLCursor, survey: ClaimedText?) throws -> ClaimedFigure {
    try cursor.mapping { keys in
      try figure(&keys, item: try text(keys.require("item")), survey: survey, owner: cursor)
    }
  }

  private func figure(
    _ keys: inout YAMLKeys, item: ClaimedText, survey: ClaimedText?, owner: YAMLCursor
  ) throws -> ClaimedFigure {
    guard let survey else { throw ClaimsFileError.noSurvey(place: owner.place) }
    let statistic =
      try keys.take("statistic")?.word(of: ClaimedFigure.Statistic.self) ?? .share
    let net = try keys.take("net").map(netText)
    if statistic == .share, net == nil {
      throw ClaimsFileError.noNet(item: item.text, place: item.place)
    }
    return ClaimedFigure(
      survey: survey, item: item, net: net, statistic: statistic,
      condition: try keys.take("where").map(text), wave: try keys.take("wave").map(text))
  }

  /// A name, codes in one text, or a list of codes.
  private func netText(_ cursor: YAMLCursor) throws -> ClaimedText {
    let codes = try cursor.listOrText().map { try $0.text() }
    guard !codes.isEmpty, codes.allSatisfy({ !$0.isEmpty }) else {
      throw YAMLError.tooFew(cursor.name, place: cursor.place)
    }
    return ClaimedText(codes.joined(separator: ","), place: cursor.place)
  }

  private func difference(
    _ cursor: YAMLCursor, survey: ClaimedText?
  ) throws -> ClaimedDifference {
    try cursor.mapping { keys in
      if let items = keys.take("items") {
        let list = try items.list()
        guard list.count == 2 else {
          throw YAMLError.wrongKind(
            items.name + " of exactly two columns", expected: .list, found: items.kind,
            place: items.place)
        }
        return ClaimedDifference(
          figure: try figure(&keys, item: text(list[0]), survey: survey, owner: cursor),
          sides: .items(to: try text(list[1])))
      }
      let item = try text(keys.require("item"))
      let by = try text(keys.require("by"))
      return ClaimedDifference(
        figure: try figure(&keys, item: item, survey: survey, owner: cursor),
        sides: .groups(
          by: by, from: try text(keys.require("from")), to: try text(keys.require("to"))))
    }
  }

  /// A difference between two waves.
  private func trend(_ cursor: YAMLCursor, survey: ClaimedText?) throws -> ClaimedDifference {
    try cursor.mapping { keys in
      let item = try text(keys.require("item"))
      let (from, to) = (try text(keys.require("from")), try text(keys.require("to")))
      var figure = try figure(&keys, item: item, survey: survey, owner: cursor)
      figure.wave = ClaimedText("all", place: from.place)
      return ClaimedDifference(
        figure: figure,
        sides: .groups(
          by: ClaimedText(SurveyFile.waveColumn, place: from.place), from: from, to: to))
    }
  }

  private func rank(_ cursor: YAMLCursor, survey: ClaimedText?) throws -> ClaimedRank {
    try cursor.mapping { keys in
      let item = try text(keys.require("item"))
      let by = try text(keys.require("by"))
      let group = try text(keys.require("group"))
      let order = try keys.take("first")?.word(among: ["highest", "lowest"]) ?? "highest"
      return ClaimedRank(
        figure: try figure(&keys, item: item, survey: survey, owner: cursor), by: by,
        group: group, isHighestFirst: order == "highest")
    }
  }

  private static let sums = ["denominator", "sum", "compound", "slightlyMore"]

  private func arithmetic(_ cursor: YAMLCursor, in sentence: String) throws -> ClaimedArithmetic {
    try cursor.mapping { keys in
      let written = Self.sums.compactMap { name in keys.take(name).map { (name, $0) } }
      guard written.count == 1, let (name, value) = written.first else {
        throw YAMLError.wrongKeys(cursor.name, expected: Self.sums, place: cursor.place)
      }
      switch name {
      case "denominator":
        return try value.mapping { keys in
          .denominator(
            base: try keys.take("base")?.wholeNumber(atLeast: 1),
            isWeighted: try keys.take("weighted")?.flag() ?? false)
        }
      case "sum":
        return try value.mapping { keys in
          .sum(
            parts: try keys.require("parts").filledList().map { part in
              guard numberStands(try part.text(), in: sentence) else {
                throw ClaimsFileError.notInSentence(try part.text(), place: part.place)
              }
              return try part.number()
            },
            whole: try keys.take("whole")?.number() ?? 100)
        }
      case "compound":
        return try value.mapping { keys in
          .compound(
            percent: try keys.require("percent").number(),
            times: try keys.require("times").wholeNumber(atLeast: 1))
        }
      default:
        return try value.mapping { keys in
          .slightlyMore(than: try text(keys.require("than")))
        }
      }
    }
  }
}

extension Claim.Basis {
  fileprivate var needsRounding: Bool {
    switch self {
    case .figure, .difference, .arithmetic(.denominator), .arithmetic(.compound): true
    case .rank, .cited, .arithmetic(.sum), .arithmetic(.slightlyMore): false
    }
  }
}

/// Whether a number stands in a sentence, with either decimal mark, either mark of thousands, and as a
/// number of its own: 3.3 is not in "13,3".
private func numberStands(_ text: String, in sentence: String) -> Bool {
  let digits = text.hasPrefix("-") ? String(text.dropFirst()) : text
  var runs: [String] = []
  var run = ""
  for character in sentence + " " {
    if character.isASCII,
      character.isNumber || ((character == "." || character == ",") && !run.isEmpty)
    {
      run.append(character)
    } else if !run.isEmpty {
      while let last = run.last, !last.isNumber { run.removeLast() }
      runs.append(run)
      run = ""
    }
  }
  let parts = digits.split(separator: ".")
  return runs.contains { run in
    if run == digits || run == parts.joined(separator: ",") { return true }
    // Thousands: 21.087 or 21,087.
    return parts.count == 1 && run.filter(\.isNumber) == digits && isGrouped(run)
  }
}

private func isGrouped(_ run: String) -> Bool {
  let groups = run.split { !$0.isNumber }
  return groups.count > 1 && groups.dropFirst().allSatisfy { $0.count == 3 }
}

private func isMultiple(_ value: Double, of unit: Double) -> Bool {
  let count = value / unit
  return abs(count - count.rounded()) < 1e-6
}
