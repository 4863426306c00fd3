import ArgumentParser
import SurveyData

/// How it is known what became of those in a register.
struct ResponseOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The column that tells who is who, in the register and in the answers.", valueName: "col"))
  var id: String?

  @Option(
    help: ArgumentHelp("The register's column with 1 for an answer, 0 for none.", valueName: "col"))
  var answered: String?

  @Option(
    help: ArgumentHelp(
      "The register's column of dispositions: I, P, R, NC, O, UH, UO, NE; words as complete, "
        + "partial, invited, bounced, screenedOut; or AAPOR's codes.", valueName: "col"))
  var disposition: String?

  @Option(
    help: ArgumentHelp("What other dispositions mean.", valueName: "code=I,…"))
  var dispositionCodes: String?

  @Option(
    help: ArgumentHelp(
      "e: the share of those of unknown eligibility taken for eligible (as among those known).",
      valueName: "share"))
  var eligibleShare: Double?

  func validate() throws {
    if answered != nil, disposition != nil {
      throw ValidationError("--answered and --disposition both say who answered; give one.")
    }
    if dispositionCodes != nil, disposition == nil {
      throw ValidationError(
        "--disposition-codes says what the codes of --disposition mean: give both.")
    }
    if let eligibleShare, !(0...1).contains(eligibleShare) {
      throw ValidationError("--eligible-share takes a share from 0 to 1, as 0.9.")
    }
    _ = try codes()
  }

  /// The register of the options, over that of a survey file.
  ///
  /// - Parameter weight: the register's column of base weights.
  func description(
    over file: ResponseDescription?, register: String?, weight: String?
  ) throws -> ResponseDescription? {
    guard let path = register ?? file?.register else { return nil }
    // What a survey file says of its own register is not true of another.
    var description =
      register == nil || register == file?.register
      ? file ?? ResponseDescription(register: path) : ResponseDescription(register: path)
    if let id { description.id = id }
    if let answered { description.source = .indicator(answered) }
    if let disposition { description.source = .dispositions(disposition, codes: try codes()) }
    if let weight { description.weight = weight }
    if let eligibleShare { description.eligibleShare = eligibleShare }
    return description
  }

  private func codes() throws -> [String: Disposition] {
    var codes: [String: Disposition] = [:]
    for part in dispositionCodes.map(list) ?? [] {
      guard let split = part.lastIndex(of: "="), split > part.startIndex else {
        throw ValidationError("--disposition-codes takes CODE=I,…, not '\(part)'.")
      }
      let word = String(part[part.index(after: split)...])
      guard let disposition = Disposition(code: word) else {
        throw ValidationError(
          "--disposition-codes: '\(word)' is no disposition. They are I, P, R, NC, O, UH, UO and NE."
        )
      }
      codes[String(part[..<split])] = disposition
    }
    return codes
  }
}

/// How weights make up for those who did not answer.
struct NonresponseOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Make up for non-response by weighting classes: the register's columns, crossed.",
      valueName: "a:b"))
  var responseClasses: String?

  @Option(
    help: ArgumentHelp(
      "Make up for non-response by a logistic model of response on the register's columns.",
      valueName: "terms"))
  var responseModel: String?

  @Option(
    help: ArgumentHelp(
      "Columns of the model that are categories though they are numbers.", valueName: "col,…"))
  var responseCategorical: String?

  @Option(
    help: ArgumentHelp(
      "Classes of the model's propensities, as 5; without it weights are inverse propensities.",
      valueName: "n"))
  var propensityClasses: Int?

  @Option(help: ArgumentHelp("Respondents that each class must have (20).", valueName: "n"))
  var smallestClass: Int?

  @Option(
    help: ArgumentHelp("The largest factor for non-response that is allowed.", valueName: "factor"))
  var largestFactor: Double?

  func validate() throws {
    if responseClasses != nil, responseModel != nil {
      throw ValidationError(
        "--response-classes and --response-model are two ways to make up for non-response; give one."
      )
    }
    if responseModel == nil, responseCategorical != nil {
      throw ValidationError("--response-categorical goes with --response-model.")
    }
    if responseClasses != nil, propensityClasses != nil {
      throw ValidationError("--propensity-classes goes with --response-model.")
    }
    if let propensityClasses, propensityClasses < 2 {
      throw ValidationError("--propensity-classes takes 2 or more, as 5.")
    }
    if let smallestClass, smallestClass < 1 {
      throw ValidationError("--smallest-class takes 1 or more.")
    }
    if let largestFactor, !(largestFactor > 1) {
      throw ValidationError("--largest-factor takes a number above 1.")
    }
  }

  /// The adjustment of the options, over that of a survey file.
  func description(over file: NonresponseDescription?) throws -> NonresponseDescription? {
    var description = file
    if let responseClasses {
      let columns = responseClasses.split(separator: ":").map(String.init)
      guard !columns.isEmpty, Set(columns).count == columns.count else {
        throw ValidationError("--response-classes takes COL or A:B, not '\(responseClasses)'.")
      }
      // What the survey file takes together is of its own classes.
      if file?.method != .classes(columns) {
        description = NonresponseDescription(.classes(columns))
      }
    } else if let responseModel {
      description = NonresponseDescription(
        .propensity(
          terms: responseModel, categorical: responseCategorical.map(list) ?? [],
          classes: propensityClasses))
    } else if let propensityClasses {
      guard case .propensity(let terms, let categorical, _)? = file?.method else {
        throw ValidationError("--propensity-classes goes with --response-model.")
      }
      description?.method = .propensity(
        terms: terms, categorical: categorical, classes: propensityClasses)
    }
    if let smallestClass { description?.smallestClass = smallestClass }
    if let largestFactor { description?.largestFactor = largestFactor }
    return description
  }
}
