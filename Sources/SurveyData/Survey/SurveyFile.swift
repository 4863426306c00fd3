/// What a person wrote about a survey: everything that does not change between questions.
///
/// It is made by `readSurveyFile(at:)`, which has checked what can be checked without the data;
/// `dataset(from:selecting:)` holds it against them.
public struct SurveyFile: Sendable {
  /// The survey file's own path, as it was given.
  public var path: String
  /// SHA-256 of the survey file's bytes, in hexadecimal.
  public var sha256: String?
  public var title: LocalizedText
  /// The language of reports, where a command asks for no other.
  public var language: Language
  public var population: Population?
  public var fieldwork: Fieldwork?
  public var dataFiles: [SurveyDataFile]
  /// In the order of the file.
  public var variables: [SurveyVariable]
  public var multiResponseSets: [MultiResponseSet]
  public var derived: [DerivedVariable]
  public var guidelines: [Guideline] = []
  public var design: DesignDescription
  /// How the weights are made; the design knows of it where it names a weight.
  public var weighting: SurveyWeighting?
  /// The register of those invited.
  public var response: ResponseDescription?
  public var disclosure: DisclosureRules
  public var notes: LocalizedText
  /// Whether the data are kept as a column store beside their files.
  public var usesCache: Bool
  /// The number of data files that the survey file names, some of which may have been left out.
  private let namedFileCount: Int
  /// Where a later check finds the line of what it complains about.
  package var places: Places

  /// Where the parts that are checked against the data stand.
  package struct Places: Sendable {
    package var design: SourcePlace
    package var weighting: SourcePlace?
    /// By the name of the multi-response set.
    package var multiResponseSets: [String: SourcePlace] = [:]

    package init(design: SourcePlace) { self.design = design }
  }

  public init(path: String, title: LocalizedText, dataFiles: [SurveyDataFile]) {
    self.path = path
    self.title = title
    language = .da
    self.dataFiles = dataFiles
    namedFileCount = dataFiles.count
    variables = []
    multiResponseSets = []
    derived = []
    design = DesignDescription()
    disclosure = DisclosureRules()
    notes = LocalizedText()
    usesCache = false
    places = Places(design: SourcePlace(file: path))
  }

  /// Whether the data get a column `wave`.
  public var hasWaves: Bool { dataFiles.contains { $0.wave != nil } }

  /// Whether data files were taken out, as for a single wave: then a column that the rest lacks is
  /// no fault before it is asked for.
  package var leavesFilesOut: Bool { dataFiles.count < namedFileCount }

  /// The name of the column that tells which wave a row belongs to.
  public static let waveColumn = "wave"

  /// Every variable that the file describes, the derived ones last.
  public var variableNames: [String] {
    variables.map(\.variable.name) + derived.map(\.variable.name)
  }

  package func variable(_ name: String) -> SurveyVariable? {
    variables.first { $0.variable.name == name }
  }

  package func derivedVariable(_ name: String) -> DerivedVariable? {
    derived.first { $0.variable.name == name }
  }
}

/// The weighting of a survey file.
public struct SurveyWeighting: Sendable {
  /// With a register, its margins have columns and no counts yet.
  public var description: WeightingDescription
  /// The register's file, where margins are counted from one.
  public var register: String?
  /// How the weights make up for non-response, before any margins.
  public var nonresponse: NonresponseDescription?

  public init(
    _ description: WeightingDescription, register: String? = nil,
    nonresponse: NonresponseDescription? = nil
  ) {
    self.description = description
    self.register = register
    self.nonresponse = nonresponse
  }
}

/// Those the survey speaks for.
public struct Population: Sendable, Hashable {
  public var name: LocalizedText
  /// The number of people, where it is known.
  public var size: Int?

  public init(name: LocalizedText, size: Int? = nil) {
    self.name = name
    self.size = size
  }
}

/// Who asked whom, when and how.
public struct Fieldwork: Sendable, Hashable {
  /// How the respondents came to be asked.
  public enum Sample: String, Sendable, CaseIterable, Codable {
    /// Everybody in the population was invited.
    case census
    /// Drawn at random, with known probabilities.
    case probability
    /// Whoever wanted to answer: no margin of error can be given.
    case optIn = "opt-in"
  }

  /// A day as it was written, `2022-05-02`.
  public var from: String?
  public var to: String?
  public var mode: LocalizedText?
  public var invited: Int?
  public var sample: Sample?
  /// Who collected the answers.
  public var by: LocalizedText?
  /// Who paid for it.
  public var commissioner: LocalizedText?

  public init() {}
}

/// One file of answers, and how it is written; what is `nil` is detected.
public struct SurveyDataFile: Sendable, Hashable {
  /// From the folder that commands run in: the survey file's folder and `file` as written.
  public var path: String
  public var wave: String?
  public var delimiter: Character?
  /// `.` or `,`.
  public var decimal: Character?
  public var encoding: String?
  /// The sheet of a workbook, by its name or number.
  public var sheet: String?
  /// Codes that are no answer in any column whose variable does not list them itself.
  public var missing: [LabelledCategory]
  /// What an empty cell means, where the variable does not say.
  public var empty: MissingReason
  public var place: SourcePlace

  public init(path: String, wave: String? = nil, place: SourcePlace) {
    self.path = path
    self.wave = wave
    missing = []
    empty = .noAnswer
    self.place = place
  }
}

/// A variable of the survey file: its codebook entry, and where it comes from.
public struct SurveyVariable: Sendable {
  public var variable: Variable
  /// The column's name in the data; the variable's own where the survey file gives none.
  public var source: String
  /// What an empty cell means; `nil` leaves it to the data file.
  public var empty: MissingReason?
  /// How single waves asked it, where they asked otherwise.
  public var waves: [String: WaveHarmonisation] = [:]
  public var place: SourcePlace
  /// Where each code is described, for messages: categories and missing codes.
  package var codePlaces: [String: SourcePlace]
  /// Where each net is described.
  package var netPlaces: [String: SourcePlace]

  public init(_ variable: Variable, source: String? = nil, place: SourcePlace) {
    self.variable = variable
    self.source = source ?? variable.name
    self.place = place
    codePlaces = [:]
    netPlaces = [:]
  }

  /// The codes of valid answers; empty where the survey file leaves them to the data.
  package var validCodes: [String] {
    variable.categories.filter { $0.missing == nil }.map(\.code)
  }
}

/// What may be published of few people.
public struct DisclosureRules: Sendable, Hashable {
  /// Unweighted respondents below which a figure is withheld.
  public var minimumBase: Int
  /// Respondents below which a numerator, or its complement, is withheld.
  public var minimumCount: Int

  public init(minimumBase: Int = 10, minimumCount: Int = 3) {
    self.minimumBase = minimumBase
    self.minimumCount = minimumCount
  }

  /// Nothing is withheld: a bare data file, where nobody has said otherwise.
  public static let none = DisclosureRules(minimumBase: 0, minimumCount: 0)
}
