/// How weights make up for those who were invited and did not answer, in the words of the survey
/// file and the command line.
public struct NonresponseDescription: Sendable, Hashable {
  public enum Method: Sendable, Hashable {
    /// Weighting classes: the register's columns, crossed.
    case classes([String])
    /// A logistic regression of response on columns of the register; `classes` of equal size by
    /// propensity, or `nil` for the inverse propensity itself.
    case propensity(terms: String, categorical: [String], classes: Int?)
  }

  public var method: Method
  /// The respondents that each class must have.
  public var smallestClass: Int
  /// The largest factor from base weight to new weight.
  public var largestFactor: Double?
  /// Codes that are counted as another, by column; or whole classes, by their columns crossed:
  /// `region:sector` with `5:2` as `4:2`.
  public var collapse: [String: [String: String]]

  /// Below it the response rate of a class is mostly chance.
  public static let usualSmallestClass = 20
  /// Quintiles, as Cochran (1968) has it.
  public static let usualPropensityClasses = 5

  public init(
    _ method: Method, smallestClass: Int = usualSmallestClass, largestFactor: Double? = nil,
    collapse: [String: [String: String]] = [:]
  ) {
    self.method = method
    self.smallestClass = smallestClass
    self.largestFactor = largestFactor
    self.collapse = collapse
  }

  /// Whether respondents are put into classes, whichever way.
  public var hasClasses: Bool {
    switch method {
    case .classes: true
    case .propensity(_, _, let classes): classes != nil
    }
  }

  /// What is added to the name of the new weights for the columns written beside them: the base
  /// weights, the class of each respondent, the weights before the margins.
  public static let baseSuffix = "_base"
  public static let classSuffix = "_class"
  public static let adjustedSuffix = "_nonresponse"
}

extension SurveyWeighting {
  /// What a design whose weights have this name is to know of how they were made: the margins they
  /// were fitted to last, else the classes of non-response; `nil` where propensities are all there is.
  package func remembered(
    as weight: String, response: ResponseDescription?
  ) -> WeightingDescription? {
    guard let nonresponse else { return description }
    var result = description
    if !description.targets.isEmpty {
      result.startWeight = weight + NonresponseDescription.adjustedSuffix
      return result
    }
    guard nonresponse.hasClasses else { return nil }
    return .ofClasses(
      weight + NonresponseDescription.classSuffix,
      base: response?.weight.map { _ in weight + NonresponseDescription.baseSuffix },
      path: description.targets.path)
  }

  /// Whether variances leave out that the adjustment for non-response was estimated.
  package var takesNonresponseAsKnown: Bool {
    guard let nonresponse else { return false }
    return !nonresponse.hasClasses || !description.targets.isEmpty
  }
}

extension WeightingDescription {
  /// Weighting classes are post-stratification to the members of each class.
  package static func ofClasses(
    _ column: String, base: String?, path: String, cells: [MarginTargets.Cell] = []
  ) -> WeightingDescription {
    WeightingDescription(
      method: .poststratify,
      targets: MarginTargets(
        path: path,
        margins: [
          MarginTargets.Margin(
            columns: [column], cells: cells, amounts: .counts, place: SourcePlace(file: path))
        ]),
      startWeight: base)
  }
}
