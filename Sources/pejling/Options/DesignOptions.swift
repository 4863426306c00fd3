import ArgumentParser
import SurveyData

/// How the sample was drawn.
struct DesignOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Column of sampling weights.", valueName: "col"))
  var weight: String?

  @Option(help: ArgumentHelp("Stratum columns, crossed.", valueName: "col,…"))
  var strata: String?

  @Option(help: ArgumentHelp("Cluster column; repeat for further stages.", valueName: "col"))
  var cluster: [String] = []

  @Option(
    help: ArgumentHelp(
      "Finite population: sampling units of the stratum's population, or a fraction; one per stage.",
      valueName: "col"))
  var fpc: [String] = []

  @Flag(help: "Cluster ids start over in each stratum.")
  var nest = false

  @Option(
    name: .customLong("lonely-psu"),
    help: ArgumentHelp(
      "A stratum with one sampling unit: fail, remove, adjust, average or certainty.",
      valueName: "choice"))
  var lonelyPSU: LonelyPSU?

  @Flag(
    name: .customLong("lonely-psu-domains"),
    help: "Treat a domain's only sampling unit in a stratum so too.")
  var lonelyPSUDomains = false

  @Option(help: ArgumentHelp("Degrees of freedom, or inf.", valueName: "n"))
  var df: String?

  @OptionGroup var replication: ReplicateOptions

  @Option(
    help: ArgumentHelp("Rows out of the design: test answers, duplicates.", valueName: "condition"))
  var drop: String?

  /// The design of the options, over that of a survey file.
  func description(over file: DesignDescription = DesignDescription()) throws -> DesignDescription {
    var description = file
    // What the survey file says of its own weights is not true of others.
    if let weight, weight != description.weight {
      description.weight = weight
      description.weighting = nil
      description.takesNonresponseAsKnown = false
    }
    if let strata { description.strata = list(strata) }
    if !cluster.isEmpty { description.clusters = cluster }
    if !fpc.isEmpty { description.finitePopulation = fpc }
    if nest { description.isNested = true }
    if let lonelyPSU { description.lonelyPSU = lonelyPSU }
    if lonelyPSUDomains { description.appliesLonelyPSUToDomains = true }
    if let degreesOfFreedom = try degreesOfFreedom() {
      description.degreesOfFreedom = degreesOfFreedom
    }
    description.replicates = try replication.description(over: file.replicates)
    return description
  }

  func dropExpression() throws -> Expression? { try drop.map { try Expression($0) } }

  private func degreesOfFreedom() throws -> Double? {
    guard let df else { return nil }
    if df == "inf" { return .infinity }
    guard let number = Double(df), number > 0, number.isFinite else {
      throw ValidationError("--df takes a number above 0, or inf, not '\(df)'.")
    }
    return number
  }
}

extension LonelyPSU: ExpressibleByArgument {}
