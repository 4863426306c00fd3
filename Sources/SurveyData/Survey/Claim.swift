/// A claims file: published sentences, and what each rests on.
public struct ClaimsFile: Sendable {
  public var path: String
  public var sha256: String?
  public var claims: [Claim]

  package init(
    path: String, sha256: String? = nil, claims: [Claim]
  ) {
    self.path = path
    self.sha256 = sha256
    self.claims = claims
  }
}

/// A published sentence with the figure that it rests on.
public struct Claim: Sendable {
  public var id: String
  /// As it was published.
  public var sentence: String
  public var basis: Basis
  /// What the sentence says of it; `nil` for a cited claim that gives none.
  public var published: Published?
  public var place: SourcePlace

  /// What a claim is held against.
  public enum Basis: Sendable {
    case figure(ClaimedFigure)
    case difference(ClaimedDifference)
    case rank(ClaimedRank)
    case arithmetic(ClaimedArithmetic)
    /// Somebody else's figure: its source is named, and nothing is recomputed.
    case cited(source: String)
  }

  /// A number or a wording.
  public enum Published: Sendable {
    case number(PublishedNumber)
    case phrase(String, place: SourcePlace)
  }

  package init(
    id: String, sentence: String, basis: Basis, published: Published? = nil, place: SourcePlace
  ) {
    self.id = id
    self.sentence = sentence
    self.basis = basis
    self.published = published
    self.place = place
  }
}

/// A number as published: of shares in percent, of differences of shares in percentage points.
public struct PublishedNumber: Sendable {
  public var value: Double
  /// As written in the claims file.
  public var text: String
  /// The unit that it was rounded to, as 0.1 or 5; `nil` where nothing is recomputed.
  public var rounding: Double?
  public var place: SourcePlace

  package init(
    value: Double, text: String, rounding: Double? = nil, place: SourcePlace
  ) {
    self.value = value
    self.text = text
    self.rounding = rounding
    self.place = place
  }
}

/// A figure of a survey, as a claim names it.
public struct ClaimedFigure: Sendable {
  public var survey: ClaimedText
  public var item: ClaimedText
  /// Codes or the name of a net; `nil` with a statistic of a number.
  public var net: ClaimedText?
  public var statistic: Statistic
  public var condition: ClaimedText?
  public var wave: ClaimedText?

  public enum Statistic: String, Sendable, CaseIterable {
    case share, mean, total, median
  }

  package init(
    survey: ClaimedText, item: ClaimedText, net: ClaimedText? = nil, statistic: Statistic,
    condition: ClaimedText? = nil, wave: ClaimedText? = nil
  ) {
    self.survey = survey
    self.item = item
    self.net = net
    self.statistic = statistic
    self.condition = condition
    self.wave = wave
  }
}

/// A text of a claims file, with its place for messages.
public struct ClaimedText: Sendable {
  public var text: String
  public var place: SourcePlace

  public init(_ text: String, place: SourcePlace) {
    self.text = text
    self.place = place
  }
}

/// Two figures of one item: groups or waves, or two items of the same respondents. A difference is
/// *to* minus *from*.
public struct ClaimedDifference: Sendable {
  public var figure: ClaimedFigure
  public var sides: Sides

  public enum Sides: Sendable {
    case groups(by: ClaimedText, from: ClaimedText, to: ClaimedText)
    case items(to: ClaimedText)
  }

  package init(
    figure: ClaimedFigure, sides: Sides
  ) {
    self.figure = figure
    self.sides = sides
  }
}

/// The place of one group among all groups of a column.
public struct ClaimedRank: Sendable {
  public var figure: ClaimedFigure
  public var by: ClaimedText
  public var group: ClaimedText
  public var isHighestFirst: Bool

  package init(
    figure: ClaimedFigure, by: ClaimedText, group: ClaimedText, isHighestFirst: Bool
  ) {
    self.figure = figure
    self.by = by
    self.group = group
    self.isHighestFirst = isHighestFirst
  }
}

/// What numbers say by themselves, without data. Percentages are from 0 to 100.
public enum ClaimedArithmetic: Sendable {
  /// A percentage that some whole number of `base` respondents or units gives; without a base, the
  /// smallest that can.
  case denominator(base: Int?, isWeighted: Bool)
  /// Parts that must sum to a whole.
  case sum(parts: [Double], whole: Double)
  /// A growth in percent, several times in a row.
  case compound(percent: Double, times: Int)
  /// A number that is a little more than another claim's.
  case slightlyMore(than: ClaimedText)
}
